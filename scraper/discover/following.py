"""The next page of a list that is parted into pages: the one with the older releases.

    declared (rel=next) > called next or older > the same address with the next number > the next offset

Pure: what is found is where a page says that it goes on. Whether it is walked to, and how far, is ``walk``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from scraper import urls
from scraper.discover.outline import Outline
from scraper.discover.words import is_next

__all__ = ["following"]

_NUMBERED = re.compile(
    r"(?:page|paged|pg|p|pn|seite|pagina|strona|sivu|sida|side|stranica|stranka|oldal|sayfa|halaman|trang|pageno"
    r"|pagenum|pagenumber|page_number|page_no|currentpage|current_page|pageindex|chunk)",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:start|offset|skip|from|first|begin|b_start|limitstart|startrow|start_row|pos)(?:[:_]int)?", re.IGNORECASE
)
_PATH_NUMBER = re.compile(
    r"^(?P<before>.*?)/(?:(?:page|seite|pagina|strona|sivu|sida|side|paged|p|pg|archives?|sayfa)[/_-]?)?(?P<number>\d{1,5})"
    r"(?P<after>(?:\.\w{2,5})?)/?$",
    re.IGNORECASE,
)
_MAX_TEXT = 60
_MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class _Place:
    """An address taken apart: where in a list of pages it stands."""

    path: str
    """Without a number of a page at its end."""
    rest: tuple[tuple[str, str], ...]
    """The parameters that say nothing of the page."""
    page: int | None
    offset: int | None


def following(page: Outline, entries: frozenset[str]) -> str | None:
    """The address of a list page's next page; None where it names none.

    ``entries`` are the keys of its releases, none of which it can be. The page itself and what lies before it are none
    either, so that a walk from page to page goes one way; another site never is.
    """
    own = _place(page.url)
    found = next(_candidates(page, own, entries), None)
    return None if found is None else urls.normalise(found)


def _candidates(page: Outline, own: _Place, entries: frozenset[str]) -> Iterator[str]:
    taken = entries | {urls.identity(page.url)}

    def is_open(address: str | None) -> bool:
        return address is not None and urls.same_site(address, page.url) and urls.identity(address) not in taken

    declared = urls.join(page.base, page.following) if page.following else None
    if declared is not None and is_open(declared) and not _is_before(_place(declared), own):
        yield declared
    called = [anchor.url for anchor in page.anchors if "next" in anchor.rel and is_open(anchor.url)]
    yield from (address for address in called if not _is_before(_place(address), own))
    stem = own.path.rpartition(".")[0] if own.path.rpartition("/")[2].count(".") else own.path
    under = (anchor for anchor in page.anchors if _is_under(anchor.url, stem) and is_open(anchor.url))
    near = [(anchor, place) for anchor in under if _is_near(place := _place(anchor.url), own)]
    for anchor, place in near:
        text = page.text(page.elements[anchor.element].pieces)[:_MAX_TEXT]
        if (is_next(text) or is_next(anchor.label)) and not _is_before(place, own):
            yield anchor.url
    yield from (anchor.url for anchor, place in near if place.page is not None and place.page == (own.page or 1) + 1)
    offsets = [(place.offset, anchor.url) for anchor, place in near if (place.offset or 0) > (own.offset or 0)]
    yield from (address for _, address in sorted(offsets)[:1])


def _is_under(url: str, stem: str) -> bool:
    """A quick look: only what lies close under a list's own address can be a further page of it."""
    path, _, query = url[len(stem) :].partition("?")
    return url.startswith(stem) and path.rstrip("/").count("/") <= 2 and any(map(str.isdigit, path + query))


def _place(url: str) -> _Place:
    path, _, query = urls.normalise(url).partition("?")
    page = offset = None
    rest = []
    for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=None):
        number = int(value) if value.isdecimal() and len(value) < 16 else None
        if number is not None and number < _MAX_PAGE and page is None and _NUMBERED.fullmatch(name):
            page = number
        elif number is not None and offset is None and _OFFSET.fullmatch(name):
            offset = number
        else:
            rest.append((name, value))
    match = _PATH_NUMBER.match(path) if page is None else None
    if match is not None and not 1900 < int(match["number"]) < 2100:
        path, page = f"{match['before']}{match['after']}", int(match["number"])
    return _Place(path.rstrip("/"), tuple(sorted(rest)), page, offset)


def _is_near(place: _Place, own: _Place) -> bool:
    """The same list at another page: what tells them apart says so."""
    same_list = place.path == own.path and set(own.rest) <= set(place.rest)
    return same_list and place != own and (place.page, place.offset) != (None, None)


def _is_before(place: _Place, own: _Place) -> bool:
    same = place.path == own.path
    if not same:
        return False
    if place.page is not None:
        # Some count their pages from 0: then the second is called 1, as the first is elsewhere.
        return place.page <= (own.page or 0)
    return place.offset is not None and place.offset <= (own.offset or 0)
