"""The feeds: what happened, of everything, a source, a release or a search, newest first, in pages.

    query | search -> changes with their texts -> entries | Atom or JSON Feed

A page is asked for with ``before``, the id of a change: what is older than a change stays the same, whatever comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from presswatch.web import atom, jsonfeed, opml
from presswatch.web.entries import entry
from presswatch.web.feed import Feed, feed_id
from presswatch.web.filters import selection, source_ids, taken_up
from presswatch.web.outlines import Outline
from presswatch.web.page import BadRequest, Document, NotFound, query_number
from presswatch.web.rendering import one_line
from presswatch.web.search import Query, Search, search
from presswatch.web.views import Views
from storage import FeedRow, Marked, Selection

__all__ = ["Place", "changes", "release", "saved", "source", "sources"]

_PER_PAGE = 50
_LOOKED_THROUGH = 300
"""Changes whose texts are read for one page of a search by words or language; the next page goes on from there."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed of nothing was updated last: it must be said, and must not move."""
_FORMS = {"atom": (atom.atom, atom.MEDIA_TYPE), "json": (jsonfeed.json_feed, jsonfeed.MEDIA_TYPE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where feeds are served."""

    address: str
    """Of the pages, absolute, without a slash at its end."""
    folder: str = "/feeds"
    """The path under which they stand, with the token where there is one."""
    hubs: tuple[str, ...] = ()
    """Those that are told of what is new in the feed of everything, and so are named in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What a feed is of."""

    key: str
    """What its id is made from, beside the search."""
    path: str
    """Below the folder, without its ending."""
    title: str
    page: str
    """The path of the page that shows the same."""
    source_id: int | None = None
    release_id: int | None = None


def changes(views: Views, form: str, *, query: Query, place: Place) -> Document:
    """The feed of everything, or of what a search finds.

    Raises:
        NotFound: there is no such form.
        BadRequest: the query can't be meant, or names a source that there is none of.
    """
    wanted = search(query)
    subject = _Subject(key="changes", path="/changes", title=wanted.told() or "all changes", page="/")
    return _document(views, form, subject=subject, wanted=wanted, place=place)


def source(views: Views, source_id: int, form: str, *, query: Query, place: Place) -> Document:
    """The feed of one source; it stays the same when the source gets another name. The query may search in it.

    Raises:
        NotFound: there is no such source or form.
        BadRequest: the query can't be meant.
    """
    wanted = replace(search(query), sources=())
    name = views.source_names(removed=True).get(source_id)
    if name is None:
        raise NotFound
    subject = _Subject(
        key=f"sources/{source_id}",
        path=f"/sources/{source_id}",
        title="; ".join(filter(None, (name, wanted.told()))),
        page="/" + Search(sources=(name,)).query,
        source_id=source_id,
    )
    return _document(views, form, subject=subject, wanted=wanted, place=place)


def release(views: Views, release_id: int, form: str, *, query: Query, place: Place) -> Document:
    """The feed of one release. The query may search in it.

    Raises:
        NotFound: there is no such release or form.
        BadRequest: the query can't be meant.
    """
    wanted = replace(search(query), sources=())
    row = views.release(release_id)
    if row is None:
        raise NotFound
    path = f"/releases/{release_id}"
    title = "; ".join(filter(None, (row.title or "(no title)", wanted.told())))
    subject = _Subject(key=path[1:], path=path, title=title, page=path, release_id=release_id)
    return _document(views, form, subject=subject, wanted=wanted, place=place)


def saved(views: Views, search_id: int, form: str, *, query: Query, place: Place) -> Document:
    """The feed of a saved search; it stays the same when that is renamed. Of the query only ``before`` counts.

    Raises:
        NotFound: there is no such search or form.
        BadRequest: ``before`` is no number, or the search can't be meant any more.
    """
    row = views.saved_search(search_id)
    if row is None:
        raise NotFound
    names = views.source_names(removed=True)
    kept = taken_up(row.query, names)
    wanted = Search(before=query_number(dict(query), "before"))
    asked = replace(selection(kept, names), told=kept.marked is not Marked.NOISE)
    page = views.stream(asked, before_id=wanted.before, limit=_PER_PAGE)
    path = f"/searches/{search_id}"
    here = f"/?{kept.query}" if kept.query else "/"
    # What it asks for is a part of what it is: another search under the same number would be another feed.
    subject = _Subject(key=f"{path[1:]}?{row.query}", path=path, title=row.name, page=here)
    return _document(views, form, subject=subject, wanted=wanted, place=place, found=(list(page.rows), page.next))


def sources(views: Views, *, place: Place) -> Document:
    """The feeds of the sources that are watched, as a list to import."""
    base = f"{place.address}{place.folder}/sources"
    outlines = [Outline(feed=f"{base}/{each}.atom", title=name) for each, name in views.source_names().items()]
    return Document(body=opml.opml("presswatch: sources", outlines), media_type=opml.MEDIA_TYPE)


_Rows = tuple[list[FeedRow], int | None]


def _document(
    views: Views, form: str, *, subject: _Subject, wanted: Search, place: Place, found: _Rows | None = None
) -> Document:
    if form not in _FORMS:
        raise NotFound
    write, media_type = _FORMS[form]
    found = found or _found(views, subject=subject, wanted=wanted)
    feed = _feed(views, found, subject=subject, wanted=wanted, place=place)
    return Document(body=write(feed), media_type=media_type)


def _feed(views: Views, found: _Rows, *, subject: _Subject, wanted: Search, place: Place) -> Feed:
    database_id = views.database_id()
    rows, older = found
    base = f"{place.address}{place.folder}{subject.path}"

    def at(form: str, before: int | None) -> str:
        pairs = f"before={before}" if before is not None else ""
        query = f"{wanted.query}&{pairs}" if wanted.query and pairs else wanted.query or (pairs and f"?{pairs}")
        return f"{base}.{form}{query}"

    return Feed(
        id=feed_id(database_id, f"{subject.key}{wanted.query}"),
        title=f"presswatch: {one_line(subject.title)}",
        updated=max((row.change.detected_at for row in rows), default=_BEGINNING),
        page=f"{place.address}{_page(subject, wanted)}",
        atom=at("atom", wanted.before),
        json=at("json", wanted.before),
        first=wanted.before is None,
        atom_first=at("atom", None),
        atom_next=None if older is None else at("atom", older),
        json_next=None if older is None else at("json", older),
        entries=tuple(entry(row, database_id=database_id, address=place.address) for row in rows),
        hubs=place.hubs if subject.path == "/changes" and not wanted.query and wanted.before is None else (),
    )


def _page(subject: _Subject, wanted: Search) -> str:
    """The page of changes knows no languages, and words in another way: it shows what the rest lets through."""
    if subject.path != "/changes":
        return subject.page
    return subject.page + Search(sources=wanted.sources, kinds=wanted.kinds, importance=wanted.importance).query


def _found(views: Views, *, subject: _Subject, wanted: Search) -> _Rows:
    """The rows of a page, and the id before which the next one begins; None where nothing is older."""
    asked = Selection(
        source_ids=_source_ids(views, subject=subject, wanted=wanted), kinds=wanted.kinds,
        importance=wanted.importance, release_id=subject.release_id, told=True,
    )  # fmt: skip
    found: list[FeedRow] = []
    before = wanted.before
    for _ in range(_LOOKED_THROUGH // _PER_PAGE if wanted.reads_texts else 1):
        page = views.stream(asked, before_id=before, limit=_PER_PAGE)
        for row in page.rows:
            if wanted.wants(row):
                found.append(row)
            if len(found) == _PER_PAGE:
                return found, page.next if row is page.rows[-1] else row.change.id
        before = page.next
        if before is None:
            break
    return found, before


def _source_ids(views: Views, *, subject: _Subject, wanted: Search) -> tuple[int, ...]:
    if subject.source_id is not None:
        return (subject.source_id,)
    if not wanted.sources:
        return ()
    ids = source_ids(wanted.sources, views.source_names(removed=True))
    if ids is None:
        raise BadRequest
    return ids
