"""What the pages of a site have in common, and what differs on each load of one: loads in, a Site out.

Nothing is learned from what one page says alone. A text is boilerplate that stands on several releases; a place varies
when what stands there was another at two comparisons of loads at least, since a single difference may be an edit; the
text ends with the box that it ended with on most pages. The same loads teach the same, in whatever order.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from scraper import urls
from scraper.charset import decode
from scraper.html import Unparsable, parse
from scraper.model import Site
from scraper.read.body import read_body
from scraper.read.familiar import NOTHING_LEARNED, key_of, place_of
from scraper.read.page import flatten
from scraper.read.structured import read_declared
from scraper.read.title import find_title

__all__ = ["MOST_LOADS", "learn"]

MOST_LOADS = 24
"""So many loads are looked at; more teach nothing further."""
_TWIN = 0.5
"""Pages that share more of their texts are one release at two addresses."""
_OFTEN = 0.25
"""Share of the releases that a text must stand on, and two of them at least."""
_SEEN_TO_VARY = 2
_MOST_AGREE = 0.6
"""Share of the pages whose text must end with a box of one place."""
_LEAST_PAGES = 2
_MAX_RECURRING = 2_000
_MAX_VARYING = 200


@dataclass(frozen=True, slots=True)
class _Load:
    """One load of one page."""

    page: str
    """Identity of its address."""
    texts: frozenset[str]
    """Keys of the texts of its body."""
    places: dict[str, frozenset[str]]
    """Place to the keys of the texts that stand there."""
    core: str
    """Place of the box that its text ends with."""


def learn(loads: Iterable[tuple[bytes, str]]) -> Site:
    """What is to be known of a site, from loads of its releases: the bytes and the address of each.

    Loads that can't be read teach nothing; of more than 24 the first are taken. Equal loads give equal sites.
    """
    seen = [load for html, url in list(loads)[:MOST_LOADS] if (load := _load(html, url)) is not None]
    pages: dict[str, list[_Load]] = defaultdict(list)
    for load in seen:
        pages[load.page].append(load)
    if len(seen) < _LEAST_PAGES:
        return NOTHING_LEARNED
    site = Site(
        pages=len(pages),
        loads=len(seen),
        recurring=_recurring(list(pages.values())),
        varying=_varying(list(pages.values())),
        body=_ending(list(pages.values())),
    )
    return replace(site, version=_version(site))


def _load(html: bytes, url: str) -> _Load | None:
    try:
        document = parse(decode(html, None))
    except Unparsable:
        return None
    declared = read_declared(document, url)
    page = flatten(document)
    title, at = find_title(page, declared, url)
    body = read_body(page, title, place=at)
    places: dict[str, set[str]] = defaultdict(set)
    for segment in page.segments:
        key = key_of(segment.text)
        if key:
            places[place_of(page, segment.box)].add(key)
    return _Load(
        page=urls.identity(url),
        texts=frozenset(filter(None, (key_of(page.segments[n].text) for n in body.segments))),
        places={place: frozenset(keys) for place, keys in places.items()},
        core=place_of(page, body.core) if body.segments else "",
    )


def _recurring(pages: list[list[_Load]]) -> frozenset[str]:
    """Keys of body texts that stand on several releases, twins counted as one."""
    releases: list[frozenset[str]] = []
    for loads in pages:
        texts = frozenset().union(*(load.texts for load in loads))
        if texts and not any(len(texts & other) > _TWIN * min(len(texts), len(other)) for other in releases):
            releases.append(texts)
    counts = Counter(key for texts in releases for key in texts)
    least = max(2, round(_OFTEN * len(releases)))
    often = [key for key, count in counts.items() if count >= least]
    return frozenset(sorted(often, key=lambda key: (-counts[key], key))[:_MAX_RECURRING])


def _varying(pages: list[list[_Load]]) -> frozenset[str]:
    """Places where no text of one load was on another load of the same page, twice at least and never otherwise."""
    differs: Counter[str] = Counter()
    agrees: set[str] = set()
    for loads in pages:
        for one, other in combinations(loads, 2):
            for place, keys in one.places.items():
                others = other.places.get(place)
                if others is None:
                    continue
                if keys & others:
                    agrees.add(place)
                else:
                    differs[place] += 1
    found = [place for place, count in differs.items() if count >= _SEEN_TO_VARY and place not in agrees]
    return frozenset(sorted(found)[:_MAX_VARYING])


def _ending(pages: list[list[_Load]]) -> str:
    cores = Counter(loads[0].core for loads in pages if loads[0].core)
    if sum(cores.values()) < _LEAST_PAGES:
        return ""
    place, count = min(cores.items(), key=lambda item: (-item[1], item[0]))
    return place if count >= _MOST_AGREE * sum(cores.values()) and "." in place else ""


def _version(site: Site) -> str:
    learned = [sorted(site.recurring), sorted(site.varying), site.body]
    if not any(learned):
        return ""
    return hashlib.sha256(json.dumps(learned).encode("ascii", "replace")).hexdigest()[:16]
