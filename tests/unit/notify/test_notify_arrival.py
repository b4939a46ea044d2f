"""Hostile text through every channel: it is found again after the channel's own unescaping, and is nothing but text.

That it runs nothing, calls nobody and adds no header is told by the tests of each channel, too; here it is asked of all
of them with the same texts, one that every checkout has and two collections.
"""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest
import standardwebhooks
from chats import SERVICES, chat, recorded, texts_in
from messages import hostile, naughty

from presswatch.notify import Console, Message, Sent, Webhook
from presswatch.notify.file import File
from presswatch.notify.letter import Envelope, letter
from presswatch.notify.message import clean
from presswatch.notify.templates import Templates
from scraper.html import parse
from scraper.model import Fetched

SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="
AT = datetime.now(UTC)
ENVELOPE = Envelope(sender=Address(addr_spec="watch@example.org"), to=[Address(addr_spec="desk@example.org")])
TEMPLATES = Templates()
PAYLOADS = {
    "an element": "<script>alert(1)</script>",
    "an attribute": "\"'><img src=x onerror=alert(1)>",
    "the end of everything": "</textarea></title></style>--><!-- ]]>",
    "entities": "&lt;b&gt; &amp;amp; &#x3c; &notanentity",
    "an address that runs": "javascript:alert(1)//https://h.example",
    "a mention of everybody": "@everyone @here @channel @room <@U1> <!channel> <at>boss</at>",
    "a link with other words": "[your bank](https://evil.example) <https://evil.example|your bank>",
    "marks of Markdown": r"*b* _i_ ~s~ `c` ||hidden|| > quote # head - list 1. list | cell |",
    "backslashes": r"C:\temp\new \\server\share \* \u0041 \x1b \n",
    "marks of our own": "{+added+} [-removed-] {+[-both-]+}",
    "a template": "{{ 7 * 7 }}{% raw %}{{ message.__class__ }} ${7*7} %s %(x)s {0}",
    "line ends": "one\r\nBcc: x@example.org\r\n\r\ntwo\rthree\x0b\x0c\x85\u2028\u2029four",
    "the end of a mail": "\r\n.\r\nQUIT\r\n",
    "an encoded word": "=?utf-8?q?=0D=0ABcc:_x=40example.org?= =?x?=",
    "a boundary": "--===============1234567890== Content-Type: text/html",
    "a terminal's sequences": "\x1b[2J\x1b]0;owned\x07\x9b31m\x08\x7f\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "what no text holds": "\x00\ud800\udfff\ufffe\uffff\ufdd0\U0001ffff end",
    "overrides of direction": "\u202egpj.exe\u202c \u2066x\u2069 \u200f\u061c end",
    "what can't be seen": "a\u200bb\u200dc\ufeffd\u2060e\u00ade \u3164 end",
    "scripts": "نص عربي עברית 日本語 한국어 ไทย हिन्दी Zażółć gęślą jaźń",
    "pictures and marks on marks": "👩\u200d🚀 🇪🇺 ẹ́ Z̷̢̛a̶̧l̵g̸o̴ ﷽ İıſß",
    "a formula": '=HYPERLINK("https://evil.example";"x") +1 -1 @SUM(1)',
    "a query": "'; DROP TABLE change; -- \" OR 1=1",
    "JSON": '{"title": "x", "a": [null, 1e999, "\\u0000"]}',
    "nothing but white space": " \t\u00a0\u3000 ",
    "a long word": "x" * 3_000,
}


def squashed(text: str) -> str:
    """Text by which two are the same whose white space, or what our chats put between marks, differs."""
    return re.sub(r"[\s\u200b]+", "", text)


def looked_for(payload: str) -> str:
    """What of a payload must be found: its beginning, with U+FFFD for what no text holds; the first word of long ones.

    Of a passage that is too long, channels show whole words.
    """
    text = clean(payload)
    return squashed(text if len(text) < 300 else text.split()[0])[:50]


