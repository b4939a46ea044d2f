"""The sources' weeks, kept until enough was counted that they would look different."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from scraper.model import Rhythm
from scraper.pace.rhythm import Week, week_of

__all__ = ["Weeks"]

_GROWTH = 1.1
_OF_ALL = 0.1
"""What all sources were counted for weighs less than what the source was."""


@dataclass(slots=True)
class Weeks:
    """A memory of :func:`week_of`, which takes longer than a decision may."""

    _kept: dict[Hashable, tuple[float, Week]] = field(default_factory=dict)

    def of(self, source: Hashable, rhythm: Rhythm, pool: Rhythm) -> Week:
        """The week of a source; made anew when a tenth more was counted, or when the counts are others altogether."""
        counted = rhythm.finds + _OF_ALL * pool.finds
        kept = self._kept.get(source)
        if kept and kept[0] <= counted <= _GROWTH * kept[0] + 1:
            return kept[1]
        week = week_of(rhythm, pool)
        self._kept[source] = counted, week
        return week
