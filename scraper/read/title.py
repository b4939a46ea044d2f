"""The headline as the page shows it, told from the names that sites put beside it.

Every candidate is a heading that the page shows. What the page declares of itself (Open Graph, JSON-LD, ``<title>``)
and the words in its address say which of them it is, and where in it the headline begins and ends: many pages show a
kicker in the same heading, or above it, and only what they declare tells whether it belongs to the headline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

from scraper.model import BlockKind
from scraper.read.page import Page, Segment
from scraper.read.structured import Declared
from scraper.read.words import read_names

__all__ = ["find_title"]

_SEPARATOR = re.compile(r"\s+(?:[|\-–—·•»«:/~│]+|::)\s+|\s*[|»│]\s*|:\s+|--+")
_WORD = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+")
"""Ideographs are words of their own."""
_RANK = {"h1": 1.7, "h2": 0.2, "h3": 0.0}
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_STRANGE = 0.25
"""A heading that shares less with what the page declares is not its headline."""
_NEAR = 0.7
"""A heading of a lower rank that shares less is one of the text's own."""
_MUCH = 0.4
"""Share of a heading that a declared title is at least, so that it is the headline and the rest stands beside it."""
_MAX_SHOWN = 400
_MAX_HINTS = 4
_KICKS = frozenset((":", "/", "", "-", "–", "—"))
"""What may part a kicker from a headline; a bar parts the name of a site from it."""
_OPENING = "\"'„“”‚‘’«»‹›([「『¿¡"


@dataclass(frozen=True, slots=True)
class _Text:
    """A title and its words, folded."""

    text: str
    words: tuple[str, ...]
    bag: frozenset[str]
    joined: str


@dataclass(frozen=True, slots=True)
class _Site:
    """What a site may call itself."""

    name: str
    """Its declared name, as one word."""
    host: str


def find_title(page: Page, declared: Declared, url: str) -> tuple[str, int]:
    """The headline and the index of the segment that shows it; -1 where none does, an empty text for none at all."""
    site = _site(declared, url)
    hints = _hints(declared, site)
    slug = _slug(url)
    place = _best(page, hints, slug, site)
    if place < 0:
        place = _best(page, hints, slug, site, nested=True)
    if place < 0:
        return _declared_title(page, hints, declared)
    shown = _read(page.segments[place].text.lstrip(":|/–— "))
    return _headline(page, place, shown, hints) or _without_site(shown.text, site), place


# --- what the page declares


def _read(text: str) -> _Text:
    words = tuple(_WORD.findall(text.casefold()))
    return _Text(text, words, frozenset(words), f" {' '.join(words)} ")


def _site(declared: Declared, url: str) -> _Site:
    name = "".join(_WORD.findall(declared.meta.get("og:site_name", "").casefold()))
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    return _Site(name, "".join(_WORD.findall(host.casefold())))


def _hints(declared: Declared, site: _Site) -> list[_Text]:
    """The titles that the page declares, less the site's name, the most believed first."""
    meta = declared.meta
    texts = [meta.get("og:title", ""), declared.headline, meta.get("twitter:title", ""), declared.title]
    # What news systems put into JSON is often escaped for HTML once more.
    cleaned = [_without_site(" ".join(unescape(text).split()), site) for text in texts if text]
    hints = [_read(text) for text in dict.fromkeys(cleaned)]
    return [hint for hint in hints if hint.words][:_MAX_HINTS]


def _slug(url: str) -> frozenset[str]:
    """The words in the last part of an address that has some."""
    try:
        parts = unquote(urlsplit(url).path).casefold().split("/")
    except ValueError:
        return frozenset()
    words = max((_WORD.findall(part) for part in parts), key=len, default=[])
    return frozenset(words) if len(words) >= 3 else frozenset()


# --- which heading


def _best(page: Page, hints: list[_Text], slug: frozenset[str], site: _Site, *, nested: bool = False) -> int:
    """The segment that shows the headline, in a heading or ``nested`` in an element inside one; -1 for none."""
    best, found = 0.0, -1
    for n, segment in enumerate(page.segments):
        tag = _heading_around(page, segment) if nested else segment.tag
        if tag not in _RANK or len(segment.text) > _MAX_SHOWN:
            continue
        score = _agreement(segment, tag, hints, slug) + _RANK[tag] - n * 1e-4
        if score > best:
            score -= _doubt(page, segment, hints, site)
            if score > best:
                best, found = score, n
    return found


def _heading_around(page: Page, segment: Segment) -> str:
    """The tag of the heading that a segment stands in."""
    tag, box = segment.tag, segment.box
    while segment.kind is BlockKind.HEADING and tag not in _HEADINGS and box >= 0:
        tag, box = page.boxes[box].tag, page.boxes[box].parent
    return tag


