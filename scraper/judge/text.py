"""Text as it is compared: what a reader would call the same words is the same string."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "tokens"]

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_QUOTES = {
    **dict.fromkeys(map(ord, "‘’‚‛′´`ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("…"): "...",
}
_TABLE = {**_INVISIBLE, **_QUOTES}
_SPACE = re.compile(r"\s+")

# A number with its separators is one token, so that 1,856 -> 1,846 reads as one change; so is a word with inner
# apostrophes. Scripts without spaces are cut into characters.
_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|[぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿]"
    r"|[^\W\d_぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿]+(?:['’][^\W\d_]+)*"
    r"|\s+|."
)


def fold(text: str) -> str:
    """The text without what does not count as a difference.

    NFC; soft hyphens, zero-width and bidi marks dropped; quotation marks, dashes and the ellipsis in one form; white
    space folded. Letters, digits and case count.
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_TABLE)).strip()


def tokens(text: str) -> list[str]:
    """The words, numbers, marks and runs of white space of a text; joined they are the text."""
    return _TOKEN.findall(text.replace("\n", " "))
