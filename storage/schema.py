"""The tables. The words are those of the design; what a column holds is said where its name doesn't.

source ─┬─ page ──── poll
        ├─ listing ─ page
        ├─ health                   what is, or was, wrong with it ── outbox; of a channel: outage
        ├─ batch                    changes that did the same ── outbox
        ├─ mute                     nobody is told of it, or of one release
        └─ release ─ page
             ├─ address          every address by which it is known, with what each listing says of it: mention;
             │                   the releases that stood there before: former
             ├─ trait            by what it is found again at another address
             ├─ revision ─ evidence ─ evidence it is a difference to
             │  └─ searched      that its words are in the index, beside which see storage/fulltext.py
             └─ change ── outbox
                  ├─ digest_part    it is told with others: digest ── outbox
                  ├─ mark           what people made of it
                  └─ lesson         what its mark as noise teaches of the source
host    whose turn it is, and since when it may be visited
saved_search    which changes somebody wants to see again and again
session who logged in; token: who reads the API
meta    the database's own facts
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, MetaData, UniqueConstraint, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scraper.model import HealthKind, HealthPhase, Kind, ListingKind, Precision, Render, Role, State, Why
from storage.columns import Id, Json, JsonOrNull, Key, Line, UtcDateTime, Word

__all__ = [
    "TIMED",
    "Address",
    "Base",
    "Batch",
    "Change",
    "Digest",
    "DigestPart",
    "Evidence",
    "Former",
    "Health",
    "Host",
    "Lesson",
    "Listing",
    "Mark",
    "Mention",
    "Meta",
    "Mute",
    "Outage",
    "Outbox",
    "OutboxState",
    "Page",
    "Poll",
    "Release",
    "Revision",
    "SavedSearch",
    "Searched",
    "Session",
    "Source",
    "Token",
    "Trait",
]


class OutboxState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


PrimaryKey = Annotated[int, mapped_column(Id, primary_key=True)]
Indexed = Annotated[str, mapped_column(Key)]
SourceId = Annotated[int, mapped_column(ForeignKey("source.id"))]
PageId = Annotated[int, mapped_column(ForeignKey("page.id"))]
ReleaseId = Annotated[int, mapped_column(ForeignKey("release.id"))]

_AILS = "ailment IS NOT NULL"
_FAILS = "failures > 0"
TIMED = "published_precision IN ('minute', 'second')"
"""True of a revision that says at what time of day it was published."""
_EVERY = "kind > ''"
"""True of each change. Such an index is taken only where the same is asked: SQLite, which has no statistics here, would
take a wide one for questions of order, too, and sort all changes of a source."""
_KEEP_IDS = {"sqlite_autoincrement": True}
"""An id that was given out is never given out again: they leave the database in messages and logs."""


class Base(DeclarativeBase):
    """The root of the tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own protocol
        int: Id,
        float: Double(),
        str: Line(),
        bytes: LargeBinary(),
        datetime: UtcDateTime(),
        Any: Json(),
        HealthKind: Word(HealthKind),
        HealthPhase: Word(HealthPhase),
        Kind: Word(Kind),
        ListingKind: Word(ListingKind),
        OutboxState: Word(OutboxState),
        Precision: Word(Precision),
        Render: Word(Render),
        Role: Word(Role),
        State: Word(State),
        Why: Word(Why),
    }


