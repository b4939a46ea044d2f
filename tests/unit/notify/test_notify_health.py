"""What is said of a source's health: each trouble when it begins and when it ends, and no text does anything in it."""

from __future__ import annotations

import io
import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import BEGAN, ENDED, HEALTH, PAGES, hostile_health, told_of_health

from presswatch.notify import Console, Sent, health_message
from presswatch.notify.health import health_line, health_payload
from presswatch.notify.message import MAX_BYTES, encoded
from scraper.model import HealthKind, HealthPhase
from storage import Told

EVIL = "\x1b[2J\u202e\x00\nnew line \ud800"
NOWHERE = replace(
    HEALTH, source=None, source_id=None, kind=HealthKind.UNWATCHED, subject="https://nowhere.example/", ended_at=None
)


def test_the_begin_and_the_end_of_a_trouble_are_a_line_each() -> None:
    assert health_line(BEGAN) == (
        "2012-09-08 08:00:00Z  failing          Harbour: 1 of 1 listing: 503. Open it in a browser."
    )
    stopped = replace(BEGAN, health=replace(HEALTH, detail="Connection refused."))
    assert "Harbour: Connection refused. Open it" in health_line(stopped), "one full stop"
    assert health_line(ENDED) == (
        "2012-09-08 11:00:00Z  well again: no longer failing  Harbour: since 2012-09-08 08:00:00Z: 1 of 1 listing: 503"
    )


def test_the_webhook_is_told_which_end_it_is() -> None:
    began, ended = (_payload(each) for each in (BEGAN, ENDED))
    assert (began["type"], began["timestamp"], began["data"]["phase"]) == (
        "source.health", "2012-09-08T08:00:00Z", "began",
    )  # fmt: skip
    assert (ended["timestamp"], ended["data"]["phase"]) == ("2012-09-08T11:00:00Z", "ended")


def _payload(told: Told) -> dict[str, Any]:
    return health_payload(told)


@pytest.mark.parametrize("kind", [kind for kind in HealthKind if kind is not HealthKind.STUCK])
@pytest.mark.parametrize("subject", ["newsroom", "listings", "releases", "some releases", "https://a.example/{0}"])
def test_every_kind_and_subject_is_a_sentence_for_both_ends(kind: HealthKind, subject: str) -> None:
    health = replace(HEALTH, kind=kind, subject=subject)
    began, ended = (told_of_health(Told(health=health, phase=phase)) for phase in HealthPhase)
    assert began.sentence.startswith("Harbour: ")
    assert began.title != ended.title
    named = subject if subject.startswith("http") else "its "
    assert kind is HealthKind.SILENT or all(named in message.sentence for message in (began, ended))
    assert began.title[0].isupper() != began.title.startswith("http")


def test_a_begin_says_what_was_seen_and_what_to_do() -> None:
    message = told_of_health(BEGAN)
    assert (message.label, message.title) == ("trouble", "Looks at all its listings fail")
    assert message.sentence == "Harbour: looks at all its listings fail."
    assert (message.detail, message.advice) == ("1 of 1 listing: 503", "Open it in a browser.")
    assert message.when == "since 8 Sep 2012, 08:00:00 UTC"
    assert message.link == message.payload["data"]["link"] == f"{PAGES}/sources"  # type: ignore[index]


def test_an_end_says_how_long_it_was_and_advises_nothing() -> None:
    message = told_of_health(ENDED)
    assert (message.label, message.title) == ("well again", "Looks at all its listings succeed again")
    assert message.when == "between 8 Sep 2012, 08:00:00 and 11:00:00 UTC"
    assert (message.at, message.advice) == (HEALTH.ended_at, "")


def test_an_ill_page_is_linked_and_what_is_no_address_is_not() -> None:
    page = replace(HEALTH, subject="https://harbour.example/feed.xml")
    assert told_of_health(Told(health=page, phase=HealthPhase.BEGAN)).original == page.subject
    assert (told_of_health().url, told_of_health().original) == ("", None)


def test_what_has_no_source_goes_by_its_address() -> None:
    told = Told(health=NOWHERE, phase=HealthPhase.BEGAN)
    message = health_message(told, key="k")
    assert "https://nowhere.example/: 1 of" in message.line
    assert message.sentence == "https://nowhere.example/ leads to nothing that can be watched."
    assert (message.source, message.link) == ("", None)


def test_what_is_told_of_the_health_of_one_source_is_one_thread() -> None:
    other = replace(HEALTH, id=6, kind=HealthKind.EMPTY)
    threads = {told_of_health(each).thread for each in (BEGAN, ENDED, Told(health=other, phase=HealthPhase.BEGAN))}
    assert threads == {"health-1"}
    unknown = (replace(NOWHERE, id=number) for number in (7, 8))
    assert len({told_of_health(Told(health=each, phase=HealthPhase.BEGAN)).thread for each in unknown}) == 2


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=80), st.sampled_from(HealthPhase))  # type: ignore[arg-type]
def test_all_text_of_a_message_is_harmless_as_text(payload: str, phase: HealthPhase) -> None:
    message = hostile_health(payload, phase)
    for text in (
        message.sentence, message.source, message.title, message.url, message.detail, message.advice, message.line,
    ):  # fmt: skip
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
        text.encode()


@pytest.mark.parametrize("phase", HealthPhase)
def test_no_line_commands_a_terminal_and_no_message_is_too_long(phase: HealthPhase) -> None:
    assert hostile_health(EVIL, phase).line.isprintable()
    json.loads(encoded(hostile_health(EVIL, phase).payload))
    long = hostile_health("é" * 5_000, phase)
    assert len(encoded(long.payload)) < MAX_BYTES
    assert len(long.line) < 3_000


async def test_the_console_writes_the_line() -> None:
    stream = io.StringIO()
    assert await Console(stream).send(told_of_health()) == Sent()
    assert stream.getvalue() == health_line(BEGAN) + "\n"


def test_a_stuck_channel_goes_by_its_name_and_is_no_source_s() -> None:
    health = replace(NOWHERE, kind=HealthKind.STUCK, subject="desk")
    message = told_of_health(Told(health=health, phase=HealthPhase.BEGAN))
    assert (message.sentence, message.source, message.url) == ("The channel desk takes no messages.", "", "")
    assert message.title == "The channel desk takes no messages"
    assert "  channel desk: 1 of" in message.line
    assert (message.payload["type"], message.link) == ("channel.health", f"{PAGES}/status")
