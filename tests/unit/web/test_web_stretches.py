"""A diff is read change by change; what stayed is folded and nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.stretches import stretches
from scraper.judge import Op, Part, Segment
from scraper.model import BlockKind


def part(op: Op, text: str = "words") -> Part:
    return Part(op=op, kind=BlockKind.PARAGRAPH, whole=text)


def shape(*ops: Op) -> list[tuple[int, bool]]:
    return [(len(stretch.rows), stretch.folded) for stretch in stretches([part(op) for op in ops])]


def test_what_is_far_from_a_change_is_folded_and_its_neighbours_are_not() -> None:
    assert shape(*[Op.SAME] * 6, Op.ADDED, *[Op.SAME] * 6) == [(5, True), (3, False), (5, True)]


def test_two_passages_are_not_worth_folding() -> None:
    assert shape(Op.SAME, Op.SAME, Op.SAME, Op.REMOVED) == [(2, False), (2, False)]


def test_without_a_change_all_is_folded() -> None:
    assert shape(*[Op.SAME] * 4) == [(4, True)]
    assert shape() == []


def test_a_changed_passage_is_on_each_side_as_it_stood_there() -> None:
    runs = (Segment(op=Op.SAME, text="a "), Segment(op=Op.REMOVED, text="b"), Segment(op=Op.ADDED, text="c"))
    ((row,),) = (
        each.rows for each in stretches([Part(op=Op.CHANGED, kind=BlockKind.PARAGRAPH, runs=runs)])
    )  # fmt: skip
    assert (row.before, row.after) == ((runs[0], runs[1]), (runs[0], runs[2]))


def test_a_passage_that_moved_is_shown_once_where_it_stands_now() -> None:
    ((row,),) = (each.rows for each in stretches([part(Op.MOVED)]))
    assert (row.before, [segment.text for segment in row.after]) == ((), ["words"])


@given(st.lists(st.sampled_from(Op), max_size=30))
def test_every_passage_is_in_one_stretch_and_changes_are_numbered_in_order(ops: list[Op]) -> None:
    parts = [part(op, str(n)) for n, op in enumerate(ops)]
    rows = [row for stretch in stretches(parts) for row in stretch.rows]
    assert [row.part for row in rows] == parts
    numbers = [row.number for row in rows if row.number]
    assert numbers == list(range(1, 1 + sum(op is not Op.SAME for op in ops)))
    assert not any(row.number for stretch in stretches(parts) if stretch.folded for row in stretch.rows)
