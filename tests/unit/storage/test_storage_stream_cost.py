"""Pages cost what they cost, however many changes there are: counted in steps of SQLite's machine, or as it plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from presswatch.web import feeds
from scraper.model import Kind
from storage import Marked, Selection, Storage, open_storage, parse, stream

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)
FILL = (
    (
        "INSERT INTO source (id, name, home, time_zone, routes, created_at)"
        " SELECT i, 'Source ' || i, 'https://h' || i || '.example/', 'UTC', '[]', '2026-01-01 00:00:00.000000'"
        " FROM n WHERE i <= 4"
    ),
    (
        "INSERT INTO release (id, source_id, key, url, state, quiet, title, discovered_at)"
        " SELECT i, 1 + i % 4, 'k' || i, 'u' || i, 'live', 0, 't', '2026-01-01 00:00:00.000000' FROM n WHERE i <= 40"
    ),
    (
        "INSERT INTO change (id, source_id, release_id, kind, detected_at, not_after, title, url, importance, reason)"
        " SELECT i, 1 + i % 4, 1 + i % 40, CASE WHEN i % 3 THEN 'edited' ELSE 'new' END,"
        " strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', (i / 10) || ' hours'), '2026-01-01 00:00:00.000000', 't', 'u',"
        " (i % 10) / 10.0, 'r' FROM n"
    ),
    "INSERT INTO mark (change_id, reviewed, starred, noise) SELECT i, 1, i % 5 = 0, 0 FROM n",
)
WANTED = {
    "everything": Selection(),
    "a source": Selection(source_ids=(2,)),
    "a source that has nothing of a kind": Selection(source_ids=(2,), kinds=(Kind.MOVED,)),
    "several sources and kinds": Selection(source_ids=(1, 2), kinds=(Kind.MOVED, Kind.RESTORED)),
    "an importance that nothing has": Selection(importance=0.95),
    "what is unread, where nothing is": Selection(marked=Marked.UNREAD),
    "stars of a kind that there is none of": Selection(marked=Marked.STARRED, kinds=(Kind.MOVED,)),
    "the first day": Selection(until=DAY_ONE + timedelta(days=1)),
    "a day and an importance": Selection(
        since=DAY_ONE + timedelta(days=2), until=DAY_ONE + timedelta(days=3), importance=0.95
    ),
    "words that nothing has": Selection(words=parse("nowhere")),
    "what is told, of several kinds": Selection(kinds=(Kind.MOVED, Kind.RESTORED), told=True),
}
Cost = Callable[[Callable[[Storage], object]], int]


def filled(path: Path, many: int) -> Cost:
    """How many hundred steps something takes in a store with so many changes."""
    storage = open_storage(f"sqlite:///{path}")
    engine = storage._database.engine
    with storage._database.transaction(writes=True) as connection:
        for statement in FILL:
            connection.exec_driver_sql(_with(statement, many))
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.set_progress_handler(step, 100))

    def cost(ask: Callable[[Storage], object]) -> int:
        nonlocal steps
        ask(storage)
        steps = 0
        ask(storage)
        return steps

    return cost


def _with(statement: str, many: int) -> str:
    """The statement over so many numbers."""
    into, select = statement.split(" SELECT ", 1)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"  # noqa: S608
    return f"{into} {numbers} SELECT {select}"


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[Cost]:
    folder = tmp_path_factory.mktemp("cost")
    return [filled(folder / f"{many}.db", many) for many in (3_000, 30_000)]


@pytest.mark.parametrize("name", WANTED)
def test_a_page_costs_no_more_where_there_are_ten_times_as_many_changes(
    costs: list[Cost], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(stream, "_FARTHEST", 500)
    few, many = (cost(lambda storage: storage.stream(WANTED[name], limit=5, folded=True)) for cost in costs)
    assert many <= 1.5 * few + 20, (few, many)


@pytest.mark.parametrize(
    "query",
    [
        [("kind", "moved"), ("kind", "restored")],
        [("kind", "new"), ("kind", "edited")],
        [("source", "Source 1"), ("source", "Source 2")],
        [("importance", "0.95")],
        [("words", "nowhere")],
    ],
    ids=str,
)
def test_a_page_of_a_feed_costs_no_more_either(
    costs: list[Cost], monkeypatch: pytest.MonkeyPatch, query: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(stream, "_FARTHEST", 500)
    place = feeds.Place(address="https://watch.example")
    few, many = (cost(lambda storage: feeds.changes(storage, "json", query=query, place=place)) for cost in costs)
    assert many <= 1.5 * few + 20, (few, many)


def test_days_of_a_source_cost_what_happened_on_them(costs: list[Cost]) -> None:
    some = costs[0](lambda storage: storage.changes_by_day(2, since=DAY_ONE + timedelta(days=10)))
    everything = costs[0](lambda storage: storage.changes_by_day(2, since=DAY_ONE))
    assert some < everything / 4, (some, everything)


@pytest.fixture
def plans(tmp_path: Path) -> Iterator[tuple[Storage, list[str]]]:
    """A store without statistics, and how it reads changes."""
    told: list[str] = []

    def explain(connection: Connection, _cursor: object, statement: str, given: tuple[object, ...], *_: object) -> None:
        rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", given)
        told.extend(row[3] for row in rows if re.search("change|re(lease|vision)", row[3]))

    with open_storage(f"sqlite:///{tmp_path}/plans.db") as storage:
        event.listen(storage._database.engine, "before_cursor_execute", explain)
        yield storage, told


def test_what_is_summed_over_all_changes_of_a_source_is_read_from_an_index_alone(
    plans: tuple[Storage, list[str]],
) -> None:
    """A source's changes stand far from one another: to read each of them is a look at the disk for each."""
    storage, told = plans
    storage.changes_by_day(1, since=DAY_ONE)
    storage.edits(1)
    storage.publication_times(1)
    assert len(told) == 4, told
    assert "USING COVERING INDEX ix_change_days (source_id=? AND detected_at>?)" in told[0]
    assert "USING COVERING INDEX ix_change_edits (source_id=?)" in told[1]
    assert "release USING INDEX ix_release_source_id_published_at (source_id=?" in told[2]
    assert "USING COVERING INDEX ix_revision_timed (release_id=?)" in told[3]


@pytest.mark.parametrize(
    "ask",
    [
        lambda storage: storage.changes(source="S", since=DAY_ONE, limit=9),
        lambda storage: storage.changes(source="S", kinds=(Kind.NEW,), since=DAY_ONE, limit=9),
        lambda storage: storage.sources(),
        lambda storage: storage.stream(Selection(source_ids=(1,), since=DAY_ONE), limit=9, folded=True),
    ],
)
def test_what_is_asked_in_the_order_of_changes_is_not_sorted_out_of_the_indexes_of_sums(
    plans: tuple[Storage, list[str]], ask: Callable[[Storage], object]
) -> None:
    storage, told = plans
    ask(storage)
    assert told
    assert not any("ix_change_days" in each or "ix_change_edits" in each for each in told), told
