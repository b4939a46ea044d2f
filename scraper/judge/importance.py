"""How much a reader of a release would want to know of a change, from 0 to 1, and why."""

from __future__ import annotations

import re

from scraper.judge.diff import Diff, Op
from scraper.model import Kind

__all__ = ["weigh"]

_BASE = {
    Kind.WITHDRAWN: 0.8,
    Kind.SILENTLY_EDITED: 0.6,
    Kind.NEW: 0.5,
    Kind.RESTORED: 0.5,
    Kind.EDITED: 0.4,
    Kind.MOVED: 0.2,
    Kind.RESTAMPED: 0.1,
}
_NUMBER = re.compile(r"\d")
_QUOTE = re.compile('["“”„«»]')
_LETTER = re.compile(r"[^\W\d_]")


def weigh(kind: Kind, diff: Diff | None = None) -> tuple[float, str]:
    """The importance of a change and what in its text raised or lowered it."""
    score, touched = _BASE[kind], []
    if diff is not None:
        for what, share in _touched(diff):
            score += share
            touched.append(what)
    return round(min(max(score, 0.05), 1.0), 2), ", ".join(touched)


def _touched(diff: Diff) -> list[tuple[str, float]]:
    runs = [*diff.runs(Op.ADDED), *diff.runs(Op.REMOVED)]
    found = []
    if diff.title_changed:
        found.append(("the headline changed", 0.15))
    if any(_NUMBER.search(run) for run in runs):
        found.append(("numbers changed", 0.15))
    if any(_QUOTE.search(run) for run in runs):
        found.append(("a quotation changed", 0.1))
    removed = [part for part in diff.parts if part.op is Op.REMOVED]
    if removed:
        found.append((f"{_count(len(removed), 'passage')} removed", 0.1))
    if runs and not any(_NUMBER.search(run) or _LETTER.search(run) for run in runs):
        found.append(("only marks changed", -0.3))
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
