"""Sitemaps and sitemap indexes (sitemaps.org protocol 0.9), news sitemaps, text sitemaps; plain or gzipped.

Read as a stream with the standard library's expat: no document type, no entities, bounded in bytes, depth and entries.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from xml.parsers import expat

from scraper import urls
from scraper.discover.entries import NotAListing, entry, fold, stamp, unique
from scraper.discover.kinds import belongs
from scraper.model import Entry, Listed, ListingKind, Stamp

__all__ = ["MAX_BYTES", "MAX_CHILDREN", "MAX_ENTRIES", "looks_like_sitemap", "read_sitemap"]

MAX_BYTES = 52_428_800
"""The protocol's own limit for one sitemap, uncompressed."""
MAX_ENTRIES = 50_000
MAX_CHILDREN = 1_000
_MAX_DEPTH = 20
_MAX_FIELD = 10_000
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"
_HEAD = 8_192
_ROOT = re.compile(rb"<(?:\w{1,20}:)?(urlset|sitemapindex)[\s>/]", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-_/]?(?:0[1-9]|1[0-2]))?(?!\d)")


def looks_like_sitemap(body: bytes) -> bool:
    """True where the first 8 kB open as a sitemap or a sitemap index does, compressed or not."""
    return _ROOT.search(_head(body)) is not None


def read_sitemap(body: bytes, url: str, *, zone: tzinfo, shapes: tuple[str, ...] = ()) -> Listed:
    """The addresses of a sitemap, or the sitemaps of an index, that answered at ``url``; at most 50,000 and 1,000.

    ``lastmod`` becomes ``updated``, a news sitemap's publication date ``published``. Of a sitemap that breaks off, what
    came before stands. With ``shapes`` only addresses are taken that have one of them, or are of a new kind beside them
    (see ``kinds``).

    Raises:
        NotAListing: it is neither a sitemap nor a list of addresses, or declares entities.
    """
    text = _unpacked(body, MAX_BYTES)
    if _ROOT.search(text[:_HEAD].replace(b"\x00", b"")):
        reader = _Reader()
        reader.read(text)
        rows, is_index = reader.rows, reader.is_index
    else:
        rows, is_index = _text_rows(text), False
    if is_index:
        return Listed(kind=ListingKind.SITEMAP, entries=(), children=_children(rows, url, zone=zone))
    wanted = (row for row in rows if not shapes or belongs(urls.join(url, row.loc) or "", shapes))
    return Listed(kind=ListingKind.SITEMAP, entries=unique(_entries(wanted, url, zone=zone)))


@dataclass(slots=True)
class _Row:
    """One ``<url>`` or ``<sitemap>``, as written."""

    loc: str = ""
    lastmod: str = ""
    published: str = ""
    title: str = ""
    language: str = ""


_FIELDS = {
    "loc": "loc",
    "lastmod": "lastmod",
    "news:publication_date": "published",
    "news:title": "title",
    "news:language": "language",
}


class _Enough(Exception):
    """As many rows as are taken have been read."""


@dataclass(slots=True)
class _Reader:
    """expat's handlers and what they gather."""

    rows: list[_Row] = field(default_factory=list)
    is_index: bool = False
    _depth: int = 0
    _prefix: str = ""
    _row: _Row | None = None
    _field: str = ""
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0

    def read(self, text: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refuse_entity
        # White space before the declaration is a fault that browsers and crawlers forgive.
        text = text.lstrip()
        try:
            for at in range(0, len(text), _CHUNK):
                parser.Parse(text[at : at + _CHUNK])
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only
        except _Enough:
            return
        except (expat.ExpatError, LookupError, ValueError) as error:
            if isinstance(error, NotAListing) or not self.rows:
                raise NotAListing(f"It opens as a sitemap and cannot be read as one: {error}.") from error

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise NotAListing(f"its elements nest deeper than {_MAX_DEPTH}")
        if self._depth == 1:
            self._prefix, local = name.rpartition(":")[0], name.rpartition(":")[2]
            self.is_index = local.lower() == "sitemapindex"
        elif self._depth == 2:
            self._row = _Row()
        self._field = _FIELDS.get(self._local(name), "") if self._depth > 2 else ""
        self._pieces, self._length = [], 0

    def _local(self, name: str) -> str:
        return name.removeprefix(f"{self._prefix}:") if self._prefix else name

    def _characters(self, text: str) -> None:
        if self._field and self._length < _MAX_FIELD:
            self._pieces.append(text)
            self._length += len(text)

    def _end(self, _name: str) -> None:
        if self._row is not None and self._field:
            setattr(self._row, self._field, "".join(self._pieces).strip())
        self._field = ""
        if self._depth == 2 and self._row is not None and self._row.loc:
            self.rows.append(self._row)
            self._row = None
        self._depth -= 1
        if len(self.rows) >= MAX_ENTRIES:
            raise _Enough


def _refuse_entity(*_declaration: object) -> None:
    raise NotAListing("it declares entities")


def _text_rows(text: bytes) -> list[_Row]:
    """The rows of a text sitemap: an address a line, nothing else."""
    lines = text[: MAX_ENTRIES * 2_000].decode("utf-8-sig", "replace").split("\n", MAX_ENTRIES)[:MAX_ENTRIES]
    filled = [line.strip() for line in lines if line.strip()]
    if not filled or not all(line.startswith(("http://", "https://")) and " " not in line for line in filled):
        raise NotAListing("It is neither a sitemap nor a list of addresses.")
    return [_Row(loc=line) for line in filled]


def _entries(rows: Iterable[_Row], url: str, *, zone: tzinfo) -> Iterable[Entry | None]:
    for row in rows:
        times = stamp(row.published, zone=zone, language=row.language or None), stamp(row.lastmod, zone=zone)
        yield entry(row.loc, base=url, title=row.title, times=times)


def _children(rows: list[_Row], url: str, *, zone: tzinfo) -> tuple[str, ...]:
    """The sitemaps of an index, the newest first; where it gives no time, by a year in the address."""
    own = urls.identity(url)
    dated: dict[str, tuple[str, str, Stamp | None]] = {}
    for row in rows:
        address = urls.join(url, row.loc)
        if address is not None and urls.identity(address) != own:
            year = _YEAR.search(address)
            dated.setdefault(
                urls.identity(address), (address, fold(year[0]) if year else "", stamp(row.lastmod, zone=zone))
            )
    newest_first = sorted(
        dated.values(), key=lambda child: (child[2].at.timestamp() if child[2] else 0.0, child[1]), reverse=True
    )
    return tuple(address for address, _, _ in newest_first[:MAX_CHILDREN])


# --- bytes ------------------------------------------------------------------------------------------------------------


def _head(body: bytes) -> bytes:
    return _unpacked(body[:_HEAD], _HEAD).replace(b"\x00", b"")


def _unpacked(body: bytes, limit: int) -> bytes:
    """At most ``limit`` bytes of a body, gunzipped where it is gzip; what comes before a break in it stands."""
    if not body.startswith(_GZIP):
        return body[:limit]
    unpacked = bytearray()
    while body.startswith(_GZIP) and len(unpacked) < limit:
        decoder = zlib.decompressobj(wbits=31)
        try:
            unpacked += decoder.decompress(body, limit - len(unpacked))
        except zlib.error:
            break
        body = decoder.unused_data
    return bytes(unpacked)
