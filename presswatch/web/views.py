"""What the pages read: plain rows, straight from the store. ``storage.Storage`` is such a thing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from scraper.model import Fetched, Release, Revision, State
from storage import (
    ChangeRow,
    ChangesPage,
    Costs,
    DayCount,
    DeadLetter,
    Edits,
    Failing,
    Found,
    HealthRow,
    ListingRow,
    Looks,
    MarkRow,
    MuteRow,
    PollRow,
    Queue,
    ReleaseRow,
    RevisionRow,
    SavedRow,
    Selection,
    SourceRow,
    Status,
    Wanted,
)

__all__ = ["Views"]


class Views(Protocol):
    """The reads of the pages. Each raises ``storage.StorageError`` where the database fails."""

    def changes(
        self, *, release_id: int | None = None, limit: int | None = None, newest_first: bool = False
    ) -> list[ChangeRow]:
        """What happened to a release. Called by ``releases`` and ``diffs``."""

    def stream(
        self, wanted: Selection, *, before_id: int | None = None, limit: int, folded: bool = False
    ) -> ChangesPage:
        """A page of what is wanted, newest first, with the texts before and after; ``folded``: of each batch the last.

        Called by ``changes``, ``feeds`` and ``api``.
        """

    def marks(self, ids: Collection[int]) -> dict[int, MarkRow]:
        """How some changes are marked. Called by ``changes``, ``releases``, ``diffs`` and ``api``."""

    def saved_searches(self) -> list[SavedRow]:
        """The searches that are kept, by name. Called by ``changes`` and ``api``."""

    def saved_search(self, search_id: int) -> SavedRow | None:
        """One of them. Called by ``feeds`` and ``api``."""

    def batch_sizes(self, ids: Collection[int]) -> dict[int, int]:
        """How many changes batches have. Called by ``changes``."""

    def health(self, *, is_open: bool | None = None, limit: int = 1000) -> list[HealthRow]:
        """What is, or was, wrong with sources. Called by ``sources``."""

    def source_names(self, *, removed: bool = False) -> dict[int, str]:
        """The names of the sources by their ids, in order of name. Called by ``changes`` and ``feeds``."""

    def database_id(self) -> str:
        """What tells this database from every other. Called by ``feeds``."""

    def release(self, release_id: int) -> ReleaseRow | None:
        """The release with this id. Called by ``releases``."""

    def addresses(self, release_id: int) -> list[str]:
        """Every address by which a release is known. Called by ``releases``."""

    def revisions(self, release_id: int) -> list[RevisionRow]:
        """Its revisions, from the first. Called by ``releases``."""

    def revision(self, release_id: int, number: int) -> Revision:
        """One revision with its text; raises ``storage.Unknown``. Called by ``changes`` and ``stored``."""

    def revision_texts(self, release_id: int, numbers: Collection[int]) -> dict[int, Release]:
        """The texts of some of its revisions, by number. Called by ``releases``."""

    def revision_place(self, revision_id: int) -> tuple[int, int] | None:
        """The release of the revision with this id, and its number. Called by ``releases``."""

    def evidence(self, release_id: int, number: int) -> Fetched | None:
        """The answer that showed a revision, None where there is none. Called by ``evidence``."""

    def sources(self, *, removed: bool = False, source_id: int | None = None) -> list[SourceRow]:
        """What is watched, or the one of an id; what is no more only where asked for. Called by ``sources``."""

    def listings(self, source_id: int) -> list[ListingRow]:
        """The listings of a source. Called by ``source`` and ``api``."""

    def publication_times(self, source_id: int) -> list[datetime]:
        """When the last releases of a source say that they were published. Called by ``source``."""

    def first_seen_times(self, source_id: int, *, within: timedelta) -> list[datetime]:
        """When its last releases were seen first, where that is known so exactly. Called by ``source``."""

    def changes_by_day(self, source_id: int, *, since: datetime) -> list[DayCount]:
        """How many changes of each kind a day had. Called by ``source``."""

    def edits(self, source_id: int) -> Edits:
        """How many of its releases were edited, and how soon. Called by ``source``."""

    def looks(self, source_id: int, *, since: datetime) -> list[Looks]:
        """How looks at it ended, and their bytes. Called by ``source``."""

    def costs(self, *, since: datetime) -> list[Costs]:
        """What looks took, by source. Called by ``status``."""

    def queues(self) -> list[Queue]:
        """What is not delivered, by channel. Called by ``status``."""

    def dead_letters(self, *, limit: int = 1000) -> list[DeadLetter]:
        """What was given up. Called by ``status`` and ``api``."""

    def polls(self, *, page_id: int, limit: int) -> list[PollRow]:
        """The last looks at a page. Called by ``status``."""

    def search(self, wanted: Wanted) -> Found:
        """A page of revisions that have certain words. Called by ``found``."""

    def unsearched(self) -> int:
        """About how many revisions can't be found yet. Called by ``found``."""

    def status(self, now: datetime) -> Status:
        """How the whole fares. Called by ``status`` and ``api``."""

    def failing_pages(self) -> tuple[Failing, ...]:
        """The pages whose last look failed. Called by ``sources``."""

    def last_heartbeat(self) -> datetime | None:
        """When the daemon's clock beat last; None where it never did. Called by ``sources`` and ``health``."""

    def mutes(self, now: datetime) -> list[MuteRow]:
        """What is muted. Called by ``api``."""

    def releases(
        self,
        *,
        source: str | None = None,
        states: Collection[State] = (),
        limit: int | None = None,
        before_id: int | None = None,
    ) -> list[ReleaseRow]:
        """Releases in these states, the last found first. Called by ``api``."""

    def release_at(self, key: str) -> ReleaseRow | None:
        """The release that is known at an address, by its key. Called by ``api``."""