class Source(Base):
    """One newsroom that is watched, or was."""

    __tablename__ = "source"
    __table_args__ = (_KEEP_IDS,)

    id: Mapped[PrimaryKey]
    name: Mapped[Indexed] = mapped_column(unique=True)
    home: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str | None]
    every_seconds: Mapped[float | None]
    per_day: Mapped[int | None]
    """Requests; null: as many as the pace asks for."""
    routes: Mapped[Any] = mapped_column(JsonOrNull)
    """Null: those of the settings."""
    paused: Mapped[bool] = mapped_column(server_default=false())
    profile: Mapped[Any | None] = mapped_column(Json)
    """What its owner says of its pages; null: nothing."""
    render: Mapped[Render | None]
    """Null: automatically."""
    site: Mapped[Any | None] = mapped_column(Json)
    """What was learned of its pages; null: nothing."""
    habits: Mapped[Any | None] = mapped_column(Json)
    """What pacing keeps of it; null: nothing yet."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Page(Base):
    """Everything that is polled."""

    __tablename__ = "page"
    __table_args__ = (
        Index(None, "host", "next_poll_at", "role"),
        Index(None, "source_id", "next_poll_at"),
        Index(None, "source_id", "last_poll_at"),
        Index("ix_page_failing", "source_id", sqlite_where=text(_FAILS), postgresql_where=text(_FAILS)),
        Index("ix_page_ailing", "source_id", sqlite_where=text(_AILS), postgresql_where=text(_AILS)),
        _KEEP_IDS,
    )

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId]
    role: Mapped[Role]
    url: Mapped[str]
    host: Mapped[str] = mapped_column(Key, ForeignKey("host.name"))
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    next_poll_at: Mapped[datetime | None] = mapped_column(index=True)
    """Null: not polled."""
    last_poll_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    """The last look that neither failed nor was held."""
    last_full_at: Mapped[datetime | None]
    """The last look that was answered with a body."""
    last_outcome: Mapped[str | None]
    last_error: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Failed looks in a row."""
    suspect: Mapped[Any | None] = mapped_column(Json)
    ailment: Mapped[HealthKind | None]
    """What the last look said of its health; null: it is well, or was never looked at."""
    ailment_detail: Mapped[str | None]
    ailing_since: Mapped[datetime | None]
    """The first of the looks in a row that ailed, of whatever kind."""
    ailing_looks: Mapped[int | None]
    """Looks in a row of this ailment."""
    ailing_total: Mapped[int | None]
    """Looks in a row of any ailment."""
    last_change_at: Mapped[datetime | None]
    first_poll_at: Mapped[datetime | None]
    finds: Mapped[int] = mapped_column(default=0)
    born_at: Mapped[datetime | None]
    """When a release says that it was published."""
    hinted_at: Mapped[datetime | None]
    """Since when a listing says that it was touched; null: it was looked at since."""
    weight: Mapped[float | None]
    """This and the next three are what pacing counted, see ``scraper.model.Pulse``; null: nothing yet."""
    watched: Mapped[float | None]
    aged: Mapped[float | None]
    lean: Mapped[float | None]
    demand: Mapped[float | None]
    """What the page asks of the budget."""
    why: Mapped[Why | None]
    """Why the next look is when it is."""


class Listing(Base):
    """A page that leads to releases."""

    __tablename__ = "listing"

    id: Mapped[PrimaryKey]
    page_id: Mapped[PageId] = mapped_column(unique=True)
    source_id: Mapped[SourceId] = mapped_column(index=True)
    url: Mapped[str]
    kind: Mapped[ListingKind]
    shapes: Mapped[Any]
    visited_at: Mapped[datetime | None]
    """The first look that was believed."""
    absent_at: Mapped[datetime | None]
    """The last look at the sitemap index that did not name it yet."""
    size: Mapped[int] = mapped_column(default=0)
    newest_at: Mapped[datetime | None]
    """The newest date that it gave an entry at the last believed look."""


class Release(Base):
    """One published document."""

    __tablename__ = "release"
    __table_args__ = (Index(None, "source_id", "state"), Index(None, "source_id", "published_at"), _KEEP_IDS)

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId]
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), unique=True)
    key: Mapped[str]
    url: Mapped[str]
    state: Mapped[State]
    quiet: Mapped[bool]
    title: Mapped[str]
    entry: Mapped[Any | None] = mapped_column(Json)
    """As the listing that named it first names it; what that one leaves out is from others."""
    discovered_at: Mapped[datetime]
    absent_at: Mapped[datetime | None]
    """The last look at its listing that did not name it yet."""
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, name="fk_release_current_revision_id"), index=True
    )
    last_seen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    """For sorting: as the release says, else as its listing does."""


