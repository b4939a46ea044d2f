"""The endpoints: what can be asked, and which reads of the store answer it. They are those of the pages.

Lists answer ``items`` and ``next``, the cursor of the next page or null. Whatever is newer than a page leaves the next
one as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from presswatch.notify import change_object, health_object
from presswatch.shapes import (
    diff_object,
    listing_object,
    release_object,
    revision_object,
    show_object,
    source_object,
    status_object,
)
from presswatch.web.api.cursor import cursor, position
from presswatch.web.api.declare import Asked, Endpoint, among, flag, moment, number_of, share, text
from presswatch.web.figures import figures, figures_object
from presswatch.web.page import BadRequest, NotFound
from presswatch.web.search import Search
from presswatch.web.views import Views
from scraper.judge import compare
from scraper.judge.text import fold
from scraper.model import HealthKind, Kind, Revision, State
from scraper.urls import identity
from storage import ChangeRow, ReleaseRow, SourceRow, Unknown

__all__ = ["ENDPOINTS"]

T = TypeVar("T")

_MOST = 200
_LOOKED_THROUGH = 600
"""Changes whose texts are read for one page of a search for words; the next page goes on from there."""
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
    """Read on until a page is full: whether a text has the words is only known when it was read."""
    wanted = Search(words=tuple(sorted({fold(each) for each in asked["words"]} - {""})))
    ids = _ids(asked.views, asked["source"])
    found: list[ChangeRow] = []
    before, looked, limit = _after(asked, "changes"), 0, asked["limit"]
    while looked < (_LOOKED_THROUGH if wanted.reads_texts else 1):
        rows = asked.views.feed(
            kinds=tuple(map(Kind, asked["kind"])), source_ids=ids, release_id=asked["release"],
            importance=asked["importance"], since=asked["since"], until=asked["until"], before_id=before,
            limit=limit + 1,
        )  # fmt: skip
        for row in rows[:limit]:
            before = row.change.id
            if wanted.wants(row):
                found.append(row.change)
            if len(found) == limit:
                return _changes_page(found, before if row is not rows[-1] else None)
        if len(rows) <= limit:
            return _changes_page(found, None)
        looked += limit
    return _changes_page(found, before)


def _changes_page(found: Sequence[ChangeRow], before: int | None) -> dict[str, object]:
    items = [{**change_object(row), "release": row.release_id} for row in found]
    return {"items": items, "next": None if before is None else cursor("changes", before)}


def _health(asked: Asked) -> dict[str, object]:
    rows = asked.views.health(is_open=None if asked["ended"] else True)
    return _cut(asked, "health", rows, lambda row: row.id, health_object, rising=False)


def _status(asked: Asked) -> dict[str, object]:
    ill = asked.views.health(is_open=True)
    unwatched = [each.subject for each in ill if each.kind is HealthKind.UNWATCHED]
    return status_object(
        asked.views.status(asked.now), asked.views.dead_letters(), unwatched, ill, asked.views.mutes(asked.now)
    )


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
    known = {name: source_id for source_id, name in views.source_names(removed=True).items()}
    if set(names) - set(known):
        raise BadRequest("source: nothing of this name is or was watched")
    return tuple(known[name] for name in names)


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
            text("words", "The text before or after has all these words; several times: or all those.", many=True),
            number_of("release", "The id of a release."),
            *_PAGED,
        ),
        function=_changes,
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
