"""A watched newsroom for the tests of the store: looks at its pages come out as a test says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.model import (
    Block,
    BlockKind,
    Change,
    DuePage,
    Entry,
    Failed,
    Failure,
    Fetched,
    Kind,
    Known,
    Listing,
    ListingKind,
    ListingOutcome,
    Missing,
    Outcome,
    Pulse,
    Release,
    Revision,
    Seen,
    Source,
    State,
    Unmodified,
)
from storage import Router, Storage, Way

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def identity(url: str) -> str:
    """The key of an address, for these tests: without its scheme and the slash at its end."""
    return url.partition("://")[2].rstrip("/")


def entry(path: str, *, host: str = "news.example", title: str = "") -> Entry:
    """A release as a listing names it."""
    return Entry(url=f"https://{host}/{path}", key=f"{host}/{path}", title=title or f"About {path}")


def release(*paragraphs: str, title: str = "A title", **facts: Any) -> Release:
    """What was read of a page."""
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs)
    return Release(title=title, blocks=blocks, **facts)


def digest(read: Release, recipe: int = 1) -> str:
    """The digest of these tests."""
    return hashlib.sha256(f"{recipe} {read.title} {read.text}".encode("utf-8", "backslashreplace")).hexdigest()


def answer(url: str, body: bytes = b"<p>body", *, at: datetime = NOON, status: int = 200, **headers: str) -> Fetched:
    """An answer."""
    return Fetched(
        url=url, final_url=url, status=status, body=body, started_at=at, finished_at=at, received=len(body),
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )  # fmt: skip


def at_once(*channels: str) -> Router:
    """Each of the channels is told of each change."""
    return Router(ask=lambda _row, _at: [Way(channel=each) for each in channels])


@dataclass
class Room:
    """A watched newsroom, and looks at its pages that come out as a test says."""

    storage: Storage
    owner: str = "worker-1"
    now: datetime = NOON
    source: Source = field(default_factory=lambda: Source(name="News", home="https://news.example/"))
    source_id: int = 0
    feed: str = "https://news.example/feed"

    def watch(self) -> None:
        """Add the source."""
        feed = Listing(url=self.feed, kind=ListingKind.FEED, shapes=("news.example/*",))
        self.source_id = self.storage.add_source(self.source, listings=[feed], now=self.now)

    def claim(self, **more: Any) -> list[DuePage]:
        """What is due now."""
        arguments = {"now": self.now, "owner": self.owner, "lease": LEASE, **more}
        return self.storage.claim(**arguments)

    def let_go(self, host: str = "news.example") -> None:
        """Free the host at once."""
        self.storage.let_go(host, self.owner, now=self.now)

    def page(self, url: str) -> DuePage:
        """The page of an address, under a lease, whatever is due."""
        self.storage.free_leases(self.owner, now=self.now)
        pages = self.claim(everything=True, not_since=self.now + timedelta(days=999), per_host=10_000, hosts=1000)
        return next(page for page in pages if page.url == url)

    def list(self, *entries: Entry, quiet: bool = False, hinted: frozenset[str] = frozenset(), **more: Any) -> int:
        """A look at the feed that names these."""
        page = self.page(self.feed)
        outcome = ListingOutcome(entries=entries, quiet=quiet, hinted=hinted, size=len(entries))
        arguments = {
            "owner": self.owner, "found": answer(self.feed, at=self.now), "outcome": outcome, "pulse": Pulse(),
            "next_poll_at": self.now + timedelta(hours=1), "first_release_polls": lambda _: self.now,
            "now": self.now, **more,
        }  # fmt: skip
        return self.storage.record_listing(page, **arguments)

    def known(self, page: DuePage) -> Known:
        """What is known before a look."""
        return self.storage.known(page.page_id, now=self.now, identity=identity)

    def record(
        self, page: DuePage, found: Any, outcome: Outcome, channels: Sequence[str] = ("console",), **more: Any
    ) -> list[int]:
        """Write a look down; its changes are told to ``channels``, or by a router."""
        arguments = {
            "owner": self.owner, "next_poll_at": self.now + timedelta(hours=1), "pulse": Pulse(),
            "router": at_once(*channels), "ms": 5, **more,
        }  # fmt: skip
        return self.storage.record(page, found=found, outcome=outcome, **arguments)

    def read(
        self, url: str, /, *paragraphs: str, kinds: Sequence[Kind] = (), body: bytes | None = None, signature: str = "",
        **more: Any,
    ) -> list[int]:  # fmt: skip
        """A look that reads a revision, with a change for each kind."""
        page = self.page(url)
        known = self.known(page)
        text = release(*paragraphs, title=f"Title of {identity(url)}")
        number = known.current.number + 1 if known.current else 1
        before = known.current.number if known.current else None
        revision = Revision(number=number, release=text, digest=digest(text), recipe=1, observed_at=self.now)
        changes = tuple(
            Change(
                kind=kind, not_before=known.last_seen_at, not_after=self.now, title=text.title, url=known.url,
                revision_from=before, revision_to=number, signature=signature,
            )
            for kind in kinds
        )  # fmt: skip
        evidence = answer(url, body or " ".join(paragraphs).encode(), at=self.now, etag=f'"{number}"')
        seen = Seen(
            at=self.now, url=url, final_url=url, permanent=False, release=text, digest=digest(text), evidence=evidence
        )
        outcome = Outcome(
            state=State.LIVE, url=known.url, key=known.key, changes=changes, revision=revision, seen_at=self.now
        )
        outcome = replace(outcome, **{key: more.pop(key) for key in list(more) if hasattr(outcome, key)})
        return self.record(page, seen, outcome, **more)

    def unmodified(self, url: str, **more: Any) -> list[int]:
        """A look that is answered with 304."""
        page = self.page(url)
        known = self.known(page)
        outcome = Outcome(state=known.state, url=known.url, key=known.key, seen_at=self.now)
        return self.record(page, Unmodified(at=self.now), outcome, **more)

    def fail(self, url: str, **more: Any) -> list[int]:
        """A look that fails."""
        page = self.page(url)
        known = self.known(page)
        failed = Failed(at=self.now, failure=Failure.TIMEOUT, detail="it took longer than 20 s")
        outcome = Outcome(state=known.state, url=known.url, key=known.key, failed=failed, note=failed.detail)
        return self.record(page, failed, outcome, **{"pulse": Pulse(failures=1), **more})

    def withdraw(self, url: str, evidence: Fetched | None = None) -> list[int]:
        """A look that confirms that a release is gone."""
        page = self.page(url)
        known = self.known(page)
        change = Change(
            kind=Kind.WITHDRAWN, not_before=known.last_seen_at, not_after=self.now, title="gone", url=known.url
        )
        outcome = Outcome(state=State.WITHDRAWN, url=known.url, key=known.key, changes=(change,))
        return self.record(page, Missing(at=self.now, reason="404 Not Found", evidence=evidence), outcome)

    def id_of(self, url: str) -> int:
        """The release at an address."""
        found = self.storage.release_at(identity(url))
        assert found is not None
        return found.id

    def later(self, **by: float) -> None:
        """Move the clock."""
        self.now += timedelta(**by)
