"""A page of the stream costs what it costs, however many changes there are: counted in steps of SQLite's machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

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
