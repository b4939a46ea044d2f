"""A change in sentences: what happened, within which window, what the stamps say, and why it matters. Plain text."""

from __future__ import annotations

from collections.abc import Iterator

from presswatch.excerpt import Excerpts
from presswatch.web.rendering import one_line
from presswatch.words import moment, same_stamp, stamped, words
from scraper.judge import Op, Segment
from scraper.model import Kind
from storage import ChangeRow, StampRow

__all__ = ["changed_words", "sentences", "title"]

_MOST_RAW = 200
_WHAT = {
    Kind.NEW: "A new release appeared {window}.",
    Kind.EDITED: "Its text changed {window}.",
    Kind.SILENTLY_EDITED: "Its text changed {window}, and its stamp did not move.",
    Kind.RESTAMPED: "Its stamp moved {window}, and its text did not change.",
    Kind.WITHDRAWN: "It was withdrawn {window}.",
    Kind.RESTORED: "It came back {window}.",
    Kind.MOVED: "It moved to another address {window}.",
}


def title(change: ChangeRow) -> str:
    """The kind and the release's title on one line."""
    return f"{words(change.kind).capitalize()}: {one_line(change.title) or '(no title)'}"


def sentences(change: ChangeRow) -> tuple[str, ...]:
    """What happened and when, what the page's own stamp says of it, how important it is and why."""
    why = one_line(change.reason).rstrip(".")
    return (
        f"{one_line(change.source)}: {_WHAT[change.kind].format(window=_window(change))}",
        _stamps(change),
        f"Importance {change.importance:.2f}{f': {why}' if why else ''}.",
    )


def changed_words(excerpts: Excerpts) -> str:
    """The first changes in their place, marked so that plain text carries them: ``[-twelve-] {+nine+} vessels``."""
    told = [
        f"{_name(excerpt.op, is_title=excerpt.is_title)}: {one_line(''.join(_marked(excerpt.segments)))}"
        for excerpt in excerpts.shown
    ]
    if excerpts.left_out:
        told.append(f"{excerpts.left_out} more changed {'passage' if excerpts.left_out == 1 else 'passages'}")
    line = "; ".join(told)
    return line[:1].upper() + line[1:]


def _name(op: Op, *, is_title: bool) -> str:
    return f"title {op.value}" if is_title else op.value


def _marked(segments: tuple[Segment, ...]) -> Iterator[str]:
    before = Op.SAME
    for segment in segments:
        if segment.op is Op.ADDED:
            yield f"{' ' if before is Op.REMOVED else ''}{{+{segment.text}+}}"
        else:
            yield f"[-{segment.text}-]" if segment.op is Op.REMOVED else segment.text
        before = segment.op


def _window(change: ChangeRow) -> str:
    if change.not_before is None:
        return f"at some time before {moment(change.not_after)}"
    return f"between {moment(change.not_before)} and {moment(change.not_after)}"


def _stamps(change: ChangeRow) -> str:
    before, after = change.stamp_before, change.stamp_after
    if before is None and after is None:
        return "The page shows no stamp."
    if after is None:
        now = "" if change.kind is Kind.WITHDRAWN else " and shows none now"
        return f"The page showed the stamp {_said(before)}{now}."
    if change.kind is Kind.NEW or same_stamp(before, after):
        return f"The page shows the stamp {_said(after)}."
    if before is None:
        return f"The page showed no stamp before and now shows {_said(after)}."
    return f"The stamp went from {_said(before)} to {_said(after)}."


def _said(stamp: StampRow | None) -> str:
    if stamp is None:
        return "none"
    raw = one_line(stamp.raw[:_MOST_RAW])
    return f"{stamped(stamp)} (“{raw}”)" if raw else stamped(stamp)
