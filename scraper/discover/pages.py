"""HTML list pages: which of a page's links are releases, told without selectors.

    outline | rows (an address and its title) | dates beside them | weigh each row | judge groups of one shape | entries

A page repeats itself where it lists: releases share an address pattern and a place in the structure, have titles of
several words and dates beside them; navigation has none of that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import tzinfo

from scraper import html, urls
from scraper.discover.beside import date_rows, summary
from scraper.discover.embedded import releases_embedded
from scraper.discover.entries import NotAListing
from scraper.discover.following import following
from scraper.discover.outline import Outline, outline
from scraper.discover.rows import Row, rows
from scraper.model import Entry, Listed, ListingKind

__all__ = ["read_page", "shapes_of"]

MAX_ENTRIES = 1_000
_MAX_SHAPES = 40
_COVERED = 0.8
_TITLE_WORDS = 8
_ACCEPT_MANY = 2.6
_ACCEPT_FEW = 3.6
_ACCEPT_ROW = 1.0
_ACCEPT_KIN = 1.7
_MANY = 3


def read_page(markup: str, url: str, *, zone: tzinfo, shapes: tuple[str, ...] = ()) -> Listed:
    """The releases that a list page, which answered at ``url``, links; in the page's order, with title and date.

    Dates without a zone are read in ``zone``. With ``shapes``, as an earlier look found them, the links that have one
    are taken, so that one look finds what the other did, and of the rest what stands in the same place and looks like
    a release (a new kind of it). Where no link has one (the site was rebuilt), the page is judged anew. A page that
    links next to none is read by the data that it carries for its script.

    Raises:
        NotAListing: no group of its links looks like releases, or its markup can't be parsed.
    """
    try:
        document = html.parse(markup)
    except html.Unparsable as error:
        raise NotAListing(f"It can't be read as a page: {error}.") from error
    page = outline(document, url)
    found = rows(page)
    date_rows(page, found, zone=zone)
    chosen = _with_known(found, _choose(found, url), shapes)
    entries = tuple(_entry(page, row) for row in chosen[:MAX_ENTRIES])
    if len(entries) < _MANY:
        # A page that a script draws carries its list as data, and at most a few links.
        entries = max(entries, _embedded(document, page.base, shapes, zone=zone), key=len)
    if not entries:
        raise NotAListing(f"None of its {len(page.anchors)} links looks like a release.")
    return Listed(
        kind=ListingKind.PAGE,
        entries=entries,
        following=following(page, frozenset(entry.key for entry in entries)),
        title=page.title,
        language=page.language,
    )


def _embedded(document: html.Document, base: str, shapes: tuple[str, ...], *, zone: tzinfo) -> tuple[Entry, ...]:
    found = releases_embedded(document, base, zone=zone)
    return tuple(entry for entry in found if urls.matches(entry.url, shapes)) or found


def shapes_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The URL shapes of a page's entries, the most frequent first, which a listing keeps for its later looks.

    At most 40, and only such as siblings can share. Empty where too few entries have such: then each look judges anew.
    """
    counts: dict[str, int] = defaultdict(int)
    for entry in entries:
        counts[urls.shape(entry.url)] += 1
    shared = [shape for shape in counts if "{" in shape]
    shared = sorted(shared, key=lambda shape: -counts[shape])[:_MAX_SHAPES]
    return tuple(shared) if sum(counts[shape] for shape in shared) >= _COVERED * sum(counts.values()) else ()


def _entry(page: Outline, row: Row) -> Entry:
    return Entry(url=row.url, key=row.key, title=row.title, published=row.published, summary=summary(page, row))


def _with_known(found: list[Row], chosen: list[Row], shapes: tuple[str, ...]) -> list[Row]:
    known = [row for row in found if shapes and row.words and not row.navigation and urls.matches(row.url, shapes)]
    if not known:
        return chosen
    keys, places = {row.key for row in known}, {row.signature for row in known}
    keys |= {row.key for row in chosen if row.signature in places}
    return [row for row in found if row.key in keys]


# --- judging ----------------------------------------------------------------------------------------------------------


def _choose(found: list[Row], url: str) -> list[Row]:
    """The rows of every group that looks like releases."""
    own = urls.identity(url)
    candidates = [row for row in found if not row.navigation and row.words >= 1 and not _is_above(row, own)]
    weights = {row.key: _weight(row, url, own) for row in candidates}
    taken: set[str] = set()
    for group in _groups(candidates):
        taken |= _accepted(group, weights)
    taken |= _kin(candidates, weights, taken)
    taken |= _neighbours(candidates, weights, taken)
    taken -= _strangers(candidates, taken, url)
    dated = [row for row in candidates if row.key in taken and row.published is not None]
    if len(dated) * 2 > len(taken) and len(dated) >= _MANY:
        taken &= _beside_dated(candidates, dated)
    return [row for row in candidates if row.key in taken]


