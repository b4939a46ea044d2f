"""Words are found in every revision, and with the edits by which they came and went, on both databases alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from storage_room import NOON, Room, answer, digest, entry, release

from scraper.model import Kind, Outcome, Revision, Seen, State
from storage import Wanted, Where, parse
from storage.searched import BELOW

A, B = "https://news.example/a", "https://news.example/b"


def found(room: Room, words: str, **more: object) -> list[tuple[int, int]]:
    """Release and number of each hit."""
    hits = room.storage.search(Wanted(query=parse(words), **more)).hits  # type: ignore[arg-type]
    return [(hit.release_id, hit.number) for hit in hits]


@pytest.fixture
def edited(room: Room) -> Room:
    """A release with three revisions, another with one."""
    room.list(entry("a"), entry("b"))
    room.read(A, "Twelve vessels take part.", "The Łódź talks go on.", kinds=[Kind.NEW])
    room.later(days=40)
    room.read(B, "北大西洋公约组织秘书长 visits Київ.", kinds=[Kind.NEW])
    room.later(days=1)
    room.read(A, "Nine vessels take part.", "The Łódź talks go on.", kinds=[Kind.SILENTLY_EDITED])
    room.later(days=1)
    room.read(A, "Nine vessels take part.", "The talks were broken off.", kinds=[Kind.EDITED])
    return room


@pytest.mark.parametrize(
    ("words", "more", "expected"),
    [
        ("vessels", {}, [(1, 3)]),
        ("VESSELS part", {}, [(1, 3)]),
        ("twelve", {}, [(1, 1)]),
        ('"talks go on"', {}, [(1, 2)]),
        ('"go talks on"', {}, []),
        ('"part the"', {}, []),
        ("lodz", {}, [(1, 2)]),
        ("vessels -lodz", {}, [(1, 3)]),
        ("vessels -talks", {}, []),
        ("vess*", {}, [(1, 3)]),
        ("秘书长", {}, [(2, 1)]),
        ("长", {}, [(2, 1)]),
        ("київ", {}, [(2, 1)]),
        ("part visits", {}, []),
        ("nowhere", {}, []),
        ("knew", {}, []),
        ("s1", {}, []),
        ("y202*", {}, []),
        ('"s1 d20260302"', {}, []),
        ("title -s1", {}, [(1, 3), (2, 1)]),
        ("title", {}, [(1, 3), (2, 1)]),
        ("title", {"source": "News"}, [(1, 3), (2, 1)]),
        ("title", {"source": "Olds"}, []),
        ("title", {"kind": Kind.NEW}, [(2, 1), (1, 1)]),
        ("title", {"kind": Kind.SILENTLY_EDITED}, [(1, 2)]),
        ("title", {"since": NOON + timedelta(days=42)}, [(1, 3)]),
        ("title", {"until": NOON + timedelta(days=1)}, [(1, 1)]),
        ("title", {"since": datetime.min.replace(tzinfo=UTC)}, [(1, 3), (2, 1)]),
        ("title", {"until": datetime.max.replace(tzinfo=UTC)}, [(1, 3), (2, 1)]),
        ("title", {"since": datetime.max.replace(tzinfo=UTC)}, []),
        ("title", {"until": datetime.min.replace(tzinfo=UTC)}, []),
        ("title", {"language": "en"}, []),
        ("nine", {"where": Where.APPEARED}, [(1, 2)]),
        ("vessels", {"where": Where.APPEARED}, []),
        ("twelve", {"where": Where.VANISHED}, [(1, 2)]),
        ('"talks go on"', {"where": Where.VANISHED}, [(1, 3)]),
        ("talks", {"where": Where.VANISHED}, []),
        ("broken talks", {"where": Where.APPEARED}, [(1, 3)]),
        ("talks -lodz", {"where": Where.APPEARED}, [(1, 3)]),
        ("nine", {"where": Where.APPEARED, "kind": Kind.EDITED}, []),
        ("twelv*", {"where": Where.VANISHED}, [(1, 2)]),
        ("brok*", {"where": Where.APPEARED}, [(1, 3)]),
        ("vess*", {"where": Where.APPEARED}, []),
    ],
    ids=str,
)
def test_words_are_found(edited: Room, words: str, more: dict[str, object], expected: list[tuple[int, int]]) -> None:
    assert found(edited, words, **more) == expected


def reread(room: Room, number: int, *paragraphs: str, current: bool) -> None:
    """A look that changes nothing, but reads a revision again."""
    page = room.page(A)
    known = room.known(page)
    again = Revision(
        number=number, release=release(*paragraphs, title="Title of news.example/a"), digest="d", recipe=2,
        observed_at=room.now,
    )  # fmt: skip
    outcome = Outcome(
        state=State.LIVE, url=known.url, key=known.key, seen_at=room.now,
        refresh=again if current else None, reread=() if current else (again,),
    )  # fmt: skip
    seen = Seen(
        at=room.now, url=A, final_url=A, permanent=False, release=again.release, digest="d",
        evidence=answer(A, at=room.now),
    )  # fmt: skip
    room.record(page, seen, outcome)


def test_a_revision_that_is_read_again_is_found_by_what_it_says_now(edited: Room) -> None:
    reread(edited, 3, "Seven vessels take part.", "The talks were broken off.", current=True)
    assert found(edited, "seven") == [(1, 3)]
    assert found(edited, "seven", where=Where.APPEARED) == [(1, 3)]
    assert found(edited, "nine", where=Where.VANISHED) == [(1, 3)]
    assert found(edited, "nine") == [(1, 2)]


def test_with_an_earlier_one_what_came_after_it_is_told_anew(edited: Room) -> None:
    reread(edited, 2, "Twelve vessels take part.", "The Łódź talks go on.", current=False)
    assert found(edited, "nine", where=Where.APPEARED) == [(1, 3)]
    assert found(edited, "twelve", where=Where.VANISHED) == [(1, 3)]
    assert found(edited, "twelve") == [(1, 2)]
    assert [str(each) for each in edited.storage.verify(lambda _release, _recipe: None)] == []


def test_a_release_that_is_merged_into_another_is_found_as_that_one(edited: Room) -> None:
    page = edited.page(B)
    known = edited.known(page)
    outcome = Outcome(state=State.LIVE, url=known.url, key=known.key, seen_at=edited.now, same_as=edited.id_of(A))
    seen = Seen(
        at=edited.now, url=B, final_url=A, permanent=True, release=release("x"), digest="d",
        evidence=answer(A, at=edited.now),
    )  # fmt: skip
    edited.record(page, seen, outcome)
    assert found(edited, "秘书长") == [(1, 4)]
    assert found(edited, "twelve", where=Where.VANISHED) == [(1, 2)]
    edited.later(days=1)
    edited.read(B, "Eight vessels take part.", kinds=[Kind.EDITED])
    assert found(edited, "broken", where=Where.VANISHED) == [(1, 5)]
    assert [str(each) for each in edited.storage.verify(digest)] == []


def test_what_was_stored_before_there_was_an_index_goes_in_by_and_by(edited: Room) -> None:
    storage = edited.storage
    with storage._database.engine.begin() as connection:
        connection.execute(text("DELETE FROM searched"))
        if storage._database.is_sqlite:
            for table in ("fulltext", "fulltext_edits"):
                connection.execute(text(f"INSERT INTO {table}({table}) VALUES ('delete-all')"))  # noqa: S608
        else:
            connection.execute(text("TRUNCATE fulltext, fulltext_edits"))
        connection.execute(text("INSERT INTO meta (key, value) VALUES (:key, '5')"), {"key": BELOW})
    assert storage.unsearched() == 4
    assert found(edited, "twelve") == []
    edited.later(days=1)
    edited.read(A, "Seven vessels take part.", kinds=[Kind.EDITED])
    assert found(edited, "seven") == [(1, 4)]
    reread(edited, 3, "Nine vessels take part.", "The talks were broken off.", current=False)
    assert [str(each) for each in storage.verify(lambda _release, _recipe: None)] == []
    assert storage.index_revisions(most=3) == 3
    assert found(edited, "twelve", where=Where.VANISHED) == []
    assert storage.index_revisions(most=3) == 1
    assert storage.index_revisions(most=3) == 0
    assert storage.unsearched() == 0
    assert found(edited, "twelve", where=Where.VANISHED) == [(1, 2)]
    assert found(edited, "seven", where=Where.APPEARED) == [(1, 4)]
    assert found(edited, "title", kind=Kind.NEW) == [(2, 1), (1, 1)]
    assert [str(each) for each in storage.verify(lambda _release, _recipe: None)] == []


@pytest.mark.parametrize("words", ["title", "titl*"])
def test_pages_of_hits_follow_one_another_without_a_release_twice(edited: Room, words: str) -> None:
    pages: list[list[tuple[int, int]]] = []
    before: int | None = None
    for _ in range(9):
        page = edited.storage.search(Wanted(query=parse(words), before_id=before, limit=1))
        pages.append([(hit.release_id, hit.number) for hit in page.hits])
        before = page.next
        if before is None:
            break
    assert [hit for page in pages for hit in page] == [(1, 3), (2, 1)]


def test_a_page_that_looked_at_enough_says_where_the_next_goes_on(
    edited: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search._MOST_LOOKED_AT", 1)
    first = edited.storage.search(Wanted(query=parse("lodz")))
    assert [hit.number for hit in first.hits] == [2]
    assert first.next is not None


@pytest.mark.parametrize(
    ("words", "where", "number"),
    [
        ('"vessels take part"', Where.VANISHED, 4),
        ('"vessels take part"', Where.APPEARED, 5),
        ('talks -"vessels take part"', Where.APPEARED, 4),
        ('talks -"vessels take part"', Where.VANISHED, 5),
    ],
)
def test_a_phrase_that_an_edit_of_its_passage_left_standing_is_not_even_looked_at(
    edited: Room, monkeypatch: pytest.MonkeyPatch, words: str, where: Where, number: int
) -> None:
    for paragraph in ("Two boats sail.", "Six vessels take part.", "Seven vessels take part."):
        edited.later(days=1)
        edited.read(A, paragraph, "The talks were broken off.", kinds=[Kind.EDITED])
    monkeypatch.setattr("storage.search._MOST_LOOKED_AT", 1)
    assert found(edited, words, where=where) == [(1, number)]


def test_a_hit_says_where_it_stands(edited: Room) -> None:
    (hit,) = edited.storage.search(Wanted(query=parse("twelve"), where=Where.VANISHED)).hits
    assert (hit.source, hit.url, hit.kind, hit.before, hit.is_current) == ("News", A, Kind.SILENTLY_EDITED, 1, False)
    assert hit.text_before is not None
    assert "Twelve" in hit.text_before.read().text
    assert "Nine" in hit.text.read().text


def test_any_text_is_stored_and_can_be_asked_for(room: Room) -> None:
    room.list(entry("a"))
    nasty = "it's \\ \"quoted\" ' :* & | ! <-> (x) \x00 \ud800 ½ ß ﷺ " + "long" * 40 + " ".join(map(str, range(20_000)))
    room.read(A, nasty, "x" * 300_000, "界" * 30_000, kinds=[Kind.NEW], body=b"x")
    assert found(room, "long" * 40) == [(1, 1)]
    assert found(room, "quoted -nothing") == [(1, 1)]
