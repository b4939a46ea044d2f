"""A look at a release, written down with everything that follows from it, in one transaction.

fence -> merge or follow -> address -> revision -> release -> page and log -> changes -> outbox
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from scraper.model import Ailment, Batching, Change, DuePage, Found, Habits, Missing, Outcome, Pulse, Release, Seen
from storage import schema
from storage.changes import keep_change, one_at_a_time
from storage.columns import clean
from storage.database import Part, writing
from storage.errors import LeaseLost
from storage.evidence import keep_evidence
from storage.health import Physician, keep_ailment, keep_health
from storage.hosts import fence
from storage.kinship import keep_traits
from storage.listings import ask_listings
from storage.marks import keep_taught
from storage.merging import Standing, follow, merge, settle, standing
from storage.pacing import gain
from storage.pages import Answer, keep_answer, lock_source, log
from storage.revisions import keep_revision, refresh_earlier, refresh_revision
from storage.telling import Router, tell_change

__all__ = ["Looks"]

_PAGE = schema.Page
_RELEASE = schema.Release

_BATCHING = Batching()


class Looks(Part):
    """Looks at releases."""

    @writing
    def record(
        self,
        connection: Connection,
        page: DuePage,
        *,
        owner: str,
        found: Found,
        outcome: Outcome,
        next_poll_at: datetime | None,
        pulse: Pulse,
        router: Router | None = None,
        traits: Callable[[Release], Iterable[str]] = lambda _: (),
        ailment: Ailment | None = None,
        physician: Physician | None = None,
        batching: Batching = _BATCHING,
        ms: int = 0,
        gained: Habits | None = None,
    ) -> list[int]:
        """Write down one look at a release and everything that follows from it. The ids of its changes.

        ``ailment`` is what the look says of the page's health, by which ``physician`` judges that of the source.

        Validators are kept from an answer that shows the current content, and stay as they are otherwise. Each change
        goes to the outbox by the ways that ``router`` says; without one nobody is told. ``gained`` is what the look
        told of the source's habits. Where the outcome's address is one at which another release was read, the release
        stays at the address that it had. ``traits`` are those of ``scraper.judge``, by which a release is found again.

        Raises:
            LeaseLost: ``owner`` no longer holds the host's lease, or the page was merged into another one meanwhile;
                nothing is written.
        """
        fence(connection, page.host, owner)
        lock_source(connection, page.source_id)
        mine = standing(connection, page_id=page.page_id)
        if mine is None:
            raise LeaseLost(f"page {page.page_id} is no release any more")
        release, numbers = merge(connection, mine, outcome)
        outcome = _renumbered(outcome, numbers)
        changes: list[tuple[Standing, Change]] = []
        if outcome.follower is not None:
            changes = [(release, change) for change in outcome.changes]
            _keep_release(
                connection, release, outcome, url=outcome.url, key=outcome.key, current=release.current_revision_id
            )
            mine = release = follow(connection, release, outcome.follower, at=found.at)
            outcome = outcome.follower
        is_mine = release.page_id == page.page_id
        release, url, key = _address(connection, release, outcome)
        current, outcome, evidence_id = _content(connection, mine, release, found, outcome)
        _keep_release(connection, release, outcome, url=url, key=key, current=current)
        read = outcome.revision or outcome.refresh
        if read is not None:
            keep_traits(connection, release.source_id, release.id, traits(read.release))
        answer = Answer.of_release(found, outcome, ms=ms)
        if is_mine:
            moved_to = None if clean(url) == clean(page.url) else url
            keep_answer(
                self._database, connection, page.page_id, answer,
                next_poll_at=next_poll_at, pulse=pulse, suspect=outcome.suspect, url=moved_to,
            )  # fmt: skip
        elif release.page_id is not None:
            _keep_elsewhere(connection, release.page_id, answer, outcome)
        if is_mine and keep_ailment(connection, page.page_id, ailment, at=found.at):
            keep_health(connection, page.source_id, physician, now=found.at)
        gain(connection, page.source_id, gained)
        if outcome.ask_listings:
            ask_listings(connection, page.source_id, at=found.at)
        if outcome.ask_release is not None:
            _ask_release(connection, outcome.ask_release, at=found.at)
        changes += [(release, change) for change in outcome.changes]
        return self._keep_changes(
            connection, changes, at=found.at, evidence_id=evidence_id, router=router, batching=batching
        )

    def _keep_changes(
        self,
        connection: Connection,
        changes: Sequence[tuple[Standing, Change]],
        *,
        at: datetime,
        evidence_id: int | None,
        router: Router | None,
        batching: Batching,
    ) -> list[int]:
        """Keep the changes of releases and have them told, in order, but for noise. Their ids."""
        if changes:
            one_at_a_time(self._database, connection)
        kept = []
        for release, change in changes:
            change_id = keep_change(
                connection, change, source_id=release.source_id, release_id=release.id, at=at, evidence_id=evidence_id,
                batching=batching,
            )  # fmt: skip
            is_noise = keep_taught(self._database, connection, change_id, change.noise_by)
            if router is not None and not is_noise:
                tell_change(connection, change_id, router, at=at, batching=batching)
            kept.append(change_id)
        return kept


def _address(connection: Connection, release: Standing, outcome: Outcome) -> tuple[Standing, str, str]:
    if clean(outcome.key) == release.key:
        return release, outcome.url, outcome.key
    return settle(connection, release, url=outcome.url, key=outcome.key)


def _content(
    connection: Connection, mine: Standing, release: Standing, found: Found, outcome: Outcome
) -> tuple[int | None, Outcome, int | None]:
    """Keep what the look read. The current revision's id, the outcome with its true numbers, and other evidence."""
    current = release.current_revision_id
    if outcome.refresh is not None and mine.current_revision_id is not None:
        refresh_revision(connection, mine.current_revision_id, outcome.refresh)
    for revision in outcome.reread:
        refresh_earlier(connection, mine.id, revision)
    if outcome.revision is None:
        return current, outcome, _other_evidence(connection, found, outcome)
    evidence = found.evidence if isinstance(found, Seen) else None
    current, number = keep_revision(
        connection, outcome.revision, evidence, source_id=release.source_id, release_id=release.id, current_id=current,
        changes=outcome.changes,
    )  # fmt: skip
    decided = outcome.revision.number
    changes = tuple(
        replace(change, revision_to=number) if change.revision_to == decided else change for change in outcome.changes
    )
    return current, replace(outcome, changes=changes), None


