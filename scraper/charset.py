"""Bytes to text as browsers do it.

The order is that of the WHATWG encoding sniffing algorithm: byte order mark, ``Content-Type`` header, what the first
bytes declare, then UTF-8 where the bytes are UTF-8, else what is usual in the page's language. The same bytes give the
same text always.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding

No library is used: w3lib 2.5 takes 60 of the 83 encodings in html5lib's tests as browsers do, this all but one
that takes a script to run; and neither w3lib nor webencodings knows what browsers read beyond Python's codecs.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from scraper.charset_labels import CODECS, REPLACEMENT

__all__ = ["Decoded", "decode", "decoded"]

_FALLBACK = "cp1252"
_SURE_FROM = 24
"""Continuation bytes from which UTF-8 is believed against a declaration in the markup."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_PRESCAN = 1_024
_MAX_PRESCAN = 65_536
"""A browser looks at 1,024 bytes first, but starts over when its parser meets a declaration behind them."""
_HEADER = re.compile(r"(?:^|[;,\s])charset=(?:\"([^\"]*)|'([^']*)|([^;,\s]*))", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"'>]*)", re.IGNORECASE)
_ATTRIBUTES = rb"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+"
# A comment, the start of a script, a tag or another "<!", in the words of "prescan a byte stream".
_MARKUP = re.compile(
    rb"<!--(?:-?>|.*?(?:-->|\Z))|<(?P<raw>script|style)(?=[\s/>])|"
    rb"<(?P<tag>/?[a-z][^\s/>]*+)(?P<attributes>" + _ATTRIBUTES + rb")(?:>|(?P<cut>\Z))|<[!/?][^>]*+",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rb"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)?))?+", re.DOTALL
)
_IN_CONTENT = re.compile(rb"charset\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s;\"'][^\s;]*+))", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<html\s[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2}(?:-hant|-tw|-hk)?)", re.IGNORECASE)
# What a page without any declaration is written in, of the standard's table by locale; the first that fits wholly.
_USUAL = {
    "windows-1251": "be bg kk ky mk ru sr tg tt uk",
    "windows-1250": "cs hr sk",
    "iso-8859-2": "hu pl sl",
    "windows-1253": "el",
    "windows-1254": "az ku tr",
    "windows-1255": "he",
    "windows-1256": "ar fa ur",
    "windows-1257": "et lt lv",
    "windows-1258": "vi",
    "windows-874": "th",
    "shift_jis euc-jp": "ja",
    "euc-kr": "ko",
    "gb18030": "zh",
    "big5": "zh-hant zh-tw zh-hk",
}
_OF_LANGUAGE = {language: labels.split() for labels, some in _USUAL.items() for language in some.split()}


class Decoded(NamedTuple):
    """The text of a page."""

    text: str
    utf8: bytes | None = None
    """The bytes that it was read from, where they are the same text in UTF-8: a parser need not encode it again."""


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a page: undecodable bytes as U+FFFD, without NULs and lone surrogates.

    ``content_type`` is the value of the HTTP header of that name, or None. Never raises.
    """
    return decoded(body, content_type).text


def decoded(body: bytes, content_type: str | None) -> Decoded:
    """The same, with the bytes where they are in UTF-8 already."""
    found = _marked(body)
    if found is None:
        header = _HEADER.search(content_type) if content_type else None
        codec = _codec(header[header.lastindex or 0]) if header else None
        found = _sniffed(body) if codec is None else _decode(body, codec)
    # No encoding has a NUL without a byte of zero, and few pages have one.
    return Decoded(found.text.replace("\x00", "")) if b"\x00" in body and "\x00" in found.text else found


def _marked(body: bytes) -> Decoded | None:
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], codec)
    return None


def _codec(label: str) -> str | None:
    return CODECS.get(label.strip("\t\n\f\r ").lower())


def _sniffed(body: bytes) -> Decoded:
    """The text of a body whose encoding only its own bytes can tell."""
    utf8 = _as_utf8(body)
    # The one step beyond the standard: pages that were converted and kept their old <meta> are common in archives
    # and behind content systems, and no text in another encoding is valid UTF-8 by chance at such length.
    if utf8 is not None and len(body) - len(utf8.text) >= _SURE_FROM:
        return utf8
    codec = _declared(body[:_MAX_PRESCAN])
    if codec is not None:
        return _decode(body, codec)
    return utf8 if utf8 is not None else _usual(body)


def _as_utf8(body: bytes) -> Decoded | None:
    """The text, where the bytes are UTF-8 but for a character that is cut off at the end."""
    try:
        return Decoded(body.decode(), body)
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return None
        text = body[: error.start].decode()
        return None if text.isascii() else Decoded(text + "\ufffd")


def _usual(body: bytes) -> Decoded:
    """The text of a body that says nothing of its encoding: by the language that it says it is in."""
    language = _LANGUAGE.search(body, 0, 4_096)
    name = language[1].decode("ascii").lower() if language else ""
    for label in _OF_LANGUAGE.get(name, _OF_LANGUAGE.get(name[:2], ())):
        try:
            return Decoded(body.decode(CODECS[label]))
        except UnicodeDecodeError:
            continue
    return _decode(body, _FALLBACK)


# --- what the markup declares


def _declared(head: bytes) -> str | None:
    """The codec that the markup declares: the standard's "prescan", and "change the encoding" behind 1,024 bytes."""
    if head.startswith(b"<?xml"):
        written = _XML.match(head)
        codec = _codec(written[1].decode("latin-1")) if written else None
        if codec is not None:
            return _readable(codec)
    if b"charset" not in head.lower():
        return None
    at = 0
    while (found := _MARKUP.search(head, at)) is not None and found["cut"] is None:
        at = found.end()
        if found["raw"] is not None:
            # The prescan knows no scripts, the parser behind it does: a declaration there is a string.
            at = at if found.start() < _PRESCAN else _behind(head, found["raw"], at)
        elif (found["tag"] or b"").lower() == b"meta":
            codec = _of_meta(found["attributes"])
            if codec is not None:
                return _readable(codec)
    return None


