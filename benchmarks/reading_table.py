"""The table that ``make bench-reading`` prints: its rows, the bar that each has, and how it is drawn. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["EDITS", "LEARNED", "NOISES", "OWN", "ROWS", "SETS", "Figures", "Row", "render"]

Figures = Mapping[str, Mapping[str, float]]
"""What was measured: the row's key, then the tool's name."""

OWN = "presswatch"
LEARNED = "learned"
"""Presswatch after it has seen other loads of the page and other pages of its site."""

SETS = {
    "zyte_aeb": "zyte_aeb",
    "fundus": "fundus",
    "wcxb_dev_art": "wcxb articles",
    "trafilatura_eval": "trafilatura_eval",
    "htmldate_eval": "htmldate_eval",
    "postlight": "postlight",
}
NOISES = (
    "tokens markup counters reltime related_outside related_box readmore_par ads ads_text cookie newsletter comments "
    "ticker"
).split()
EDITS = "number word insert_par delete_par correction_note tail_word headline".split()


@dataclass(frozen=True, slots=True)
class Row:
    """A measure, one line of the table."""

    key: str
    label: str
    bar: float | None = None
    """What issue 3 asks for; None where it asks for nothing."""
    at_most: bool = False
    """The bar is a ceiling."""
    digits: int = 3

    def is_met(self, figure: float) -> bool:
        """True where a figure is as good as the bar, at the precision shown."""
        shown = round(figure, self.digits)
        return self.bar is None or (shown <= self.bar if self.at_most else shown >= self.bar)


def _of_set(name: str, *measures: tuple[str, str, float | None]) -> list[Row]:
    rows = [Row(f"{name}.{key}", f"{SETS[name]}: {label}", bar) for key, label, bar in measures]
    return [
        *rows,
        Row(f"{name}.ms", f"{SETS[name]}: CPU ms, median", digits=1),
        Row(f"{name}.ratio", f"{SETS[name]}: CPU to trafilatura's", 0.2, at_most=True),
    ]


ROWS = (
    *_of_set("zyte_aeb", ("f1", "body F1", 0.97)),
    *_of_set(
        "fundus",
        ("f1", "body F1", 0.955),
        ("title_exact", "title exact", 0.88),
        ("pub_acc", "published day", 0.985),
        ("pub_instant_acc", "published instant", 0.98),
    ),
    *_of_set(
        "wcxb_dev_art",
        ("f1", "body F1", 0.945),
        ("title_exact", "title exact", 0.85),
        ("pub_acc", "published day", 0.88),
    ),
    *_of_set(
        "trafilatura_eval",
        ("seg_f1", "segments F1", 0.935),
        ("title_exact", "title exact", None),
        ("pub_acc", "published day", 0.9),
    ),
    *_of_set("htmldate_eval", ("pub_acc", "published day", 0.93)),
    *_of_set(
        "postlight",
        ("prefix_hit", "body begins right", None),
        ("title_exact", "title exact", None),
        ("pub_acc", "published day", 0.8),
    ),
    Row("all.ms", "all pages together: CPU ms, median", digits=1),
    Row("all.ratio", "all pages together: CPU to trafilatura's", 0.2, at_most=True),
    Row("stamps.H_visible", "visible stamp right", 0.95),
    Row("stamps.Hdiff_visible", "… where it is not the day of publication", 0.95),
    Row("stamps.nomachine_visible", "… where no machine date helps", 0.95),
    Row("stamps.M_modified", "`modified` is the machine stamp", 0.99),
    Row("stamps.declared", "machine stamp read, shown or not", 0.99),
    Row("stamps.trap_wrong", "traps taken", 0, at_most=True, digits=0),
    *(Row(f"stability.{kind}", f"same body: {kind}", 0.99) for kind in NOISES),
    Row("stability.mean", "same body: mean of the 13"),
    Row("stability.weakest", "same body: weakest of the 13", 0.99),
    Row("stability.all", "same body: all at once", 0.97),
    *(Row(f"edits.{kind}", f"edit seen: {kind}", 0.99 if kind == "headline" else 0.985) for kind in EDITS),
    Row("refetch.same", "re-fetched: text stood, body same"),
    Row("refetch.text", "re-fetched: words changed, body changed"),
    Row("refetch.dates", "re-fetched: dates changed, body or stamp did"),
    Row("refetch.recorded", "re-fetched: any version recorded, body changed"),
)


def render(figures: Figures, tools: Sequence[str], notes: Sequence[str] = ()) -> str:
    """The table as lines of text, and the notes below it. A row without a figure is left out."""
    head = ["", *tools, "bar", "met"]
    lines = [head]
    for row in ROWS:
        measured = figures.get(row.key, {})
        if any(tool in measured for tool in tools):
            lines.append(
                [row.label, *(_shown(measured.get(tool), row.digits) for tool in tools), _bar(row), _met(row, measured)]
            )
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    drawn = [_drawn(line, widths) for line in lines]
    drawn.insert(1, "-" * len(drawn[0]))
    return "\n".join([*drawn, *(["", *notes] if notes else [])]) + "\n"


def _drawn(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _shown(figure: float | None, digits: int) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _bar(row: Row) -> str:
    return "" if row.bar is None else f"{'≤' if row.at_most else '≥'} {row.bar:.{row.digits}f}"


def _met(row: Row, measured: Mapping[str, float]) -> str:
    """Whether presswatch meets the bar: by itself, only when it knows the site, or not."""
    if row.bar is None:
        return ""
    if OWN in measured and row.is_met(measured[OWN]):
        return "yes"
    if LEARNED in measured and row.is_met(measured[LEARNED]):
        return LEARNED
    return "NO" if OWN in measured or LEARNED in measured else ""
