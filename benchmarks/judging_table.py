"""The table that ``make bench-judging`` prints: what was seen beside what issue 4 asks for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Line", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure of one set."""

    set: str
    what: str
    seen: float | str
    bar: str = ""
    """What issue 4 asks for, as shown; empty where it asks for nothing."""
    is_met: bool | None = None


def render(lines: Sequence[Line]) -> str:
    """The lines in columns; a figure that misses its bar is marked."""
    cells = [("set", "what", "seen", "bar", "met")]
    cells += [(line.set, line.what, _shown(line.seen), line.bar, _met(line.is_met)) for line in lines]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([drawn[0], "-" * len(drawn[0]), *drawn[1:]]) + "\n"


def _shown(figure: float | str) -> str:
    return f"{figure:.3f}" if isinstance(figure, float) else str(figure)


def _met(is_met: bool | None) -> str:  # noqa: FBT001 - three answers
    return "" if is_met is None else "yes" if is_met else "NO"
