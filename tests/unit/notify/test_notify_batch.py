"""What is said of a batch: once, of all its releases, and scraped text can't do anything in it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import BATCH, CHANGE, PAGES, hostile_batch, release, told_of_batch

from presswatch.notify import batch_message
from presswatch.notify.batch import batch_line, batch_payload
from presswatch.notify.message import MAX_BYTES, encoded
from scraper.judge import compare
from scraper.model import Kind

EVIL = "\x1b[2J\u202e\x00\nnew line \ud800"


def test_a_batch_is_a_line_with_its_first_releases() -> None:
    assert batch_line(BATCH) == (
        "2012-09-08 10:00:00Z  edited           Harbour: the same edit on 40 releases: "
        "Release 1, Release 2, Release 3 and 37 more"
    )
    assert batch_line(replace(BATCH, size=2, changes=BATCH.changes[:2])).endswith("2 releases: Release 1, Release 2")


def test_the_webhook_is_told_the_batch_and_the_words_of_its_first_change() -> None:
    diff = compare(release("The old office answers."), release("The new office answers."))
    said: dict[str, Any] = batch_payload(BATCH, diff=diff)
    assert (said["type"], said["timestamp"]) == ("batch.edited", "2012-09-08T10:00:00Z")
    assert said["data"]["size"] == 40
    assert [each["change"] for each in said["data"]["releases"]] == list(range(1, 11))
    assert said["data"]["diff"]["runs"] == [{"removed": "old", "added": "new"}]
    assert "link" not in said["data"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Kind.EDITED, "Harbour made the same edit on 40 releases."),
        (Kind.SILENTLY_EDITED, "Harbour made the same edit on 40 releases; not all of their stamps moved."),
    ],
)
def test_a_batch_is_a_sentence(kind: Kind, sentence: str) -> None:
    assert told_of_batch(replace(BATCH, kind=kind)).sentence == sentence


def test_a_few_releases_are_named_with_links_and_the_others_counted() -> None:
    message = told_of_batch()
    assert [each.title for each in message.releases] == [f"Release {n}" for n in range(1, 6)]
    assert message.releases[1].original == "https://harbour.example/2"
    assert message.releases[1].link == f"{PAGES}/releases/2/diff?from=1&to=2"
    assert message.more_releases == 35
    assert message.link == message.payload["data"]["link"] == f"{PAGES}/?batch=3"  # type: ignore[index]


def test_the_changed_words_are_those_of_the_first_and_the_importance_of_the_gravest() -> None:
    graver = replace(CHANGE, importance=0.9, reason="a number")
    message = told_of_batch(replace(BATCH, changes=(*BATCH.changes, graver)))
    assert [each.text for each in message.passages[0].segments] == ["The ", "old office", "new one", "."]
    assert (message.importance, message.reason) == (0.9, "a number")
    assert message.when == "seen between 8 Sep 2012, 08:00:00 and 10:00:00 UTC"


def test_what_joins_later_is_told_in_the_same_thread() -> None:
    later = told_of_batch(replace(BATCH, size=44))
    assert later.thread == told_of_batch().thread == "batch-3"
    assert told_of_batch(replace(BATCH, id=4)).thread == "batch-4"


def test_a_batch_whose_releases_are_gone_is_told_without_them() -> None:
    message = batch_message(replace(BATCH, changes=()), key="k")
    assert (message.releases, message.more_releases, message.link, message.importance) == ((), 40, None, None)


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))  # type: ignore[arg-type]  # surrogates, too
def test_all_text_of_a_message_is_harmless_as_text(payload: str) -> None:
    message = hostile_batch(payload)
    texts = [message.sentence, message.source, message.title, message.reason, message.line]
    texts += [text for each in message.releases for text in (each.title, each.url)]
    texts += [each.text for passage in message.passages for each in passage.segments]
    for text in texts:
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
        text.encode()


def test_no_line_commands_a_terminal() -> None:
    assert hostile_batch(EVIL).line.isprintable()
    json.loads(encoded(hostile_batch(EVIL).payload))


def test_no_message_is_too_long() -> None:
    message = hostile_batch("é" * 5_000)
    assert len(encoded(message.payload)) < MAX_BYTES
    assert len(message.line) < 3_000
