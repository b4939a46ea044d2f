"""What a mail is: headers that nothing scraped can add to, one thread a subject, HTML that loads and runs nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import (
    BATCH,
    CHANGE,
    ENDED,
    LINK,
    hostile,
    hostile_batch,
    hostile_health,
    naughty,
    told,
    told_of_batch,
    told_of_health,
)

from presswatch.notify import Delivery, Message, compose
from presswatch.notify.letter import Envelope, letter
from presswatch.notify.message import clean
from presswatch.notify.templates import Templates
from scraper.html import parse
from scraper.model import Kind

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ENVELOPE = Envelope(
    sender=Address("Press watch", addr_spec="watch@example.org"), to=[Address(addr_spec="desk@example.org")],
    unsubscribe="https://example.org/leave?who=desk",
)  # fmt: skip
TEMPLATES = Templates()
HEADERS = [
    "Subject", "From", "To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]  # fmt: skip
_ELEMENTS = frozenset("html head meta title style body table tbody tr td p h1 strong span bdi br a ins del".split())
_ATTRIBUTES = frozenset(
    """lang charset name content class style role width cellpadding cellspacing border align valign dir href""".split()
)


def sent(message: Message, envelope: Envelope = ENVELOPE, *, at: datetime = AT) -> EmailMessage:
    """A mail as a client reads it; its bytes are those of the wire."""
    raw = letter(message, envelope, templates=TEMPLATES, at=at)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x80-\xff\x00]", raw), "lines end by CRLF alone, and all is ASCII"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=default)  # type: ignore[arg-type, return-value]  # typeshed


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.iter_parts()
    return text.get_content(), html.get_content()  # type: ignore[attr-defined]  # EmailMessage


def check_harmless(html: str) -> None:
    """Nothing but what the template itself writes."""
    for node in parse(html).css("*"):
        assert node.tag in _ELEMENTS, node.tag
        assert set(node.attributes) <= _ATTRIBUTES, node.attributes
        assert (node.attributes.get("href") or "http://x").startswith(("http://", "https://"))
    (style,) = parse(html).css("style")
    assert not re.search(r"url|@import|\\", style.text())


def test_headers_say_what_a_mailbox_sorts_by() -> None:
    mail = sent(told())
    assert mail.keys() == HEADERS
    assert mail["Subject"] == "Silently edited: Ministers agree (Northern Harbour Alliance)"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://example.org/leave?who=desk>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_is_offered_only_where_there_is_a_page_for_it() -> None:
    by_mail = sent(told(), replace(ENVELOPE, unsubscribe="mailto:leave@example.org"))
    assert by_mail["List-Unsubscribe"] == "<mailto:leave@example.org>"
    assert by_mail["List-Unsubscribe-Post"] is None
    assert "List-Unsubscribe" not in sent(told(), replace(ENVELOPE, unsubscribe=""))


def test_each_attempt_has_the_same_id_and_its_own_date() -> None:
    first, second = sent(told()), sent(told(), at=AT.replace(hour=9))
    assert first["Message-ID"] == second["Message-ID"] == "<chg_7_ab.desk@example.org>"
    assert first["Date"] != second["Date"]


def test_what_is_told_of_one_release_is_one_thread() -> None:
    first, second = sent(told()), sent(told(id=8, title="Ministers argue", key="chg_8_cd.desk"))
    other = sent(told(release_id=4))
    elsewhere = sent(told(source="Another installation's"))
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert len({mail["References"] for mail in (first, other, elsewhere)}) == 3


def test_a_batch_is_a_thread_and_the_health_of_a_source_is_one() -> None:
    batch, grown = sent(told_of_batch()), sent(told_of_batch(replace(BATCH, size=44)))
    began, ended = sent(told_of_health()), sent(told_of_health(ENDED))
    assert batch["Subject"] == "Edited: The same edit on 40 releases (Harbour)"
    assert began["Subject"] == "Trouble: Looks at all its listings fail (Harbour)"
    assert ended["Subject"] == "Well again: Looks at all its listings succeed again (Harbour)"
    assert batch["References"] == grown["References"]
    assert began["References"] == ended["References"]
    assert len({mail["References"] for mail in (sent(told()), batch, began)}) == 3


@pytest.mark.parametrize("key", ["", "a b", "Ü", "x" * 300, "a\r\nBcc: b@example.org", "<>@", "a..b"])
def test_any_key_gives_an_id(key: str) -> None:
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", sent(told(key=key))["Message-ID"])


def test_a_mail_reads_well_as_plain_text() -> None:
    text, _ = parts(sent(told()))
    assert text.replace("\r\n", "\n") == (
        "Northern Harbour Alliance edited “Ministers agree” and did not move its\n"
        "stamp.\n"
        "\n"
        "When        between 8 Sep 2012, 05:00:00 and 06:00:00 UTC\n"
        "Stamp       did not move: 7 Sep 2012, 10:46 UTC\n"
        "Importance  0.75 of 1\n"
        "Why         the text changed and the stamp stood still\n"
        "\n"
        "What changed, as [-removed-] and {+added+}:\n"
        "\n"
        "  [-Twelve-]{+Nine+} vessels will sail.\n"
        "\n"
        f"Details     {LINK}\n"
        "The page    https://harbour.example/news_1.htm\n"
        "\n"
        "-- \n"
        "Sent by presswatch because Northern Harbour Alliance is watched. All times are UTC.\n"
        "To get no more of these: https://example.org/leave?who=desk\n"
    )


def test_a_batch_reads_well_as_plain_text() -> None:
    text, _ = parts(sent(told_of_batch(replace(BATCH, size=3, changes=BATCH.changes[:2]))))
    assert text.replace("\r\n", "\n") == (
        "Harbour made the same edit on 3 releases.\n"
        "\n"
        "When        seen between 8 Sep 2012, 08:00:00 and 10:00:00 UTC\n"
        "Importance  0.75 of 1\n"
        "Why         the text changed and the stamp stood still\n"
        "\n"
        "What changed, as [-removed-] and {+added+}:\n"
        "\n"
        "  The [-old office-]{+new one+}.\n"
        "\n"
        "Where:\n"
        "\n"
        "  Release 1\n"
        "  http://127.0.0.1:8420/releases/1/diff?from=1&to=2\n"
        "  https://harbour.example/1\n"
        "\n"
        "  Release 2\n"
        "  http://127.0.0.1:8420/releases/2/diff?from=1&to=2\n"
        "  https://harbour.example/2\n"
        "\n"
        "  and 1 more release\n"
        "\n"
        "Details     http://127.0.0.1:8420/?batch=3\n"
        "\n"
        "-- \n"
        "Sent by presswatch because Harbour is watched. All times are UTC.\n"
        "To get no more of these: https://example.org/leave?who=desk\n"
    )


def test_a_trouble_reads_well_as_plain_text() -> None:
    text, _ = parts(sent(told_of_health()))
    assert text.replace("\r\n", "\n") == (
        "Harbour: looks at all its listings fail.\n"
        "\n"
        "When        since 8 Sep 2012, 08:00:00 UTC\n"
        "Seen        1 of 1 listing: 503\n"
        "What to do  Open it in a browser.\n"
        "\n"
        "Details     http://127.0.0.1:8420/sources\n"
        "\n"
        "-- \n"
        "Sent by presswatch because Harbour is watched. All times are UTC.\n"
        "To get no more of these: https://example.org/leave?who=desk\n"
    )


def test_links_of_a_batch_lead_to_each_release_and_to_all_of_them() -> None:
    _, html = parts(sent(told_of_batch(replace(BATCH, size=2, changes=BATCH.changes[:2]))))
    check_harmless(html)
    assert [(node.text(), node.attributes["href"]) for node in parse(html).css("a")][:-1] == [
        ("What differs", "http://127.0.0.1:8420/releases/1/diff?from=1&to=2"),
        ("The page itself", "https://harbour.example/1"),
        ("What differs", "http://127.0.0.1:8420/releases/2/diff?from=1&to=2"),
        ("The page itself", "https://harbour.example/2"),
        ("All of them", "http://127.0.0.1:8420/?batch=3"),
    ]


def test_a_new_release_is_told_with_its_first_words() -> None:
    change = replace(CHANGE, kind=Kind.NEW, not_before=None, stamp_before=None, revision_from=None)
    text, html = parts(sent(compose(Delivery(key="k", change=change, text="Twelve vessels will sail."))))
    assert "published “Ministers agree”." in text
    assert "first seen 8 Sep 2012, 06:00:00 UTC" in text
    assert "Twelve vessels will sail." in text
    assert "Twelve vessels will sail." in html
    assert "What changed" not in text


def test_the_html_marks_the_words_without_colours_too_and_says_nothing_else() -> None:
    _, html = parts(sent(told()))
    check_harmless(html)
    assert [(node.tag, node.text()) for node in parse(html).css("td.passage del, td.passage ins")] == [
        ("del", "Twelve"), ("ins", "Nine"),
    ]  # fmt: skip
    assert "line-through" in html
    assert [node.attributes["href"] for node in parse(html).css("a")] == [
        LINK, "https://harbour.example/news_1.htm", "https://example.org/leave?who=desk",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param("a\r\nBcc: b@example.org\r\n\r\nbody", id="line ends"),
        pytest.param("a\u2028Bcc: b\u2029\x0b\x0c\x1c\x1d\x1e\x85", id="line ends of other kinds"),
        pytest.param("=?utf-8?q?=0D=0ABcc:_b=40example.org?=", id="an encoded word"),
        pytest.param("\r\n.\r\nMAIL FROM:<x@example.org>", id="the end of the data"),
        pytest.param('"><script src=//h.example></script><img src=x onerror=alert(1)>', id="elements"),
        pytest.param("javascript:alert(1)", id="an address that runs"),
        pytest.param("https://h.example/' onclick='x", id="an attribute"),
        pytest.param("--></style><![endif]--><style>@import 'http://h.example'", id="the end of a comment"),
        pytest.param("{{ 7*7 }}{% include 'mail.txt' %}{{ message.__class__ }}", id="a template"),
        pytest.param("\ud800\x00\x1b[31m\u202e", id="what no mail holds"),
        pytest.param("نص عربي 日本語 👩\u200d🚀 Zażółć", id="scripts"),
        pytest.param("x" * 5_000, id="one long word"),
        pytest.param("", id="nothing"),
    ],
)
def test_whatever_is_scraped_stays_text(payload: str) -> None:
    for message in (hostile_batch(payload), hostile_health(payload)):
        mail = sent(message)
        assert mail.keys() == HEADERS
        check_harmless(parts(mail)[1])
    mail = sent(hostile(payload))
    text, html = parts(mail)
    assert mail.keys() == HEADERS
    assert mail["To"] == "desk@example.org"
    check_harmless(html)
    shown = hostile(payload).title
    assert shown[:60] in mail["Subject"]
    assert shown in parse(html).css("h1")[0].text() or not shown
    assert shown[:20] in text.replace("\r\n", " ")


@pytest.mark.corpus
def test_no_payload_or_naughty_string_is_more_than_text_in_a_mail() -> None:
    """Each stands in a passage, every twelfth in the headline and in the subject, too."""
    payloads = naughty()
    assert len(payloads) > 7_000
    for start in range(0, len(payloads), 12):
        message = hostile(*payloads[start : start + 12])
        mail = sent(message)
        _, html = parts(mail)
        check_harmless(html)
        assert mail.keys() == HEADERS
        assert message.title[:60].split() == mail["Subject"].removeprefix("Moved: ")[: len(message.title[:60])].split()
        shown = [node.text(strip=True) for node in parse(html).css("td.passage ins")]
        assert len(shown) >= len([each for each in payloads[start : start + 12] if each.strip()]) - 2


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=60), st.text(max_size=20))  # type: ignore[arg-type]  # surrogates, too
def test_any_text_makes_a_mail_with_our_headers_and_no_others(payload: str, name: str) -> None:
    mail = sent(told(title=payload, source=name + payload, reason=payload, url=payload, after=payload))
    assert mail.keys() == HEADERS
    check_harmless(parts(mail)[1])


def test_a_huge_page_makes_a_mail_of_bounded_size() -> None:
    before, after = ("\n".join(f"{n} {word * 400}" for n in range(40)) for word in ("alpha ", "omega "))
    mail = letter(told(before=before * 20, after=after * 20, title="y" * 90_000), ENVELOPE, templates=TEMPLATES, at=AT)
    assert len(mail) < 200_000


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co")), min_size=1, max_size=150))
def test_a_subject_arrives_as_it_was_written(title: str) -> None:
    raw = letter(told(title=title, source="s"), ENVELOPE, templates=TEMPLATES, at=AT)
    (value,) = re.findall(rb"^Subject: (.*?)\r\n(?! )", raw, re.DOTALL)
    said = str(make_header(decode_header(re.sub(rb"\r\n", b"", value).decode("ascii"))))
    assert said == f"Silently edited: {clean(title) or '(no title)'} (s)"
