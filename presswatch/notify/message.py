"""What is to be told, the JSON of it and the line of a terminal. Pure; scraped text is made harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from scraper.judge import Diff, Op, Segment, Touch, touches
from scraper.model import Precision, Stamp
from storage import ChangeRow, StampRow

__all__ = [
    "LONGEST_URL", "MAX_BYTES", "Delivery", "change_object", "clean", "diff_object", "dumped", "encoded", "flat",
    "instant", "line", "payload", "printable", "rfc3339", "said",
]  # fmt: skip

MAX_BYTES = 20_000
"""Standard Webhooks asks for bodies below 20 KB."""
_LONGEST_TEXT = 500
LONGEST_URL = 2_000
_LONGEST_RUN = 300
_MOST_RUNS = 20
_LONGEST_TOUCHED = 120
_MOST_TOUCHED = 8

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]")
"""Controls, C1 included (U+009B begins a terminal's sequence), bidirectional overrides, lone surrogates."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One change on its way through one channel."""

    key: str
    """The same at every attempt, so that a receiver can drop a repetition."""
    change: ChangeRow
    diff: Diff | None = None
    """Between the two revisions, where there are two."""
    text: str = ""
    """Of a release that is new."""
    link: str | None = None
    """Where a person can read more, on the pages of this installation."""


def change_object(change: ChangeRow) -> dict[str, object]:
    """The change as ``--json`` and webhooks name it: the public contract, times in UTC as RFC 3339.

    A stamp without a time of day is a date, with its precision beside it.
    """
    return {
        "id": change.id,
        "kind": change.kind.value,
        "url": change.url,
        "source": change.source,
        "title": change.title,
        "detected_at": rfc3339(change.detected_at),
        "not_before": change.not_before and rfc3339(change.not_before),
        "not_after": rfc3339(change.not_after),
        **_stamp("stamp_before", change.stamp_before),
        **_stamp("stamp_after", change.stamp_after),
        "revision_from": change.revision_from,
        "revision_to": change.revision_to,
        "importance": change.importance,
        "url_before": change.url_before,
        "reason": change.reason,
        "batch": change.batch_id,
    }


def payload(delivery: Delivery) -> dict[str, object]:
    """The webhook's JSON: ``type``, ``timestamp`` (of the change, RFC 3339) and ``data``, the change and its diff."""
    change = delivery.change
    data = {name: _bounded(name, value) for name, value in change_object(change).items()}
    if delivery.diff is not None:
        data["diff"] = diff_object(delivery.diff)
    if delivery.link is not None:
        data["link"] = delivery.link
    return {"type": f"release.{change.kind.value}", "timestamp": rfc3339(change.detected_at), "data": data}


def encoded(message: Mapping[str, object]) -> bytes:
    """The body of a payload, under 20 KB: the diff, then what it is about, is shortened from the end to make it so."""
    body = dumped(message)
    while len(body) >= MAX_BYTES and (shorter := _shortened(message)) is not None:
        message, body = shorter, dumped(shorter)
    return body


def _shortened(message: Mapping[str, object]) -> dict[str, object] | None:
    """With one run or touch of the diff, or one release or change, less; None where there are none left."""
    data = message["data"]
    if not isinstance(data, dict):
        return None
    diff = data.get("diff")
    if isinstance(diff, dict) and (diff["runs"] or diff["touched"]):
        longest = "runs" if diff["runs"] else "touched"
        return {**message, "data": {**data, "diff": {**diff, longest: diff[longest][:-1], "truncated": True}}}
    several = next((name for name in ("releases", "changes") if data.get(name)), None)
    return {**message, "data": {**data, several: data[several][:-1]}} if several else None


def line(change: ChangeRow) -> str:
    """One line for a terminal: when, what, which release, and what its stamp says. No control character survives."""
    parts = [
        instant(change.detected_at),
        f"{change.kind.value.replace('-', ' '):<15}",
        f"{printable(change.source, most=60)}: {printable(change.title) or '(no title)'}",
        _stamp_words(change),
        f"<{printable(change.url, most=LONGEST_URL)}>",
    ]
    return "  ".join(filter(None, parts))


def printable(text: str, *, most: int = _LONGEST_TEXT) -> str:
    """Text on one line that can't command a terminal: controls and overrides as escapes, at most ``most`` long."""
    flat = _UNSAFE.sub(_escape, _SPACE.sub(" ", text[: 2 * most])).strip()
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def clean(text: str, *, most: int = _LONGEST_TEXT) -> str:
    """Text on one line in which controls and overrides are U+FFFD, at most ``most`` long."""
    cut = flat(text[: 2 * most]).strip()
    return cut if len(cut) <= most else cut[: most - 1] + "…"


def flat(text: str) -> str:
    """Text on one line in which controls and overrides are U+FFFD; white space at its ends stays one space."""
    return _UNSAFE.sub("\ufffd", _SPACE.sub(" ", text))


def rfc3339(at: datetime) -> str:
    """An aware time in UTC, to the second, such as ``2012-09-07T10:46:00Z``."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def instant(at: datetime) -> str:
    """The same with a space, for a line of a terminal."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def _escape(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}"


def _stamp(name: str, stamp: StampRow | None) -> dict[str, object]:
    if stamp is None:
        return {name: None, f"{name}_precision": None}
    return {name: said(stamp), f"{name}_precision": stamp.precision.value}


def said(stamp: Stamp | StampRow) -> str:
    """A time in UTC as RFC 3339; a date, or a month, without a time as such."""
    if stamp.precision is Precision.MONTH:
        return f"{stamp.at:%Y-%m}"
    return stamp.at.date().isoformat() if stamp.precision.is_date else rfc3339(stamp.at)


def _stamp_words(change: ChangeRow) -> str:
    before, after = change.stamp_before, change.stamp_after
    if before is None or after is None:
        return ""
    if (before.at, before.precision) == (after.at, after.precision):
        return f"(stamp stands at {said(after)})"
    return f"(stamp {said(before)} to {said(after)})"


def _bounded(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return clean(value, most=LONGEST_URL if name.startswith("url") else _LONGEST_TEXT)


def diff_object(diff: Diff) -> dict[str, object]:
    """The ``diff`` of a webhook: how much differs, and the first of the words that do."""
    runs = list(_runs(diff))
    return {
        "title_changed": diff.title_changed,
        "blocks_changed": len(diff.changed),
        "words_added": sum(len(text.split()) for text in diff.runs(Op.ADDED)),
        "words_removed": sum(len(text.split()) for text in diff.runs(Op.REMOVED)),
        "links_changed": sum(len(part.links) for part in diff.parts),
        "touched": [_touched(touch) for touch in touches(diff)[:_MOST_TOUCHED]],
        "runs": runs[:_MOST_RUNS],
        "truncated": len(runs) > _MOST_RUNS,
    }


def _touched(touch: Touch) -> dict[str, str]:
    """One fact about the change, in few enough words that several fit."""
    return {
        "what": touch.what.value,
        "before": clean(touch.before, most=_LONGEST_TOUCHED),
        "after": clean(touch.after, most=_LONGEST_TOUCHED),
        "where": touch.where,
    }


def _runs(diff: Diff) -> Iterator[dict[str, str]]:
    for segments in (diff.title, *(part.segments for part in diff.changed)):
        yield from _replacements(segments)


def _replacements(segments: tuple[Segment, ...]) -> Iterator[dict[str, str]]:
    """What was removed and what was added in its place, in the order of reading."""
    removed = added = ""
    for segment in segments:
        if segment.op is Op.REMOVED:
            removed += segment.text
        elif segment.op is Op.ADDED:
            added += segment.text
        elif removed or added:
            yield _run(removed, added)
            removed = added = ""
    if removed or added:
        yield _run(removed, added)


def _run(removed: str, added: str) -> dict[str, str]:
    return {"removed": clean(removed, most=_LONGEST_RUN), "added": clean(added, most=_LONGEST_RUN)}


def dumped(message: Mapping[str, object]) -> bytes:
    """Compact JSON, strict and in UTF-8."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
