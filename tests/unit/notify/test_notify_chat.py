"""Chats by Apprise: what is scraped calls nobody and hides no link, whatever the service makes of text."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from chats import SERVICES, body_of, chat, recorded, texts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import (
    BATCH,
    ENDED,
    hostile,
    hostile_batch,
    hostile_health,
    naughty,
    told,
    told_of_batch,
    told_of_health,
)
from newsroom import listening

from presswatch.notify import NotSent, Sent
from presswatch.notify.chat import BadAddress, Chat, escaped, inert
from presswatch.notify.templates import Templates

pytest.importorskip("apprise")

PAYLOADS = {
    "everybody": "a @everyone b @here c @channel d @room",
    "people and roles": "<@123> <@&456> <@U6TTX1F9R|boss> <at>boss</at> @all @boss",
    "a channel of Slack": "<!channel> <!here|all> <!subteam^S1> <#C1|x>",
    "a link of Slack": "<https://evil.example|your bank>",
    "a link of Markdown": "[your bank](https://evil.example) ![x](https://evil.example/x.png) [a]: https://evil.example",
    "an element": '<a href="https://evil.example">bank</a><b>b</b><img src=x onerror=alert(1)>',
    "code": "```\n`x` ``y``",
}


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent, in place of the network: bodies as text."""
    return recorded(monkeypatch)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_is_told_what_happened(service: str, posted: list[str]) -> None:
    assert await chat(SERVICES[service]).send(told()) == Sent()
    said = body_of(posted).replace("\\", "").replace("\u200b", "")
    for part in ("Silently edited: Ministers agree", "Twelve", "Nine", "did not move", "harbour.example/news_1.htm"):
        assert part in said, said


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_is_told_of_batches_and_of_health(service: str, posted: list[str]) -> None:
    channel = chat(SERVICES[service])
    for message, parts in (
        (told_of_batch(), ("Edited: The same edit on 40", "old office", "new one", "Release 5", "35 more")),
        (told_of_health(), ("Trouble: Looks at all its listings fail", "1 of 1 listing: 503", "Open it in a browser")),
        (told_of_health(ENDED), ("Well again: Looks at all its listings succeed", "1 of 1 listing: 503")),
    ):
        assert await channel.send(message) == Sent()
        said = body_of(posted).replace("\\", "").replace("\u200b", "")
        assert [part for part in parts if part not in said] == [], said


