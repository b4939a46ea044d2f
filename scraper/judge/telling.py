"""What is told of a look: a revision or a change, with its window, its stamps and the reason in a sentence."""

from __future__ import annotations

from datetime import datetime

from scraper.judge.batches import signature
from scraper.judge.diff import Diff
from scraper.judge.digest import RECIPE
from scraper.judge.importance import subject, weigh
from scraper.judge.stamps import Movement, movement, pair
from scraper.model import Change, Kind, Known, Precision, Revision, Seen, Stamp

__all__ = ["changed", "edited", "restamped", "revision_of"]

_WORDS = {
    Movement.NONE: "changed; the page shows no stamp",
    Movement.STILL: "changed and the stamp did not move",
    Movement.FORWARD: "changed and the stamp advanced",
    Movement.BACKWARD: "changed and the stamp went back",
    Movement.APPEARED: "changed and a stamp appeared",
    Movement.VANISHED: "changed and the stamp is no longer shown",
}


def revision_of(found: Seen, number: int) -> Revision:
    """What was seen, to be stored under a number."""
    return Revision(
        number=number, release=found.release, digest=found.digest, recipe=RECIPE, site=found.site, observed_at=found.at
    )


def edited(
    found: Seen, known: Known, current: Revision, diff: Diff, *, since: datetime, url: str
) -> tuple[Revision, Change]:
    """The next revision, and the edit that led to it."""
    revision = revision_of(found, current.number + 1)
    moved = movement(current.release, found.release)
    kind = Kind.SILENTLY_EDITED if moved in (Movement.STILL, Movement.BACKWARD) else Kind.EDITED
    return revision, _stamped(kind, found, known, current, since=since, url=url, diff=diff)


def restamped(found: Seen, known: Known, current: Revision, *, since: datetime, url: str) -> Change:
    """Only the stamp moved."""
    return _stamped(Kind.RESTAMPED, found, known, current, since=since, url=url)


def _stamped(
    kind: Kind, found: Seen, known: Known, current: Revision, *, since: datetime, url: str,
    diff: Diff | None = None,
) -> Change:  # fmt: skip
    """A change of text, or of the stamp alone, with the stamps that were compared."""
    before, after = pair(current.release, found.release)
    importance, touched = weigh(kind, diff)
    moved = movement(current.release, found.release)
    what = f"{subject(diff)} {_WORDS[moved]}" if diff else f"only the stamp moved: {_shown(before)} -> {_shown(after)}"
    return Change(
        kind=kind, not_before=known.last_seen_at, not_after=since, title=found.release.title, url=url,
        stamp_before=before, stamp_after=after, revision_from=current.number,
        revision_to=current.number + 1 if diff else current.number,
        importance=importance, reason=f"{what}: {touched}" if touched else what,
        signature=signature(diff) if diff else "",
    )  # fmt: skip


def _shown(stamp: Stamp | None) -> str:
    if stamp is None:
        return "none"
    return stamp.at.strftime("%Y-%m-%d" if stamp.precision in (Precision.DAY, Precision.MONTH) else "%Y-%m-%d %H:%MZ")


def changed(
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
