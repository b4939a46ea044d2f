"""Rows of tables of data: the cells of one are read as one line."""

from __future__ import annotations

from scraper.model import BlockKind
from scraper.read.page import Box, Page, Segment

__all__ = ["join_row"]

_MAX_ROW = 600
_MAX_CELLS = 200


def join_row(page: Page, row: int) -> None:
    """Make one segment of the last ones of a page, where they are the cells of a row of data.

    ``row`` is the index of the box of the row, which ends here, with those in it behind it.
    """
    first = page.boxes[row].first
    if len(page.segments) - first > _MAX_CELLS:
        return
    cells = page.segments[first:]
    if not _is_data_row(cells, page.boxes, row):
        return
    page.segments[first:] = [_joined(cells, row)]
    for box in page.boxes[row:]:
        box.first, box.last = first, first + 1
    for time in reversed(page.times):
        if time.segment < first:
            break
        time.segment = first


def _is_data_row(cells: list[Segment], boxes: list[Box], row: int) -> bool:
    """True for a row of a table of data; a table that lays out a page has cells of many segments, or tables in them."""
    if len(cells) < 2 or sum(len(cell.text) for cell in cells) > _MAX_ROW:
        return False
    found = {_cell_of(cell.box, boxes) for cell in cells}
    return len(found) == len(cells) and all(boxes[cell].parent == row for cell in found)


def _cell_of(box: int, boxes: list[Box]) -> int:
    while boxes[box].tag not in ("td", "th", "tr") and boxes[box].parent >= 0:
        box = boxes[box].parent
    return box


def _joined(cells: list[Segment], box: int) -> Segment:
    """A table row of its cells."""
    text = " | ".join(cell.text for cell in cells)
    links = [link for cell in cells for link in cell.links]
    return Segment(BlockKind.TABLE_ROW, "tr", text, box, links, sum(cell.linked for cell in cells))