def _behind(head: bytes, name: bytes, at: int) -> int:
    """Where a script or a style sheet ends."""
    end = re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE).search(head, at)
    return len(head) if end is None else end.start()


def _of_meta(written: bytes) -> str | None:
    attributes: dict[bytes, bytes] = {}
    for match in _ATTRIBUTE.finditer(written):
        attributes.setdefault(match[1].lower(), match[2] or match[3] or match[4] or b"")
    if b"charset" in attributes:
        return _codec(attributes[b"charset"].decode("latin-1"))
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    inside = _IN_CONTENT.search(attributes.get(b"content", b""))
    return _codec(inside[inside.lastindex or 0].decode("latin-1")) if inside else None


def _readable(codec: str) -> str:
    """A page whose declaration could be read byte by byte is not UTF-16, whatever it says (prescan, step 15)."""
    return "utf-8" if codec in ("utf-16-le", "utf-16-be") else codec


# --- decoding


def _decode(body: bytes, codec: str) -> Decoded:
    if codec == REPLACEMENT:
        return Decoded("\ufffd" if body else "")
    text = body.decode(codec, errors="presswatch-web")
    # Of bytes that no character stands for, the text has a sign that they do not have.
    return Decoded(text, body if codec == "utf-8" and "\ufffd" not in text else None)


# Python's codecs are those of the national standards; vendors added characters that every browser reads.
_VENDORS = {"big5hkscs": "cp950", "euc_jp": "cp932", "iso2022_jp": "cp932"}


def _as_browsers(error: UnicodeError) -> tuple[str, int]:
    """What browsers show for bytes that a codec of Python refuses."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    body, at = error.object, error.start
    if error.encoding == "charmap":
        # Bytes without a character in the code pages of Windows are control characters.
        return (chr(body[at]) if body[at] < 0xA0 else "\ufffd"), at + 1
    if error.encoding == "gb18030" and body[at] == 0x80:
        return "€", at + 1
    vendor = _VENDORS.get(error.encoding)
    pair = body[at : at + 2]
    if vendor is None or len(pair) < 2 or b"\x1b" in pair:
        return "\ufffd", error.end
    try:
        return _shifted(pair, error.encoding).decode(vendor), at + 2
    except (UnicodeDecodeError, ValueError):
        return "\ufffd", error.end


def _shifted(pair: bytes, codec: str) -> bytes:
    """Two bytes of a Japanese encoding as Shift_JIS has them; those of Big5 as they are.

    Raises:
        ValueError: they are no row and cell of the table.
    """
    if codec == "big5hkscs":
        return pair
    row, cell = (byte - (0xA1 if codec == "euc_jp" else 0x21) for byte in pair)
    if not (0 <= row < 94 and 0 <= cell < 94):
        raise ValueError(pair)
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)
    return bytes((lead, trail))


codecs.register_error("presswatch-web", _as_browsers)
