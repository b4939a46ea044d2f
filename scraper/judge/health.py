"""Whether a source is well: what holds of it after a look, what begins with that and what ends.

    KnownHealth | troubles(known, now) -> Trouble | turn -> Turn

One event for a source, a kind and a scope, so that a hundred failing pages are one message. A trouble begins when it
has lasted for several looks, and ends with the first good look; what lies between keeps it as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from scraper.judge.advice import ADVICE, count
from scraper.judge.rules import Rules
from scraper.model import HealthKind, KnownHealth, OpenTrouble, Patient, Role, Trouble, Turn

__all__ = ["assess", "troubles", "turn", "unwatched"]

_OF_NEWSROOM = (HealthKind.FAILING, HealthKind.UNREADABLE, HealthKind.GONE, HealthKind.EMPTY)
_OF_LISTING = (HealthKind.ALL_NEW, HealthKind.CHURN, HealthKind.DUPLICATES)
_OF_RELEASE = (HealthKind.FAILING, HealthKind.UNREADABLE)

_NEWSROOM, _LISTINGS, _RELEASES, _SOME = "newsroom", "listings", "releases", "some releases"

_FEW, _HALF = 3, 0.5
_LEAST_GAPS = 10
_USUAL = 0.95
"""Quantile of the gaps between days of publication that counts as usual."""
_UNUSUAL = 3
_LEAST_SILENCE = timedelta(days=3)
_LEAST_BEHIND, _LEAST_STANDSTILL = 3, timedelta(days=2)
_EXAMPLES = 3

# --- the source -------------------------------------------------------------------------------------------------------


def assess(known: KnownHealth, now: datetime, rules: Rules | None = None) -> Turn:
    """What begins and what ends after a look."""
    return turn(troubles(known, now, rules), known.open)


def turn(held: Iterable[Trouble], before: Sequence[OpenTrouble]) -> Turn:
    """The troubles that hold, against those that are open.

    In a look that ends one no other begins, but one that passes at once: what is left of an outage is not yet another.
    """
    now = {(trouble.kind, trouble.subject): trouble for trouble in held}
    opened = {(each.kind, each.subject): each.id for each in before}
    ends = tuple(each.id for each in before if (each.kind, each.subject) not in now)
    new = [trouble for what, trouble in now.items() if trouble.sure and what not in opened]
    return Turn(
        begins=tuple(trouble for trouble in new if not ends or trouble.kind is HealthKind.ALL_NEW),
        goes_on=tuple((opened[what], trouble) for what, trouble in now.items() if what in opened),
        ends=ends,
    )


def troubles(known: KnownHealth, now: datetime, rules: Rules | None = None) -> tuple[Trouble, ...]:
    """What is wrong with a source."""
    rules = rules or Rules()
    of_listings = [patient for patient in known.patients if patient.role is Role.LISTING]
    return (
        *_of_listings(of_listings, known, rules),
        *_of_releases(of_listings, known, rules),
        *_silent(of_listings, known, now),
        *_frozen(known, now),
    )


def unwatched(url: str, why: str) -> Trouble:
    """A configured source that leads to nothing."""
    return _trouble(HealthKind.UNWATCHED, url, why)


def _of_listings(patients: Sequence[Patient], known: KnownHealth, rules: Rules) -> Iterator[Trouble]:
    for kind in (*_OF_NEWSROOM, *_OF_LISTING):
        ill = [patient for patient in patients if _holds(patient, kind, rules)]
        sure = any(patient.kind is kind and _is_settled(patient, known, rules) for patient in ill)
        if not ill or not (sure or _is_open(known, kind)):
            continue
        detail = _listings_detail(ill, known)
        is_whole = kind in _OF_NEWSROOM and len(ill) >= known.listings
        if is_whole:
            yield _trouble(kind, _NEWSROOM, detail, sure=sure)
        # Where the newsroom as a whole ails, that some of its listings do is no news of its own.
        yield _trouble(kind, _LISTINGS, detail, sure=sure and not is_whole)


def _of_releases(listings: Sequence[Patient], known: KnownHealth, rules: Rules) -> Iterator[Trouble]:
    patients = [patient for patient in known.patients if patient.role is Role.RELEASE]
    for kind in _OF_RELEASE:
        ill = [patient for patient in patients if _holds(patient, kind, rules)]
        if not ill:
            continue
        begun = [patient for patient in ill if patient.kind is kind and _is_begun(patient, known, rules)]
        sure = bool(begun) and not listings and _is_of_releases(begun, known)
        detail = _releases_detail(ill, known)
        is_many = _are_many(ill, patients, known, rules)
        if is_many:
            yield _trouble(kind, _RELEASES, detail, sure=sure and _are_many(begun, patients, known, rules))
        if any(patient.was_well for patient in ill):
            lasting = any(patient.was_well and _is_lasting(patient, known, rules) for patient in begun)
            yield _trouble(kind, _SOME, detail, sure=sure and lasting and not is_many)


def _holds(patient: Patient, kind: HealthKind, rules: Rules) -> bool:
    """True where it ails of this kind, or ailed of it until just now and is not sure to ail of another."""
    return patient.kind is kind or (patient.looks < rules.ill_looks and kind not in _OF_LISTING)


def _is_settled(patient: Patient, known: KnownHealth, rules: Rules) -> bool:
    """True where a listing has ailed for long enough, and since the last trouble was over."""
    if patient.kind is HealthKind.ALL_NEW:
        return True
    enough = patient.looks >= rules.ill_looks or patient.total >= 2 * rules.ill_looks
    return enough and patient.at - patient.since >= rules.ill_after and _is_fresh(patient, known)


def _is_begun(patient: Patient, known: KnownHealth, rules: Rules) -> bool:
    return patient.total > 1 and patient.at - patient.since >= rules.ill_after and _is_fresh(patient, known)


def _is_lasting(patient: Patient, known: KnownHealth, rules: Rules) -> bool:
    """True where a single release has ailed for so long that it is told of; one that is watched by itself sooner."""
    after = rules.page_ill_after if known.listings else rules.ill_after
    return patient.total >= rules.ill_looks and patient.at - patient.since >= after


def _is_fresh(patient: Patient, known: KnownHealth) -> bool:
    """Pages come back one by one, each at its next look: until then they say nothing of the time after."""
    return known.cleared_at is None or patient.at > known.cleared_at


def _is_of_releases(begun: Sequence[Patient], known: KnownHealth) -> bool:
    """True where a listing was well meanwhile, so that it is not the server as a whole that ails."""
    return not known.listings or (known.well_at is not None and known.well_at > min(p.since for p in begun))


def _are_many(some: Sequence[Patient], shown: Sequence[Patient], known: KnownHealth, rules: Rules) -> bool:
    """True for a share of the releases that were read before, or for half of those that never were."""
    # Of a great many patients only those that ail longest are shown: where all of these do, so do the others.
    count = known.ailing if len(some) == len(shown) else len(some)
    well = count if all(patient.was_well for patient in some) else sum(patient.was_well for patient in some)
    return well >= max(_FEW, rules.many * known.releases) or count >= max(_FEW, _HALF * known.releases)


def _is_open(known: KnownHealth, kind: HealthKind) -> bool:
    return any(each.kind is kind for each in known.open)


def _silent(listings: Sequence[Patient], known: KnownHealth, now: datetime) -> Iterator[Trouble]:
    """Far more than the usual gap between two days of publication, and more than there was before."""
    days = sorted({at.date() for at in known.published if at <= now})
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    if len(gaps) < _LEAST_GAPS:
        return
    usual = gaps[math.ceil(_USUAL * len(gaps)) - 1]
    silence = now.date() - days[-1]
    if silence > max(_UNUSUAL * usual, gaps[-1], _LEAST_SILENCE):
        detail = (
            f"nothing was published for {silence.days} days, since {days[-1]}; of the {len(gaps)} gaps before that the "
            f"longest was {count(gaps[-1].days, 'day')}"
        )
        is_watched = known.since is None or now - known.since >= _LEAST_SILENCE
        yield _trouble(HealthKind.SILENT, _NEWSROOM, detail, sure=not listings and is_watched)


def _frozen(known: KnownHealth, now: datetime) -> Iterator[Trouble]:
    for each in known.standstills:
        detail = (
            f"its newest entry is of {each.newest_at:%Y-%m-%d}; another listing, which had the same entries, has "
            f"{count(each.behind, 'newer release')}"
        )
        sure = each.behind >= _LEAST_BEHIND and now - each.since >= _LEAST_STANDSTILL
        yield _trouble(HealthKind.FROZEN, each.url, detail, sure=sure)


# --- words ------------------------------------------------------------------------------------------------------------


def _trouble(kind: HealthKind, subject: str, detail: str, *, sure: bool = True) -> Trouble:
    return Trouble(kind=kind, subject=subject, detail=detail, advice=ADVICE[kind], sure=sure)


def _listings_detail(ill: Sequence[Patient], known: KnownHealth) -> str:
    return f"{len(ill)} of {count(known.listings, 'listing')}: {_examples(ill)}"


def _releases_detail(ill: Sequence[Patient], known: KnownHealth) -> str:
    return f"{max(known.ailing, len(ill))} of {count(known.releases, 'release')}: {_examples(ill)}"


def _examples(ill: Sequence[Patient]) -> str:
    """The first of them, with what each says; the same words only once."""
    shown, last = [], None
    for patient in ill[:_EXAMPLES]:
        shown.append(patient.url if patient.detail == last else f"{patient.url} ({patient.detail})")
        last = patient.detail
    since = min(patient.since for patient in ill)
    return f"{', '.join(shown)}; since {since:%Y-%m-%d %H:%M} UTC"
