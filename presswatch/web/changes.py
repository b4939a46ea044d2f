"""The first page: what happened, the newest first, with the changed words in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from presswatch.excerpt import Excerpts, beginning, excerpts
from presswatch.web.page import BadRequest, Page, query_number
from presswatch.web.views import Views
from scraper.judge import compare
from scraper.model import Kind, Release
from storage import ChangeRow, Unknown

__all__ = ["Card", "changes"]

_PER_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A change as the page shows it."""

    row: ChangeRow
    language: str | None = None
    excerpts: Excerpts | None = None
    beginning: str = ""
    """The first words of a release that is new."""
    alike: int = 0
    """How many changes of its batch there are; 0 where it is in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The changes that were detected on one day, UTC."""

    date: date
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which changes are wanted."""

    kind: Kind | None
    source: str | None
    before: int | None
    batch: int | None = None


def changes(views: Views, *, query: Mapping[str, str]) -> Page:
    """The page of changes, of those of one batch only the last.

    The query may have ``kind``, ``source`` (a name), ``before`` (the id of a change) and ``batch``, to show them all.

    Raises:
        BadRequest: one of them is none that exists.
    """
    sources = list(views.source_names(removed=True).values())
    wanted = _filter(query, sources=sources)
    rows = views.changes(
        kinds=(wanted.kind,) if wanted.kind else (),
        source=wanted.source,
        before_id=wanted.before,
        batch_id=wanted.batch,
        folded=wanted.batch is None,
        newest_first=True,
        limit=_PER_PAGE + 1,
    )
    shown = rows[:_PER_PAGE]
    sizes = views.batch_sizes({row.batch_id for row in shown if row.batch_id is not None})
    return Page(
        template="changes.html",
        values={
            "days": _days([replace(_card(views, row), alike=sizes.get(row.batch_id or 0, 0)) for row in shown]),
            "filter": wanted,
            "sources": sources,
            "kinds": tuple(Kind),
            "older": shown[-1].id if len(rows) > _PER_PAGE else None,
        },
    )


def _filter(query: Mapping[str, str], *, sources: Sequence[str]) -> Filter:
    kind, source = query.get("kind") or None, query.get("source") or None
    if (source is not None and source not in sources) or (kind is not None and kind not in set(Kind)):
        raise BadRequest
    return Filter(
        kind=Kind(kind) if kind else None, source=source, before=query_number(query, "before"),
        batch=query_number(query, "batch"),
    )  # fmt: skip


def _card(views: Views, row: ChangeRow) -> Card:
    try:
        return _filled(views, row)
    except Unknown:
        # The release was merged into another, or its revision thrown away, since the change was told.
        return Card(row=row)


def _filled(views: Views, row: ChangeRow) -> Card:
    before = _text(views, row.release_id, row.revision_from)
    after = _text(views, row.release_id, row.revision_to)
    if after is None:
        return Card(row=row, language=before.language if before else None)
    if row.kind is Kind.NEW:
        return Card(row=row, language=after.language, beginning=beginning(after.text))
    if before is None or row.revision_from == row.revision_to:
        return Card(row=row, language=after.language)
    return Card(row=row, language=after.language, excerpts=excerpts(compare(before, after)))


def _text(views: Views, release_id: int, number: int | None) -> Release | None:
    return None if number is None else views.revision(release_id, number).release


def _days(cards: Sequence[Card]) -> tuple[Day, ...]:
    """Cards in their order, a new day wherever the date changes."""
    days: list[Day] = []
    for card in cards:
        at = card.row.detected_at.date()
        if days and days[-1].date == at:
            days[-1] = Day(date=at, cards=(*days[-1].cards, card))
        else:
            days.append(Day(date=at, cards=(card,)))
    return tuple(days)
