"""How often a page is expected to change, from what was seen of it, of its source and of all sources.

A listing has a steady rate of new entries. A release changes ever more rarely: its rate is κ over the time since its
last version, or over the time since its publication; which of the two foretells better is learned. κ is drawn from all
sources to the source and from there to the page. Everything is in hours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from scraper.pace.wait import YOUNG

__all__ = ["ENTRIES", "NOTHING", "Beat", "Outlook", "Prior", "Tally", "listed", "prior", "release", "seen", "visited"]

_KAPPA = 0.07
"""A release's edits for each e-fold of its quiet time, as measured in two newsrooms over ten years."""
_PAGE = 1.0
"""The source's κ weighs as much as so many edits of the page."""
_SOURCE = 2.0
"""That of all sources as much as so many of the source's."""
_FINDS, _HOURS = 0.5, 12.0
"""What a listing is taken to have done before it was watched."""
_UNKNOWN = 24.0
"""A listing without dated entries is taken to have been watched for so long."""
_HALF_LIFE = 56 * 24.0
ENTRIES = 10
"""So many of the newest dated entries tell a listing's rate at its first visit, and its hours."""
_SURE = 30.0
"""Evidence for one of the clocks that no number of looks outweighs: e³⁰ to one."""


class Beat(NamedTuple):
    """What was seen of a page."""

    finds: float
    """Edits of a release; new entries of a listing, half as much worth after eight weeks."""
    watched: float
    """Of a listing the hours, fading alike. Of a release the e-folds of the time since its last version."""
    aged: float = 0.0
    """Of a release the e-folds of the time since its publication."""
    lean: float = 0.0
    """How much better the time since publication foretold a release's edits: a difference of log-likelihoods."""


class Tally(NamedTuple):
    """The sums of the releases' beats, of a source or of all."""

    finds: float = 0.0
    watched: float = 0.0
    aged: float = 0.0
    lean: float = 0.0


class Prior(NamedTuple):
    """What is expected of a source's release before it is known."""

    by_version: float = _KAPPA
    """κ by the time since the last version."""
    by_age: float = _KAPPA
    """κ by the time since publication."""
    lean: float = 0.5
    """How far the latter is believed, from 0 to 1."""
    silent: float = 1.0
    """The share of edits that no hint tells."""


class Outlook(NamedTuple):
    """A page's rate of changes."""

    rate: float
    age: float | None = None
    """None: the rate is steady. Else it is ``rate / (age + YOUNG)`` now, and falls as the age grows."""

    @property
    def now(self) -> float:
        """Changes an hour at the present age."""
        return self.rate if self.age is None else self.rate / (self.age + YOUNG)


NOTHING = Tally()

# --- listings ---------------------------------------------------------------------------------------------------------


def visited(at: float, dated: Sequence[float] = ()) -> Beat:
    """The beat of a listing at its first visit, by the times of its entries."""
    newest = sorted(time for time in dated if time <= at)[-ENTRIES:]
    return Beat(_FINDS + len(newest), _HOURS + (at - newest[0] if newest else _UNKNOWN))


def listed(beat: Beat, gap: float, finds: float) -> Beat:
    """The beat of a listing after a gap in which so many entries came."""
    gap = max(0.0, gap)
    kept = 0.5 ** (gap / _HALF_LIFE)
    return Beat(_FINDS + (beat.finds - _FINDS) * kept + finds, _HOURS + (beat.watched - _HOURS) * kept + gap)


# --- releases ---------------------------------------------------------------------------------------------------------


def prior(source: Tally, everywhere: Tally, *, hinted: float = 0.0, silent: float = 0.0) -> Prior:
    """What is expected of a source's release, after so many edits that hints told and so many that none did.

    However well hints tell, one edit is taken to have come without.
    """
    lean = max(-_SURE, min(_SURE, everywhere.lean))
    return Prior(
        _kappa(source.finds, source.watched, everywhere.finds, everywhere.watched),
        _kappa(source.finds, source.aged, everywhere.finds, everywhere.aged),
        1 / (1 + math.exp(-lean)),
        (1 + silent) / (1 + silent + hinted),
    )


def _kappa(finds: float, watched: float, all_finds: float, all_watched: float) -> float:
    everywhere = (_SOURCE + all_finds) / (_SOURCE / _KAPPA + all_watched)
    return (_SOURCE + finds) / (_SOURCE / everywhere + watched)


def release(beat: Beat, prior: Prior, quiet: float, age: float) -> Outlook:
    """The rate of a release, so many hours after its last version and after its publication."""
    by_version = (_PAGE + beat.finds) / (_PAGE / prior.by_version + beat.watched)
    by_age = (_PAGE + beat.finds) / (_PAGE / prior.by_age + beat.aged)
    quiet, age = max(0.0, quiet) + YOUNG, max(0.0, age) + YOUNG
    first, second = (1 - prior.lean) * by_version / quiet, prior.lean * by_age / age
    rate = first + second
    mixed = quiet * (age / quiet) ** (second / rate)
    return Outlook(rate * mixed * prior.silent, mixed - YOUNG)


def seen(
    beat: Beat, prior: Prior, quiet: float, age: float, gap: float, *, changed: bool, hinted: bool = False
) -> Beat:
    """The beat of a release after a gap; ``quiet`` and ``age`` are those at its beginning.

    A change is taken to have come in the middle of the gap. A look that a hint led to says nothing about the clocks.
    """
    quiet, age, gap = max(0.0, quiet) + YOUNG, max(0.0, age) + YOUNG, max(0.0, gap)
    watched, aged = math.log1p(gap / quiet), math.log1p(gap / age)
    lean = 0.0
    if not hinted and gap:
        by_version = (_PAGE + beat.finds) / (_PAGE / prior.by_version + beat.watched) * watched
        by_age = (_PAGE + beat.finds) / (_PAGE / prior.by_age + beat.aged) * aged
        lean = _fit(by_age, changed=changed) - _fit(by_version, changed=changed)
    if changed:
        watched = math.log1p(gap / 2 / quiet)
    return Beat(beat.finds + changed, beat.watched + watched, beat.aged + aged, beat.lean + lean)


def _fit(expected: float, *, changed: bool) -> float:
    """The log-likelihood of a look where so many changes were expected."""
    return math.log(-math.expm1(-max(expected, 1e-12))) if changed else -expected
