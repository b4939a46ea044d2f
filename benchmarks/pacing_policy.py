"""The product's pacing as tools/simulate_policy.py wants it: a thin adapter over :mod:`scraper.pace`.

    simulate_policy.py NAME --budget B --policies fixed,fixed-2,module --module benchmarks/pacing_policy.py:Policy

The judge's world tells the kind, source and publication of each page, what stood in a listing at its first visit, and
what each look found; it sets the pace. All else is the product's.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scraper.model import Rhythm
from scraper.pace import (
    ENTRIES,
    NOTHING,
    Beat,
    Outlook,
    Prior,
    Tally,
    Week,
    Weeks,
    first_pace,
    listed,
    pooled,
    price,
    prior,
    release,
    seen,
    told,
    visited,
    wait,
)  # fmt: skip

__all__ = ["Policy"]


class Policy:
    """A page is a number to the judge, a time so many hours since a Monday."""

    def __init__(self, world: Any) -> None:  # noqa: ANN401  # the judge's, without types
        pages = len(world.kind)
        self._world = world
        self._beats: list[Beat] = [Beat(0.0, 0.0)] * pages
        self._versions = [0.0] * pages
        self._tallies: dict[int, Tally] = dict.fromkeys(world.site, NOTHING)
        self._all = NOTHING
        self._rhythms: dict[int, Rhythm] = dict.fromkeys(world.site, Rhythm())
        self._pool = Rhythm()
        self._told: dict[int, tuple[int, int]] = dict.fromkeys(world.site, (0, 0))
        """By source: edits that hints told, and that none did."""
        self._weeks = Weeks()

    def start(self, page: int, at: float) -> None:
        """The page was fetched for the first time."""
        if self._is_release(page):
            self._versions[page] = self._world.birth[page]
            return
        dated = self._world.past[page][-ENTRIES:]
        self._beats[page] = visited(at, dated)
        for entry in dated:
            self._tell(self._world.site[page], entry, entry, 1)

    def observe(self, page: int, before: float, at: float, finds: int, hinted: bool = False) -> None:  # noqa: FBT001
        """A look found so many changes since the one before."""
        source, gap, beat = self._world.site[page], at - before, self._beats[page]
        if finds:
            self._tell(source, before, at, finds)
        if not self._is_release(page):
            self._beats[page] = listed(beat, gap, finds)
            return
        quiet, age = before - self._versions[page], before - self._world.birth[page]
        after = seen(beat, self._prior(source), quiet, age, gap, changed=finds > 0, hinted=hinted)
        self._beats[page] = after
        gained = [new - old for new, old in zip(after, beat, strict=True)]
        self._tallies[source] = Tally(*(a + b for a, b in zip(self._tallies[source], gained, strict=True)))
        self._all = Tally(*(a + b for a, b in zip(self._all, gained, strict=True)))
        if finds:
            self._versions[page] = before + gap / 2
            heard, silent = self._told[source]
            self._told[source] = heard + hinted, silent + (not hinted)

    def next_interval(self, page: int, at: float, pace: float) -> float:
        """Hours until the next look; the price of one is ``pace² / 2``."""
        outlook = self._outlook(page, at)
        return wait(outlook.rate, at, price(pace), self._week(self._world.site[page]), outlook.age)

    def pace0(self, per_hour: float) -> float:
        """The pace to begin with."""
        rates = (self._outlook(page, self._world.entry[page]).now for page in self._world.first)
        return first_pace(rates, per_hour)

    def _is_release(self, page: int) -> bool:
        return self._world.birth[page] is not None

    def _outlook(self, page: int, at: float) -> Outlook:
        beat = self._beats[page]
        if not self._is_release(page):
            return Outlook(beat.finds / beat.watched)
        source = self._world.site[page]
        return release(beat, self._prior(source), at - self._versions[page], at - self._world.birth[page])

    def _prior(self, source: int) -> Prior:
        heard, silent = self._told[source]
        return prior(self._tallies[source], self._all, hinted=heard, silent=silent)

    def _week(self, source: int) -> Week:
        return self._weeks.of(source, self._rhythms[source], self._pool)

    def _tell(self, source: int, since: float, until: float, finds: int) -> None:
        before = self._rhythms[source]
        after = told(before, since, until, finds, self._week(source))
        gained = Rhythm(
            hours=tuple(a - b for a, b in zip(after.hours, before.hours, strict=True)),
            days=tuple(a - b for a, b in zip(after.days, before.days, strict=True)),
        )
        self._rhythms[source], self._pool = after, pooled((self._pool, gained))
