"""How long to wait before a look is believed, and what counts as degraded. Settings, as an argument of the judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.model import Batching, Doubt, Suspect

__all__ = ["Rules"]

_MORE = {Doubt.STALE: 3, Doubt.FLAPPING: 3}
"""A cache that serves an old copy often does so twice in a row; two confirming looks tell a lasting revert from it."""

_SHARE = 0.5
"""Of ``confirm_after``: the pace of a host may bring a look forward a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The judge's settings."""

    confirm_after: timedelta = timedelta(minutes=10)
    """How soon a suspect look is looked at again."""
    collapse: float = 0.4
    """A body with less than this share of its former words has collapsed."""
    least_words: int = 20
    """A page with a shorter body and no date is no release."""
    restless: int = 4
    """Revisions in seven days from which on a further one must stand still for two looks."""
    patience: int = 4
    """Doubted looks in a row after which the page is looked at again at its ordinary pace only."""
    rolling: int = 2
    """An address at which so many releases followed each other within ``rolling_within`` always shows the newest."""
    rolling_within: timedelta = timedelta(days=30)
    churn: int = 10
    """Entries from which on a listing without a known one is doubted."""
    ill_looks: int = 3
    """Looks in a row that ail, of one kind, before that is told."""
    ill_after: timedelta = timedelta(hours=1)
    """How long they must last besides."""
    page_ill_after: timedelta = timedelta(hours=24)
    """The same for single releases of a source that is well."""
    many: float = 0.1
    """The share of a source's releases from which on it is the source that ails."""
    batching: Batching = field(default_factory=Batching)

    def counts(self, held: Suspect, at: datetime) -> bool:
        """True where a look is so much later than the first that it confirms something.

        Two rounds ten seconds apart are answered by the same cache and the same hiccup.
        """
        return at - held.since >= held.looks * self.confirm_after * _SHARE

    def until_next(self, held: Suspect, at: datetime, *, times: int = 1) -> timedelta:
        """How long to wait for the next look that may confirm something, ``times`` as long as for others.

        One that came too soon, because somebody asked for it, does not put that off.
        """
        return max(held.since + held.looks * times * self.confirm_after - at, self.confirm_after * _SHARE)

    def looks(self, doubt: Doubt, *, flips: int = 0) -> int:
        """How many looks in a row must show the same before it is believed.

        ``flips`` is how often the page went back to an earlier text of late: each time it must stand for longer, so
        that two copies that alternate by chance are not told for ever.
        """
        return _MORE.get(doubt, 2) * (1 + flips)
