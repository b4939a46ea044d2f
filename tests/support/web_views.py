"""A store in memory for the pages: the releases, revisions and changes that a test says there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scraper.model import (
    Block,
    BlockKind,
    Fetched,
    Kind,
    ListingKind,
    Origin,
    Precision,
    Release,
    Revision,
    Source,
    Stamp,
    State,
)
from storage import (
    ChangeRow,
    ChangesPage,
    Costs,
    DayCount,
    DeadLetter,
    Edits,
    Failing,
    FeedRow,
    Found,
    HealthRow,
    Hit,
    ListingRow,
    Looks,
    MarkRow,
    PollRow,
    Query,
    Queue,
    ReleaseRow,
    RevisionRow,
    SavedRow,
    Selection,
    SourceRow,
    StampRow,
    Status,
    StorageError,
    StoredText,
    Unknown,
    Wanted,
    codec,
    compress,
)
from storage.terms import passages, tokens

__all__ = ["NOW", "STAMP", "FakeViews", "change_row", "release_row", "text"]

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
STAMP = Stamp(
    at=datetime(2026, 3, 1, 5, 55, tzinfo=UTC),
    precision=Precision.MINUTE,
    raw="Last updated: 01 Mar. 2026 06:55",
    origin=Origin.TEXT,
)
ALLIANCE = "Northern Harbour Alliance"


def text(
    *paragraphs: str, title: str = "Ministers agree", stamp: Stamp | None = STAMP, language: str = "en"
) -> Release:
    """A release of plain paragraphs."""
    return Release(
        title=title,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in paragraphs),
        stamps=(stamp,) if stamp else (),
        language=language,
    )


def release_row(release_id: int = 1, **given: object) -> ReleaseRow:
    """A release that is live, ``given`` in place of the defaults."""
    values: dict[str, object] = {
        "id": release_id,
        "source_id": 1,
        "source": ALLIANCE,
        "page_id": release_id,
        "url": f"https://harbour.example/news_{release_id}.htm",
        "state": State.LIVE,
        "quiet": True,
        "title": "Ministers agree",
        "discovered_at": NOW - timedelta(days=1),
        "last_seen_at": NOW - timedelta(minutes=3),
        "published_at": None,
        "revisions": 1,
        "current": 1,
        "next_poll_at": NOW + timedelta(minutes=9),
    }
    return ReleaseRow(**(values | given))  # type: ignore[arg-type]  # the names are the row's own


def change_row(change_id: int = 1, **given: object) -> ChangeRow:
    """A silent edit, ``given`` in place of the defaults."""
    stamp = StampRow(at=STAMP.at, precision=STAMP.precision, raw=STAMP.raw)
    values: dict[str, object] = {
        "id": change_id,
        "kind": Kind.SILENTLY_EDITED,
        "release_id": 1,
        "source_id": 1,
        "source": ALLIANCE,
        "url": "https://harbour.example/news_1.htm",
        "url_before": None,
        "title": "Ministers agree",
        "detected_at": NOW - timedelta(hours=1),
        "not_before": NOW - timedelta(hours=2),
        "not_after": NOW - timedelta(hours=1),
        "stamp_before": stamp,
        "stamp_after": stamp,
        "revision_from": 1,
        "revision_to": 2,
        "importance": 0.75,
        "reason": "The text changed and the stamp stood still.",
    }
    return ChangeRow(**(values | given))  # type: ignore[arg-type]  # the names are the row's own


@dataclass
class FakeViews:
    """What the pages read."""

    rows: dict[int, ReleaseRow] = field(default_factory=dict)
    texts: dict[tuple[int, int], Release] = field(default_factory=dict)
    happened: list[ChangeRow] = field(default_factory=list)
    answers: dict[tuple[int, int], Fetched] = field(default_factory=dict)
    failing: tuple[Failing, ...] = ()
    names: tuple[str, ...] = (ALLIANCE,)
    heartbeat_at: datetime | None = NOW - timedelta(seconds=4)
    broken: StorageError | None = None
    known_at: tuple[str, ...] = ()
    troubles: tuple[HealthRow, ...] = ()
    listed: tuple[str, ...] = ("https://harbour.example/feed.xml",)
    claimed: tuple[datetime, ...] = tuple(NOW - timedelta(days=n) for n in range(12))
    seen: tuple[datetime, ...] = ()
    channels: tuple[str, ...] = ()
    marked: dict[int, MarkRow] = field(default_factory=dict)
    saved: tuple[SavedRow, ...] = ()

    def _working(self) -> None:
        if self.broken is not None:
            raise self.broken

    def changes(
        self, *, release_id: int | None = None, limit: int | None = None, newest_first: bool = False
    ) -> list[ChangeRow]:
        self._working()
        rows = sorted(self.happened, key=lambda row: row.id, reverse=newest_first)
        return [row for row in rows if release_id in (None, row.release_id)][:limit]

    def stream(
        self, wanted: Selection, *, before_id: int | None = None, limit: int, folded: bool = False
    ) -> ChangesPage:
        """By the definition of a selection but for days and marks, over all changes."""
        self._working()
        by_batch = {(row.batch_id, row.kind): row.id for row in sorted(self.happened, key=lambda row: row.id)}
        last = set(by_batch.values())
        rows = [
            row
            for row in self._feed_rows()
            if (not wanted.kinds or row.change.kind in wanted.kinds)
            and (not wanted.source_ids or row.change.source_id in wanted.source_ids)
            and row.change.importance >= wanted.importance
            and wanted.release_id in (None, row.change.release_id)
            and (wanted.words is None or any(self._has(wanted.words, each) for each in (row.before, row.after)))
            and wanted.batch_id in (None, row.change.batch_id)
            and (before_id is None or row.change.id < before_id)
            and (not folded or row.change.batch_id is None or row.change.id in last)
        ]
        return ChangesPage(rows=tuple(rows[:limit]), next=rows[limit - 1].change.id if len(rows) > limit else None)

    def _has(self, words: Query, text: StoredText | None) -> bool:
        return text is not None and words.matches([tokens(each) for each in passages(text.read())])

    def _feed_rows(self) -> list[FeedRow]:
        return [
            FeedRow(
                change=row,
                before=self._stored(row.release_id, row.revision_from),
                after=self._stored(row.release_id, row.revision_to),
                language=None,
            )
            for row in self.changes(newest_first=True)
        ]

    def marks(self, ids: Collection[int]) -> dict[int, MarkRow]:
        return {each: mark for each, mark in self.marked.items() if each in ids}

    def saved_searches(self) -> list[SavedRow]:
        return list(self.saved)

    def saved_search(self, search_id: int) -> SavedRow | None:
        return next((row for row in self.saved if row.id == search_id), None)

    def batch_sizes(self, ids: Collection[int]) -> dict[int, int]:
        return {each: sum(row.batch_id == each for row in self.happened) for each in ids}

    def health(self, *, is_open: bool | None = None, limit: int = 1000) -> list[HealthRow]:
        return [row for row in self.troubles if is_open in (None, row.ended_at is None)][:limit]

    def _stored(self, release_id: int, number: int | None) -> StoredText | None:
        text = self.texts.get((release_id, number or 0))
        return None if text is None else StoredText(compress.pack(codec.release_to(text)))

    def source_names(self, *, removed: bool = False) -> dict[int, str]:
        self._working()
        return dict(enumerate(self.names, start=1))

    def database_id(self) -> str:
        self._working()
        return "0123456789abcdef"

    def release(self, release_id: int) -> ReleaseRow | None:
        self._working()
        return self.rows.get(release_id)

    def addresses(self, release_id: int) -> list[str]:
        return [self.rows[release_id].url, *self.known_at]

    def revisions(self, release_id: int) -> list[RevisionRow]:
        return [
            RevisionRow(
                id=100 * release_id + number,
                number=number,
                observed_at=NOW - timedelta(hours=2) + timedelta(minutes=number),
                title=release.title,
                published=None,
                updated=StampRow(at=STAMP.at, precision=STAMP.precision, raw=STAMP.raw),
                words=release.words,
                digest="d" * 64,
                recipe=1,
                change=None if number == 1 else Kind.SILENTLY_EDITED,
                before=None if number == 1 else number - 1,
                sha256="e" * 64,
                size=1_000,
            )
            for (owner, number), release in sorted(self.texts.items())
            if owner == release_id
        ]

    def revision(self, release_id: int, number: int) -> Revision:
        if (release_id, number) not in self.texts:
            raise Unknown("no such revision")
        at = NOW - timedelta(hours=2) + timedelta(minutes=number)
        return Revision(
            number=number, release=self.texts[release_id, number], digest="d" * 64, recipe=1, observed_at=at
        )

    def revision_texts(self, release_id: int, numbers: Collection[int]) -> dict[int, Release]:
        return {n: text for (owner, n), text in self.texts.items() if owner == release_id and n in numbers}

    def revision_place(self, revision_id: int) -> tuple[int, int] | None:
        place = divmod(revision_id, 100)
        return place if place in self.texts else None

    def evidence(self, release_id: int, number: int) -> Fetched | None:
        if (release_id, number) not in self.texts:
            raise Unknown("no such revision")
        return self.answers.get((release_id, number))

    def listings(self, source_id: int) -> list[ListingRow]:
        return [
            ListingRow(
                id=number, page_id=number, url=url, kind=ListingKind.FEED, shapes=(), visited_at=NOW, size=20,
                last_poll_at=NOW, last_ok_at=NOW, next_poll_at=NOW, last_outcome="seen", last_error=url, failures=2,
            )
            for number, url in enumerate(self.listed, start=1)
        ]  # fmt: skip

    def publication_times(self, source_id: int) -> list[datetime]:
        return list(self.claimed)

    def first_seen_times(self, source_id: int, *, within: timedelta) -> list[datetime]:
        return list(self.seen)

    def changes_by_day(self, source_id: int, *, since: datetime) -> list[DayCount]:
        return [
            DayCount(day=row.detected_at.date(), kind=row.kind, count=1)
            for row in self.happened
            if row.source_id == source_id
        ]

    def edits(self, source_id: int) -> Edits:
        return Edits(edited=4, silently=3, waits=(timedelta(hours=2), timedelta(days=3)))

    def looks(self, source_id: int, *, since: datetime) -> list[Looks]:
        return [Looks(outcome="seen", count=1_200, received=5_000_000), Looks(outcome="timeout", count=3, received=0)]

    def costs(self, *, since: datetime) -> list[Costs]:
        return [
            Costs(source_id=n, source=name, requests=96, received=1_234_567)
            for n, name in enumerate(self.names, start=1)
        ]

    def queues(self) -> list[Queue]:
        return [
            Queue(
                channel=name,
                pending=2,
                dead=1,
                oldest_pending=NOW - timedelta(hours=1),
                last_error=name,
                next_attempt_at=NOW + timedelta(minutes=5),
            )
            for name in self.channels
        ]

    def dead_letters(self, *, limit: int = 1000) -> list[DeadLetter]:
        return [
            DeadLetter(
                id=n, key=f"key-{n}", channel=name, attempts=9, created_at=NOW, last_error=name,
                subject=change_row(1, title=name),
            )
            for n, name in enumerate(self.channels, start=1)
        ]  # fmt: skip

    def polls(self, *, page_id: int, limit: int) -> list[PollRow]:
        look = PollRow(
            id=1, page_id=page_id, url="", at=NOW, outcome="server-error", status=503, received=0, ms=1_204,
            note=self.channels[0] if self.channels else "",
        )  # fmt: skip
        return [look] * limit

    def search(self, wanted: Wanted) -> Found:
        """By the definition of a query, over all texts."""
        self._working()
        hits = [
            Hit(
                revision_id=number, release_id=release_id, number=number, title=text.title, url="https://x.example/",
                source=ALLIANCE, observed_at=NOW, language=None, kind=None, is_current=True,
                before=number - 1 or None, text=StoredText(compress.pack(codec.release_to(text))),
                text_before=self._stored(release_id, number - 1),
            )
            for (release_id, number), text in self.texts.items()
            if wanted.query.matches([tokens(each) for each in passages(text)])
        ]  # fmt: skip
        return Found(hits=tuple(hits), next=None)

    def unsearched(self) -> int:
        return 0

    def sources(self, *, removed: bool = False, source_id: int | None = None) -> list[SourceRow]:
        self._working()
        return [
            SourceRow(
                id=number,
                source=Source(name=name, home="https://harbour.example/"),
                created_at=NOW - timedelta(days=3),
                removed_at=None,
                listings=1,
                releases=8,
                pending=0,
                failing=len(self.failing),
                last_poll_at=NOW - timedelta(minutes=2),
                next_poll_at=NOW + timedelta(minutes=13),
                last_change_at=None,
            )
            for number, name in enumerate(self.names, start=1)
            if source_id in (None, number)
        ]

    def status(self, now: datetime) -> Status:
        self._working()
        return Status(
            sources=1,
            paused=0,
            listings=1,
            releases=dict.fromkeys(State, 0),
            revisions=1,
            changes=len(self.happened),
            due=0,
            overdue_since=None,
            failing=self.failing,
            outbox={},
            oldest_pending=None,
            heartbeat_at=self.heartbeat_at,
            heartbeat_owner="test",
            last_poll_at=NOW - timedelta(minutes=2),
            size=4096,
        )

    def failing_pages(self) -> tuple[Failing, ...]:
        self._working()
        return self.failing

    def last_heartbeat(self) -> datetime | None:
        self._working()
        return self.heartbeat_at
