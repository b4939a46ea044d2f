"""A message for trying a channel: made up, says so, and has a part of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from presswatch.notify.compose import Message, compose
from presswatch.notify.message import Delivery
from scraper.judge import Diff, Op, Part, Segment
from scraper.model import BlockKind, Kind, Precision
from storage import ChangeRow, StampRow

__all__ = ["trial"]

_DIFF = Diff(
    title=(Segment(op=Op.SAME, text="A test of presswatch"),),
    parts=(
        Part(
            op=Op.CHANGED,
            kind=BlockKind.PARAGRAPH,
            runs=(
                Segment(op=Op.SAME, text="Nothing happened; in a real notification the words that were "),
                Segment(op=Op.REMOVED, text="removed"),
                Segment(op=Op.ADDED, text="added"),
                Segment(op=Op.SAME, text=" stand in their place, like these."),
            ),
        ),
    ),
)


def trial(*, at: datetime, link: str | None = None) -> Message:
    """The test message of a moment."""
    change = ChangeRow(
        id=0, kind=Kind.SILENTLY_EDITED, release_id=0, source_id=0, source="Test", url="https://example.org/test",
        url_before=None, title="A test of presswatch", detected_at=at, not_before=at - timedelta(hours=1),
        not_after=at, stamp_before=_stamp(at), stamp_after=_stamp(at), revision_from=1, revision_to=2, importance=0.0,
        reason="this is only a test",
    )  # fmt: skip
    message = compose(Delivery(key=f"test_{int(at.timestamp())}", change=change, diff=_DIFF, link=link))
    return replace(
        message, label="test", sentence="This is a test of the channel. Nothing happened.",
        line=f"{message.line}  (a test: nothing happened)", payload={**message.payload, "type": "test"},
    )  # fmt: skip


def _stamp(at: datetime) -> StampRow:
    return StampRow(at=at - timedelta(days=1), precision=Precision.MINUTE, raw="")
