"""A page's bytes to a release, by what its markup and its words say and without any configuration of its site.

bytes | decode | parse | declared + flatten -> title -> body -> stamps, signals -> Release
"""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from scraper.charset import decoded
from scraper.html import Document, Unparsable, parse
from scraper.model import Block, Claim, Link, Profile, Release, Site, Stamp
from scraper.read.body import Body, read_body
from scraper.read.familiar import NOTHING_LEARNED
from scraper.read.override import NO_PROFILE, BadProfile, Override, apply
from scraper.read.page import Page, Segment
from scraper.read.signals import find_signals
from scraper.read.stamps import Place, Reading, read_dates
from scraper.read.structured import Declared, read_declared
from scraper.read.title import find_title
from scraper.read.walk import flatten

__all__ = ["PageRead", "Unreadable", "extract", "read_page"]


class Unreadable(ValueError):
    """The bytes are no page that can be read, or the profile is none; the message says why in one sentence."""


def extract(
    html: bytes,
    url: str,
    site: Site = NOTHING_LEARNED,
    *,
    zone: tzinfo = UTC,
    language: str | None = None,
    content_type: str | None = None,
    profile: Profile = NO_PROFILE,
    last_modified: str | None = None,
) -> Release:
    """Read a page.

    ``url`` is the address that answered; relative links are resolved against it. ``site`` is what was learned of the
    site from other pages (see :func:`scraper.read.learn`), ``profile`` what a person says of it. Times without a zone
    are read in ``zone``; ``language`` is a BCP 47 tag that is taken where the page names none, and says whether
    3/4/2026 is in March or April. ``content_type`` and ``last_modified`` are the HTTP headers of these names.

    Raises:
        Unreadable: the page is empty, is no text, or costs more to parse than any page is worth.
    """
    return read_page(
        html, url, site, zone=zone, language=language, content_type=content_type, profile=profile,
        last_modified=last_modified,
    ).release  # fmt: skip


class PageRead(NamedTuple):
    """A page with everything that was read of it."""

    release: Release
    page: Page
    headline: int
    """Index of the segment that shows it; -1 where none does."""
    body: Body
    said: Override
    """What a profile found on it."""


def read_page(
    html: bytes,
    url: str,
    site: Site,
    *,
    zone: tzinfo,
    language: str | None,
    content_type: str | None,
    profile: Profile = NO_PROFILE,
    last_modified: str | None = None,
) -> PageRead:
    """What :func:`extract` does, with what it saw on the way.

    Raises:
        Unreadable: as ``extract`` does.
    """
    markup, document = _parsed(html, content_type)
    declared = read_declared(document, url)
    reading = Reading(zone, _reading_language(declared, language, url))
    try:
        said = apply(document, profile, zone=zone, language=reading.language)
    except BadProfile as error:
        raise Unreadable(str(error)) from error
    page = flatten(document)
    title, headline = find_title(page, declared, url)
    title = said.title or title
    body = read_body(page, title, place=headline, site=site, marked=said.body)
    blocks = tuple(_block(page.segments[n], url) for n in body.segments)
    told = read_dates(page, declared, Place(headline, tuple(body.segments)), reading, url, last_modified)
    release = Release(
        title=title,
        blocks=blocks,
        published=said.published or told.published,
        stamps=_stamps(said.updated, told.stamps),
        claims=(*_said_claims(said), *told.claims),
        language=_tag(declared.language) or language,
        canonical=_canonical(declared, url),
        signals=find_signals(markup, page, blocks, title, dated=told.published is not None),
    )
    return PageRead(release, page, headline, body, said)


def _parsed(html: bytes, content_type: str | None) -> tuple[str, Document]:
    markup, utf8 = decoded(html, content_type)
    if not markup or markup.isspace():
        raise Unreadable("the page is empty")
    if _is_binary(html):
        raise Unreadable("the answer is no HTML page but a binary file")
    try:
        return markup, parse(markup, utf8)
    except Unparsable as error:
        raise Unreadable(str(error)) from error


_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"RIFF")


def _is_binary(html: bytes) -> bool:
    return html.startswith(_MAGIC)


def _said_claims(said: Override) -> tuple[Claim, ...]:
    stamps = ((False, said.published), (True, said.updated))
    return tuple(
        Claim(updated=updated, stamp=stamp, believed=True, why="the profile says so")
        for updated, stamp in stamps
        if stamp is not None
    )


def _stamps(said: Stamp | None, told: tuple[Stamp, ...]) -> tuple[Stamp, ...]:
    """The stamp that a profile found goes over the visible ones."""
    return told if said is None else (said, *(stamp for stamp in told if not stamp.origin.is_visible))


def _block(segment: Segment, url: str) -> Block:
    links = tuple(Link(text=text, target=target) for text, href in segment.links if (target := _absolute(href, url)))
    return Block(kind=segment.kind, text=segment.text, links=links)


_WHOLE = re.compile(r"https?://[a-z0-9.-]+/[\w/.%~-]*(?:\?[\w/.%~&=+-]+)?", re.ASCII)
"""An address that joining with another leaves as it is."""


def _absolute(href: str, url: str) -> str | None:
    """The web address that a link leads to; None for scripts, mail and places on the same page."""
    href = href.strip()
    if _WHOLE.fullmatch(href):
        return href
    if not href or href.startswith("#"):
        return None
    try:
        target = urljoin(url, href)
        return target if urlsplit(target).scheme in ("http", "https") else None
    except ValueError:
        return None


def _canonical(declared: Declared, url: str) -> str | None:
    return _absolute(declared.canonical, url) or _absolute(declared.meta.get("og:url", ""), url)


def _tag(language: str) -> str | None:
    """A BCP 47 tag as declared, lower-cased; None where it is none."""
    tag = language.strip().lower().replace("_", "-")
    return tag if tag and len(tag) <= 35 and tag.replace("-", "").isalnum() else None


# Names that only institutions of the United States may have (RFC 1480, gov and mil).
_AMERICAN = (".gov", ".mil")


def _reading_language(declared: Declared, language: str | None, url: str) -> str | None:
    """The tag to read numbers with: the page's own with a region where any of its claims has one."""
    claims = [_tag(language or ""), _tag(declared.language), _tag(declared.meta.get("og:locale", ""))]
    known = [claim for claim in claims if claim]
    if not known or any("-" in claim for claim in known):
        return next((claim for claim in known if "-" in claim), None)
    is_american = (urlsplit(url).hostname or "").endswith(_AMERICAN)
    return "en-us" if known[0] == "en" and is_american else known[0]