def is_harmless(text: str) -> bool:
    """Nothing commands a terminal, ends a line or turns the direction of what follows."""
    controls = any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
    return not controls and not set(text) & set(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


# --- what each channel's reader sees ----------------------------------------------------------------------------------


async def in_a_mail(message: Message, _folder: Path) -> list[str]:
    sent = message_from_bytes(letter(message, ENVELOPE, templates=TEMPLATES, at=AT), policy=policy.default)
    assert isinstance(sent, EmailMessage)
    assert [each for part in sent.walk() for each in part.defects] == []
    assert "Bcc" not in sent
    assert sent["To"] == "desk@example.org"
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text, markup = (sent.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    document = parse(markup)
    assert not document.css("script, img, iframe, object, form, input, svg, base, link")
    assert not [name for node in document.css("*") for name in node.attributes if name.startswith("on")]
    assert all((node.attributes["href"] or "").startswith("http") for node in document.css("a"))
    assert document.body is not None
    return [text, document.body.text(), *([sent["Subject"]] if len(message.title) < 50 else [])]


async def in_a_webhook(message: Message, _folder: Path) -> list[str]:
    taken: list[str] = []

    async def post(url: str, *, body: bytes, headers: dict[str, str], **_more: object) -> Fetched:
        taken.append(json.dumps(standardwebhooks.Webhook(SECRET).verify(body, headers), ensure_ascii=False))
        return Fetched(url=url, final_url=url, status=204, headers=(), body=b"", started_at=AT, finished_at=AT)

    hook = Webhook(url="https://h.example", secrets=[SECRET], post=post, now=lambda: datetime.now(UTC))  # type: ignore[arg-type]
    assert await hook.send(message) == Sent()
    return ["\n".join(texts_in(taken[0]))]


async def in_a_file(message: Message, folder: Path) -> list[str]:
    path = folder / "out.jsonl"
    path.unlink(missing_ok=True)
    assert await File(path).send(message) == Sent()
    (line,) = path.read_bytes().removesuffix(b"\n").split(b"\n")
    return ["\n".join(texts_in(line.decode()))]


READERS = {"mail": in_a_mail, "webhook": in_a_webhook, "file": in_a_file}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("channel", READERS)
async def test_headline_words_stamp_address_and_name_arrive_as_text(channel: str, payload: str, tmp_path: Path) -> None:
    for text in await READERS[channel](hostile(payload), tmp_path):
        # A subject holds the headline alone; of the others, headline, address, source, reason and words.
        assert squashed(text).count(looked_for(payload)) >= (5 if len(text) > 300 else 1)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.parametrize("channel", READERS)
async def test_every_string_of_two_collections_arrives(channel: str, tmp_path: Path) -> None:
    payloads = [each for each in naughty() if each.strip()]
    assert len(payloads) > 7_000
    for start in range(0, len(payloads), 8):
        some = payloads[start : start + 8]
        for text in await READERS[channel](hostile(*some), tmp_path):
            whole = squashed(text)
            # The subject holds the first of them alone.
            assert [each for each in (some if len(text) > 300 else some[:1]) if looked_for(each) not in whole] == []


# --- the terminal -----------------------------------------------------------------------------------------------------


async def on_a_terminal(message: Message) -> str:
    stream = io.StringIO()
    assert await Console(stream).send(message) == Sent()
    said = stream.getvalue()
    assert said.endswith("\n")
    assert is_harmless(said[:-1]), "on one line, and no sequence among it"
    return said


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
async def test_a_line_holds_the_headline_and_commands_no_terminal(payload: str) -> None:
    said = squashed(await on_a_terminal(hostile(payload)))
    for word in re.findall(r"[^\W_]+", payload):
        assert word[:40] in said


@pytest.mark.corpus
@pytest.mark.long
async def test_no_string_of_two_collections_commands_a_terminal() -> None:
    for payload in naughty():
        said = await on_a_terminal(hostile(payload))
        if payload.isprintable():
            assert squashed(payload)[:40] in squashed(said)


# --- chats ------------------------------------------------------------------------------------------------------------


def without_backslashes(text: str) -> str:
    """As Markdown shows it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


SHOWN: dict[str, Callable[[str], str]] = {
    "Slack": html.unescape,
    "Telegram": html.unescape,
    **dict.fromkeys(
        ("Discord", "Discord, as Markdown", "Teams", "Mattermost", "Rocket.Chat", "Zulip"), without_backslashes
    ),
}
"""What a service makes of text; the others show it as it is."""


async def in_a_chat(service: str, payload: str, posted: list[str]) -> str:
    """All that the service shows of a message."""
    assert await chat(SERVICES[service]).send(hostile(payload)) == Sent()
    said = "\n".join(texts_in(posted[-1]))
    assert not re.search(r"@\w|<[@!#]|<at>", said), "nobody is called"
    assert not re.search(r"<https?:|(?<!\\)\](?:\(|\[)", said), "no link shows other words than its address"
    if service == "Telegram":
        assert set(re.findall(r"<[^>]*>", said)) <= {"<b>", "</b>"}
    assert is_harmless(re.sub(r"\r?\n", "", said)), ascii(said)
    return SHOWN.get(service, str)(said)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_scraped_arrives_in_a_chat_and_calls_nobody(
    service: str, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await in_a_chat(service, payload, recorded(monkeypatch))
    assert looked_for(payload) in squashed(said)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.parametrize("service", SERVICES)
async def test_strings_of_two_collections_arrive_in_a_chat(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = recorded(monkeypatch)
    for payload in naughty()[::60]:
        assert looked_for(payload) in squashed(await in_a_chat(service, payload, posted)), payload
