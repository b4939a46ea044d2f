"""What every reader of listings shares: the refusal, and how an address, a title and a date become an entry."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, tzinfo

from scraper import dates, urls
from scraper.model import Entry, Origin, Stamp

__all__ = ["NotAListing", "entry", "fold", "is_date", "plain", "stamp", "unique"]

_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_BLOCK = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|h[1-6]|blockquote)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_INVISIBLE = dict.fromkeys([*range(0x20), 0x7F, 0x2060], " ") | {0xAD: "", 0x200B: "", 0xFEFF: ""}
_INVISIBLE |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Halves of characters, which JSON may hold and no database takes, are shown as what they are."""
_MAX_TITLE = 500
_MAX_SUMMARY = 1_000
_MAX_MARKUP = 8_000
_MAX_DATE = 100
_MAX_BARE_DATE = 40


class NotAListing(ValueError):
    """What was read leads to no releases; the message is a sentence that says why."""


def fold(text: str) -> str:
    """``text`` on one line: white space folded, control and invisible characters gone."""
    return " ".join(text.translate(_INVISIBLE).split())


def plain(text: str) -> str:
    """What a feed's title or summary says, without the markup and the character references that feeds leave in it."""
    # A comment that never closes is looked for from each of its beginnings: few of them fit into this.
    text = text[:_MAX_MARKUP]
    if "<" in text:
        text = _MARKUP.sub(lambda tag: " " if _BLOCK.match(tag[0]) else "", text)
    if _REFERENCE.search(text):
        text = html.unescape(text)
    return fold(text)


def stamp(raw: str, *, zone: tzinfo, language: str | None = None) -> Stamp | None:
    """The time that a short text is, as a claim of the listing; None where it is none."""
    text = fold(raw)
    if not text or len(text) > _MAX_DATE:
        return None
    moment = dates.parse(text, zone=zone, language=language)
    if moment is None:
        return None
    return Stamp(
        at=moment.at,
        precision=moment.precision,
        raw=text,
        origin=Origin.LISTING,
        zone_assumed=moment.zone_assumed,
    )


def is_date(text: str) -> bool:
    """True where a short text is a date and says nothing else, as a link into an archive does."""
    return len(text) <= _MAX_BARE_DATE and any(map(str.isdigit, text)) and stamp(text, zone=UTC) is not None


def entry(
    address: str,
    *,
    base: str,
    title: str = "",
    summary: str = "",
    times: tuple[Stamp | None, Stamp | None] = (None, None),
) -> Entry | None:
    """An entry for an address as written, relative to ``base``; None where it leads to no web page.

    ``times`` are those of publication and of the last update.
    """
    joined = urls.join(base, address)
    if joined is None:
        return None
    url = urls.normalise(joined)
    return Entry(
        url=url,
        key=urls.identity(url),
        title=plain(title)[:_MAX_TITLE],
        summary=plain(summary)[:_MAX_SUMMARY],
        published=times[0],
        updated=times[1],
    )


def unique(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """The entries in their order, each address once: its first mention stands."""
    seen: dict[str, Entry] = {}
    for each in entries:
        if each is not None:
            seen.setdefault(each.key, each)
    return tuple(seen.values())