class Address(Base):
    """An address by which a release is known, its own included."""

    __tablename__ = "address"
    # The key first, so that one index serves the look-up over all sources too.
    __table_args__ = (UniqueConstraint("key", "source_id"),)

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId]
    key: Mapped[Indexed]
    url: Mapped[str]
    release_id: Mapped[ReleaseId] = mapped_column(index=True)


class Mention(Base):
    """What one listing said last of one address."""

    __tablename__ = "mention"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True)
    """Addresses outlive the merging of releases."""
    entry: Mapped[Any] = mapped_column(Json)


class Former(Base):
    """A release that stood at an address until another one did."""

    __tablename__ = "former"

    id: Mapped[PrimaryKey]
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), index=True)
    release_id: Mapped[ReleaseId] = mapped_column(index=True)
    until: Mapped[datetime]


class Trait(Base):
    """A key that versions of one release are likely to share; see ``scraper.judge.identity``."""

    __tablename__ = "trait"
    __table_args__ = (Index(None, "source_id", "key"),)

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    key: Mapped[Indexed] = mapped_column(primary_key=True)
    source_id: Mapped[SourceId]


class Revision(Base):
    """One distinct content of a release as observed."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("release_id", "number"),
        Index(
            "ix_revision_timed", "release_id", "id", "published_precision",
            sqlite_where=text(TIMED), postgresql_where=text(TIMED),
        ),
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    release_id: Mapped[ReleaseId]
    number: Mapped[int]
    observed_at: Mapped[datetime]
    recipe: Mapped[int]
    site: Mapped[str | None]
    """Version of what was learned of the site when it was read; null: nothing."""
    digest: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    published_at: Mapped[datetime | None]
    published_precision: Mapped[Precision | None]
    published_raw: Mapped[str | None]
    updated_at: Mapped[datetime | None]
    updated_precision: Mapped[Precision | None]
    updated_raw: Mapped[str | None]
    words: Mapped[int]
    content: Mapped[bytes]
    """The whole release as compressed JSON."""
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)


class Searched(Base):
    """That the words of a revision are in the index, and what stands there with them."""

    __tablename__ = "searched"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    """The revision that it followed; null: none."""
    facts: Mapped[str]


class Evidence(Base):
    """The bytes of an answer."""

    __tablename__ = "evidence"

    id: Mapped[PrimaryKey]
    url: Mapped[str]
    """As requested."""
    final_url: Mapped[str]
    """The one that answered."""
    redirects: Mapped[Any]
    status: Mapped[int]
    headers: Mapped[Any]
    body: Mapped[bytes]
    """A zstd frame; with ``base_id``, that evidence's body is its prefix dictionary."""
    sha256: Mapped[str]
    """Of the body itself."""
    size: Mapped[int]
    """Bytes of the body itself."""
    received: Mapped[int]
    started_at: Mapped[datetime]
    fetched_at: Mapped[datetime]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    depth: Mapped[int] = mapped_column(default=0)
    """How many others must be read to read this one."""


