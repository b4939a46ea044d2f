"""The settings of pacing: when pages are looked at again, and what that may cost."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from config.times import Hours, Zone
from config.values import Duration, Section

__all__ = ["PaceSettings", "PerDay", "looks", "must_leave_room"]

PerDay = Annotated[int, Field(ge=24, le=100_000_000)]
"""Looks a day. Fewer than one an hour could not keep a single newsroom in sight."""


def looks(every: timedelta) -> float:
    """Looks a day that a promise asks for, for each listing."""
    return timedelta(days=1) / every


class PaceSettings(Section):
    """When pages are looked at again."""

    day_old: Duration = timedelta(hours=6)
    """The gap between looks at a release that has stood unchanged for a day; other gaps are in proportion."""
    per_day: PerDay | None = None
    """Looks a day over all sources; it sets the pace in place of ``day_old`` and is a hard limit besides."""
    hours: Hours | None = None
    """Nothing is looked at outside of these, such as ``07:00-22:00``, but by ``presswatch check --all``."""
    time_zone: Zone = "UTC"
    """Of ``hours``."""
    fastest: Duration = timedelta(minutes=5)
    slowest: Duration = timedelta(days=7)
    slowest_listing: Duration = timedelta(hours=4)

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> PaceSettings:
        for name in ("slowest", "slowest_listing"):
            slowest = getattr(self, name)
            if slowest < self.fastest:
                raise ValueError(
                    f'"fastest" ({self.fastest}) is longer than "{name}" ({slowest}): lower the one or raise the other'
                )
        return self


def must_leave_room(every: timedelta, budget: int, *, who: str, whose: str) -> None:
    """Refuse a promise that would eat more than half of a budget.

    Raises:
        ValueError: it would; the message says the arithmetic and what would fit.
    """
    asked = looks(every)
    if asked > budget / 2:
        least = timedelta(seconds=math.ceil(2 * 86400 / budget))
        raise ValueError(
            f'"every" of {who} asks for 24 h / {every} = {asked:.0f} looks a day '
            f"for each listing, more than half of the {budget} of {whose}; {least} is the least that leaves room"
        )
