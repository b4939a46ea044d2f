"""Content codings undone within bounds: gzip and deflate, piece by piece, never more than asked for.

    raw pieces -> feed() -> decoded pieces ... -> finish(), which knows whether the end was there

A truncated body is an error and no shorter page, a second gzip member is part of the page, and a body that unpacks to
more than its limit stops there (RFC 9110 section 8.4, RFC 1950 to 1952).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from scraper.fetch.problem import Problem
from scraper.model import Failure

__all__ = ["ACCEPTED", "Decoder"]

ACCEPTED = "gzip, deflate"
"""The value of Accept-Encoding: what can be undone without another library and with its output bounded."""

_PIECE = 65_536
_MOST_CODINGS = 3
_MOST_MEMBERS = 2_000
"""A megabyte of empty gzip members would be 50,000 of them; block gzip of the largest page has 200."""
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 31, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Decoder:
    """Undoes the codings of one body.

    Args:
        coding: the value of Content-Encoding; codings in the order in which they were applied.
        limit: most bytes that any coding may unpack to.

    Raises:
        Problem: ``broken`` for a coding that was not asked for, for damaged or truncated data; ``too-large``.
    """

    def __init__(self, coding: str, *, limit: int) -> None:
        names = [name for part in coding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
        if len(names) > _MOST_CODINGS:
            raise Problem(Failure.BROKEN, f"The body has {len(names)} content codings one over the other.")
        self._stages = [_stage(name, limit=limit) for name in reversed(names)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next raw piece decodes to, in pieces of at most 64 KiB; empty pieces are left out."""
        return self._through(data, 0)

    def finish(self) -> None:
        """To be called after the last raw piece: raises where the body stops before its end."""
        for stage in self._stages:
            stage.finish()

    def _through(self, data: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._stages):
            if data:
                yield data
            return
        for piece in self._stages[number].feed(data):
            yield from self._through(piece, number + 1)


def _stage(name: str, *, limit: int) -> _Gzip | _Deflate:
    if name in ("gzip", "x-gzip"):
        return _Gzip(limit)
    if name == "deflate":
        return _Deflate(limit)
    raise Problem(Failure.BROKEN, f"The body has the content coding {name!r}, which was not asked for.")


class _Inflater:
    """The loop that both codings share: zlib with bounded output."""

    name = "deflate"

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._made = 0

    def _inflate(self, engine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
        full = False
        # A full piece may leave output behind in zlib with no input left over.
        while (data or full) and not engine.eof:
            try:
                piece = engine.decompress(data, _PIECE)
            except zlib.error as exc:
                raise Problem(Failure.BROKEN, f"The {self.name} data is damaged: {exc}.") from exc
            self._made += len(piece)
            if self._made > self._limit:
                raise Problem(Failure.TOO_LARGE, f"The body unpacks to more than {self._limit:,} bytes.")
            if piece:
                yield piece
            full = len(piece) == _PIECE
            data = engine.unconsumed_tail

    def _truncated(self) -> Problem:
        return Problem(Failure.BROKEN, f"The {self.name} data stops before its end.")


class _Gzip(_Inflater):
    name = "gzip"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._engine = zlib.decompressobj(_GZIP)
        self._members = 1
        self._begun = False
        self._between = b""
        """What follows a finished member, as far as it is too short to tell what it is."""
        self._ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._engine.eof:
                data = self._next_member(data)
                continue
            self._begun = True
            yield from self._inflate(self._engine, data)
            data = self._engine.unused_data if self._engine.eof else b""

    def finish(self) -> None:
        if self._begun and not self._engine.eof:
            raise self._truncated()

    def _next_member(self, data: bytes) -> bytes:
        # Padding and what else is no member is passed over, as gunzip and browsers do: the members have checksums.
        data = self._between + data
        self._between = b""
        if data == _GZIP_MAGIC[:1]:
            self._between = data
            return b""
        if not data.startswith(_GZIP_MAGIC):
            self._ended = True
            return b""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise Problem(Failure.BROKEN, f"The gzip data has more than {_MOST_MEMBERS:,} members.")
        self._engine = zlib.decompressobj(_GZIP)
        return data


class _Deflate(_Inflater):
    """Zlib format as RFC 9110 says, or the bare deflate that some servers send."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._head = b""
        self._engine: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._engine is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._engine = zlib.decompressobj(_ZLIB if _is_zlib(data) else _RAW)
        if not self._engine.eof:
            yield from self._inflate(self._engine, data)

    def finish(self) -> None:
        if self._head or (self._engine is not None and not self._engine.eof):
            raise self._truncated()


def _is_zlib(data: bytes) -> bool:
    """RFC 1950 section 2.2; as bare deflate these bits would be a stored block with padding that nobody writes."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
