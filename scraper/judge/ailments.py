"""What one look says of a page's health.

outcome -> Ailment or None | storage: since when, and for how many looks | scraper.judge.health
"""

from __future__ import annotations

from scraper.judge.advice import count
from scraper.model import Ailment, Doubt, Entry, Failed, Failure, HealthKind, Listed, ListingOutcome, Outcome

__all__ = ["ailment", "listing_ailment"]

_NOT_READ = frozenset({Failure.UNREADABLE, Failure.REFUSED, Failure.TOO_LARGE, Failure.REDIRECTS})
"""An answer came, or was on its way, and it is none that can be read."""
_DEGRADED = frozenset({Doubt.INTERSTITIAL, Doubt.COLLAPSED, Doubt.TRUNCATED})
_LEAST_ITEMS = 6


def ailment(outcome: Outcome) -> Ailment | None:
    """What a look at a release says of its page's health; None: it is well."""
    if outcome.failed is not None:
        return _failure(outcome.failed)
    suspect = outcome.suspect
    if suspect is not None and suspect.doubt in _DEGRADED:
        return Ailment(kind=HealthKind.UNREADABLE, detail=outcome.note)
    return None


def listing_ailment(found: object, outcome: ListingOutcome) -> Ailment | None:
    """The same for a listing; ``found`` is what was read of it."""
    doubt = outcome.suspect.doubt if outcome.suspect else None
    if doubt is Doubt.EMPTY and not isinstance(found, Failed):
        return Ailment(kind=HealthKind.EMPTY, detail=outcome.note)
    if doubt is Doubt.ALL_NEW and not isinstance(found, Failed):
        return Ailment(kind=HealthKind.CHURN, detail=outcome.note)
    if outcome.failed is not None:
        is_gone = outcome.failed.status in (404, 410)
        return Ailment(kind=HealthKind.GONE, detail=outcome.failed.detail) if is_gone else _failure(outcome.failed)
    if outcome.renamed:
        return Ailment(kind=HealthKind.ALL_NEW, detail=outcome.note)
    return _repetition(found) if isinstance(found, Listed) else None


def _failure(failed: Failed) -> Ailment:
    kind = HealthKind.UNREADABLE if failed.failure in _NOT_READ else HealthKind.FAILING
    return Ailment(kind=kind, detail=failed.detail)


def _repetition(found: Listed) -> Ailment | None:
    """A listing of which most items lead to the address of another, or say the same as another."""
    addresses, items = len(found.entries), max(found.items, len(found.entries))
    if items < _LEAST_ITEMS:
        return None
    if addresses * 2 <= items:
        return Ailment(kind=HealthKind.DUPLICATES, detail=f"{items} items lead to {count(addresses, 'address', 'es')}")
    told = [_said(entry) for entry in found.entries]
    if len(set(told)) * 2 <= addresses:
        return Ailment(
            kind=HealthKind.DUPLICATES, detail=f"{addresses} addresses are of {count(len(set(told)), 'release')}"
        )
    return None


def _said(entry: Entry) -> object:
    """What makes two entries one: an untitled or undated one is like no other."""
    is_exact = entry.published is not None and not entry.published.precision.is_date
    return (entry.title, entry.published and entry.published.at) if entry.title and is_exact else entry.key
