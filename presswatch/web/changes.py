"""The first page: what happened, the newest first, with the changed words in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from presswatch.excerpt import Excerpts, beginning, excerpts
from presswatch.web.filters import NAMES, BadFilter, Filter, Pairs, read_filter, selection, taken_up
from presswatch.web.page import Page, query_number
from presswatch.web.rendering import query as query_of
from presswatch.web.stored import marks_of
from presswatch.web.views import Views
from scraper.judge import compare
from scraper.model import Kind
from storage import NO_MARK, FeedRow, Marked, MarkRow, SavedRow

__all__ = ["Card", "changes"]

_PER_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A change as the page shows it."""

    row: FeedRow
    language: str | None = None
    excerpts: Excerpts | None = None
    beginning: str = ""
    """The first words of a release that is new."""
    alike: int = 0
    """How many changes of its batch there are; 0 where it is in none."""
    mark: MarkRow = NO_MARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The changes that were detected on one day, UTC."""

    date: date
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A saved search as the page leads to it."""

    row: SavedRow
    query: str
    is_here: bool
    is_broken: bool
    """It can't be meant any more, and leads nowhere."""


def changes(views: Views, *, query: Pairs, is_marked: bool = False) -> Page:
    """The page of changes, of those of one batch only the last.

    A filter that can't be meant is said in a sentence on the page, with what was asked for in the form.

    Args:
        views: what is read.
        query: a filter, ``before`` (the id of a change) and ``batch``, to show all of one.
        is_marked: marks and saved searches are shown.

    Raises:
        BadRequest: ``before`` or ``batch`` is no number.
    """
    names, one = views.source_names(removed=True), dict(query)
    before, batch = query_number(one, "before"), query_number(one, "batch")
    values: dict[str, object] = {
        "asked": {name: one.get(name, "") for name in NAMES}, "sources": list(names.values()), "kinds": tuple(Kind),
        "marks": tuple(Marked), "is_marked": is_marked, "before": before, "batch": batch, "days": (), "older": None,
        "trouble": "", "filter": Filter(), "saved": (), "left": 0,
    }  # fmt: skip
    try:
        wanted = read_filter(query, is_marked=is_marked)
        asked = replace(selection(wanted, names), batch_id=batch)
    except BadFilter as error:
        saved = _links(views, names, None) if is_marked else ()
        return Page(template="changes.html", values={**values, "trouble": str(error), "saved": saved}, status=400)
    page = views.stream(asked, before_id=before, limit=_PER_PAGE, folded=batch is None)
    here = query_of({"before": before or "", "batch": batch or ""}).lstrip("?")
    return Page(
        template="changes.html",
        values={
            **values,
            "filter": wanted,
            "days": _days(_cards(views, page.rows, is_marked=is_marked)),
            "older": page.next,
            "saved": _links(views, names, wanted) if is_marked else (),
            "left": views.unsearched() if wanted.words else 0,
            "here_at": "/" + ("?" if wanted.query or here else "") + "&".join(filter(None, (wanted.query, here))),
        },
    )


def _links(views: Views, names: Mapping[int, str], here: Filter | None) -> tuple[Link, ...]:
    links = []
    for row in views.saved_searches():
        try:
            found = taken_up(row.query, names)
        except BadFilter:
            # Kept by another version of presswatch: it can still be deleted.
            links.append(Link(row=row, query="", is_here=False, is_broken=True))
        else:
            is_here = here is not None and found == here
            links.append(Link(row=row, query=found.query, is_here=is_here, is_broken=False))
    return tuple(links)


def _cards(views: Views, rows: Sequence[FeedRow], *, is_marked: bool) -> list[Card]:
    sizes = views.batch_sizes({row.change.batch_id for row in rows if row.change.batch_id is not None})
    marks = marks_of(views, [row.change for row in rows], is_marked=is_marked)
    return [
        replace(_card(row), alike=sizes.get(row.change.batch_id or 0, 0), mark=marks[row.change.id]) for row in rows
    ]


def _card(row: FeedRow) -> Card:
    change = row.change
    before, after = (None if text is None else text.read() for text in (row.before, row.after))
    if after is None:
        return Card(row=row, language=before.language if before else None)
    if change.kind is Kind.NEW:
        return Card(row=row, language=after.language, beginning=beginning(after.text))
    if before is None or change.revision_from == change.revision_to:
        return Card(row=row, language=after.language)
    return Card(row=row, language=after.language, excerpts=excerpts(compare(before, after)))


def _days(cards: Sequence[Card]) -> tuple[Day, ...]:
    """Cards in their order, a new day wherever the date changes."""
    days: list[Day] = []
    for card in cards:
        at = card.row.change.detected_at.date()
        if days and days[-1].date == at:
            days[-1] = Day(date=at, cards=(*days[-1].cards, card))
        else:
            days.append(Day(date=at, cards=(card,)))
    return tuple(days)
