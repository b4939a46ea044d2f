"""Marks: what people made of changes, what that teaches, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from storage_room import NOON, Room, entry

from scraper.model import Change, Kind, Lesson
from storage import NO_MARK, FeedRow, MarkRow, Router, Selection, Unknown, Way, open_storage

URL = "https://news.example/one"
LATER = NOON + timedelta(days=1)


@pytest.fixture
def changed(room: Room) -> list[int]:
    """The ids of three changes; the last two are of one batch."""
    room.list(entry("one"), entry("two"))
    room.read(URL, "The text of the release as it stands.", kinds=[Kind.NEW])
    ids = room.read(URL, "Another text of the release, later.", kinds=[Kind.EDITED], signature="same")
    ids += room.read("https://news.example/two", "One more text.", kinds=[Kind.NEW])
    ids += room.read("https://news.example/two", "One more text, later.", kinds=[Kind.EDITED], signature="same")
    return [ids[0], ids[2]]


def lesson(change_id: int, **given: str) -> Lesson:
    return Lesson(change_id=change_id, sample="Related", **given)


def test_what_is_not_said_stays_as_it_is(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], reviewed=True, now=NOON)
    room.storage.mark(changed[0], starred=True, now=NOON)
    assert room.storage.mark(changed[0], note=" Ask the press office. ", by="ada", now=LATER) == MarkRow(
        reviewed=True, starred=True, note="Ask the press office.", noted_at=LATER, noted_by="ada"
    )
    assert room.storage.mark(changed[0], reviewed=False, note="", now=LATER) == MarkRow(starred=True)


def test_a_change_whose_last_mark_is_taken_away_has_none(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], starred=True, now=NOON)
    assert room.storage.marks(changed) == {changed[0]: MarkRow(starred=True)}
    assert room.storage.mark(changed[0], starred=False, now=NOON) == NO_MARK
    assert room.storage.marks(changed) == {}


def test_no_change_is_marked_that_is_not_there(room: Room) -> None:
    with pytest.raises(Unknown, match="99"):
        room.storage.mark(99, reviewed=True, now=NOON)


def test_a_batch_is_reviewed_or_noise_as_one_and_starred_and_noted_one_by_one(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[1], reviewed=True, starred=True, note="All of them.", alike=True, now=NOON)
    marks = room.storage.marks(changed)
    assert marks[changed[0]] == MarkRow(reviewed=True)
    assert (marks[changed[1]].starred, marks[changed[1]].note) == (True, "All of them.")


def test_noise_teaches_and_what_it_taught_is_taken_back_with_it(room: Room, changed: list[int]) -> None:
    taught = [lesson(changed[0], place="ul.related/li"), lesson(changed[0], passage="abcd")]
    room.storage.mark(changed[0], noise=True, lessons=taught, now=NOON)
    room.storage.mark(changed[0], starred=True, now=NOON)
    assert room.storage.lessons(room.source_id) == taught
    room.storage.mark(changed[0], noise=False, now=NOON)
    assert room.storage.lessons(room.source_id) == []
    assert room.storage.marks(changed) == {changed[0]: MarkRow(starred=True)}


def test_noise_that_is_said_again_teaches_once(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    (change_id,) = noisy(room, changed[0])
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    assert len(room.storage.lessons(room.source_id)) == 1
    assert room.storage.marks([change_id])[change_id].noise


def test_a_batch_that_is_no_noise_after_all_teaches_nothing(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    room.storage.mark(changed[1], noise=False, alike=True, now=NOON)
    assert room.storage.lessons(room.source_id) == []


def test_a_long_note_of_any_characters_is_kept(room: Room, changed: list[int]) -> None:
    note = "Łódź 北京 \U0001f600 <b>'\"\\ " + "x" * 10_000
    assert room.storage.mark(changed[0], note=note, now=NOON).note == note


# --- what was taught --------------------------------------------------------------------------------------------------


def noisy(room: Room, *taught_by: int, beside: Sequence[Change] = (), **more: Any) -> list[int]:
    """A look at an edit that is noise by what another change taught, with other changes that are none."""
    page = room.page(URL)
    known = room.known(page)
    number = (known.current.number if known.current else 0) + 1
    edit = Change(
        kind=Kind.EDITED, not_before=known.last_seen_at, not_after=room.now, title="", url=URL,
        revision_from=number - 1, revision_to=number, noise_by=taught_by,
    )  # fmt: skip
    return room.read(URL, f"Text number {number} of it.", changes=(edit, *beside), **more)


def outbox(room: Room) -> list[int]:
    with room.storage._database.transaction(writes=False) as connection:
        return list(connection.execute(text("SELECT change_id FROM outbox ORDER BY id")).scalars())


def test_noise_that_was_taught_is_kept_and_told_to_nobody(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    told = outbox(room)
    (change_id,) = noisy(room, changed[0])
    assert outbox(room) == told
    assert room.storage.marks([change_id]) == {change_id: MarkRow(noise=True, taught_by=changed[0])}
    assert room.storage.change(change_id) is not None


def test_a_mark_tells_how_many_passages_it_teaches_and_a_place_is_none(room: Room, changed: list[int]) -> None:
    lessons = [lesson(changed[0], place="ul/li"), *(lesson(changed[0], passage=key) for key in ("ab", "cd", "ab"))]
    assert room.storage.mark(changed[0], noise=True, lessons=lessons, now=NOON).teaches == 2
    assert room.storage.all_marks()[changed[0]].teaches == 2
    assert room.storage.mark(changed[0], starred=True, now=NOON).teaches == 2
    assert room.storage.mark(changed[0], noise=False, now=NOON).teaches == 0


def test_noise_that_was_taught_is_in_the_stream_and_in_no_feed(room: Room, changed: list[int]) -> None:
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    (change_id,) = noisy(room, changed[0])
    page = room.storage.stream(Selection(), limit=1)
    assert [row.change.id for row in page.rows] == [change_id]
    everything, told = (room.storage.stream(Selection(told=each), limit=99).rows for each in (False, True))
    assert [row.change.id for row in told] == [row.change.id for row in everything if row.change.id != change_id]


def test_what_was_taken_back_while_a_look_was_under_way_hushes_nothing(room: Room, changed: list[int]) -> None:
    (change_id,) = noisy(room, changed[0])
    assert outbox(room)[-1] == change_id
    assert room.storage.marks([change_id]) == {}


def test_a_mark_is_taken_back_after_the_look_that_goes_by_it_and_with_what_that_made_noise(
    room: Room, changed: list[int], url: str
) -> None:
    """Of the two transactions the mark's waits: else it would not see what the look is about to write."""
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    moved = Change(kind=Kind.MOVED, not_before=None, not_after=NOON, title="", url=URL)
    taken_back: list[Future[MarkRow]] = []

    with open_storage(url) as patient, ThreadPoolExecutor(1) as other:

        def meanwhile(_row: FeedRow, _at: datetime) -> tuple[Way, ...]:
            """Asked of the second change, when the first is noise already."""
            taken_back.append(other.submit(patient.mark, changed[0], noise=False, now=NOON))
            assert not wait(taken_back, timeout=0.3).done
            return ()

        noise, _ = noisy(room, changed[0], beside=(moved,), router=Router(ask=meanwhile))
        (back,) = taken_back
        assert back.result() == NO_MARK
    assert room.storage.marks([changed[0], noise]) == {}


