"""Messages for channels: one of an edit, and one in which every scraped field is a payload."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from corpora import corpus

from presswatch.notify import Delivery, Message, compose
from scraper.judge import compare
from scraper.model import Block, BlockKind, Kind, Precision, Release
from storage import ChangeRow, StampRow

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
LINK = "http://127.0.0.1:8420/releases/3/diff?from=1&to=2"


def release(*paragraphs: str, title: str = "Ministers agree") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs))


def told(
    *, before: str = "Twelve vessels will sail.", after: str = "Nine vessels will sail.", key: str = "chg_7_ab.desk",
    **change: object,
) -> Message:  # fmt: skip
    """The message of an edit, with some of its change replaced."""
    diff = compare(release(before), release(after))
    return compose(Delivery(key=key, change=replace(CHANGE, **change), diff=diff, link=LINK))  # type: ignore[arg-type]


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
