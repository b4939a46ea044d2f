"""What one look at a release comes to.

    found + known + now -> Outcome

Pure: no clock, no randomness, no database, no log. Each rung of each ladder returns early and says why in a sentence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from scraper.judge.diff import compare, likeness
from scraper.judge.digest import RECIPE, same_words
from scraper.judge.doubts import Reason, confirmed, doubt, interstitial, soon, suspected
from scraper.judge.importance import subject, weigh
from scraper.judge.rules import Rules
from scraper.judge.stamps import Movement, movement, pair
from scraper.judge.text import fold
from scraper.model import (
    Change,
    Doubt,
    Failed,
    Failure,
    Found,
    Kind,
    Known,
    Missing,
    Outcome,
    Precision,
    Release,
    Revision,
    Seen,
    Signal,
    Stamp,
    State,
    Suspect,
    Twin,
    Unmodified,
)
from scraper.urls import identity, normalise

__all__ = ["decide", "is_gone"]

_ALIKE = 0.5
_TIME_TO_MOVE = 3
"""A release that is gone may have moved: before it is withdrawn its listing is looked at and what it leads to read."""
_LATELY = timedelta(days=7)
"""91 % of the texts that come back do so within it."""
_LISTED_LATE = timedelta(days=14)
_OLD_NEWS = 0.2
_LATER = 6
"""By how much longer each further look at a page that is no release yet is put off."""


def decide(found: Found, known: Known, now: datetime, rules: Rules | None = None) -> Outcome:
    """The outcome of a look.

    ``known.current`` must have been read by the present recipe (``scraper.judge.digest.RECIPE``): the caller reads an
    older one again from its evidence.
    """
    rules = rules or Rules()
    known = replace(known, recent=tuple(seen for seen in known.recent if now - seen[1] < _LATELY))
    match found:
        case Failed():
            return _held(known, failed=found, suspect=known.suspect, note=found.detail)
        case Unmodified():
            return _unmodified(found, known)
        case Missing():
            return _missing(found.reason, known, at=found.at, rules=rules)
        case Seen():
            return _seen(found, known, rules=rules)


def _held(known: Known, *, note: str, suspect: Suspect | None = None, failed: Failed | None = None) -> Outcome:
    """Nothing is concluded: everything stays as it was, but for what is suspected."""
    return Outcome(state=known.state, url=known.url, key=known.key, suspect=suspect, failed=failed, note=note)


# --- nothing new, nothing there ---------------------------------------------------------------------------------------


def _unmodified(found: Unmodified, known: Known) -> Outcome:
    if known.state is State.WITHDRAWN or known.current is None:
        return _held(known, note="a 304 for a page that is not there says nothing", suspect=known.suspect)
    return replace(_held(known, note="not modified"), seen_at=found.at)


def _missing(why: str, known: Known, *, at: datetime, rules: Rules) -> Outcome:
    if known.state is State.IGNORED:
        return _held(known, note=why)
    if known.state is State.WITHDRAWN:
        return replace(_held(known, note=why), seen_at=at)
    suspect = suspected(Reason(doubt=Doubt.GONE, token="", note=why), known, at=at)
    if not confirmed(suspect, known, rules):
        held = _held(known, note=f"{why}; to be confirmed", suspect=suspect)
        return replace(held, look_again=rules.confirm_after * _TIME_TO_MOVE, ask_listings=True)
    if known.current is None and known.quiet:
        return replace(_held(known, note=f"{why}; it was never there while watched"), state=State.IGNORED)
    known = replace(known, last_seen_at=suspect.seen_before)
    change = _change(Kind.WITHDRAWN, known, not_after=suspect.since, url=known.url, reason=why)
    return replace(_held(known, note=why), state=State.WITHDRAWN, changes=(change,), seen_at=at)


# --- something to read ------------------------------------------------------------------------------------------------


def _seen(found: Seen, known: Known, *, rules: Rules) -> Outcome:
    if why := _elsewhere(found, known):
        return _missing(why, known, at=found.at, rules=rules)
    if note := interstitial(found):
        suspect = suspected(Reason(doubt=Doubt.INTERSTITIAL, token=note, note=note), known, at=found.at)
        failed = Failed(at=found.at, failure=Failure.UNREADABLE, detail=f"{note}, instead of the release")
        outcome = _held(known, note=failed.detail, suspect=suspect, failed=failed)
        return replace(outcome, look_again=None if confirmed(suspect, known, rules) else rules.confirm_after)
    if known.current is None:
        return _first(found, known, rules=rules)
    return _again(found, known, known.current, rules=rules)


def is_gone(found: Found, known: Known) -> bool:
    """True where the look says that the release is not at its address, by its status or by what stands there."""
    return isinstance(found, Missing) or (isinstance(found, Seen) and _elsewhere(found, known) is not None)


def _doubted(reason: Reason, found: Seen, known: Known, rules: Rules) -> Outcome | Suspect:
    """The look held for another one, or the suspicion that it confirms."""
    suspect = suspected(reason, known, at=found.at)
    if confirmed(suspect, known, rules):
        return suspect
    outcome = _held(known, note=f"{reason.note}; to be confirmed", suspect=suspect)
    return replace(outcome, look_again=soon(suspect, rules))


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
    if key != known.key and not _is_like(found, known.current.release):
        return f"it redirects to {found.final_url}, which is another text"
    return None


def _is_like(found: Seen, before: Release) -> bool:
    same_title = bool(found.release.title) and fold(found.release.title) == fold(before.title)
    return same_title or likeness(before, found.release) >= _ALIKE


# --- the first reading ------------------------------------------------------------------------------------------------


def _first(found: Seen, known: Known, *, rules: Rules) -> Outcome:
    release = found.release
    if Signal.LISTING in release.signals or not _is_release(release, known, rules):
        return _bare(found, known, rules)
    twin = _twin(found, known, rules)
    if reason := _first_doubt(found, twin):
        doubted = _doubted(reason, found, known, rules)
        if isinstance(doubted, Outcome):
            return doubted
    if twin:
        return _duplicate(found, known, twin)
    url, key = normalise(found.final_url), identity(found.final_url)
    revision = Revision(
        number=1, release=release, digest=found.digest, recipe=RECIPE, site=found.site, observed_at=found.at
    )
    outcome = Outcome(
        state=State.LIVE, url=url, key=key, revision=revision, seen_at=found.at, note="first reading",
        absorbs=_unread(known.same_place, key),
    )  # fmt: skip
    if known.quiet:
        return replace(outcome, note="it was there at the first visit")
    return replace(outcome, changes=(_news(found, known, url, revision),))


def _bare(found: Seen, known: Known, rules: Rules) -> Outcome:
    """A page with nothing of a release is looked at again, ever later: its text may follow. Then it is let be."""
    suspect = suspected(Reason(doubt=Doubt.BARE, token="", note="no release"), known, at=found.at)
    if suspect.looks > rules.patience:
        return replace(_held(known, note="the page is no release"), state=State.IGNORED)
    wait = rules.confirm_after * _LATER ** (suspect.looks - 1)
    return replace(_held(known, note="the page is no release, or not yet", suspect=suspect), look_again=wait)


def _first_doubt(found: Seen, twin: Twin | None) -> Reason | None:
    if Signal.UNFINISHED in found.release.signals:
        return Reason(doubt=Doubt.TRUNCATED, token=found.digest, note="the markup stops before its end")
    if twin and not twin.gone:
        return Reason(doubt=Doubt.DOUBLE, token=found.digest, note=f"it reads like {twin.url}")
    return None


def _news(found: Seen, known: Known, url: str, revision: Revision) -> Change:
    """A new release; one that bears an old date was more likely listed late than published now."""
    change = _change(Kind.NEW, known, not_after=found.at, url=url, after=revision)
    published = found.release.published or (known.entry.published if known.entry else None)
    if published is None or known.absent_at is None or known.absent_at - published.at < _LISTED_LATE:
        return change
    why = f"it was not there at the first visit, though it is dated {published.at:%Y-%m-%d}"
    return replace(change, importance=_OLD_NEWS, reason=why)


def _is_release(release: Release, known: Known, rules: Rules) -> bool:
    """A listing that dates an entry calls it a release; without that the page itself must look like one."""
    if known.entry and known.entry.published:
        return bool(release.title)
    is_dated = bool(release.published or release.stamp)
    return bool(release.title and release.blocks) and (is_dated or release.words >= rules.least_words)


def _twin(found: Seen, known: Known, rules: Rules) -> Twin | None:
    """The known release that this is under another address: by its whole text, or by what it calls its address.

    A canonical address alone proves nothing: many a site gives all its pages the same one.
    """
    place = known.same_place
    if place and place.read and place.release and _is_like(found, place.release):
        return place
    return known.same_text if found.release.words >= rules.least_words else None


def _duplicate(found: Seen, known: Known, twin: Twin) -> Outcome:
    if not twin.gone:
        note = f"the same release as {twin.url}"
        return Outcome(state=State.LIVE, url=twin.url, key=identity(twin.url), same_as=twin.release_id, note=note)
    url, key = normalise(found.final_url), identity(found.final_url)
    move = _change(
        Kind.MOVED, known, not_after=found.at, url=url, url_before=twin.url, title=found.release.title,
        reason=f"what stood at {twin.url} stands here now",
    )  # fmt: skip
    return Outcome(
        state=State.LIVE, url=url, key=key, same_as=twin.release_id, changes=(move,), seen_at=found.at, note=move.reason
    )


def _unread(twin: Twin | None, key: str) -> int | None:
    """The release that a listing named at the address that answered."""
    return twin.release_id if twin and not twin.read and identity(twin.url) == key else None


# --- every later reading ----------------------------------------------------------------------------------------------


def _again(found: Seen, known: Known, current: Revision, *, rules: Rules) -> Outcome:
    since = found.at
    if reason := doubt(found, known, current, rules=rules):
        doubted = _doubted(reason, found, known, rules)
        if isinstance(doubted, Outcome):
            # Where only a stamp is doubted the text was seen all the same.
            return replace(doubted, seen_at=found.at if found.digest == current.digest else None)
        since, known = doubted.since, replace(known, last_seen_at=doubted.seen_before)
    outcome = _where(found, known)
    changes = [*outcome.changes, *_returned(found, known, outcome)]
    # A release that moves takes the links within its site along.
    if found.digest != current.digest and not (outcome.changes and same_words(current.release, found.release)):
        return _revised(found, known, current, since=since, outcome=replace(outcome, changes=tuple(changes)))
    if movement(current.release, found.release) in (Movement.FORWARD, Movement.BACKWARD):
        changes.append(_stamped(Kind.RESTAMPED, found, known, current, since=since, url=outcome.url))
    facts = replace(
        current,
        release=_with_stamps(found.release, current.release),
        digest=found.digest,
        recipe=RECIPE,
        site=found.site,
    )
    return replace(outcome, changes=tuple(changes), refresh=None if facts == current else facts)


def _with_stamps(found: Release, current: Release) -> Release:
    """What was found; where its stamp is gone, with the one that the release was seen with: history keeps it."""
    if movement(current, found) is not Movement.VANISHED:
        return found
    return replace(found, stamps=current.stamps, claims=current.claims)


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
    move = _change(Kind.MOVED, known, not_after=found.at, url=url, url_before=known.url, reason=why)
    twin = known.same_place
    absorbs = twin.release_id if twin and identity(twin.url) == key else None
    return replace(outcome, url=url, key=key, changes=(move,), absorbs=absorbs, note=why)


def _returned(found: Seen, known: Known, outcome: Outcome) -> list[Change]:
    if known.state is not State.WITHDRAWN:
        return []
    return [_change(Kind.RESTORED, known, not_after=found.at, url=outcome.url, reason="it is back")]


def _revised(found: Seen, known: Known, current: Revision, *, since: datetime, outcome: Outcome) -> Outcome:
    number = current.number + 1
    revision = Revision(
        number=number, release=found.release, digest=found.digest, recipe=RECIPE, site=found.site, observed_at=found.at
    )
    moved = movement(current.release, found.release)
    kind = Kind.SILENTLY_EDITED if moved in (Movement.STILL, Movement.BACKWARD) else Kind.EDITED
    change = _stamped(kind, found, known, current, since=since, url=outcome.url, revision=revision)
    return replace(outcome, revision=revision, changes=(*outcome.changes, change), note=change.reason)


_WORDS = {
    Movement.NONE: "changed; the page shows no stamp",
    Movement.STILL: "changed and the stamp did not move",
    Movement.FORWARD: "changed and the stamp advanced",
    Movement.BACKWARD: "changed and the stamp went back",
    Movement.APPEARED: "changed and a stamp appeared",
    Movement.VANISHED: "changed and the stamp is no longer shown",
}


def _stamped(
    kind: Kind, found: Seen, known: Known, current: Revision, *, since: datetime, url: str,
    revision: Revision | None = None,
) -> Change:  # fmt: skip
    """A change of text, or of the stamp alone, with the stamps that were compared."""
    before, after = pair(current.release, found.release)
    diff = compare(current.release, found.release) if revision else None
    importance, touched = weigh(kind, diff)
    moved = movement(current.release, found.release)
    what = f"{subject(diff)} {_WORDS[moved]}" if diff else f"only the stamp moved: {_shown(before)} -> {_shown(after)}"
    return Change(
        kind=kind, not_before=known.last_seen_at, not_after=since, title=found.release.title, url=url,
        stamp_before=before, stamp_after=after, revision_from=current.number,
        revision_to=revision.number if revision else current.number,
        importance=importance, reason=f"{what}: {touched}" if touched else what,
    )  # fmt: skip


def _shown(stamp: Stamp | None) -> str:
    if stamp is None:
        return "none"
    return stamp.at.strftime("%Y-%m-%d" if stamp.precision in (Precision.DAY, Precision.MONTH) else "%Y-%m-%d %H:%MZ")


def _change(
    kind: Kind, known: Known, *, not_after: datetime, url: str, url_before: str | None = None, title: str | None = None,
    after: Revision | None = None, reason: str = "it was not there at the first visit",
) -> Change:  # fmt: skip
    """A change that is no edit: both of its revisions are the current one, where there is one."""
    current = known.current
    stamp = current.release.stamp if current else None
    number = current.number if current else None
    return Change(
        kind=kind, not_before=known.last_seen_at or known.absent_at, not_after=not_after,
        title=title or _title(known, after), url=url, url_before=url_before, stamp_before=stamp,
        stamp_after=after.release.stamp if after else None if kind is Kind.WITHDRAWN else stamp,
        revision_from=number, revision_to=after.number if after else None if kind is Kind.WITHDRAWN else number,
        importance=weigh(kind)[0], reason=reason,
    )  # fmt: skip


def _title(known: Known, after: Revision | None) -> str:
    if after or known.current:
        return (after or known.current).release.title  # type: ignore[union-attr]  # one of the two is set
    return known.entry.title if known.entry else ""