def _agreement(segment: Segment, tag: str, hints: list[_Text], slug: frozenset[str]) -> float:
    """How much a heading says what the page declares; below zero for one that says something else."""
    shown = _read(segment.text)
    if not shown.words:
        return -9.0
    if not hints:
        return 0.0
    fit = max(_fit(shown, hint) for hint in hints)
    if slug:
        fit = max(fit, 0.9 * _overlap(shown.bag, slug))
    if fit < _STRANGE or (tag != "h1" and fit < _NEAR):
        return -9.0
    return 3.0 * fit


def _fit(shown: _Text, hint: _Text) -> float:
    """From 0 for nothing in common to 1.3 for the same words; where one holds the other whole, nearly as much."""
    if shown.joined == hint.joined:
        return 1.3
    overlap = _overlap(shown.bag, hint.bag)
    if overlap < 0.1:
        return overlap
    short, long = sorted((shown.joined, hint.joined), key=len)
    if short in long and (len(shown.words) > 2 or hint.text.startswith(shown.text)):
        return max(overlap, 0.75 + 0.25 * len(short) / len(long))
    return overlap


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    return 2 * len(one & two) / (len(one) + len(two))


def _doubt(page: Page, segment: Segment, hints: list[_Text], site: _Site) -> float:
    """What speaks against a heading: where it stands, and that it only names the site."""
    doubt = 0.0
    if any(page.boxes[box].tag in ("li", "nav") for box in page.ancestry(segment.box)):
        doubt += 1.5
    if page.boxes[segment.box].furniture or read_names(page.boxes[segment.box].names).furniture:
        doubt += 0.5 if segment.tag == "h1" else 1.0
    words = _WORD.findall(segment.text.casefold())
    if len(words) <= 4 and _names_site(segment.text, site):
        doubt += 3.0
    return doubt + 3.0 * any(_is_last_part(segment.text, hint.text) for hint in hints)


def _is_last_part(text: str, hint: str) -> bool:
    if not hint.endswith(text) or hint == text:
        return False
    return len(text) < len(hint) / 2 and _SEPARATOR.split(hint)[-1].strip() == text


# --- which part of it


def _headline(page: Page, place: int, shown: _Text, hints: list[_Text]) -> str | None:
    """The headline as the first declared title says that has to do with what is shown; None where none has."""
    for hint in hints:
        if hint.joined == shown.joined:
            return _parted(shown.text, hint.text)
        # What is added behind it stays: "(updated)" is what a page says of its headline, and is seldom declared.
        if len(hint.joined) >= _MUCH * len(shown.joined) and shown.joined.endswith(hint.joined):
            return _from_word(shown.text, len(shown.words) - len(hint.words))
        if hint.joined.endswith(shown.joined) and _is_kicked(page, place, shown, hint):
            return hint.text
    return None


def _parted(shown: str, hint: str) -> str:
    """What is shown; or what is declared where that has a mark that a style sheet draws: "Kicker / Text"."""
    kicker, mark, rest = hint.partition(" / ")
    return hint if mark and shown.startswith(kicker + " ") and shown.endswith(rest) else shown


def _from_word(text: str, number: int) -> str:
    """A text from one of its words on, with the marks that open it."""
    start = next(match.start() for n, match in enumerate(_WORD.finditer(text)) if n == number)
    while number and start and text[start - 1] in _OPENING:
        start -= 1
    return text[start:]


def _is_kicked(page: Page, place: int, shown: _Text, hint: _Text) -> bool:
    """True where a declared title begins with a line that the page shows above the heading: "Kicker: Headline"."""
    count = len(hint.words) - len(shown.words)
    if count <= 0:
        return False
    spans = [match.span() for match in _WORD.finditer(hint.text)]
    if hint.text[spans[count - 1][1] : spans[count][0]].strip() not in _KICKS:
        return False
    above = page.segments[max(0, place - 3) : place]
    return any(tuple(_WORD.findall(segment.text.casefold())) == hint.words[:count] for segment in above)


def _declared_title(page: Page, hints: list[_Text], declared: Declared) -> tuple[str, int]:
    """The most believed of the declared titles, and where the page shows it as no heading."""
    if not hints:
        return " ".join(declared.title.split()), -1
    texts = {hint.text for hint in hints}
    place = next((n for n, s in enumerate(page.segments) if s.text in texts), -1)
    return (page.segments[place].text if place >= 0 else hints[0].text), place


# --- the site's name


def _without_site(title: str, site: _Site) -> str:
    """A title less the site's name before or behind it."""
    for separator in (" | ", " – ", " — ", " - ", " · ", " • ", " » ", " :: ", "--", "│", ": "):
        head, found, tail = title.rpartition(separator)
        if found and head.strip() and _names_site(tail, site):
            return head.strip()
        head, found, tail = title.partition(separator)
        if found and tail.strip() and _names_site(head, site):
            return tail.strip()
    return title


def _names_site(text: str, site: _Site) -> bool:
    words = _WORD.findall(text.casefold())
    joined = "".join(words)
    if not joined:
        return False
    if site.name and (joined == site.name or (site.name in joined and len(site.name) * 2 > len(joined))):
        return not any(word.isdigit() and word not in site.name for word in words)
    return len(joined) > 2 and all(word in site.host for word in words)
