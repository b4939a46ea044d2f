"""Which changes an address asks for, as a table; and that it is told, kept and taken up the same."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.filters import BadFilter, Filter, kept, read_filter, selection, taken_up
from scraper.model import Kind
from storage import Marked, Selection, parse

NAMES = {1: "Harbour", 2: "A & B <press>"}
TABLE: list[tuple[list[tuple[str, str]], Filter]] = [
    ([], Filter()),
    ([("source", ""), ("kind", ""), ("words", " "), ("mark", ""), ("from", "")], Filter()),
    ([("before", "3"), ("batch", "4"), ("x", "y")], Filter()),
    ([("source", "Harbour"), ("source", "A & B <press>")], Filter(sources=("A & B <press>", "Harbour"))),
    ([("kind", "edited"), ("kind", "new"), ("kind", "edited")], Filter(kinds=(Kind.NEW, Kind.EDITED))),
    ([("importance", "0.50")], Filter(importance=0.5)),
    ([("importance", "0")], Filter()),
    ([("from", "2026-03-01"), ("to", "2026-03-01")], Filter(first=date(2026, 3, 1), last=date(2026, 3, 1))),
    ([("from", "0001-01-01"), ("to", "9999-12-31")], Filter(first=date.min, last=date.max)),
    ([("words", ' "two piers" -lights ')], Filter(words='"two piers" -lights')),
    ([("mark", "unread")], Filter(marked=Marked.UNREAD)),
]


@pytest.mark.parametrize(("query", "meant"), TABLE)
def test_what_an_address_asks_for(query: list[tuple[str, str]], meant: Filter) -> None:
    assert read_filter(query) == meant


@pytest.mark.parametrize("meant", [meant for _, meant in TABLE])
def test_a_filter_is_told_by_its_own_address_and_kept(meant: Filter) -> None:
    assert read_filter(meant.pairs) == meant
    assert taken_up(kept(meant, NAMES), NAMES) == meant
    assert bool(meant.told()) is bool(meant.query) is (meant != Filter())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ([("kind", "edit")], "no such kind"),
        ([("mark", "read")], "no such mark"),
        ([("importance", "2")], "from 0 to 1"),
        ([("importance", "nan")], "from 0 to 1"),
        ([("importance", "1,5")], "from 0 to 1"),
        ([("from", "yesterday")], "2026-03-01"),
        ([("from", "2026-02-30")], "2026-03-01"),
        ([("to", "10000-01-01")], "2026-03-01"),
        ([("from", "0000-01-01")], "2026-03-01"),
        ([("from", "٢٠٢٦-03-01")], "2026-03-01"),
        ([("from", "2026-03-02"), ("to", "2026-03-01")], "before the first"),
        ([("words", "-only")], "must be there"),
        ([("words", "…")], "at least one word"),
        ([("words", "x" * 301)], "too much"),
        ([("source", str(n)) for n in range(21)], "too much"),
        ([("words", "a"), ("words", "b")], "once only"),
    ],
)
def test_what_can_not_be_meant_is_said_in_a_sentence(query: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(BadFilter, match=said):
        read_filter(query)


def test_marks_can_not_be_asked_for_where_they_are_not_shown() -> None:
    with pytest.raises(BadFilter, match="not shown"):
        read_filter([("mark", "starred")], is_marked=False)


def test_days_are_whole_ones_of_utc_and_sources_go_by_their_ids() -> None:
    wanted = Filter(sources=("Harbour",), first=date(2026, 3, 1), last=date(2026, 3, 2), words="pier")
    assert selection(wanted, NAMES) == Selection(
        source_ids=(1,), since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 3, tzinfo=UTC),
        words=parse("pier"),
    )  # fmt: skip
    assert selection(Filter(last=date.max), NAMES) == Selection(), "nothing comes after the last day of the calendar"
    with pytest.raises(BadFilter, match="watched"):
        selection(Filter(sources=("nobody",)), NAMES)


def test_what_is_kept_follows_a_source_that_is_renamed_and_leaves_out_one_that_is_gone() -> None:
    query = kept(Filter(sources=("Harbour",), kinds=(Kind.NEW,)), NAMES)
    assert taken_up(query, {1: "Port"}) == Filter(sources=("Port",), kinds=(Kind.NEW,))
    assert taken_up(query, {2: "Port"}) == Filter(kinds=(Kind.NEW,))


@given(st.lists(st.tuples(st.sampled_from(["source", "kind", "from", "words", "importance", "mark"]), st.text())))
def test_any_query_is_a_filter_or_a_sentence(query: list[tuple[str, str]]) -> None:
    try:
        found = read_filter(query)
    except BadFilter as error:
        assert str(error).endswith((".", "”."))
    else:
        assert read_filter(found.pairs) == found
