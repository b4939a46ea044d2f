"""What the pages read: plain rows, straight from the store. ``storage.Storage`` is such a thing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from scraper.model import Fetched, Kind, Revision
from storage import ChangeRow, FeedRow, Found, HealthRow, ReleaseRow, RevisionRow, SourceRow, Status, Wanted

__all__ = ["Views"]


class Views(Protocol):
    """The reads of the pages. Each raises ``storage.StorageError`` where the database fails."""

    def changes(
        self,
        *,
        kinds: Collection[Kind] = (),
        source: str | None = None,
        release_id: int | None = None,
        before_id: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        batch_id: int | None = None,
        folded: bool = False,
    ) -> list[ChangeRow]:
        """What happened, of these kinds (none: of all), ``folded``: of each batch the last.

        Called by ``changes`` and ``releases``.
        """

    def batch_sizes(self, ids: Collection[int]) -> dict[int, int]:
        """How many changes batches have. Called by ``changes``."""

    def health(self, *, is_open: bool | None = None, limit: int = 1000) -> list[HealthRow]:
        """What is, or was, wrong with sources. Called by ``sources``."""

    def feed(
        self,
        *,
        kinds: Collection[Kind] = (),
        source_ids: Collection[int] = (),
        release_id: int | None = None,
        importance: float = 0.0,
        before_id: int | None = None,
        limit: int,
    ) -> list[FeedRow]:
        """What happened, newest first, with the texts before and after. Called by ``feeds``."""

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
        """One revision with its text; raises ``storage.Unknown``. Called by ``changes`` and ``releases``."""

    def evidence(self, release_id: int, number: int) -> Fetched | None:
        """The answer that showed a revision, None where there is none. Called by ``evidence``."""

    def search(self, wanted: Wanted) -> Found:
        """A page of revisions that have certain words. Called by ``found``."""

    def unsearched(self) -> int:
        """About how many revisions can't be found yet. Called by ``found``."""

    def sources(self, *, removed: bool = False) -> list[SourceRow]:
        """What is watched; what is no more only where asked for. Called by ``sources``."""

    def status(self, now: datetime) -> Status:
        """How the whole fares. Called by ``sources`` and ``health``."""
