"""What is said of batches and of a source's health, and that scraped text can't do anything in it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from web_views import change_row

from presswatch.notify import Console, Notice, Sent
from presswatch.notify.fares import notice_line, notice_payload
from presswatch.notify.message import MAX_BYTES, encoded
from scraper.judge import compare
from scraper.model import Block, BlockKind, HealthKind, HealthPhase, Kind, Release
from storage import BatchRow, HealthRow, Told

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEALTH = HealthRow(
    id=5, source_id=1, source="Harbour", kind=HealthKind.FAILING, subject="newsroom", began_at=AT,
    ended_at=AT + timedelta(hours=3), detail="1 of 1 listing: 503", advice="Open it in a browser.",
)  # fmt: skip
BEGAN = Told(health=replace(HEALTH, ended_at=None), phase=HealthPhase.BEGAN)
ENDED = Told(health=HEALTH, phase=HealthPhase.ENDED)
BATCH = BatchRow(
    id=3, source_id=1, source="Harbour", kind=Kind.EDITED, began_at=AT, last_at=AT + timedelta(hours=2), size=40,
    changes=tuple(change_row(n, title=f"Release {n}") for n in range(1, 11)),
)  # fmt: skip
EVIL = "\x1b[2J\u202e\x00\nnew line \ud800"


def said(subject: BatchRow | Told, **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = notice_payload(Notice(key="k", subject=subject, **more))
    return message


def test_the_begin_and_the_end_of_a_trouble_are_a_line_each() -> None:
    assert notice_line(BEGAN) == (
        "2026-03-02 08:00:00Z  failing          Harbour: 1 of 1 listing: 503. Open it in a browser."
    )
    assert notice_line(ENDED) == (
        "2026-03-02 11:00:00Z  well again: no longer failing  Harbour: since 2026-03-02 08:00:00Z: 1 of 1 listing: 503"
    )


def test_what_has_no_source_goes_by_its_address() -> None:
    nowhere = replace(HEALTH, source=None, source_id=None, subject="https://nowhere.example/", ended_at=None)
    assert "https://nowhere.example/: 1 of" in notice_line(Told(health=nowhere, phase=HealthPhase.BEGAN))


def test_a_batch_is_a_line_with_its_first_releases() -> None:
    assert notice_line(BATCH) == (
        "2026-03-02 10:00:00Z  edited           Harbour: the same edit on 40 releases: "
        "Release 1, Release 2, Release 3 and 37 more"
    )
    assert notice_line(replace(BATCH, size=2, changes=BATCH.changes[:2])).endswith("2 releases: Release 1, Release 2")


def test_the_webhook_is_told_what_it_is_about() -> None:
    began, ended = said(BEGAN), said(ENDED)
    assert (began["type"], began["timestamp"], began["data"]["phase"]) == (
        "source.health", "2026-03-02T08:00:00Z", "began",
    )  # fmt: skip
    assert (ended["timestamp"], ended["data"]["phase"]) == ("2026-03-02T11:00:00Z", "ended")
    batch = said(BATCH)
    assert (batch["type"], batch["timestamp"]) == ("batch.edited", "2026-03-02T10:00:00Z")
    assert batch["data"]["size"] == 40
    assert [each["change"] for each in batch["data"]["releases"]] == list(range(1, 11))


def test_a_batch_carries_the_words_of_its_first_change() -> None:
    texts = ("The old office answers.", "The new office answers.")
    before, after = (
        Release(title="A", blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),)) for text in texts
    )  # fmt: skip
    assert said(BATCH, diff=compare(before, after))["data"]["diff"]["runs"] == [{"removed": "old", "added": "new"}]


def test_no_text_is_harmful() -> None:
    evil = replace(HEALTH, source=EVIL, subject=EVIL, detail=EVIL, advice=EVIL)
    batch = replace(BATCH, source=EVIL, changes=(change_row(title=EVIL, url=EVIL),))
    for subject in (Told(health=evil, phase=HealthPhase.BEGAN), Told(health=evil, phase=HealthPhase.ENDED), batch):
        line = notice_line(subject)
        assert line.isprintable(), line
        json.loads(encoded(said(subject)))


def test_no_message_is_too_long() -> None:
    long = "é" * 5_000
    batch = replace(BATCH, source=long, changes=tuple(change_row(n, title=long, url=long) for n in range(10)))
    health = replace(HEALTH, source=long, subject=long, detail=long, advice=long)
    for subject in (batch, Told(health=health, phase=HealthPhase.BEGAN)):
        assert len(encoded(said(subject))) < MAX_BYTES
        assert len(notice_line(subject)) < 3_000


async def test_the_console_writes_the_line() -> None:
    stream = io.StringIO()
    assert await Console(stream).send(Notice(key="k", subject=BEGAN)) == Sent()
    assert stream.getvalue() == notice_line(BEGAN) + "\n"
