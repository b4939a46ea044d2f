"""A look at a release that was read before: as it was, edited, restamped, back, or followed by another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scraper.judge.diff import compare
from scraper.judge.digest import RECIPE, same_words
from scraper.judge.doubts import doubt, only_headline
from scraper.judge.held import doubted
from scraper.judge.identity import another, is_like
from scraper.judge.rules import Rules
from scraper.judge.stamps import Movement, movement
from scraper.judge.telling import changed, edited, restamped, revision_of
from scraper.model import Change, Doubt, Kind, Known, Outcome, Release, Revision, Seen, State, Twin
from scraper.urls import identity, normalise

__all__ = ["again"]

_OF_TEXT = frozenset({Doubt.BLINKING, Doubt.RESTLESS, Doubt.FLAPPING})


def again(found: Seen, known: Known, current: Revision, *, rules: Rules) -> Outcome:
    """The outcome of a look at a release that was read before, and still answers."""
    since = found.at
    diff = None if found.digest == current.digest else compare(current.release, found.release)
    if reason := doubt(found, known, current, diff, rules=rules):
        suspect = doubted(reason, found, known, rules)
        if isinstance(suspect, Outcome):
            return _held(suspect, reason.doubt, found, known, is_seen=diff is None)
        since, known = suspect.since, replace(known, last_seen_at=suspect.seen_before)
        if follower := _follower(found, known, current, since=since, rules=rules):
            return follower
    outcome = _present(found, known)
    # A release that moves takes the links within its site along.
    if diff and not (outcome.key != known.key and same_words(current.release, found.release)):
        revision, edit = edited(found, known, current, diff, since=since, url=outcome.url)
        if only_headline(current.release, found.release):
            note = "its text is there now, where only the headline stood"
            return replace(outcome, revision=revision, note=note)
        return replace(outcome, revision=revision, changes=(*outcome.changes, edit), note=edit.reason)
    if movement(current.release, found.release) in (Movement.FORWARD, Movement.BACKWARD):
        change = restamped(found, known, current, since=since, url=outcome.url)
        outcome = replace(outcome, changes=(*outcome.changes, change))
    facts = replace(
        current,
        release=_with_stamps(found.release, current.release),
        digest=found.digest,
        recipe=RECIPE,
        site=found.site,
    )
    return replace(outcome, refresh=None if facts == current else facts)


def _held(outcome: Outcome, doubt: Doubt, found: Seen, known: Known, *, is_seen: bool) -> Outcome:
    """The look held. Where its text alone is doubted the release is there all the same, and where it is."""
    if is_seen:
        return replace(outcome, seen_at=found.at)
    if doubt not in _OF_TEXT or not (present := _present(found, known)).changes:
        return outcome
    return replace(present, seen_at=None, suspect=outcome.suspect, look_again=outcome.look_again, note=outcome.note)


def _with_stamps(found: Release, current: Release) -> Release:
    """What was found; where its stamp is gone, with the one that the release was seen with: history keeps it."""
    if movement(current, found) is not Movement.VANISHED:
        return found
    return replace(found, stamps=current.stamps, claims=current.claims)


def _present(found: Seen, known: Known) -> Outcome:
    """The outcome so far: it is there, back where it was withdrawn, and where it is."""
    outcome = _where(found, known)
    if known.state is not State.WITHDRAWN:
        return outcome
    back = changed(Kind.RESTORED, known, not_after=found.at, url=outcome.url, reason="it is back")
    return replace(outcome, changes=(*outcome.changes, back))


def _where(found: Seen, known: Known) -> Outcome:
    """The outcome so far: it is there, at the address it had or at the one it was permanently moved to."""
    outcome = Outcome(state=State.LIVE, url=known.url, key=known.key, seen_at=found.at, note="as it was")
    url, key = normalise(found.final_url), identity(found.final_url)
    if not found.permanent:
        return outcome
    if key == known.key:
        # Another spelling of the address: asking there saves a redirect, and lets the server answer 304.
        return replace(outcome, url=url)
    is_redirect = identity(found.url) == known.key
    why = f"{known.url} {'redirects to it permanently' if is_redirect else 'is gone, and the release stands here'}"
    move = changed(Kind.MOVED, known, not_after=found.at, url=url, url_before=known.url, reason=why)
    twin = known.same_place
    absorbs = twin.release_id if twin and identity(twin.url) == key else None
    return replace(outcome, url=url, key=key, changes=(move,), absorbs=absorbs, note=why)


# --- another release at the same address ------------------------------------------------------------------------------


def _follower(found: Seen, known: Known, current: Revision, *, since: datetime, rules: Rules) -> Outcome | None:
    """The outcome where another release stands here, and not for the third time in a while; else None."""
    if _is_rolling(known, rules):
        return None
    if why := another(current.release, found.release):
        return _followed(found, known, since=since, why=why)
    if twin := _returns(found, known, current):
        return _followed(found, known, since=since, why=f"what stood at {twin.url} stands at its address", twin=twin)
    return None


def _is_rolling(known: Known, rules: Rules) -> bool:
    """True for an address that always shows the newest text: whatever comes there is an edit of what was there.

    Once so many releases followed each other so soon, it is one for good.
    """
    if len(known.reused) < rules.rolling:
        return False
    return known.reused[0] - known.reused[rules.rolling - 1] <= rules.rolling_within


def _returns(found: Seen, known: Known, current: Revision) -> Twin | None:
    """The withdrawn release whose very text stands here now."""
    twin = known.same_text
    is_back = twin is not None and twin.state is State.WITHDRAWN and not is_like(current.release, found.release)
    return twin if is_back else None


def _followed(found: Seen, known: Known, *, since: datetime, why: str, twin: Twin | None = None) -> Outcome:
    """This release is withdrawn with its history; the one at its address has a history of its own."""
    gone: tuple[Change, ...] = ()
    if known.state is not State.WITHDRAWN:
        gone = (changed(Kind.WITHDRAWN, known, not_after=since, url=known.url, reason=why),)
    follower = Outcome(state=State.LIVE, url=known.url, key=known.key, seen_at=found.at, note="it follows another one")
    if twin is None:
        revision = revision_of(found, 1)
        begun = replace(known, current=None)
        why_new = "it stands where another release stood"
        news = changed(Kind.NEW, begun, not_after=since, url=known.url, after=revision, reason=why_new)
        follower = replace(follower, revision=revision, changes=(news,))
    else:
        before = replace(known, current=twin.current, last_seen_at=twin.last_seen_at)
        is_here = identity(twin.url) == known.key
        back = changed(
            Kind.RESTORED if is_here else Kind.MOVED, before, not_after=since, url=known.url,
            url_before=None if is_here else twin.url, title=found.release.title, reason="it is back",
        )  # fmt: skip
        follower = replace(follower, same_as=twin.release_id, changes=(back,))
    return Outcome(
        state=State.WITHDRAWN, url=known.url, key=known.key, follower=follower, changes=gone, seen_at=found.at, note=why
    )
