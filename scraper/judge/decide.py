"""What one look at a release comes to.

    found + known + now -> Outcome

Pure: no clock, no randomness, no database, no log. Each rung of each ladder returns early and says why in a sentence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from scraper.judge.again import again
from scraper.judge.doubts import Reason, confirmed, interrupted, interstitial, soon, suspected
from scraper.judge.first import first
from scraper.judge.held import held
from scraper.judge.identity import is_like
from scraper.judge.rules import Rules
from scraper.judge.telling import changed
from scraper.model import (
    Doubt,
    Failed,
    Failure,
    Found,
    Kind,
    Known,
    Missing,
    Outcome,
    Seen,
    Signal,
    State,
    Unmodified,
)
from scraper.urls import identity

__all__ = ["decide", "is_gone"]

_TIME_TO_MOVE = 3
"""A release that is gone may have moved: before it is withdrawn its listing is looked at and what it leads to read."""
_TIME_TO_RETURN = 12
"""Where its newsroom's listings are gone, too, it is most likely the server: it is asked less often."""
_LATELY = timedelta(days=7)
"""91 % of the texts that come back do so within it."""
_LONGEST_SEARCH = timedelta(days=1)
"""A release that is gone is waited for so long while others are named and not read, since it may be one of them, and
while its newsroom's listings can't be had, since all of it may be gone."""


def decide(found: Found, known: Known, now: datetime, rules: Rules | None = None) -> Outcome:
    """The outcome of a look.

    ``known.current`` must have been read by the present recipe (``scraper.judge.digest.RECIPE``): the caller reads an
    older one again from its evidence.
    """
    rules = rules or Rules()
    known = replace(known, recent=tuple(seen for seen in known.recent if now - seen[1] < _LATELY))
    if known.suspect is not None and known.suspect.since > now:  # the clock was ahead, and is set right
        known = replace(known, suspect=None)
    match found:
        case Failed():
            return held(known, failed=found, suspect=known.suspect, note=found.detail)
        case Unmodified():
            return _unmodified(found, known)
        case Missing():
            return _missing(found.reason, known, at=found.at, rules=rules)
        case Seen():
            return _seen(found, known, rules=rules)


# --- nothing new, nothing there ---------------------------------------------------------------------------------------


def _unmodified(found: Unmodified, known: Known) -> Outcome:
    if known.state is State.WITHDRAWN or known.current is None:
        return held(known, note="a 304 for a page that is not there says nothing", suspect=known.suspect)
    return replace(held(known, note="not modified"), seen_at=found.at)


def _missing(why: str, known: Known, *, at: datetime, rules: Rules) -> Outcome:
    if known.state is State.IGNORED:
        return held(known, note=why)
    if known.state is State.WITHDRAWN:
        return replace(held(known, note=why), seen_at=at)
    suspect = suspected(Reason(doubt=Doubt.GONE, token="", note=why), known, at=at, rules=rules)
    may_be_found = (known.unread or known.adrift) and at - suspect.since < _LONGEST_SEARCH
    if may_be_found or not confirmed(suspect, known, rules):
        outcome = held(known, note=f"{why}; to be confirmed", suspect=suspect)
        wait = _TIME_TO_RETURN if known.adrift else _TIME_TO_MOVE
        again = rules.until_next(suspect, at, times=wait) if may_be_found else soon(suspect, at, rules, times=wait)
        return replace(outcome, look_again=again, ask_listings=True)
    if known.current is None and known.quiet:
        return replace(held(known, note=f"{why}; it was never there while watched"), state=State.IGNORED)
    if known.current is None:
        why = f"{why}; it was listed, and gone before it could be read"
    known = replace(known, last_seen_at=suspect.seen_before)
    change = changed(Kind.WITHDRAWN, known, not_after=suspect.since, url=known.url, reason=why)
    return replace(held(known, note=why), state=State.WITHDRAWN, changes=(change,), seen_at=at)


# --- something to read ------------------------------------------------------------------------------------------------


def _seen(found: Seen, known: Known, *, rules: Rules) -> Outcome:
    if why := _elsewhere(found, known):
        return _missing(why, known, at=found.at, rules=rules)
    if note := interstitial(found, known.current):
        return _in_the_way(note, known, at=found.at, rules=rules)
    if known.current is None:
        return first(found, known, rules=rules)
    return again(found, known, known.current, rules=rules)


def _in_the_way(note: str, known: Known, *, at: datetime, rules: Rules) -> Outcome:
    """A page that says nothing of the release: what else is doubted is neither confirmed by it nor taken back."""
    failed = Failed(at=at, failure=Failure.UNREADABLE, detail=f"{note}, instead of the release")
    other = known.suspect
    if other is not None and other.doubt is not Doubt.INTERSTITIAL:
        suspect = interrupted(other, rules)
        is_over = False
    else:
        suspect = suspected(Reason(doubt=Doubt.INTERSTITIAL, token=note, note=note), known, at=at, rules=rules)
        is_over = confirmed(suspect, known, rules)
    outcome = held(known, note=failed.detail, suspect=suspect, failed=failed)
    return replace(outcome, look_again=None if is_over else soon(suspect, at, rules))


def is_gone(found: Found, known: Known) -> bool:
    """True where the look says that the release is not at its address, by its status or by what stands there."""
    return isinstance(found, Missing) or (isinstance(found, Seen) and _elsewhere(found, known) is not None)


def _elsewhere(found: Seen, known: Known) -> str | None:
    """Why what answered is not this release but the sign that it is gone, or None."""
    if Signal.NOT_FOUND in found.release.signals:
        return "the page says that there is nothing here, with status 200"
    key = identity(found.final_url)
    if key != known.key and key in known.places:
        return f"it redirects to {found.final_url}, which is no release but a place that leads to releases"
    if known.current is None:
        return None
    if Signal.LISTING in found.release.signals and Signal.LISTING not in known.current.release.signals:
        return "a list of other releases answers in its place"
    if key != known.key and not is_like(known.current.release, found.release):
        return f"it redirects to {found.final_url}, which is another text"
    text = known.same_text
    if text and text.read and not text.gone and not is_like(known.current.release, found.release):
        return f"the release of {text.url} answers in its place"
    return None
