"""Messages for channels: of an edit, a batch and a trouble, and such in which every scraped field is a payload."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from corpora import corpus

from presswatch.notify import Delivery, Message, batch_message, compose, health_message
from scraper.judge import compare
from scraper.model import Block, BlockKind, HealthKind, HealthPhase, Kind, Precision, Release
from storage import BatchRow, ChangeRow, HealthRow, StampRow, Told

STAMP = StampRow(
    at=datetime(2012, 9, 7, 10, 46, tzinfo=UTC), precision=Precision.MINUTE, raw="Last updated: 07 Sep. 2012 12:46"
)
CHANGE = ChangeRow(
    id=7, kind=Kind.SILENTLY_EDITED, release_id=3, source_id=1, source="Northern Harbour Alliance",
    url="https://harbour.example/news_1.htm", url_before=None, title="Ministers agree",
    detected_at=datetime(2012, 9, 8, 6, 0, 5, tzinfo=UTC), not_before=datetime(2012, 9, 8, 5, tzinfo=UTC),
    not_after=datetime(2012, 9, 8, 6, tzinfo=UTC), stamp_before=STAMP, stamp_after=STAMP, revision_from=1,
    revision_to=2, importance=0.75, reason="the text changed and the stamp stood still",
)  # fmt: skip
PAGES = "http://127.0.0.1:8420"
LINK = f"{PAGES}/releases/3/diff?from=1&to=2"
AT = datetime(2012, 9, 8, 8, tzinfo=UTC)
BATCH = BatchRow(
    id=3, source_id=1, source="Harbour", kind=Kind.EDITED, began_at=AT, last_at=AT + timedelta(hours=2), size=40,
    changes=tuple(
        replace(CHANGE, id=n, release_id=n, title=f"Release {n}", url=f"https://harbour.example/{n}", batch_id=3)
        for n in range(1, 11)
    ),
)  # fmt: skip
HEALTH = HealthRow(
    id=5, source_id=1, source="Harbour", kind=HealthKind.FAILING, subject="newsroom", began_at=AT,
    ended_at=AT + timedelta(hours=3), detail="1 of 1 listing: 503", advice="Open it in a browser.",
)  # fmt: skip
BEGAN = Told(health=replace(HEALTH, ended_at=None), phase=HealthPhase.BEGAN)
ENDED = Told(health=HEALTH, phase=HealthPhase.ENDED)


def release(*paragraphs: str, title: str = "Ministers agree") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs))


def told(
    *, before: str = "Twelve vessels will sail.", after: str = "Nine vessels will sail.", key: str = "chg_7_ab.desk",
    **change: object,
) -> Message:  # fmt: skip
    """The message of an edit, with some of its change replaced."""
    diff = compare(release(before), release(after))
    return compose(Delivery(key=key, change=replace(CHANGE, **change), diff=diff, link=LINK))  # type: ignore[arg-type]


def told_of_batch(batch: BatchRow = BATCH, *, before: str = "The old office.", after: str = "The new one.") -> Message:
    """The message of a batch, by the texts of its first change."""
    diff = compare(release(before), release(after))
    return batch_message(batch, key="bat_3_40_cd.desk", diff=diff, pages=PAGES)


def told_of_health(told: Told = BEGAN) -> Message:
    """The message of one end of a trouble."""
    return health_message(told, key="hea_5_began_ef.desk", pages=PAGES)


def hostile_batch(payload: str) -> Message:
    """A message of a batch in which every scraped field is a payload."""
    changes = tuple(replace(each, title=payload, url=payload, reason=payload) for each in BATCH.changes)
    return told_of_batch(replace(BATCH, source=payload, changes=changes), before="same", after=f"same {payload}")


def hostile_health(payload: str, phase: HealthPhase = HealthPhase.BEGAN) -> Message:
    """A message of a trouble in which every field of text is a payload."""
    health = replace(HEALTH, source=payload, subject=payload, detail=payload, advice=payload)
    return told_of_health(Told(health=health, phase=phase))


def hostile(*payloads: str) -> Message:
    """A message in which every scraped field is a payload: the first in every field, each in a passage of its own."""
    first = payloads[0]
    stamp = replace(STAMP, raw=first)
    change = replace(
        CHANGE, kind=Kind.MOVED, source=first, title=first, url=first, url_before=first, reason=first,
        stamp_before=stamp, stamp_after=stamp,
    )  # fmt: skip
    diff = compare(release("same"), release("same", *payloads))
    return compose(Delivery(key="chg_7_ab.desk", change=change, diff=diff, text=first, link=LINK))


def naughty() -> list[str]:
    """Every string of two collections that break and invade pages."""
    strings = json.loads(corpus("conformance", "naughty-strings", "blns.json").read_text("utf-8"))
    payloads = corpus("conformance", "xss-payloads", "xss-payload-list.txt").read_text("utf-8", "surrogateescape")
    return [*strings, *payloads.splitlines()]
