"""The first look at an address that finds a release there: a new one, or a known one at another address.

no release -> perhaps not yet
the text of a known one, which stands where it stood -> a duplicate
the text of a known one, or nearly, which is gone -> it moved here
else -> new, or what was there already
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from scraper.judge.diff import compare
from scraper.judge.digest import same_words
from scraper.judge.doubts import Reason, suspected
from scraper.judge.held import doubted, held
from scraper.judge.identity import contradict, is_like, is_same
from scraper.judge.rules import Rules
from scraper.judge.telling import changed, edited, revision_of
from scraper.model import (
    Change,
    Doubt,
    Kind,
    Known,
    Outcome,
    Release,
    Revision,
    Seen,
    Signal,
    Stamp,
    State,
    Suspect,
    Twin,
)
from scraper.urls import identity, normalise

__all__ = ["first"]

_LATER = 6
"""By how much longer each further look at a page that is no release yet is put off."""
_LONGEST_OUTAGE = timedelta(days=1)
"""A release whose looks fail for longer while nearly its text stands elsewhere has moved there."""
_LISTED_LATE = timedelta(days=14)
_A_DATE = timedelta(days=1)
"""A date without a time may be that much older than the moment it stands for."""
_OLD_NEWS = 0.2


def first(found: Seen, known: Known, *, rules: Rules) -> Outcome:
    """The outcome of a look at an address of which nothing was read before."""
    release = found.release
    if Signal.LISTING in release.signals or not _is_release(release, known, rules):
        return _bare(found, known, rules)
    twin = _twin(found, known, rules)
    since = found.at
    if reason := _doubt(found, known, twin):
        doubt = doubted(reason, found, known, rules)
        if isinstance(doubt, Outcome):
            return replace(doubt, ask_release=twin.release_id if twin and reason.doubt is Doubt.KIN else None)
        if twin and reason.doubt is Doubt.KIN and (waiting := _waiting(found, known, twin, doubt, rules)):
            return waiting
        since = doubt.since
    if twin and (twin.gone or (twin.failing and not _is_whole(found, known, twin) and not _is_seen(twin, since))):
        return _moved(found, known, twin, since=since)
    if twin and _is_whole(found, known, twin):
        note = f"the same release as {twin.url}"
        return Outcome(state=State.LIVE, url=twin.url, key=identity(twin.url), same_as=twin.release_id, note=note)
    return _new(found, known, since=since)


def _new(found: Seen, known: Known, *, since: datetime) -> Outcome:
    url, key = normalise(found.final_url), identity(found.final_url)
    revision = revision_of(found, 1)
    outcome = Outcome(
        state=State.LIVE, url=url, key=key, revision=revision, seen_at=found.at, note="first reading",
        absorbs=_unread(known.same_place, key),
    )  # fmt: skip
    if known.quiet and not _is_since(_published(found, known), known.absent_at):
        return replace(outcome, note="it was there at the first visit")
    return replace(outcome, changes=(_news(found, known, url, revision, since=since),))


def _bare(found: Seen, known: Known, rules: Rules) -> Outcome:
    """A page with nothing of a release is looked at again, ever later: its text may follow. Then it is let be.

    From then on it is looked at once whenever a listing says that it was touched.
    """
    reason = Reason(doubt=Doubt.BARE, token="", note="no release")
    suspect = suspected(reason, known, at=found.at, rules=rules)
    if known.state is State.IGNORED or suspect.looks > rules.patience:
        return replace(held(known, note="the page is no release"), state=State.IGNORED)
    wait = rules.confirm_after * _LATER ** (min(max(suspect.looks, suspect.turns), rules.patience) - 1)
    return replace(held(known, note="the page is no release, or not yet", suspect=suspect), look_again=wait)


def _doubt(found: Seen, known: Known, twin: Twin | None) -> Reason | None:
    if Signal.UNFINISHED in found.release.signals:
        return Reason(doubt=Doubt.TRUNCATED, token=found.digest, note="the markup stops before its end")
    if twin is None or twin.gone:
        return None
    if _is_whole(found, known, twin):
        return Reason(doubt=Doubt.DOUBLE, token=str(twin.release_id), note=f"it reads like {twin.url}")
    return Reason(doubt=Doubt.KIN, token=str(twin.release_id), note=f"it reads nearly like {twin.url}")


def _waiting(found: Seen, known: Known, twin: Twin, suspect: Suspect, rules: Rules) -> Outcome | None:
    """The look held until the release that it reads nearly like was looked at, which tells; None: that is over."""
    if _may_have_moved(twin, suspect, rules):
        why, wait = "which was not seen since", rules.confirm_after
    elif twin.failing and found.at - suspect.since < _LONGEST_OUTAGE:
        why, wait = "which cannot be had at present", rules.confirm_after * _LATER
    else:
        return None
    outcome = held(known, note=f"it reads nearly like {twin.url}, {why}", suspect=suspect)
    return replace(outcome, look_again=wait, ask_release=twin.release_id)


def _may_have_moved(twin: Twin, suspect: Suspect, rules: Rules) -> bool:
    """True where a look at the other release, which tells, is still to be waited for."""
    return not _is_seen(twin, suspect.since) and suspect.looks < rules.patience


def _is_seen(twin: Twin, since: datetime) -> bool:
    return twin.last_seen_at is not None and twin.last_seen_at >= since


def _news(found: Seen, known: Known, url: str, revision: Revision, *, since: datetime) -> Change:
    """A new release; one that bears an old date was more likely listed late than published now."""
    change = changed(Kind.NEW, known, not_after=since, url=url, after=revision)
    published = _published(found, known)
    if published is None or known.absent_at is None or known.absent_at - published.at < _LISTED_LATE:
        return change
    why = f"it was not there at the first visit, though it is dated {published.at:%Y-%m-%d}"
    return replace(change, importance=_OLD_NEWS, reason=why)


def _published(found: Seen, known: Known) -> Stamp | None:
    return found.release.published or (known.entry.published if known.entry else None)


def _is_since(published: Stamp | None, moment: datetime | None) -> bool:
    """True where a time is told, and is no earlier than a moment."""
    return published is not None and moment is not None and published.at >= moment - _A_DATE


def _is_release(release: Release, known: Known, rules: Rules) -> bool:
    """A listing that dates an entry calls it a release; without that the page itself must look like one."""
    if known.entry and known.entry.published:
        return bool(release.title)
    is_dated = bool(release.published or release.stamp)
    return bool(release.title and release.blocks) and (is_dated or release.words >= rules.least_words)


# --- a known release at another address -------------------------------------------------------------------------------


def _twin(found: Seen, known: Known, rules: Rules) -> Twin | None:
    """The known release that this may be: by its whole text, by what it calls its address, or by most of its text.

    A canonical address alone proves nothing: many a site gives all its pages the same one.
    """
    place = known.same_place
    if place and place.read and place.current and _is_at(place, found, known):
        return place
    text = known.same_text
    if text and found.release.words >= rules.least_words and not _is_of_another_day(found, text):
        return text
    return next((kin for kin in known.kin if kin.current and is_same(kin.current.release, found.release)), None)


def _is_of_another_day(found: Seen, twin: Twin) -> bool:
    """True for a notice that is given word for word again: two releases, as long as both are there."""
    return not twin.gone and twin.current is not None and contradict(twin.current.release, found.release)


def _is_at(place: Twin, found: Seen, known: Known) -> bool:
    """True where the server leads to the twin's address, or the page calls it its own and has its text.

    Many a site gives all its pages one canonical address, and many a newsroom all its reports one headline.
    """
    if place.current is None:
        return False
    if _is_led(found, known):
        return is_like(place.current.release, found.release)
    return same_words(place.current.release, found.release) or is_same(place.current.release, found.release)


def _is_led(found: Seen, known: Known) -> bool:
    """True where the server answered from another address than was asked."""
    return identity(found.final_url) != known.key


def _is_whole(found: Seen, known: Known, twin: Twin) -> bool:
    """True where a twin has the very text, or the server leads to its address."""
    return (
        (twin is known.same_place and _is_led(found, known))
        or twin.current is None
        or same_words(twin.current.release, found.release)
    )


def _moved(found: Seen, known: Known, twin: Twin, *, since: datetime) -> Outcome:
    """The release goes on here, with its history; where its text is another one by now, that is an edit besides."""
    url, key = normalise(found.final_url), identity(found.final_url)
    before = replace(known, current=twin.current, last_seen_at=twin.last_seen_at)
    why = f"what stood at {twin.url} stands here now"
    move = changed(
        Kind.MOVED, before, not_after=since, url=url, url_before=twin.url, title=found.release.title, reason=why
    )
    outcome = Outcome(
        state=State.LIVE, url=url, key=key, same_as=twin.release_id, changes=(move,), seen_at=found.at, note=why
    )
    if twin.current is None or same_words(twin.current.release, found.release):
        return outcome
    diff = compare(twin.current.release, found.release)
    revision, edit = edited(found, before, twin.current, diff, since=since, url=url)
    return replace(outcome, revision=revision, changes=(move, edit))


def _unread(twin: Twin | None, key: str) -> int | None:
    """The release that a listing named at the address that answered."""
    return twin.release_id if twin and not twin.read and identity(twin.url) == key else None
