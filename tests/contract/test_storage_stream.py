"""The stream of changes by whatever is asked for, against the definition of each filter."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import text
from storage_room import NOON, Room, entry

from scraper.model import Kind
from storage import Marked, Selection, Storage, parse, stream
from storage.terms import passages, tokens

DAY = timedelta(days=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Of the calendar."""
WORDS = ("harbour", "pier", "lighthouse", "council", "ceasefire")


@dataclass
class History:
    """Many changes of three sources, some alike, some marked."""

    room: Room
    ids: list[int] = field(default_factory=list)

    @property
    def storage(self) -> Storage:
        return self.room.storage

    def all(self, wanted: Selection, *, limit: int = 7, folded: bool = False) -> list[int]:
        """Page after page."""
        found: list[int] = []
        before = None
        while True:
            page = self.storage.stream(wanted, before_id=before, limit=limit, folded=folded)
            assert len(page.rows) <= limit
            found += [row.change.id for row in page.rows]
            if page.next is None:
                return found
            assert before is None or page.next < before
            before = page.next


@pytest.fixture
def past(room: Room) -> History:
    chance = random.Random(5)
    names = [f"r{n}" for n in range(8)]
    room.list(*(entry(name) for name in names))
    for name in names:
        room.read(f"https://news.example/{name}", " ".join(chance.sample(WORDS, 2)), kinds=[Kind.NEW])
    for n in range(24):
        room.later(hours=9)
        name, kind = chance.choice(names), chance.choice([Kind.EDITED, Kind.SILENTLY_EDITED])
        said = f"{' '.join(chance.sample(WORDS, 2))} of day {n}"
        room.read(f"https://news.example/{name}", said, kinds=[kind], signature=chance.choice(["", "", "same"]))
    room.withdraw("https://news.example/r1")
    history = History(room)
    rows = room.storage.changes()
    history.ids = [row.id for row in rows]
    with room.storage._database.transaction(writes=True) as connection:
        for row in rows:
            connection.execute(
                text("UPDATE change SET importance = :i WHERE id = :id"), {"i": (row.id * 7 % 10) / 10, "id": row.id}
            )
    for each in chance.sample(history.ids, 12):
        room.storage.mark(each, reviewed=True, now=NOON)
    for each in chance.sample(history.ids, 9):
        room.storage.mark(each, starred=True, now=NOON)
    for each in chance.sample(history.ids, 9):
        room.storage.mark(each, noise=True, now=NOON)
    return history


def meant(history: History, wanted: Selection) -> list[int]:
    """What a selection means, said once more and without an index."""
    storage, found = history.storage, []

    @cache
    def said(release_id: int, number: int) -> list[list[str]]:
        return [tokens(each) for each in passages(storage.revision(release_id, number).release)]

    marks = storage.marks(history.ids)
    for row in storage.changes(newest_first=True):
        mark = marks.get(row.id)
        reviewed, starred, noise = (mark.reviewed, mark.starred, mark.noise) if mark else (False,) * 3
        marked = {
            None: True, Marked.UNREAD: not reviewed and not noise, Marked.REVIEWED: reviewed, Marked.STARRED: starred,
            Marked.NOISE: noise,
        }  # fmt: skip
        numbers = {row.revision_from, row.revision_to} - {None}
        if (
            (not wanted.source_ids or row.source_id in wanted.source_ids)
            and (not wanted.kinds or row.kind in wanted.kinds)
            and row.importance >= wanted.importance
            and (wanted.since is None or row.detected_at >= wanted.since)
            and (wanted.until is None or row.detected_at < wanted.until)
            and wanted.release_id in (None, row.release_id)
            and wanted.batch_id in (None, row.batch_id)
            and marked[wanted.marked]
            and (wanted.words is None or any(wanted.words.matches(said(row.release_id, n or 0)) for n in numbers))
        ):
            found.append(row.id)
    return found


PARTS: dict[str, tuple[Any, ...]] = {
    "kinds": ((), (Kind.EDITED,), (Kind.EDITED, Kind.NEW), (Kind.WITHDRAWN,)),
    "importance": (0.0, 0.5),
    "since": (None, NOON + 3 * DAY, _FIRST),
    "until": (None, NOON + 9 * DAY, NOON - DAY, _LAST),
    "marked": (None, *Marked),
    "words": (None, parse("pier"), parse('"of day" -harbour'), parse("nowhere")),
}


@pytest.mark.parametrize("rare", [2_000, 3], ids=["rare words lead", "common words are read for"])
@pytest.mark.parametrize("dense", [0.0, 1.0], ids=["asked one by one", "asked for at once"])
@pytest.mark.parametrize("farthest", [10_000, 7], ids=["a long way", "a short way"])
def test_whatever_is_asked_for_is_found_once_and_nothing_else(
    past: History, monkeypatch: pytest.MonkeyPatch, rare: int, farthest: int, dense: float
) -> None:
    monkeypatch.setattr(stream, "_RARE", rare)
    monkeypatch.setattr(stream, "_FARTHEST", farthest)
    monkeypatch.setattr(stream, "_AT_ONCE", 5)
    monkeypatch.setattr(stream, "_MOST_READ", 15)
    monkeypatch.setattr(stream, "_DENSE", dense)
    chance = random.Random(1)
    for _ in range(25):
        wanted = Selection(**{name: chance.choice(values) for name, values in PARTS.items()})
        assert past.all(wanted) == meant(past, wanted), wanted
    assert past.all(Selection()) == past.ids[::-1]


@pytest.mark.parametrize(("edge", "there"), [(_FIRST, True), (_LAST, False)])
def test_a_time_at_either_end_of_the_calendar_is_one(past: History, edge: datetime, there: bool) -> None:
    everything = past.ids[::-1]
    assert past.all(Selection(since=edge)) == (everything if there else [])
    assert past.all(Selection(until=edge)) == ([] if there else everything)


def test_changes_are_found_by_source_and_by_release(past: History) -> None:
    mine = Selection(source_ids=(past.room.source_id,))
    assert past.all(mine) == past.ids[::-1]
    assert past.all(Selection(source_ids=(past.room.source_id, 99), words=parse("pier"))) == meant(
        past, Selection(words=parse("pier"))
    )
    assert past.all(Selection(source_ids=(99,))) == []
    one = Selection(release_id=past.room.id_of("https://news.example/r1"))
    assert past.all(one) == meant(past, one)


def test_of_a_batch_the_last_that_is_wanted_is_shown(past: History) -> None:
    rows = {row.id: row for row in past.storage.changes()}
    for wanted in (
        Selection(), Selection(until=NOON + 9 * DAY), Selection(importance=0.5), Selection(marked=Marked.UNREAD),
    ):  # fmt: skip
        expected, seen = [], set()
        for each in meant(past, wanted):
            key = (rows[each].batch_id, rows[each].kind)
            if rows[each].batch_id is None or key not in seen:
                expected.append(each)
            seen.add(key)
        assert past.all(wanted, folded=True) == expected
    starred = Selection(marked=Marked.STARRED)
    assert past.all(starred, folded=True) == meant(past, starred)


def test_a_page_has_the_texts_before_and_after(past: History) -> None:
    page = past.storage.stream(Selection(kinds=(Kind.SILENTLY_EDITED,)), limit=1)
    (row,) = page.rows
    assert row.before is not None
    assert row.after is not None
    number = row.change.revision_to or 0
    assert row.after.read() == past.storage.revision(row.change.release_id, number).release