def _groups(candidates: list[Row]) -> Iterable[list[Row]]:
    """Rows of one URL shape; and rows of one place in the structure, whatever their shapes."""
    by_shape: dict[str, list[Row]] = defaultdict(list)
    by_place: dict[str, list[Row]] = defaultdict(list)
    for row in candidates:
        by_shape[f"{_bare(row.key)} {row.shape}"].append(row)
        by_place[row.signature].append(row)
    yield from by_shape.values()
    yield from (group for group in by_place.values() if len(group) >= _MANY)


def _accepted(group: list[Row], weights: dict[str, float]) -> set[str]:
    mean = sum(weights[row.key] for row in group) / len(group)
    if mean < (_ACCEPT_MANY if len(group) >= _MANY else _ACCEPT_FEW):
        return set()
    return {row.key for row in group if weights[row.key] >= _ACCEPT_ROW}


def _kin(candidates: list[Row], weights: dict[str, float], taken: set[str]) -> set[str]:
    """Rows too few of their shape to be judged by it, whose addresses end as those of most taken rows do."""
    tails: dict[str, int] = defaultdict(int)
    for row in candidates:
        if row.key in taken:
            tails[_tail(row)] += 1
    common = {tail for tail, count in tails.items() if "{" in tail and count >= _MANY and count * 4 >= len(taken)}
    return {row.key for row in candidates if _tail(row) in common and weights[row.key] >= _ACCEPT_KIN}


def _neighbours(candidates: list[Row], weights: dict[str, float], taken: set[str]) -> set[str]:
    """Rows of a place where most rows are taken: what is listed as releases are is one, however short its title."""
    places: dict[str, list[Row]] = defaultdict(list)
    for row in candidates:
        places[row.signature].append(row)
        places[f"{row.signature} {row.shape}"].append(row)
    found = set()
    for group in places.values():
        count = sum(row.key in taken for row in group)
        if count >= _MANY and count * 5 >= len(group) * 3:
            found |= {row.key for row in group if weights[row.key] >= _ACCEPT_ROW}
    return found


def _strangers(candidates: list[Row], taken: set[str], url: str) -> set[str]:
    """Rows of sites that hardly occur, where most rows are of the page's own: what a text links, or a partner's."""
    sites: dict[str, set[str]] = defaultdict(set)
    for row in candidates:
        if row.key in taken:
            sites["" if urls.same_site(row.url, url) else _bare(row.key)].add(row.key)
    own = len(sites.pop("", ()))
    if own * 2 <= len(taken):
        return set()
    return set().union(*(keys for keys in sites.values() if len(keys) < _MANY or len(keys) * 10 < own))


def _tail(row: Row) -> str:
    return f"{_bare(row.key)} {row.shape.partition('?')[0].rpartition('/')[2]}"


def _beside_dated(candidates: list[Row], dated: list[Row]) -> set[str]:
    """Where the list gives dates, what shares neither shape nor place with a dated row is something else.

    An address that holds a date is dated by it.
    """
    shapes = {row.shape for row in dated}
    places = {row.signature for row in dated}
    by_address = any("{y}" in shape or "{date}" in shape for shape in shapes)
    return {
        row.key
        for row in candidates
        if row.shape in shapes
        or row.signature in places
        or (by_address and ("{y}/{m}" in row.shape or "{date}" in row.shape))
    }


def _weight(row: Row, url: str, own: str) -> float:
    """How much a row looks like a release; 2 and more is likely. ``own`` is the identity of the page's address."""
    weight = 2.0 * min(row.words, _TITLE_WORDS) / _TITLE_WORDS
    weight += 2.0 if row.published is not None else 0.0
    weight += 1.0 if row.heading else 0.0
    weight += _address_weight(row)
    weight -= 1.5 if row.aside else 0.0
    weight -= 1.0 if row.repeated else 0.0
    weight -= 0.0 if urls.same_site(row.url, url) else 1.0
    weight -= 0.0 if _bare(row.key) == _bare(own) else 0.4
    return weight


def _bare(key: str) -> str:
    """The host in an identity."""
    return key.partition("/")[0].partition("?")[0]


def _address_weight(row: Row) -> float:
    if row.collection:
        return -3.0
    if "{slug}" in row.shape or "{date}" in row.shape or "{id}" in row.shape or "{y}/{m}" in row.shape:
        return 1.0
    return 0.6 if "{d}" in row.shape else 0.0


def _is_above(row: Row, own: str) -> bool:
    """The address of a section that this page lies in."""
    return own.startswith(row.key.partition("?")[0].rstrip("/") + "/") and "?" not in row.key
