"""How many requests were made of late, for the hard limit of a budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

__all__ = ["DAY", "Meter"]

DAY = timedelta(days=1)
_LIMITS = ((timedelta(hours=1), 1 / 6), (timedelta(hours=6), 1.5 / 2), (DAY, 1.5))
"""Spans, each with the part of a day's budget that may go in it.

Newsrooms keep office hours, and so does who watches them; working days cost more than Sundays. Over the weeks the pace
keeps to the budget itself. The six hours hold a day's work in office hours; without them a day's limit that is reached
early would be reached early every day.
"""
_RESERVED = 1 / 6
"""The part of each limit that is kept for pressing looks."""


class Meter:
    """The requests of the last hour, of the last six and of the last day, in all and by source."""

    def __init__(self) -> None:
        self._asked: dict[str | None, tuple[deque[datetime], ...]] = {}

    def begin(self, asked: Mapping[str, Iterable[datetime]]) -> None:
        """Count anew from what the log says."""
        self._asked = {}
        for source, at in sorted(
            ((name, at) for name, times in asked.items() for at in times), key=lambda each: each[1]
        ):
            self.count(source, at)

    def count(self, source: str, at: datetime) -> None:
        """One request."""
        for name in (None, source):
            for times in self._asked.setdefault(name, tuple(deque() for _ in _LIMITS)):
                times.append(at)

    def left(self, now: datetime, per_day: int, *, source: str | None = None, pressing: bool = True) -> int:
        """How many requests may be made now of a budget, over all sources or of one.

        What is of the future, after a clock was set back, counts as well. Less is left for what is not ``pressing``.
        """
        asked = self._asked.get(source) or tuple(deque[datetime]() for _ in _LIMITS)
        share = 1.0 if pressing else 1.0 - _RESERVED
        return min(
            max(1, int(per_day * part * share)) - _within(times, now - span)
            for (span, part), times in zip(_LIMITS, asked, strict=True)
        )


def _within(times: deque[datetime], since: datetime) -> int:
    """How many are later, after the others were forgotten."""
    while times and times[0] <= since:
        times.popleft()
    return len(times)
