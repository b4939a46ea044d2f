"""Bytes to text as browsers do it, and the only module that knows w3lib.

The order is that of the WHATWG encoding sniffing algorithm: byte order mark, ``Content-Type`` header, ``<meta>`` in
the first bytes, then UTF-8 where the bytes are UTF-8, else windows-1252. The same bytes give the same text always.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

__all__ = ["decode"]

_FALLBACK = "cp1252"
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURE_FROM = 24
"""Continuation bytes from which UTF-8 is believed against a declaration in the markup."""
_UTF16 = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a page: undecodable bytes as U+FFFD, without NULs and lone surrogates.

    ``content_type`` is the value of the HTTP header of that name, or None. Never raises.
    """
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return _cleaned(_decode(body[len(mark) :], encoding))
    header = http_content_type_encoding(content_type) if content_type else None
    if header is not None and _exists(header):
        return _cleaned(_decode(body, header))
    return _cleaned(_sniffed(body))


def _cleaned(text: str) -> str:
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:  # Some of Python's codecs give lone surrogates.
        text = _SURROGATE.sub("", text)
    return text


def _sniffed(body: bytes) -> str:
    """The text of a body whose encoding only its own bytes can tell."""
    utf8 = _as_utf8(body)
    # The one step beyond the standard: pages that were converted and kept their old <meta> are common in archives
    # and behind content systems, and no text in another encoding is valid UTF-8 by chance at such length.
    if utf8 is not None and len(body) - len(utf8) >= _SURE_FROM:
        return utf8
    inside = html_body_declared_encoding(body)
    if inside is not None and _exists(inside):
        # A page whose <meta> could be read byte by byte is not UTF-16, whatever it says (WHATWG prescan, step 15).
        return _decode(body, "utf-8" if inside in _UTF16 else inside)
    return utf8 if utf8 is not None else _decode(body, _FALLBACK)


def _as_utf8(body: bytes) -> str | None:
    """The text, where the bytes are UTF-8 but for a character that is cut off at the end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(body)
    except UnicodeDecodeError:
        return None
    cut = bool(decoder.getstate()[0])
    return None if cut and text.isascii() else text + "\ufffd" * cut


def _exists(encoding: str) -> bool:
    resolved = resolve_encoding(encoding)
    if resolved is None:
        return False
    try:
        # Python's codecs include transformations that are no character encodings ("hex", "rot13").
        b"a".decode(resolved, errors="replace")
    except (LookupError, ValueError):
        return False
    return True


def _decode(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding, errors="replace")
    except (LookupError, ValueError):
        return body.decode(_FALLBACK, errors="replace")
