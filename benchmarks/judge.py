"""The product's judge as the evaluators call it: two loads of a page, looked at one after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from benchmarks.judging_looks import START, Newsroom, answered
from scraper.judge import Op, Segment, compare
from scraper.model import Release
from scraper.read import learn
from scraper.urls import identity

__all__ = ["judge"]

_GAP = timedelta(hours=6)


def judge(before: bytes, after: bytes, url: str, others: list[tuple[bytes, str]] | tuple[()] = ()) -> dict[str, Any]:
    """What the product says after it has seen ``before`` and then ``after`` at an address.

    ``kind`` is None where nothing is to be said; ``changes`` are the passages that differ, ``importance`` and
    ``reason`` the judge's. The site is learned from ``others``, bytes and address each; those at ``url`` itself were
    earlier looks.
    A look that the judge wants confirmed is followed by another at the same page.
    """
    room = Newsroom(home=url, site=learn(others), learns=False)
    at = START
    for html in (*(html for html, address in others if identity(address) == identity(url)), before):
        at = room.visit(lambda now, html=html: answered(html, url, now), url, at) + _GAP  # type: ignore[misc]
    seen, told = room.known(url), len(room.changes)
    room.visit(lambda now: answered(after, url, now), url, at)
    known = room.known(url)
    changes = room.changes[told:]
    if not changes:
        return {"kind": None, "changes": [], "importance": 0.0, "reason": "nothing that a reader would call a change"}
    change = max(changes, key=lambda change: change.importance)
    old = seen.current.release if seen and seen.current else None
    new = known.current.release if known and known.current else None
    return {
        "kind": change.kind.value,
        "changes": _passages(old, new),
        "importance": change.importance,
        "reason": change.reason,
    }


def _passages(old: Release | None, new: Release | None) -> list[dict[str, str]]:
    """What differs: what was done, to what sort of block, and its words before and after; then links and kinds."""
    if old is None or new is None:
        return []
    diff = compare(old, new)
    found = [_passage(Op.CHANGED, "headline", diff.title)] if diff.title_changed else []
    found += [_passage(part.op, part.kind.value, part.segments) for part in diff.changed]
    found += [
        {"op": "link", "kind": part.kind.value, "before": link.before or "", "after": link.after or ""}
        for part in diff.parts
        for link in part.links
    ]
    found += [
        {"op": "kind", "kind": part.kind.value, "before": part.kind_before.value, "after": part.kind.value}
        for part in diff.parts
        if part.kind_before
    ]
    return found


def _passage(op: Op, kind: str, segments: tuple[Segment, ...]) -> dict[str, str]:
    gone, come = (
        "".join(segment.text for segment in segments if segment.op is not other) for other in (Op.ADDED, Op.REMOVED)
    )
    return {
        "op": op.value,
        "kind": kind,
        "before": "" if op is Op.ADDED else gone,
        "after": "" if op is Op.REMOVED else come,
    }