def _renumbered(outcome: Outcome, numbers: dict[int, int]) -> Outcome:
    """The outcome, speaking of revisions by their new numbers; the one to be kept has none yet but that of its wish."""
    if not numbers:
        return outcome
    decided = outcome.revision.number if outcome.revision else None
    changes = tuple(
        replace(
            change,
            revision_from=_mapped(numbers, change.revision_from),
            revision_to=decided if change.revision_to == decided else _mapped(numbers, change.revision_to),
        )
        for change in outcome.changes
    )
    # What was read again goes by its old numbers; it is read again with the next recipe.
    return replace(outcome, changes=changes, reread=())


def _mapped(numbers: dict[int, int], number: int | None) -> int | None:
    return None if number is None else numbers.get(number, number)


def _other_evidence(connection: Connection, found: Found, outcome: Outcome) -> int | None:
    """The answer that says that a release is gone belongs to the change, since no revision holds it."""
    if isinstance(found, Missing) and found.evidence is not None and outcome.changes:
        return keep_evidence(connection, found.evidence, base_id=None)
    return None


def _keep_release(
    connection: Connection, release: Standing, outcome: Outcome, *, url: str, key: str, current: int | None
) -> None:
    values: dict[str, Any] = {"url": url, "key": key, "current_revision_id": current}
    # A duplicate of a release that is looked at elsewhere says nothing about that release's state.
    if outcome.same_as is None or outcome.seen_at is not None or outcome.changes:
        values["state"] = outcome.state
    if outcome.seen_at is not None:
        values["last_seen_at"] = outcome.seen_at
    read = outcome.revision or outcome.refresh
    if read is not None:
        values["title"] = read.release.title
        if read.release.published is not None:
            values["published_at"] = read.release.published.at
    connection.execute(update(_RELEASE).where(_RELEASE.id == release.id).values(**values))


def _ask_release(connection: Connection, release_id: int, *, at: datetime) -> None:
    """Make a release's page due at ``at``, where it is due later; one whose looks fail keeps its back-off."""
    page = select(_RELEASE.page_id).where(_RELEASE.id == release_id).scalar_subquery()
    is_later = or_(_PAGE.next_poll_at.is_(None), _PAGE.next_poll_at > at)
    connection.execute(update(_PAGE).where(_PAGE.id == page, _PAGE.failures == 0, is_later).values(next_poll_at=at))


def _keep_elsewhere(connection: Connection, page_id: int, answer: Answer, outcome: Outcome) -> None:
    """The look went to an address that is gone now; the release goes on being polled where it was."""
    log(connection, page_id, answer)
    if outcome.seen_at is not None:
        connection.execute(update(_PAGE).where(_PAGE.id == page_id).values(suspect=None))
