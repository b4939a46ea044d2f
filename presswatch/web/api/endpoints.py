"""The endpoints: what can be asked, and which reads of the store answer it. They are those of the pages.

Lists answer ``items`` and ``next``, the cursor of the next page or null. Whatever is newer than a page leaves the next
one as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from presswatch.notify import change_object, health_object
from presswatch.shapes import (
    diff_object,
    listing_object,
    mark_object,
    release_object,
    revision_object,
    show_object,
    source_object,
    status_object,
)
from presswatch.web.api.cursor import cursor, position
from presswatch.web.api.declare import Asked, Endpoint, among, flag, moment, number_of, share, text
from presswatch.web.figures import figures, figures_object
from presswatch.web.filters import BadFilter, selection, source_ids, taken_up
from presswatch.web.page import BadRequest, NotFound
from presswatch.web.views import Views
from scraper.judge import compare
from scraper.model import HealthKind, Kind, Revision, State
from scraper.urls import identity
from storage import (
    LONGEST_NOTE,
    NO_MARK,
    BadQuery,
    Marked,
    Query,
    ReleaseRow,
    SavedRow,
    Selection,
    SourceRow,
    Unknown,
    parse,
)

__all__ = ["ENDPOINTS"]

T = TypeVar("T")

_MOST = 200
_LIMIT = number_of("limit", "How many there are on a page.", least=1, most=_MOST, default=50)
_CURSOR = text("cursor", "The field next of the page before.", most=100)
_SOURCE = text("source", "The name of a source.", many=True)
_RELEASE = number_of("release", "The id of a release.", in_path=True)
_READ = (State.LIVE, State.WITHDRAWN)


def _sources(asked: Asked) -> dict[str, object]:
    rows = sorted(asked.views.sources(), key=lambda row: row.id)
    return _cut(asked, "sources", rows, lambda row: row.id, _source_object, rising=True)


def _source(asked: Asked) -> dict[str, object]:
    return _source_object(_known_source(asked))


def _statistics(asked: Asked) -> dict[str, object]:
    return figures_object(figures(asked.views, _known_source(asked), now=asked.now))


def _listings(asked: Asked) -> dict[str, object]:
    rows = asked.views.listings(_known_source(asked).id)
    return _cut(asked, "listings", rows, lambda row: row.id, listing_object, rising=True)


def _releases(asked: Asked) -> dict[str, object]:
    if asked["url"] is not None:
        row = asked.views.release_at(identity(asked["url"]))
        return {"items": [] if row is None else [release_object(row)], "next": None}
    if asked["source"] is not None:
        _ids(asked.views, (asked["source"],))
    rows = asked.views.releases(
        source=asked["source"], states=tuple(map(State, asked["state"])) or _READ, limit=asked["limit"] + 1,
        before_id=_after(asked, "releases"),
    )  # fmt: skip
    return _page(rows, asked["limit"], "releases", lambda row: row.id, release_object)


def _release(asked: Asked) -> dict[str, object]:
    return release_object(_known(asked))


def _revisions(asked: Asked) -> dict[str, object]:
    rows = asked.views.revisions(_known(asked).id)
    return _cut(asked, "revisions", rows, lambda row: row.number, revision_object, rising=True)


def _revision(asked: Asked) -> dict[str, object]:
    row = _known(asked)
    return show_object(row, _stored(asked, row, asked["revision"]))


def _diff(asked: Asked) -> dict[str, object]:
    row = _known(asked)
    to = asked["to"] or row.current or 0
    edited = next((each.before for each in asked.views.revisions(row.id) if each.number == to), None)
    start = asked["from"] or edited or max(to - 1, 1)
    before, after = _stored(asked, row, start), _stored(asked, row, to)
    return diff_object(row, start, to, compare(before.release, after.release))


def _changes(asked: Asked) -> dict[str, object]:
    if asked["mark"] and asked.desk is None:
        raise BadRequest("mark: marks are not shown here")
    wanted = Selection(
        source_ids=_ids(asked.views, asked["source"]), kinds=tuple(map(Kind, asked["kind"])),
        importance=asked["importance"], since=asked["since"], until=asked["until"], words=_query(asked["words"]),
        marked=Marked(asked["mark"]) if asked["mark"] else None, release_id=asked["release"],
    )  # fmt: skip
    if asked["search"] is not None:
        if wanted != Selection():
            raise BadRequest("search: it says by itself what is wanted, and goes with limit and cursor only")
        wanted = _saved(asked)
    page = asked.views.stream(wanted, before_id=_after(asked, "changes"), limit=asked["limit"])
    marks = asked.views.marks([row.change.id for row in page.rows]) if asked.desk else {}
    items = [
        {
            **change_object(row.change), "release": row.change.release_id,
            "mark": mark_object(marks.get(row.change.id, NO_MARK)) if asked.desk else None,
        }
        for row in page.rows
    ]  # fmt: skip
    return {"items": items, "next": None if page.next is None else cursor("changes", page.next)}


def _query(words: str | None) -> Query | None:
    try:
        return None if words is None else parse(words)
    except BadQuery as error:
        raise BadRequest(f"words: {error}") from None


def _saved(asked: Asked) -> Selection:
    row = asked.views.saved_search(asked["search"]) if asked.desk else None
    if row is None:
        raise BadRequest("search: there is no saved search of this id")
    names = asked.views.source_names(removed=True)
    return selection(taken_up(row.query, names), names)


def _searches(asked: Asked) -> dict[str, object]:
    if asked.desk is None:
        raise NotFound
    names = asked.views.source_names(removed=True)
    rows = sorted(asked.views.saved_searches(), key=lambda row: row.id)

    def shape(row: SavedRow) -> dict[str, object]:
        try:
            query = taken_up(row.query, names).query
        except BadFilter:
            # Kept by another version of presswatch: the others are listed all the same.
            query = None
        return {"id": row.id, "name": row.name, "query": query}

    return _cut(asked, "searches", rows, lambda row: row.id, shape, rising=True)


def _mark(asked: Asked) -> dict[str, object]:
    if asked.desk is None:
        raise NotFound
    try:
        found = asked.desk.mark(asked["change"], now=asked.now, by=asked.by, **_marking(asked.body))
    except Unknown:
        raise NotFound from None
    return mark_object(found)


def _marking(body: Mapping[str, Any]) -> dict[str, Any]:
    flags = ("reviewed", "starred", "noise")
    for name, value in body.items():
        if name not in (*flags, "note"):
            raise BadRequest("there is no such field: there are reviewed, starred, noise and note")
        if name in flags and not isinstance(value, bool):
            raise BadRequest(f"{name}: it is true or false")
        if name == "note" and value is not None and not (isinstance(value, str) and len(value) <= LONGEST_NOTE):
            raise BadRequest(f"note: it is a text of {LONGEST_NOTE} characters at the most, or null")
    return {name: "" if value is None else value for name, value in body.items()}


def _health(asked: Asked) -> dict[str, object]:
    rows = asked.views.health(is_open=None if asked["ended"] else True)
    return _cut(asked, "health", rows, lambda row: row.id, health_object, rising=False)


def _status(asked: Asked) -> dict[str, object]:
    ill = asked.views.health(is_open=True)
    unwatched = [each.subject for each in ill if each.kind is HealthKind.UNWATCHED]
    return status_object(
        asked.views.status(asked.now), asked.views.dead_letters(), unwatched, ill, asked.views.mutes(asked.now),
        asked.views.queues(),
    )  # fmt: skip


# --- what they share --------------------------------------------------------------------------------------------------


def _page(
    rows: Sequence[T], limit: int, of: str, key: Callable[[T], int], shape: Callable[[T], Mapping[str, object]]
) -> dict[str, object]:
    """A page of rows of which one more was asked for than it shows."""
    shown = rows[:limit]
    more = cursor(of, key(shown[-1])) if len(rows) > limit else None
    return {"items": [shape(row) for row in shown], "next": more}


def _cut(
    asked: Asked, of: str, rows: Sequence[T], key: Callable[[T], int], shape: Callable[[T], Mapping[str, object]], *,
    rising: bool,
) -> dict[str, object]:  # fmt: skip
    """A page of rows that are all there."""
    after = _after(asked, of)
    left = [row for row in rows if after is None or (key(row) > after if rising else key(row) < after)]
    return _page(left, asked["limit"], of, key, shape)


def _after(asked: Asked, of: str) -> int | None:
    return None if asked["cursor"] is None else position(of, asked["cursor"])


def _ids(views: Views, names: Sequence[str]) -> tuple[int, ...]:
    ids = source_ids(names, views.source_names(removed=True))
    if ids is None:
        raise BadRequest("source: nothing of this name is or was watched")
    return ids


def _source_object(row: SourceRow) -> dict[str, object]:
    return {"id": row.id, **source_object(row)}


def _known_source(asked: Asked) -> SourceRow:
    found = next(iter(asked.views.sources(source_id=asked["id"])), None)
    if found is None:
        raise NotFound
    return found


def _known(asked: Asked) -> ReleaseRow:
    row = asked.views.release(asked["release"])
    if row is None:
        raise NotFound
    return row


def _stored(asked: Asked, row: ReleaseRow, number: int) -> Revision:
    try:
        return asked.views.revision(row.id, number)
    except Unknown:
        raise NotFound from None


# --- the list ---------------------------------------------------------------------------------------------------------

_PAGED = (_LIMIT, _CURSOR)
_ID = number_of("id", "The id of a source.", in_path=True)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/sources", name="sources", says="What is watched, in the order in which it was added.", answer="Source",
        listed=True, parameters=_PAGED, function=_sources,
    ),
    Endpoint(
        path="/sources/{id}", name="source", says="One source.", answer="Source", parameters=(_ID,), function=_source,
    ),
    Endpoint(
        path="/sources/{id}/listings", name="listings", says="The listings of a source.", answer="Listing", listed=True,
        parameters=(_ID, *_PAGED), function=_listings,
    ),
    Endpoint(
        path="/sources/{id}/statistics", name="statistics",
        says="When a source publishes, what it edits and whether it says so, and how the looks at it fare.",
        answer="Statistics", parameters=(_ID,), function=_statistics,
    ),
    Endpoint(
        path="/releases", name="releases", says="Releases, the last found first.", answer="Release", listed=True,
        parameters=(
            text("source", "The name of a source."),
            among("state", "Where they stand; without it those that were read.", tuple(State), many=True),
            text("url", "Only the release that is known at this address, in any spelling.", most=2_000),
            *_PAGED,
        ),
        function=_releases,
    ),
    Endpoint(
        path="/releases/{release}", name="release", says="One release, without its text.", answer="Release",
        parameters=(_RELEASE,), function=_release,
    ),
    Endpoint(
        path="/releases/{release}/revisions", name="revisions", says="Its revisions, from the first.",
        answer="Revision", listed=True, parameters=(_RELEASE, *_PAGED), function=_revisions,
    ),
    Endpoint(
        path="/releases/{release}/revisions/{revision}", name="revision", says="One version of it with its text.",
        answer="Show", parameters=(_RELEASE, number_of("revision", "Its number.", in_path=True)), function=_revision,
    ),
    Endpoint(
        path="/releases/{release}/diff", name="diff", says="What differs between two revisions; else the last edit.",
        answer="Diff",
        parameters=(
            _RELEASE,
            number_of("from", "The earlier one's number.", least=1),
            number_of("to", "The later one's number.", least=1),
        ),
        function=_diff,
    ),
    Endpoint(
        path="/changes", name="changes", says="What happened, the newest first.", answer="Change", listed=True,
        parameters=(
            _SOURCE,
            among("kind", "What happened.", tuple(Kind), many=True),
            share("importance", "The least importance."),
            moment("since", "The earliest time of detection."),
            moment("until", "Only what was detected before."),
            text("words", "Words of the text before or after, as in a search.", most=300),
            among("mark", "How it is marked; not in a public installation.", tuple(Marked)),
            number_of("release", "The id of a release."),
            number_of("search", "The id of a saved search, in the place of all of these."),
            *_PAGED,
        ),
        function=_changes,
    ),
    Endpoint(
        path="/changes/{change}/mark", name="mark", says="Mark a change; what is not sent stays as it is.",
        answer="Mark", takes="Marking", parameters=(number_of("change", "The id of a change.", in_path=True),),
        function=_mark,
    ),
    Endpoint(
        path="/searches", name="searches", says="The searches that are kept. Not in a public installation.",
        answer="SavedSearch", listed=True, parameters=_PAGED, function=_searches,
    ),
    Endpoint(
        path="/health", name="health", says="What is wrong with sources and channels, the last begun first.",
        answer="Health", listed=True, parameters=(flag("ended", "Also what is over."), *_PAGED), function=_health,
    ),
    Endpoint(
        path="/status", name="status", says="How the whole fares. Not in a public installation.", answer="Status",
        function=_status,
    ),
)  # fmt: skip
