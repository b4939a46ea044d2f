"""A look at a release is written down with everything that follows from it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from storage_room import NOON, Room, answer, digest, entry, release

from scraper.model import (
    Change,
    Doubt,
    DuePage,
    Kind,
    Missing,
    Origin,
    Outcome,
    Precision,
    Pulse,
    Redirect,
    Revision,
    Seen,
    Stamp,
    State,
    Suspect,
)
from storage import LeaseLost, StampRow, StorageError, Unknown

A = "https://news.example/a"
STAMP = Stamp(at=NOON, precision=Precision.DAY, raw="2 March 2026", origin=Origin.TEXT)


@pytest.fixture
def watched(room: Room) -> Room:
    """The release A is named by the feed, and not read yet."""
    room.list(entry("a"))
    return room


def seen(page: DuePage, room: Room, *paragraphs: str, **facts: Any) -> Seen:
    """A look that reads this."""
    read = release(*paragraphs, **facts)
    evidence = answer(page.url, " ".join(paragraphs).encode("utf-8", "replace"), at=room.now, etag='"x"')
    return Seen(
        at=room.now, url=page.url, final_url=page.url, permanent=False, release=read, digest=digest(read),
        evidence=evidence,
    )  # fmt: skip


def revision(found: Seen, number: int = 1) -> Revision:
    """What a look read, to be stored."""
    return Revision(number=number, release=found.release, digest=found.digest, recipe=1, observed_at=found.at)


def test_what_was_read_is_known_at_the_next_look(watched: Room) -> None:
    page = watched.page(A)
    found = seen(page, watched, "one", "two", published=STAMP, stamps=(STAMP,), language="en", canonical=A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", revision=revision(found), seen_at=watched.now)
    assert watched.record(page, found, outcome) == []
    known = watched.known(page)
    assert known.current == revision(found)
    assert (known.state, known.last_seen_at, known.suspect) == (State.LIVE, NOON, None)
    assert known.recent == ((found.digest, NOON),)
    assert known.places == {"news.example", "news.example/feed"}
    (row,) = watched.storage.revisions(watched.id_of(A))
    assert row.published == row.updated == StampRow(at=NOON, precision=Precision.DAY, raw="2 March 2026")
    assert row.change is None


def test_a_304_moves_only_the_last_sight(watched: Room) -> None:
    watched.read(A, "one")
    watched.later(hours=1)
    assert watched.unmodified(A, pulse=Pulse(finds=1)) == []
    page = watched.page(A)
    assert watched.known(page).last_seen_at == watched.now
    assert (page.validators.etag, page.last_full_at, page.last_poll_at) == ('"1"', NOON, watched.now)
    assert [poll.outcome for poll in watched.storage.polls(release_id=watched.id_of(A))] == ["unmodified", "changed"]


def test_a_failure_leaves_everything_but_the_page_as_it_was(watched: Room) -> None:
    watched.read(A, "one")
    before = watched.known(watched.page(A))
    watched.later(hours=1)
    watched.fail(A, next_poll_at=watched.now + timedelta(minutes=5))
    page = watched.page(A)
    assert watched.known(page) == before
    assert page.validators.etag == '"1"'
    assert (page.due_at, page.pulse.failures) == (watched.now + timedelta(minutes=5), 1)
    (failing,) = watched.storage.status(watched.now).failing
    assert (failing.url, failing.since, failing.error) == (A, NOON, "it took longer than 20 s")
    assert watched.storage.polls(page_id=page.page_id)[0].outcome == "timeout"


def test_validators_of_a_page_that_is_not_believed_are_not_kept(watched: Room) -> None:
    """Else the next look would be answered with 304, which reads as if the believed content still stood."""
    watched.read(A, "one")
    page = watched.page(A)
    known = watched.known(page)
    suspect = Suspect(doubt=Doubt.COLLAPSED, since=watched.now, looks=1, token="d\0")
    held = Outcome(state=known.state, url=known.url, key=known.key, suspect=suspect)
    watched.record(page, seen(page, watched, "o"), held)
    page = watched.page(A)
    assert page.validators.etag == '"1"'
    assert watched.known(page).suspect == suspect
    watched.unmodified(A)
    assert watched.known(watched.page(A)).suspect is None


def test_a_change_goes_to_every_channel_once(watched: Room) -> None:
    (change_id,) = watched.read(A, "one", kinds=[Kind.NEW], channels=("console", "desk"))
    (change,) = watched.storage.changes()
    assert change == watched.storage.change(change_id)
    assert (change.id, change.kind, change.url, change.source) == (change_id, Kind.NEW, A, "News")
    sent = watched.storage.claim_deliveries(now=watched.now, owner="w", lease=timedelta(minutes=1))
    assert [(each.channel, each.subject) for each in sent] == [("console", change), ("desk", change)]
    assert len({each.key for each in sent}) == 2


def test_a_change_comes_back_with_its_window_and_stamps(watched: Room) -> None:
    watched.read(A, "one")
    page = watched.page(A)
    found = seen(page, watched, "two")
    change = Change(
        kind=Kind.SILENTLY_EDITED, not_before=NOON - timedelta(days=1), not_after=NOON, title="A", url=A,
        url_before="https://news.example/old", stamp_before=STAMP, stamp_after=replace(STAMP, raw="later"),
        revision_from=1, revision_to=2, importance=0.75, reason="the text changed and the stamp did not move",
    )  # fmt: skip
    outcome = Outcome(
        state=State.LIVE, url=A, key="news.example/a", changes=(change,), revision=revision(found, 2), seen_at=NOON
    )
    watched.record(page, found, outcome)
    (row,) = watched.storage.changes()
    for name in ("kind", "not_before", "not_after", "title", "url_before", "revision_from", "revision_to", "reason"):
        assert getattr(row, name) == getattr(change, name)
    assert (row.importance, row.detected_at) == (0.75, NOON)
    assert row.stamp_before == StampRow(at=NOON, precision=Precision.DAY, raw="2 March 2026")
    assert row.stamp_after == StampRow(at=NOON, precision=Precision.DAY, raw="later")
    assert [each.change for each in watched.storage.revisions(row.release_id)] == [None, Kind.SILENTLY_EDITED]


def test_facts_that_are_no_edit_replace_those_of_the_current_revision(watched: Room) -> None:
    watched.read(A, "one")
    page = watched.page(A)
    found = seen(page, watched, "one", title="Title of news.example/a", stamps=(STAMP,))
    current = watched.known(page).current
    assert current is not None
    facts = replace(current, release=found.release, recipe=2, digest=digest(found.release, 2))
    watched.later(hours=1)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", refresh=facts, seen_at=watched.now)
    watched.record(page, found, outcome)
    assert watched.known(page).current == facts
    (row,) = watched.storage.revisions(watched.id_of(A))
    assert (row.recipe, row.observed_at) == (2, NOON)
    assert row.updated is not None


def test_the_bytes_of_each_version_come_back(watched: Room) -> None:
    page_bytes = bytes(range(256)) * 40
    versions = [page_bytes + str(number).encode() for number in range(40)]
    for body in versions:
        watched.read(A, str(len(body)), body=body)
        watched.later(minutes=1)
    release_id = watched.id_of(A)
    assert [watched.storage.evidence(release_id, n + 1).body for n in range(40)] == versions  # type: ignore[union-attr]
    kept = watched.storage.evidence(release_id, 1)
    assert kept == answer(A, versions[0], etag='"1"')


def test_an_answer_keeps_its_redirects_and_hostile_headers(watched: Room) -> None:
    page = watched.page(A)
    found = seen(page, watched, "one")
    evidence = replace(
        found.evidence,
        final_url="https://news.example/b",
        redirects=(Redirect(status=301, url=A),),
        headers=(("x", "\0 \ud800"), ("x", "é")),
        body=b"",
    )
    found = replace(found, evidence=evidence)
    watched.record(
        page, found, Outcome(state=State.LIVE, url=A, key="news.example/a", revision=revision(found), seen_at=NOON)
    )
    assert watched.storage.evidence(watched.id_of(A), 1) == evidence


def test_the_answer_that_says_that_it_is_gone_is_kept_with_the_change(watched: Room) -> None:
    watched.read(A, "one")
    gone = answer(A, b"not here", status=404)
    (change_id,) = watched.withdraw(A, evidence=gone)
    assert watched.storage.withdrawal_evidence(change_id) == gone
    assert watched.known(watched.page(A)).state is State.WITHDRAWN


def test_a_moved_release_is_polled_at_its_new_address_and_known_by_both(watched: Room) -> None:
    watched.read(A, "one")
    page = watched.page(A)
    found = seen(page, watched, "one")
    moved = "https://cdn.example:8443/a2"
    outcome = Outcome(state=State.LIVE, url=moved, key="cdn.example:8443/a2", seen_at=NOON)
    watched.record(page, found, outcome)
    watched.later(hours=1)
    (due,) = (due for due in watched.claim() if due.page_id == page.page_id)
    assert (due.url, due.host) == (moved, "cdn.example:8443")
    known = watched.known(due)
    assert (known.url, known.key, known.aliases) == (moved, "cdn.example:8443/a2", (A,))
    assert watched.storage.release_at("news.example/a") == watched.storage.release_at("cdn.example:8443/a2")


def test_only_the_revisions_of_the_last_seven_days_are_recent(watched: Room) -> None:
    for paragraph in ("one", "two", "three"):
        watched.read(A, paragraph)
        watched.later(days=4)
    known = watched.known(watched.page(A))
    assert [at for _, at in known.recent] == [NOON + timedelta(days=8)]
    watched.later(days=60)
    known = watched.known(watched.page(A))
    assert known.current is not None
    assert known.recent == ((known.current.digest, NOON + timedelta(days=8)),)


@pytest.mark.parametrize(
    "text",
    [
        "nul \0 inside",
        "lone \ud800 surrogate",
        "\x01\x0b\x1f\x7f",
        "\u202e bidi",
        "\U0010ffff",
        "a" * 100_000,
        "",
        "’ é",
    ],
    ids=["NUL", "a lone surrogate", "control characters", "bidi", "the last code point", "long", "empty", "ordinary"],
)
def test_any_text_comes_back_as_it_was_read(watched: Room, text: str) -> None:
    page = watched.page(A)
    stamp = replace(STAMP, raw=text)
    found = seen(page, watched, text, title=text, published=stamp, stamps=(stamp,), language=text, canonical=text)
    change = Change(kind=Kind.NEW, not_before=None, not_after=NOON, title=text, url=A + text, reason=text)
    outcome = Outcome(
        state=State.LIVE, url=A, key="news.example/a", revision=revision(found), changes=(change,), seen_at=NOON,
        note=text, suspect=Suspect(doubt=Doubt.STALE, since=NOON, token=text),
    )  # fmt: skip
    watched.record(page, found, outcome)
    known = watched.known(page)
    assert known.current == revision(found)
    assert known.suspect == outcome.suspect
    assert len(watched.storage.changes()) == 1


def test_an_unknown_page_is_said_to_be_unknown(watched: Room) -> None:
    page = watched.page(A)
    with pytest.raises(Unknown):
        watched.storage.known(999, now=NOON, identity=str)
    with pytest.raises(LeaseLost, match="no release any more"):
        watched.record(
            replace(page, page_id=999), Missing(at=NOON, reason="x"), Outcome(state=State.LIVE, url=A, key="k")
        )


def test_a_time_without_a_zone_is_refused(watched: Room) -> None:
    page = watched.page(A)
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StorageError, match="without a zone"):
        watched.record(page, Missing(at=naive, reason="x"), Outcome(state=State.PENDING, url=A, key="news.example/a"))


# --- all or nothing ---------------------------------------------------------------------------------------------------


class Statements:
    """Counts the statements that write, and fails at one of them."""

    def __init__(self) -> None:
        self.count = 0
        self.fails_at: int | None = None

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            return
        self.count += 1
        if self.count == self.fails_at:
            raise OperationalError(statement, {}, Exception("the disk is on fire"))


@contextmanager
def statements() -> Iterator[Statements]:
    """Listen to every statement of every database."""
    listener = Statements()
    event.listen(Engine, "before_cursor_execute", listener)
    try:
        yield listener
    finally:
        event.remove(Engine, "before_cursor_execute", listener)


def everything(room: Room) -> Any:
    """All that can be seen of the store."""
    storage = room.storage
    rows = storage.releases(states=list(State))
    return (
        rows, [storage.revisions(row.id) for row in rows], storage.changes(), storage.outbox_counts(), storage.polls(),
        [storage.addresses(row.id) for row in rows], storage.listings(room.source_id),
    )  # fmt: skip


def test_a_look_that_fails_at_any_statement_leaves_nothing(watched: Room) -> None:
    watched.read(A, "one")
    watched.list(entry("a"), entry("b"))
    watched.read("https://news.example/b", "one")
    page = watched.page(A)
    other = watched.id_of("https://news.example/b")
    found = seen(page, watched, "two")
    change = Change(kind=Kind.EDITED, not_before=NOON, not_after=NOON, title="A", url=A, revision_from=1, revision_to=2)
    outcome = Outcome(
        state=State.LIVE, url="https://news.example/c", key="news.example/c", changes=(change,), absorbs=other,
        revision=revision(found, 2), seen_at=NOON,
    )  # fmt: skip
    before = everything(watched)
    at = 0
    while True:
        at += 1
        with statements() as listener:
            listener.fails_at = at
            try:
                watched.record(page, found, outcome)
            except StorageError:
                assert everything(watched) == before
            else:
                break
    assert at > 10
    assert everything(watched) != before
    assert [row.number for row in watched.storage.revisions(watched.id_of(A))] == [1, 2, 3]


def test_a_listing_that_fails_at_any_statement_leaves_nothing(watched: Room) -> None:
    before = everything(watched)
    at = 0
    while True:
        at += 1
        page = watched.page(watched.feed)
        with statements() as listener:
            listener.fails_at = at
            try:
                watched.storage.record_listing(page, **listing(watched))
            except StorageError:
                assert everything(watched) == before
            else:
                break
    assert at > 5
    assert len(everything(watched)[0]) == 3


def listing(room: Room) -> dict[str, Any]:
    """A look at the feed that names two new releases, a child and something else about A."""
    from scraper.model import ListingOutcome  # noqa: PLC0415

    outcome = ListingOutcome(
        entries=(entry("a", title="Another title"), entry("b"), entry("c")), size=3,
        children=("https://news.example/map",), hinted=frozenset({"news.example/a"}),
    )  # fmt: skip
    return {
        "owner": room.owner, "found": answer(room.feed), "outcome": outcome, "next_poll_at": room.now,
        "pulse": Pulse(), "first_release_polls": lambda _: room.now, "now": room.now,
    }  # fmt: skip


def test_an_unchanged_look_is_one_short_transaction(watched: Room) -> None:
    watched.read(A, "one")
    page = watched.page(A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", seen_at=NOON)
    with statements() as listener:
        watched.record(page, Missing(at=NOON, reason=""), outcome)
    assert listener.count == 3


def test_the_answer_behind_the_current_revision_is_found_by_its_page(watched: Room) -> None:
    page = watched.page(A)
    assert watched.storage.current_evidence(page.page_id) is None
    for paragraph in ("one", "two"):
        watched.read(A, paragraph)
    kept = watched.storage.current_evidence(page.page_id)
    assert kept is not None
    assert kept.body == b"two"