class Change(Base):
    """What happened to a release between two observations."""

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "source_id", "signature"),
        Index(None, "kind", "id"),
        Index(None, "source_id", "kind", "id"),
        Index(None, "source_id", "id"),
        # These two hold all that is summed over a source, whose changes stand far from one another.
        Index(
            "ix_change_days", "source_id", "detected_at", "kind",
            sqlite_where=text(_EVERY), postgresql_where=text(_EVERY),
        ),
        Index(
            "ix_change_edits", "source_id", "release_id", "kind", "not_after",
            sqlite_where=text(_EVERY), postgresql_where=text(_EVERY),
        ),
        _KEEP_IDS,
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId]
    release_id: Mapped[ReleaseId] = mapped_column(index=True)
    kind: Mapped[Kind]
    detected_at: Mapped[datetime] = mapped_column(index=True)
    not_before: Mapped[datetime | None]
    not_after: Mapped[datetime]
    title: Mapped[str]
    url: Mapped[str]
    url_before: Mapped[str | None]
    stamp_before_at: Mapped[datetime | None]
    stamp_before_precision: Mapped[Precision | None]
    stamp_before_raw: Mapped[str | None]
    stamp_after_at: Mapped[datetime | None]
    stamp_after_precision: Mapped[Precision | None]
    stamp_after_raw: Mapped[str | None]
    revision_from: Mapped[int | None]
    revision_to: Mapped[int | None]
    importance: Mapped[float]
    reason: Mapped[str]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    """The answer that says so where no revision holds it: that of a withdrawal."""
    signature: Mapped[str | None]
    """Equal where the same was done to another release; null where nothing can be told by it."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)


class Mark(Base):
    """What people made of a change; the installation has one such for each. None is like one that says nothing."""

    __tablename__ = "mark"
    __table_args__ = (
        Index(None, "reviewed", "change_id"),
        Index(None, "starred", "change_id"),
        Index(None, "noise", "change_id"),
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)
    reviewed: Mapped[bool] = mapped_column(default=False)
    starred: Mapped[bool] = mapped_column(default=False)
    noise: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    noted_at: Mapped[datetime | None]
    noted_by: Mapped[str | None]
    """Null: whoever it was has no name here."""
    taught_by: Mapped[int | None] = mapped_column(ForeignKey("change.id"), index=True)
    """The change by whose lesson it is noise; null: a person says so, or it is none."""


class Lesson(Base):
    """What a change that was marked as noise teaches of its source: a place, or a passage, that says nothing."""

    __tablename__ = "lesson"

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId] = mapped_column(index=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), index=True)
    place: Mapped[str | None]
    """Of a box, see ``scraper.read.familiar``."""
    passage: Mapped[str | None]
    """Key of a text, see there."""
    sample: Mapped[str]
    """How the passage began, for people."""


class SavedSearch(Base):
    """Which changes somebody wants to see again and again, under a name."""

    __tablename__ = "saved_search"
    __table_args__ = (_KEEP_IDS,)

    id: Mapped[PrimaryKey]
    name: Mapped[Indexed] = mapped_column(unique=True)
    query: Mapped[str]
    """As in the address of the stream."""
    created_at: Mapped[datetime]


class Batch(Base):
    """Changes of one source that did the same to several releases."""

    __tablename__ = "batch"
    __table_args__ = (_KEEP_IDS,)

    id: Mapped[PrimaryKey]
    source_id: Mapped[SourceId] = mapped_column(index=True)
    signature: Mapped[str]
    kind: Mapped[Kind]
    """That of its changes; of edits and silent edits together the latter."""
    began_at: Mapped[datetime]
    """When its first change was detected."""
    last_at: Mapped[datetime]
    """When its last one was."""
    size: Mapped[int]
    """How many changes it has."""


class Health(Base):
    """Something that is, or was, wrong with a source or a channel."""

    __tablename__ = "health"
    __table_args__ = (Index(None, "source_id", "ended_at"), _KEEP_IDS)

    id: Mapped[PrimaryKey]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    """Null: of a channel, or of an address that is configured and leads to no source."""
    kind: Mapped[HealthKind]
    subject: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    detail: Mapped[str]
    advice: Mapped[str]


class Digest(Base):
    """Changes that are told to a channel together."""

    __tablename__ = "digest"
    __table_args__ = (Index(None, "channel", "closed_at"), _KEEP_IDS)

    id: Mapped[PrimaryKey]
    channel: Mapped[Indexed]
    name: Mapped[Indexed]
    """Which of the channel's digests it is."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    """Of a summary: whose changes were too many to be told one by one."""
    began_at: Mapped[datetime]
    """When its first change was detected."""
    last_at: Mapped[datetime]
    """When its last one was."""
    closed_at: Mapped[datetime | None]
    """Since when nothing joins it: it was handed out to be sent."""
    size: Mapped[int]
    """How many changes it has."""