async def test_a_template_of_the_users_sees_nothing_that_calls(posted: list[str], tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(
        "{{ message.line }} {{ message.payload }} {{ message.stamp_after.raw }} {{ message.sentence }}"
    )
    url = SERVICES["Mattermost"]
    assert await Chat(url=url, templates=Templates(tmp_path)).send(hostile("@everyone <!channel>")) == Sent()
    check_inert(body_of(posted))


@pytest.mark.parametrize("service", SERVICES)
async def test_marks_are_escaped_once(service: str, posted: list[str]) -> None:
    await chat(SERVICES[service]).send(told(title="*Ministers* agree"))
    assert "\\\\*" not in "".join(texts_of(json.loads(posted[-1])) if posted[-1].startswith("{") else posted)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_is_sent_pictures_of_others(service: str, posted: list[str]) -> None:
    await chat(SERVICES[service]).send(told())
    assert "github" not in posted[-1]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_scraped_calls_nobody_and_hides_no_link(service: str, payload: str, posted: list[str]) -> None:
    assert await chat(SERVICES[service]).send(hostile(payload)) == Sent()
    said = body_of(posted)
    check_inert(said)
    assert "evil.example" not in payload or "evil.example" in said.replace("\\", "")
    for message in (hostile_batch(payload), hostile_health(payload)):
        assert await chat(SERVICES[service]).send(message) == Sent()
        check_inert(body_of(posted))


def check_inert(said: str) -> None:
    assert not re.search(r"@\w", said), said
    assert not re.search(r"<(?:[@!#]|https?:|a\b|img)", said.replace("\\", "")), said
    assert not re.search(r"(?<!\\)\](?:\(|:|\[)", said), said
    assert "```" not in said


@settings(deadline=None)
@given(st.text("@<>[](){}!#|*_~`\\:/ abc\u200b", max_size=40))
def test_inert_text_looks_the_same_and_begins_nothing(text: str) -> None:
    made = inert(text)
    assert made.replace("\u200b", "") == text.replace("\u200b", "")
    assert not re.search(r"@[a-z]|<[a-z@!#]|``|\][(\[:]", made)
    assert re.sub(r"\\(.)", r"\1", escaped(text)).replace("\u200b", "") == text.replace("\u200b", "") or "\\" in text


@pytest.mark.corpus
async def test_no_payload_or_naughty_string_breaks_a_chat(posted: list[str]) -> None:
    payloads = naughty()
    for service in ("Slack", "Discord", "Telegram", "Matrix", "Teams"):
        channel = chat(SERVICES[service])
        for start in range(0, len(payloads), 60):
            assert await channel.send(hostile(*payloads[start : start + 12])) == Sent(), payloads[start : start + 12]
            check_inert(body_of(posted))


@pytest.mark.parametrize("service", SERVICES)
async def test_no_message_is_longer_than_its_service_takes(service: str, posted: list[str]) -> None:
    before, after = (" ".join(f"{word}{n}" for n in range(3000)) for word in ("alpha", "omega"))
    channel = chat(SERVICES[service])
    paths = "https://harbour.example/" + "a" * 1000
    assert await channel.send(told(before=before, after=after, title="y" * 900, reason="z" * 900, url=paths)) == Sent()
    assert sum("yyyy" in each for each in posted) == 1, "in one piece"
    assert longest_of(posted) <= channel._service.body_maxlen
    releases = tuple(replace(each, title="y" * 400, url=paths) for each in BATCH.changes)
    assert await channel.send(told_of_batch(replace(BATCH, changes=releases), before=before, after=after)) == Sent()
    assert sum("same" in each for each in posted) == 1, "in one piece"
    assert longest_of(posted) <= channel._service.body_maxlen


def longest_of(taken: list[str]) -> int:
    return max(map(len, texts_of(json.loads(taken[-1])))) if taken[-1].startswith("{") else 0


@pytest.mark.parametrize("url", ["nosuchservice://x/y", "slack://", "json://", "http://", "slack://t0k3n"])
def test_an_address_that_apprise_does_not_know_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadAddress) as raised:
        Chat(url=url, templates=Templates())
    assert url not in str(raised.value)


def test_without_the_extra_the_mistake_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(BadAddress, match=r"pip install 'presswatch\[apprise\]'"):
        Chat(url=SERVICES["ntfy"], templates=Templates())


# --- real servers -----------------------------------------------------------------------------------------------------


def answering(status: int, wait: float = 0.0) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            time.sleep(wait)
            self.send_response(status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


@pytest.mark.parametrize("status", [200, 302, 400, 429, 500])
async def test_the_status_of_a_real_server_decides_and_no_secret_is_told(status: int) -> None:
    with listening(answering(status)) as base:
        result = await chat(f"{base.replace('http', 'json')}/t0k3n").send(told())
    if status == 200:
        assert result == Sent()
        return
    assert isinstance(result, NotSent)
    assert str(status) in result.error
    assert "t0k3n" not in result.error
    assert (result.permanent, result.unsure) == (False, False)


async def test_a_service_that_hangs_is_given_up() -> None:
    with listening(answering(200, wait=3)) as base:
        result = await chat(f"{base.replace('http', 'json')}/x", timeout=0.5).send(told())
    assert isinstance(result, NotSent)
    assert result.unsure


async def test_nobody_listening_is_a_failure() -> None:
    result = await chat("json://127.0.0.1:1/t0k3n").send(told())
    assert isinstance(result, NotSent)
    assert "t0k3n" not in result.error
