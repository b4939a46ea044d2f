"""What one look at a listing comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from scraper.judge.rules import Rules
from scraper.model import Doubt, Entry, Failed, Failure, KnownListing, Listed, ListingOutcome, Suspect, Unmodified

__all__ = ["decide_listing"]

_A_DATE = timedelta(days=1)
"""A date without a time may be that much older than the moment it stands for."""
_FEW = 10
_WAVE = 0.5
"""A hint about more than this share of a listing is noise: a sitemap whose ``lastmod`` moves for every address."""


def decide_listing(
    found: Listed | Unmodified | Failed,
    known: KnownListing,
    entries: Mapping[str, Entry | None],
    now: datetime,
    rules: Rules | None = None,
) -> ListingOutcome:
    """The outcome of a look at a listing.

    ``entries`` has, by identity key, those of the found entries that are known already, as they were last named. That
    an entry left the listing says nothing about its release.
    """
    rules = rules or Rules()
    if isinstance(found, Failed):
        return ListingOutcome(suspect=known.suspect, failed=found, note=found.detail)
    if isinstance(found, Unmodified):
        return ListingOutcome(note="not modified")
    if not found.entries and not found.children:
        return _empty(known, now=now, rules=rules)
    if known.visited and _is_all_new(found, known, entries, rules) and not _is_news(found, known):
        return _all_new(found, known, now=now, rules=rules)
    return _believed(found, known, entries)


def _believed(found: Listed, known: KnownListing, entries: Mapping[str, Entry | None]) -> ListingOutcome:
    unknown = sum(entry.key not in entries for entry in found.entries)
    return ListingOutcome(
        entries=found.entries, quiet=_is_quiet(found, known, entries), hinted=_hints(found, entries),
        children=found.children, size=len(found.entries),
        note=f"{len(found.entries)} entries, {unknown} of them unknown",
    )  # fmt: skip


def _is_quiet(found: Listed, known: KnownListing, entries: Mapping[str, Entry | None]) -> bool:
    """True at a listing's first visit, but for a sitemap that its index named only lately.

    Of such a one the few, or the newly dated, are news: a month's first releases come with the month's own sitemap.
    """
    if known.visited:
        return False
    unknown = [entry for entry in found.entries if entry.key not in entries]
    return known.absent_at is None or not (len(unknown) < _FEW or _are_since(unknown, known.absent_at))


def _are_since(entries: Sequence[Entry], moment: datetime) -> bool:
    """True where each entry is dated after a moment."""
    return all(
        (stamp := entry.published or entry.updated) is not None and stamp.at >= moment - _A_DATE for entry in entries
    )


def _hints(found: Listed, entries: Mapping[str, Entry | None]) -> frozenset[str]:
    """Known releases whose entry says that they were touched."""
    touched = {e.key for e in found.entries if (before := entries.get(e.key)) and _is_touched(before, e)}
    is_wave = len(found.entries) >= 10 and len(touched) > _WAVE * len(found.entries)
    return frozenset() if is_wave else frozenset(touched)


def _is_touched(before: Entry, after: Entry) -> bool:
    retitled = bool(before.title and after.title) and before.title != after.title
    restamped = after.updated is not None and (before.updated is None or after.updated.at > before.updated.at)
    return retitled or restamped or bool(before.summary and after.summary and before.summary != after.summary)


def _empty(known: KnownListing, *, now: datetime, rules: Rules) -> ListingOutcome:
    suspect = _suspected(Doubt.EMPTY, "", known, now, rules)
    detail = "the listing leads to no releases any more" if known.size else "the listing leads to no releases"
    if suspect.looks < rules.looks(Doubt.EMPTY):
        return ListingOutcome(suspect=suspect, look_again=rules.confirm_after, note=f"{detail}; to be confirmed")
    failed = Failed(at=now, failure=Failure.UNREADABLE, detail=detail)
    return ListingOutcome(suspect=suspect, failed=failed, note=detail)


def _is_all_new(found: Listed, known: KnownListing, entries: Mapping[str, Entry | None], rules: Rules) -> bool:
    enough = min(len(found.entries), known.size) >= rules.churn
    return enough and not any(entry.key in entries for entry in found.entries)


def _is_news(found: Listed, known: KnownListing) -> bool:
    """True where each entry is dated after the last look: much was published meanwhile, and nothing was renamed."""
    if known.last_ok_at is None:
        return False
    return _are_since(found.entries, known.last_ok_at)


def _all_new(found: Listed, known: KnownListing, *, now: datetime, rules: Rules) -> ListingOutcome:
    """All addresses at once: a migration, or ids that change on each look, which are refused.

    After a migration each release is known again by its text when it is read. One that is not, and is dated before the
    last look, was not listed before and is no news.
    """
    token = hashlib.sha256("\n".join(sorted(entry.key for entry in found.entries)).encode()).hexdigest()[:16]
    held = known.suspect if known.suspect and known.suspect.doubt is Doubt.ALL_NEW else None
    suspect = _suspected(Doubt.ALL_NEW, token, known, now, rules)
    if held is None or suspect is held:
        note = "no entry is known; to be confirmed"
        return ListingOutcome(suspect=suspect, look_again=rules.confirm_after, note=note)
    if held.token != token:
        detail = "the listing's addresses change on every look, so that nothing in it can be told apart"
        failed = Failed(at=now, failure=Failure.UNREADABLE, detail=detail)
        return ListingOutcome(suspect=suspect, failed=failed, note=detail)
    return ListingOutcome(
        entries=found.entries, quiet=True, size=len(found.entries), children=found.children,
        note=f"all {len(found.entries)} addresses changed at once; what is known is looked for at the new ones",
    )  # fmt: skip


def _suspected(doubt: Doubt, token: str, known: KnownListing, now: datetime, rules: Rules) -> Suspect:
    held = known.suspect
    if held and held.doubt is doubt:
        if held.token == token and not rules.counts(held, now):
            return held
        return Suspect(doubt=doubt, since=held.since, looks=held.looks + 1, token=token)
    return Suspect(doubt=doubt, since=now, token=token)
