"""Whatever happens in whatever order, the store stays whole."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text
from storage_room import LEASE, Room, answer, at_once, digest, entry, identity, release

from scraper.model import Change, DuePage, Kind, Outcome, Pulse, Revision, Seen, State, Unmodified
from storage import LeaseLost, Unknown, open_storage

PATHS = st.sampled_from("abcdef")
HOSTS = st.sampled_from(["news.example", "cdn.example"])
OWNERS = st.sampled_from(["one", "two"])
TEMPLATE: list[Path] = []


class Store(RuleBasedStateMachine):
    """Two workers, one newsroom on two hosts, and releases that are edited, moved and merged."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(TEMPLATE[0], self.folder / "x.db")
        # What is tried here is no loss of power: the disk need not be waited for.
        self.storage = open_storage(f"sqlite:///{self.folder}/x.db")
        self.room = Room(storage=self.storage)
        self.room.watch()
        self.claimed: list[tuple[str, DuePage]] = []
        self.told = 0

    def teardown(self) -> None:
        self.storage.close()
        shutil.rmtree(self.folder)

    @rule(minutes=st.sampled_from([1, 3, 60]))
    def wait(self, minutes: int) -> None:
        self.room.later(minutes=minutes)

    @rule(paths=st.lists(st.tuples(PATHS, HOSTS), max_size=4), quiet=st.booleans())
    def list_some(self, paths: list[tuple[str, str]], *, quiet: bool) -> None:
        with suppress(StopIteration):  # another holds the feed's host
            self.room.list(*(entry(path, host=host) for path, host in paths), quiet=quiet)
        self.storage.free_leases(self.room.owner, now=self.room.now)

    @rule(owner=OWNERS, hosts=st.integers(1, 2))
    def claim(self, owner: str, hosts: int) -> None:
        pages = self.storage.claim(now=self.room.now, owner=owner, lease=LEASE, hosts=hosts, per_host=3)
        self.claimed += [(owner, page) for page in pages]

    @rule(owner=OWNERS, host=HOSTS)
    def let_go(self, owner: str, host: str) -> None:
        self.storage.let_go(host, owner, now=self.room.now)

    @precondition(lambda self: self.claimed)
    @rule(data=st.data(), what=st.sampled_from(["edit", "304", "move", "withdraw", "same", "absorb", "follow"]))
    def look(self, data: Any, what: str) -> None:
        owner, page = data.draw(st.sampled_from(self.claimed))
        target = data.draw(st.tuples(PATHS, HOSTS))
        self.claimed.remove((owner, page))
        try:
            known = self.storage.known(page.page_id, now=self.room.now, identity=identity)
            found, outcome = self.outcome(page, known, what, target)
            changes = self.storage.record(
                page, owner=owner, found=found, outcome=outcome, next_poll_at=self.room.now + timedelta(minutes=2),
                pulse=Pulse(), router=at_once("console", "desk"), traits=lambda read: {read.title, read.text[:20]},
            )  # fmt: skip
        except (LeaseLost, Unknown):
            return
        self.told += 2 * len(changes)

    def outcome(self, page: DuePage, known: Any, what: str, target: tuple[str, str]) -> tuple[Any, Outcome]:
        now = self.room.now
        outcome = Outcome(state=State.LIVE, url=known.url, key=known.key, seen_at=now)
        number = known.current.number if known.current else 0
        if what == "304":
            return Unmodified(at=now), outcome
        read = release(f"{page.url} at {now}")
        found = Seen(
            at=now, url=page.url, final_url=page.url, permanent=False, release=read, digest=digest(read),
            evidence=answer(page.url, read.text.encode() * 9, at=now),
        )  # fmt: skip
        change = Change(kind=Kind.EDITED, not_before=None, not_after=now, title="", url=page.url)
        if what == "edit":
            revision = Revision(number=number + 1, release=read, digest=found.digest, recipe=1, observed_at=now)
            change = replace(change, revision_from=number or None, revision_to=number + 1)
            return found, replace(outcome, revision=revision, changes=(change,))
        if what == "withdraw":
            return found, replace(outcome, state=State.WITHDRAWN, seen_at=None, changes=(change,))
        if what == "follow" and number:
            revision = Revision(number=1, release=read, digest=found.digest, recipe=1, observed_at=now)
            follower = replace(outcome, revision=revision, changes=(replace(change, kind=Kind.NEW, revision_to=1),))
            return found, replace(outcome, state=State.WITHDRAWN, follower=follower, changes=(change,))
        url, key = f"https://{target[1]}/{target[0]}", f"{target[1]}/{target[0]}"
        other = self.storage.release_at(key)
        if what in ("move", "follow") or other is None:
            return found, replace(outcome, url=url, key=key, changes=(change,))
        if what == "same":
            return found, replace(outcome, url=url, key=key, same_as=other.id)
        return found, replace(outcome, absorbs=other.id)

    @invariant()
    def is_whole(self) -> None:
        releases = self.storage.releases(states=list(State))
        addresses = [url for row in releases for url in self.storage.addresses(row.id)]
        assert len(addresses) == len(set(addresses))
        for row in releases:
            stands = row.url in self.storage.addresses(row.id)
            assert stands is (row.page_id is not None), "a release is polled as long as it stands somewhere"
            numbers = [each.number for each in self.storage.revisions(row.id)]
            assert numbers == list(range(1, len(numbers) + 1))
            assert row.current in (numbers or [None])
        pages = [row.page_id for row in releases if row.page_id]
        assert len(pages) == len(set(pages))
        assert sum(self.storage.outbox_counts().values()) == self.told

    @invariant()
    def has_no_loose_reference(self) -> None:
        with self.storage._database.engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            release_pages = "SELECT id FROM page WHERE role = 'release' AND id NOT IN (SELECT page_id FROM release)"
            assert connection.execute(text(release_pages)).all() == []
            current = "SELECT v.release_id - r.id FROM release r JOIN revision v ON v.id = r.current_revision_id"
            assert set(connection.execute(text(current)).scalars()) <= {0}


def test_the_store_stays_whole(templates: Path) -> None:
    TEMPLATE[:] = [templates]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Store,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_a_verified_history_survives_merging(templates: Path, tmp_path: Path) -> None:
    shutil.copy(templates, tmp_path / "x.db")
    with open_storage(f"sqlite:///{tmp_path}/x.db") as storage:
        room = Room(storage=storage)
        room.watch()
        room.list(*map(entry, "abc"))
        for turn in range(6):
            room.read(f"https://news.example/{'abc'[turn % 3]}", f"turn {turn}", body=b"same " * 200 + bytes([turn]))
            room.later(minutes=1)
        page = room.page("https://news.example/a")
        for other in "bc":
            outcome = Outcome(
                state=State.LIVE,
                url=page.url,
                key="news.example/a",
                absorbs=room.id_of(f"https://news.example/{other}"),
            )
            room.record(page, Unmodified(at=room.now), outcome)
        assert storage.verify(digest) == []
        texts = [storage.revision(1, number).release.text for number in range(1, 7)]
    assert texts == ["turn 0", "turn 3", "turn 1", "turn 4", "turn 2", "turn 5"]


pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
