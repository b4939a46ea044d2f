"""The page of a search: which releases say these words, and with which edits they came or went, in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from presswatch.passage import Passage
from presswatch.shapes import hit_passages
from presswatch.web.filters import end, midnight
from presswatch.web.page import BadRequest, Page, query_number
from presswatch.web.views import Views
from scraper.model import Kind
from storage import BadQuery, Hit, Query, Wanted, Where, parse

__all__ = ["HitCard", "search_page"]

_LONGEST_TAG = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class HitCard:
    """A hit as the page shows it."""

    hit: Hit
    language: str | None
    passages: Sequence[Passage]


def search_page(views: Views, *, query: Mapping[str, str]) -> Page:
    """The page of ``words``, with ``where``, ``source``, ``kind``, ``from``, ``to``, ``language`` and ``before``.

    What can't be looked up is said in a sentence on the page; what no form sends is a bad request.

    Raises:
        BadRequest: a value is none that can be meant.
    """
    sources = list(views.source_names(removed=True).values())
    asked = {name: query.get(name, "").strip() for name in ("words", "where", "kind", "from", "to", "language")}
    asked["source"] = query.get("source", "")
    values: dict[str, object] = {
        "asked": asked, "sources": sources, "kinds": tuple(Kind), "wheres": tuple(Where), "cards": (), "next": None,
        "trouble": "", "left": views.unsearched(), "before": query_number(query, "before"),
    }  # fmt: skip
    try:
        words = parse(asked["words"]) if asked["words"] else None
    except BadQuery as error:
        values["trouble"] = str(error)
        words = None
    wanted = None if words is None else _wanted(words, asked, sources, before_id=query_number(query, "before"))
    if wanted is not None:
        found = views.search(wanted)
        values |= {"cards": tuple(_cards(found.hits, wanted)), "next": found.next}
    return Page(template="search.html", values=values)


def _wanted(words: Query, asked: Mapping[str, str], sources: Sequence[str], *, before_id: int | None) -> Wanted:
    where, kind, source = asked["where"] or Where.TEXT, asked["kind"], asked["source"]
    if where not in set(Where) or (kind and kind not in set(Kind)) or (source and source not in sources):
        raise BadRequest
    if len(asked["language"]) > _LONGEST_TAG:
        raise BadRequest
    first, last = _day(asked["from"]), _day(asked["to"])
    return Wanted(
        query=words, where=Where(where), source=source or None, kind=Kind(kind) if kind else None,
        since=midnight(first) if first else None, until=end(last) if last else None,
        language=asked["language"] or None, before_id=before_id,
    )  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadRequest from None


def _cards(hits: Sequence[Hit], wanted: Wanted) -> Iterator[HitCard]:
    for hit in hits:
        language = hit.text.read().language or hit.language
        yield HitCard(hit=hit, language=language, passages=hit_passages(hit, wanted.query, wanted.where))
