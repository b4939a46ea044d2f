"""What the pages of a site have in common, and what differs on each load of one: loads in, a Site out.

What was learned must never hide an edit, so it takes much to learn a little:

- a text is boilerplate that begins or ends most of the releases, with nothing but other boilerplate beyond it;
- a place varies where three loads and more of one release had each another text there while all other text of the
  release stood still, and that on several releases: a paragraph that is edited twice is none, nor is one with the text;
- the text ends with the box that it ended with on most pages, where that is no smaller than the page itself tells.

The same loads teach the same, in whatever order.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

from scraper import urls
from scraper.charset import decoded
from scraper.html import Unparsable, parse
from scraper.model import Site
from scraper.read.body import read_body
from scraper.read.familiar import NOTHING_LEARNED, is_telling, key_of, place_of
from scraper.read.structured import read_declared
from scraper.read.title import find_title
from scraper.read.walk import flatten

__all__ = ["MOST_LOADS", "Load", "learn"]

MOST_LOADS = 24
"""So many loads are looked at; more teach nothing further."""
_TWIN = 0.5
"""Pages that share more of their texts are one release at two addresses."""
_LEAST_RELEASES = 4
_OFTEN = 0.5
"""Share of the releases that a text must begin or end."""
_LEAST_LOADS = 3
"""Of one release that show that a place varies."""
_LEAST_VARYING = 2
"""Releases on which a place must vary."""
_SMALL = 0.2
"""Share of a release's text that a place may hold at the most, to vary."""
_MOST_AGREE = 0.6
"""Share of the pages whose text must end with a box of one place."""
_LEAST_PAGES = 3
_MAX_RECURRING = 500
_MAX_VARYING = 50


class Load(NamedTuple):
    """One answer that showed a release."""

    html: bytes
    url: str
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """One load as it was read with nothing learned."""

    page: str
    """Identity of its address."""
    texts: tuple[str, ...]
    """Keys of the texts of its body, in order; empty for those that are too short."""
    told: tuple[bool, ...]
    """For each of them: it says something of the release itself, such as a correction."""
    places: dict[str, frozenset[str]]
    """Place to the keys of the body's texts that stand there."""
    sizes: dict[str, int]
    """Place to the characters of the body that stand there."""
    core: str
    """Place of the box that its text ends with."""


def learn(loads: Iterable[Load | tuple[bytes, str]]) -> Site:
    """What is to be known of a site, from loads of its releases.

    Loads that can't be read teach nothing; of more than 24 some are taken, always the same.
    """
    given = sorted({Load(*load) for load in loads}, key=lambda load: (urls.identity(load.url), _digest(load.html)))
    seen = [read for load in given[:MOST_LOADS] if (read := _read(load)) is not None]
    pages: dict[str, list[_Read]] = defaultdict(list)
    for read in seen:
        pages[read.page].append(read)
    if len(seen) < _LEAST_PAGES:
        return NOTHING_LEARNED
    releases = list(pages.values())
    site = Site(
        pages=len(pages),
        loads=len(seen),
        recurring=_recurring(releases),
        varying=_varying(releases),
        body=_ending(releases),
    )
    return replace(site, version=_version(site))


def _digest(html: bytes) -> bytes:
    return hashlib.sha256(html).digest()


def _read(load: Load) -> _Read | None:
    try:
        document = parse(*decoded(load.html, load.content_type))
    except Unparsable:
        return None
    declared = read_declared(document, load.url)
    page = flatten(document)
    title, at = find_title(page, declared, load.url)
    body = read_body(page, title, place=at)
    places: dict[str, set[str]] = defaultdict(set)
    sizes: Counter[str] = Counter()
    for n in body.segments:
        segment = page.segments[n]
        if key := key_of(segment.text):
            place = place_of(page, segment.box)
            places[place].add(key)
            sizes[place] += len(segment.text)
    texts = [page.segments[n].text for n in body.segments]
    return _Read(
        page=urls.identity(load.url),
        texts=tuple(map(key_of, texts)),
        told=tuple(map(is_telling, texts)),
        places={place: frozenset(keys) for place, keys in places.items()},
        sizes=dict(sizes),
        core=place_of(page, body.core) if body.segments else "",
    )


def _recurring(releases: list[list[_Read]]) -> frozenset[str]:
    """Keys of texts that stand at the edges of most releases, twins counted as one."""
    distinct = _distinct(releases)
    if len(distinct) < _LEAST_RELEASES:
        return frozenset()
    counts = Counter(key for read in distinct for key in set(read.texts) if key)
    told = {key for read in distinct for key, is_told in zip(read.texts, read.told, strict=True) if is_told}
    often = {key for key, count in counts.items() if count >= _OFTEN * len(distinct) and key not in told}
    edges: Counter[str] = Counter()
    for read in distinct:
        edges.update(_edge(read.texts, often) | _edge(read.texts[::-1], often))
    found = [key for key in often if edges[key] >= _OFTEN * len(distinct)]
    return frozenset(sorted(found, key=lambda key: (-edges[key], key))[:_MAX_RECURRING])


def _distinct(releases: list[list[_Read]]) -> list[_Read]:
    """The last load of each release, without those that are another one at a second address."""
    found: list[_Read] = []
    for loads in releases:
        texts = set(filter(None, loads[-1].texts))
        others = (set(filter(None, read.texts)) for read in found)
        if texts and not any(len(texts & other) > _TWIN * min(len(texts), len(other)) for other in others):
            found.append(loads[-1])
    return found


def _edge(texts: tuple[str, ...], often: set[str]) -> set[str]:
    """The keys that a body begins with, as long as each recurs."""
    found: set[str] = set()
    for key in texts:
        if key not in often:
            break
        found.add(key)
    return found


def _varying(releases: list[list[_Read]]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    agrees: set[str] = set()
    for loads in releases:
        for place in {place for read in loads for place in read.places}:
            had = [read.places[place] for read in loads if place in read.places]
            if any(one & other for one, other in combinations(had, 2)) or any(map(_holds_much(place), loads)):
                agrees.add(place)
            elif _stands_still_without(place, loads):
                counts[place] += 1
    found = [place for place, count in counts.items() if count >= _LEAST_VARYING and place not in agrees]
    return frozenset(sorted(found)[:_MAX_VARYING])


def _holds_much(place: str) -> Callable[[_Read], bool]:
    def holds(read: _Read) -> bool:
        return read.sizes.get(place, 0) > _SMALL * sum(read.sizes.values())

    return holds


def _stands_still_without(place: str, loads: list[_Read]) -> bool:
    """True where enough loads differ at that place and nowhere else, whatever an edit changed between others."""
    rests = Counter(
        tuple(key for key in read.texts if key not in read.places[place]) for read in loads if place in read.places
    )
    return max(rests.values()) >= _LEAST_LOADS


def _ending(releases: list[list[_Read]]) -> str:
    cores = Counter(loads[-1].core for loads in releases if loads[-1].core)
    if sum(cores.values()) < _LEAST_PAGES:
        return ""
    place, count = min(cores.items(), key=lambda item: (-item[1], item[0]))
    return place if count >= _MOST_AGREE * sum(cores.values()) and "." in place else ""


def _version(site: Site) -> str:
    learned = [sorted(site.recurring), sorted(site.varying), site.body]
    if not any(learned):
        return ""
    return hashlib.sha256(json.dumps(learned).encode("ascii", "replace")).hexdigest()[:16]
