"""How many requests were made of late, for the hard limit of a budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

__all__ = ["DAY", "Meter"]

DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_OF_AN_HOUR = 1 / 6
"""The part of a day's budget that may go in one hour: newsrooms keep office hours, and so does who watches them."""
_OF_A_DAY = 1.5
"""Working days cost more than Sundays; over the weeks the pace keeps to the budget itself."""


class Meter:
    """The requests of the last hour and of the last day, in all and by source."""

    def __init__(self) -> None:
        self._asked: dict[str | None, tuple[deque[datetime], deque[datetime]]] = {}

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
            for times in self._asked.setdefault(name, (deque(), deque())):
                times.append(at)

    def left(self, now: datetime, per_day: int, *, source: str | None = None) -> int:
        """How many requests may be made now of a budget, over all sources or of one.

        What is of the future, after a clock was set back, counts as well.
        """
        hour, day = self._asked.get(source, ((), ()))
        return min(
            max(1, int(per_day * _OF_AN_HOUR)) - _within(hour, now - _HOUR),
            max(1, int(per_day * _OF_A_DAY)) - _within(day, now - DAY),
        )


def _within(times: deque[datetime] | tuple[()], since: datetime) -> int:
    """How many are later, after the others were forgotten."""
    while times and times[0] <= since:
        times.popleft()
    return len(times)