def test_what_is_noise_by_a_lesson_is_none_when_that_is_taken_back_but_for_what_else_is_said(
    room: Room, changed: list[int]
) -> None:
    room.storage.mark(changed[0], noise=True, lessons=[lesson(changed[0], place="ul/li")], now=NOON)
    (starred,), (plain,), (confirmed,) = (noisy(room, changed[0]) for _ in range(3))
    room.storage.mark(starred, starred=True, now=NOON)
    room.storage.mark(confirmed, noise=True, now=NOON)
    room.storage.mark(changed[0], noise=False, now=NOON)
    marks = room.storage.marks([starred, plain, confirmed])
    assert marks == {starred: MarkRow(starred=True), confirmed: MarkRow(noise=True)}


def test_a_place_that_two_changes_taught_is_taken_back_with_either(room: Room, changed: list[int]) -> None:
    for each in changed:
        room.storage.mark(each, noise=True, lessons=[lesson(each, place="ul/li")], now=NOON)
    (change_id,) = noisy(room, changed[1], changed[0])
    assert room.storage.marks([change_id]) == {change_id: MarkRow(noise=True, taught_by=changed[1])}
    room.storage.mark(changed[0], noise=False, now=NOON)
    assert room.storage.marks([change_id]) == {}
    assert [each.change_id for each in room.storage.lessons(room.source_id)] == [changed[1]]


def test_a_place_of_which_one_mark_was_taken_back_while_a_look_was_under_way_hushes_nothing(
    room: Room, changed: list[int]
) -> None:
    for each in changed:
        room.storage.mark(each, noise=True, lessons=[lesson(each, place="ul/li")], now=NOON)
    room.storage.mark(changed[0], noise=False, now=NOON)
    (change_id,) = noisy(room, changed[1], changed[0])
    assert outbox(room)[-1] == change_id
    assert room.storage.marks([change_id]) == {}