class DigestPart(Base):
    """That a change is told by a digest."""

    __tablename__ = "digest_part"

    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)


class Mute(Base):
    """A source or a release of which nobody is told."""

    __tablename__ = "mute"
    __table_args__ = (_KEEP_IDS,)

    id: Mapped[PrimaryKey]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"), index=True)
    until: Mapped[datetime | None]
    """Null: for good."""
    created_at: Mapped[datetime]


class Outbox(Base):
    """A notification that was decided, until it is delivered or dead: of a change, a batch, a digest or a trouble."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "release_id", "channel", "state"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "source_id", "channel", "created_at"),
        Index(None, "state", "channel", "next_attempt_at"),
        _KEEP_IDS,
    )

    id: Mapped[PrimaryKey]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"), index=True)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    health_id: Mapped[int | None] = mapped_column(ForeignKey("health.id"), index=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digest.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    """Of a change or a batch; by it too many are noticed."""
    last_change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    """Of a batch, the last of its changes that is told; null: what joins it is told, too."""
    phase: Mapped[HealthPhase | None]
    """Which end of a trouble is told."""
    channel: Mapped[Indexed]
    key: Mapped[Indexed] = mapped_column(unique=True)
    """The same at every attempt, so that a receiver can drop a repetition."""
    state: Mapped[OutboxState]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    perhaps_taken: Mapped[bool] = mapped_column(server_default=false())
    """An attempt failed for want of an answer only."""
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


class Outage(Base):
    """A channel that took nothing of late: the failed attempts since it took something last."""

    __tablename__ = "outage"

    channel: Mapped[Indexed] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    """The first of them."""
    attempts: Mapped[int]
    error: Mapped[str]
    """That of the last of them."""
    health_id: Mapped[int | None] = mapped_column(ForeignKey("health.id"))
    """As what it is told; null: it has not lasted long enough."""


class Host(Base):
    """A server, for whom one worker at a time may speak to it."""

    __tablename__ = "host"

    name: Mapped[Indexed] = mapped_column(primary_key=True)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_at: Mapped[datetime]
    """It is not visited before."""
    robots_status: Mapped[int | None]
    """Of the last answer to go by, as is the text."""
    robots_text: Mapped[str | None]
    robots_at: Mapped[datetime | None]
    robots_ok_at: Mapped[datetime | None]
    robots_failed_at: Mapped[datetime | None]
    """Since when it can't be had; null: the last request for it had an answer to go by."""
    robots_failed: Mapped[Any | None] = mapped_column(Json)
    """What became of the last request then."""
    delay: Mapped[float | None]
    """Seconds between two visits that it asks for."""


class Poll(Base):
    """One request, as a log."""

    __tablename__ = "poll"
    __table_args__ = (Index(None, "page_id", "at"), Index(None, "at"))

    id: Mapped[PrimaryKey]
    page_id: Mapped[PageId]
    at: Mapped[datetime]
    outcome: Mapped[str]
    status: Mapped[int | None]
    received: Mapped[int]
    ms: Mapped[int]
    note: Mapped[str]


class Session(Base):
    """Somebody who logged in, until then."""

    __tablename__ = "session"

    digest: Mapped[Indexed] = mapped_column(primary_key=True)
    """Of the id in the cookie."""
    created_at: Mapped[datetime]
    until: Mapped[datetime]


class Token(Base):
    """Something that uses the API."""

    __tablename__ = "token"

    id: Mapped[PrimaryKey]
    name: Mapped[Indexed] = mapped_column(unique=True)
    digest: Mapped[Indexed] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    writes: Mapped[bool] = mapped_column(server_default=false())
    """It may change something; else it reads only."""


class Meta(Base):
    """A fact about the database itself."""

    __tablename__ = "meta"

    key: Mapped[Indexed] = mapped_column(primary_key=True)
    value: Mapped[str]
