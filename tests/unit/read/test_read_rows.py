"""Which rows of a table are read as one line."""

from __future__ import annotations

import pytest

from scraper.html import parse
from scraper.model import BlockKind
from scraper.read.walk import flatten


def lines(row: str) -> list[tuple[BlockKind, str]]:
    """What a table with one row is read as."""
    page = flatten(parse(f"<table><tr>{row}</tr></table>"))
    return [(segment.kind, segment.text) for segment in page.segments]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("<th>Basin</th><td>9 m</td>", "Basin | 9 m"),
        ("<td><p>Basin</p></td><td><div><p>9 m</p></div></td>", "Basin | 9 m"),
        ("<td></td><td>Basin</td><td>9 m</td>", "Basin | 9 m"),
    ],
    ids=["plain cells", "cells with a paragraph each", "an empty cell"],
)
def test_cells_of_data_are_one_line(row: str, text: str) -> None:
    assert lines(row) == [(BlockKind.TABLE_ROW, text)]


@pytest.mark.parametrize(
    "row",
    [
        "<td>Basin</td>",
        "<td><p>One</p><p>Two</p></td><td>Three</td>",
        f"<td>{'word ' * 100}</td><td>{'word ' * 100}</td>",
        "<td><table><tr><td>Basin</td></tr></table></td><td>9 m</td>",
        "".join(f"<td>{n}</td>" for n in range(201)),
    ],
    ids=["one cell", "a cell of paragraphs", "cells of prose", "a table in a cell", "more cells than a line has"],
)
def test_cells_that_lay_out_a_page_stay_apart(row: str) -> None:
    assert BlockKind.TABLE_ROW not in [kind for kind, _ in lines(row)]


def test_a_row_keeps_its_links_and_the_place_of_its_time() -> None:
    page = flatten(
        parse(
            "<p>Depths</p><table><tr><td><a href=/1>Basin</a></td><td><time datetime=2012-09-07>7 Sep</time></td></tr>"
        )
    )
    row = page.segments[1]
    assert (row.text, row.links, row.linked) == ("Basin | 7 Sep", [("Basin", "/1")], 5)
    assert [(time.segment, time.text) for time in page.times] == [(1, "7 Sep")]
    assert {(box.first, box.last) for box in page.boxes if box.tag in ("tr", "td")} == {(1, 2)}
