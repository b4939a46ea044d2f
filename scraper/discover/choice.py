"""Which addresses of a sitemap are releases, and which of several listings is the best."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scraper import urls
from scraper.discover.words import is_collection, is_comments
from scraper.model import Entry, Listing, ListingKind

__all__ = ["Candidate", "overlap", "ranked", "sitemap_shapes"]

_MAX_SHAPES = 12
_NEWS = re.compile(
    r"/[^/]{0,40}(?:news|press|media|release|announce|statement|briefing|communiqu|actualit|aktuell|meldung|nachricht"
    r"|mitteilung|noticia|notizi|comunicat|prensa|imprensa|nieuws|nyhe|novost|article|stories|story|blog|post)"
    r"[^/]{0,40}/",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"/([a-z]{2})(?:[-_][a-z]{2})?/", re.IGNORECASE)
_RELEASES = 2.5
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A listing that was found, with what it lists now."""

    listing: Listing
    entries: tuple[Entry, ...]
    why: str
    """One sentence: what led to it."""
    title: str = ""
    language: str | None = None
    promise: int = 0
    """How surely the link that led here named a newsroom; see ``words.newsroom_rank``."""
    asked: bool = False
    """It is the address that was asked for."""
    rendered: bool = False
    """It shows its releases in a browser only."""


# --- sitemaps ---------------------------------------------------------------------------------------------------------


def sitemap_shapes(
    entries: Sequence[Entry], *, known: Collection[str] = (), section: str = "/", language: str | None = None
) -> tuple[str, ...]:
    """The URL shapes of a sitemap that are releases, the most frequent first; empty where none looks so.

    ``known`` are shapes that a list page of the same newsroom showed: where the sitemap has them, they are it.
    ``section`` is the path that was asked for, ``language`` the one wanted.
    """
    counts: dict[str, int] = defaultdict(int)
    dated: dict[str, bool] = {}
    for entry in entries:
        shape = urls.shape(entry.url)
        counts[shape] += 1
        dated[shape] = dated.get(shape, False) or entry.published is not None
    shown = [shape for shape in counts if shape in set(known)]
    chosen = shown or [
        shape
        for shape, count in counts.items()
        if count >= _FEW and _shape_weight(shape, dated=dated[shape], language=language) >= _RELEASES
    ]
    inside = [shape for shape in chosen if shape.startswith(section.rstrip("/") + "/")]
    return tuple(sorted(inside or chosen, key=lambda shape: -counts[shape])[:_MAX_SHAPES])


def _shape_weight(shape: str, *, dated: bool, language: str | None) -> float:
    """How much a shape looks like that of releases."""
    path, _, last = shape.partition("?")[0].rpartition("/")
    weight = 2.0 if "{y}" in shape or "{date}" in shape else 0.0
    weight += 2.0 if _NEWS.search(f"{path}/") else 0.0
    weight += 1.0 if "{slug}" in last or "{id}" in last else 0.5 if "{d}" in last else -1.0
    weight += 2.0 if dated else 0.0
    weight -= 3.0 if is_collection(f"{path}/") else 0.0
    spoken = _LANGUAGE.match(f"{path}/")
    if spoken and language and not language.startswith(spoken[1].lower()):
        weight -= 2.0
    return weight


# --- ranking ----------------------------------------------------------------------------------------------------------


def ranked(candidates: Sequence[Candidate], *, language: str | None = None) -> tuple[Candidate, ...]:
    """The candidates, best first, without those that a better one makes worthless.

    A feed that carries what the list page shows > the list page > its JSON > a sitemap > a feed of something else.
    """
    page = _reference(candidates)
    weights = [(_weight(each, page, language=language), each) for each in candidates]
    weights.sort(key=lambda pair: -pair[0])
    best = weights[0][0] if weights else 0.0
    return tuple(each for weight, each in weights if weight >= _WORTHY or weight == best)


_WORTHY = 1.0
_OTHERS = {ListingKind.JSON: 1.4, ListingKind.SITEMAP: 1.2}
"""JSON lists the newest with their titles, and is where no one promised it to stay."""


def _reference(candidates: Sequence[Candidate]) -> Candidate | None:
    """The list page that says best what is wanted: the one that was asked for, else the likeliest newsroom."""
    pages = [each for each in candidates if each.listing.kind is ListingKind.PAGE]
    return max(pages, key=_page_weight, default=None)


def _weight(each: Candidate, page: Candidate | None, *, language: str | None) -> float:
    if each.listing.kind is ListingKind.PAGE:
        return _page_weight(each)
    if not each.entries:
        return 0.2 + (2.0 if each.asked else 0.0)
    weight = _feed_weight(each, page) if each.listing.kind is ListingKind.FEED else _OTHERS[each.listing.kind]
    if language and each.language and each.language[:2] != language[:2]:
        weight -= 2.0
    return weight + (2.0 if each.asked else 0.0)


def _page_weight(each: Candidate) -> float:
    dated = sum(entry.published is not None for entry in each.entries) * 2 > len(each.entries)
    home = urls.shape(each.listing.url).count("/") == 1 and urls.identity(each.listing.url).count("/") == 0
    weight = 1.6 + 0.2 * each.promise + (0.3 if dated else 0.0) + (0.1 if len(each.entries) >= _FEW else -0.4)
    return weight + (0.5 if each.asked and not home else 0.0) - (0.3 if home else 0.0)


def _feed_weight(each: Candidate, page: Candidate | None) -> float:
    if is_comments(each.title, each.listing.url):
        return 0.1
    if page is None:
        return 3.0
    shared = overlap(each.entries, page.entries)
    return 3.0 + shared if shared else 0.6


def overlap(feed: Sequence[Entry], page: Sequence[Entry]) -> float:
    """The share of the smaller list that both have; or a little where they at least share their URL shapes."""
    left, right = {entry.key for entry in feed}, {entry.key for entry in page}
    if not left or not right:
        return 0.0
    shared = len(left & right) / min(len(left), len(right))
    if shared:
        return shared
    shapes = tuple({urls.shape(entry.url) for entry in page})
    alike = sum(urls.shape(entry.url) in shapes for entry in feed)
    return 0.1 if alike * 2 > len(left) else 0.0
