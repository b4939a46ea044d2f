"""The headline as the page shows it, told from the names that sites put beside it.

Every candidate is a text that the page shows or declares; what several of them agree on wins, and of two spellings
the shown one.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.read.page import Page
from scraper.read.structured import Declared
from scraper.read.words import read_names

__all__ = ["find_title"]

_PARTED = re.compile(r"\s+[|\-–—·•»«:/~]+\s+|\s*[|»]\s*|:\s+")
_WORD = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+")
"""Ideographs are words of their own."""
_STRANGE = 0.25
"""A heading that shares less with what the page declares is not its headline."""
_MAX_SHOWN = 400


def find_title(page: Page, declared: Declared, url: str) -> tuple[str, int]:
    """The headline and the index of the segment that shows it; -1 where none does, an empty text for none at all."""
    hints = _hints(declared)
    shown = _shown(page)
    best = max(shown, key=lambda n: _score(page, n, hints, url), default=-1)
    if best >= 0 and _score(page, best, hints, url) > 0:
        text = page.segments[best].text.lstrip(":|/–— ")
        whole = _with_kicker(page, best, text, hints)
        return whole or without_site_name(text, declared.meta.get("og:site_name", ""), url), best
    text = _declared_title(declared, url)
    place = next((n for n, s in enumerate(page.segments) if s.text == text), -1)
    return text, place


def _hints(declared: Declared) -> list[str]:
    meta = declared.meta
    texts = [meta.get("og:title", ""), declared.headline, declared.title, meta.get("twitter:title", "")]
    return [" ".join(text.split()) for text in texts if text]


def _with_kicker(page: Page, place: int, text: str, hints: list[str]) -> str | None:
    """The headline with the line above it, where the page declares both as one: "Kicker: Headline"."""
    for hint in hints:
        kicker, found, rest = hint.partition(": ")
        if found and rest == text.removeprefix(kicker).lstrip(":|/–— "):
            above = [segment.text.rstrip(": ") for segment in page.segments[max(0, place - 3) : place]]
            if kicker in above or text != rest:
                return hint
    return None


def _shown(page: Page) -> list[int]:
    return [n for n, s in enumerate(page.segments) if s.tag in ("h1", "h2", "h3") and len(s.text) <= _MAX_SHOWN]


def _score(page: Page, place: int, hints: list[str], url: str) -> float:
    """How much a shown heading is the headline: agreement with what is declared, rank, place."""
    segment = page.segments[place]
    agreement = max((_agreement(segment.text, hint) for hint in hints), default=0.0)
    if hints and agreement < _STRANGE:
        return -1.0
    score = 3.0 * agreement + {"h1": 1.2, "h2": 0.2, "h3": 0.0}[segment.tag]
    if any(page.boxes[box].tag in ("li", "nav") for box in page.ancestry(segment.box)):
        score -= 1.5
    if page.boxes[segment.box].furniture or read_names(page.boxes[segment.box].names).furniture:
        score -= 1.0
    if _is_site_name(segment.text, hints, url):
        score -= 3.0
    if segment.tag != "h1" and agreement < 0.7:
        score -= 2.0
    return score - place * 1e-4


def _agreement(shown: str, hint: str) -> float:
    """Share of words that two texts have in common; where one holds the other whole, nearly all of it."""
    one, two = _words(shown), _words(hint)
    if not one or not two:
        return 0.0
    common = len(set(one) & set(two))
    overlap = 2 * common / (len(set(one)) + len(set(two)))
    if len(one) > 2 and " ".join(one) in " ".join(two):
        return max(overlap, 0.95)
    return overlap


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _is_site_name(text: str, hints: list[str], url: str) -> bool:
    """True where a text is what the site calls itself and not what the page is about."""
    host = "".join(_words(urlsplit(url).hostname or "")) if "//" in url else ""
    joined = "".join(_words(text))
    if joined and len(_words(text)) <= 4 and joined in host:
        return True
    parts = [_PARTED.split(hint) for hint in hints]
    return any(len(part) > 1 and part[-1].strip() == text for part in parts)


def _declared_title(declared: Declared, url: str) -> str:
    text = declared.meta.get("og:title") or declared.headline or declared.meta.get("twitter:title") or declared.title
    return without_site_name(" ".join(text.split()), declared.meta.get("og:site_name", ""), url)


def without_site_name(title: str, site: str, url: str) -> str:
    """A declared title less the site's name before or behind it."""
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    for separator in (" | ", " – ", " — ", " - ", " · ", " • ", " » ", " :: ", ": "):
        head, found, tail = title.rpartition(separator)
        if found and head and _names_site(tail, site, host):
            return head.strip()
        head, found, tail = title.partition(separator)
        if found and tail and _names_site(head, site, host):
            return tail.strip()
    return title


def _names_site(text: str, site: str, host: str) -> bool:
    joined = "".join(_words(text))
    if not joined:
        return False
    named = "".join(_words(site))
    return bool(named and (joined == named or named in joined)) or (len(joined) > 2 and joined in "".join(_words(host)))
