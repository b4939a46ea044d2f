"""A text as tokens: numbers, words and signs, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.dates.words import fold

__all__ = ["NOTHING", "Token", "Tokens", "joins_numbers", "tokenise", "words"]

_IDEOGRAPH = r"\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_INVISIBLE = r"\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_WORD = rf"(?:[^\W\d_{_IDEOGRAPH}]|[\u0300-\u036f\u0640\u064b-\u065f])+"
_TOKEN = re.compile(rf"(\d+)|({_WORD}|[{_IDEOGRAPH}])|([^{_INVISIBLE}])")
_WORDS = re.compile(_WORD)
# Two signs between three numbers, or a year in ideographs.
_NUMBERS = re.compile(
    rf"\d[{_INVISIBLE}]*+(?:[./|‐‑‒–—−－／．·•-][{_INVISIBLE}]*+\d++[{_INVISIBLE}]*+[./|‐‑‒–—−－／．·•-]|[年년])"
)
_SIGNS = str.maketrans({"：": ":", "／": "/", "．": ".", "，": ",", "、": ",", "،": ",", "（": "(", "）": ")"})
_SIGNS |= dict.fromkeys(map(ord, "－–—‐‑‒−"), "-") | {ord("’"): "'", ord("·"): "|", ord("•"): "|"}


class Token(NamedTuple):
    """One number, word or sign."""

    text: str
    """Folded."""
    start: int
    end: int
    glued: bool
    """Nothing stands between it and the token before it."""
    digits: int = 0
    """How many, where it is a number."""

    @property
    def number(self) -> int:
        """Its value, or -1 for a word, a sign or more than four digits."""
        return int(self.text) if 0 < self.digits <= 4 else -1


NOTHING = Token("", -1, -1, glued=False)


class Tokens(list[Token]):
    """Tokens that may be asked for beyond their end."""

    def at(self, index: int) -> Token:
        """The token at an index, or one without text where there is none."""
        return self[index] if 0 <= index < len(self) else NOTHING

    def glued(self, index: int) -> str:
        """The token's text where it touches the one before it, else nothing."""
        token = self.at(index)
        return token.text if token.glued else ""


def words(text: str) -> set[str]:
    """The words of a text, folded."""
    return set(map(fold, _WORDS.findall(text)))


def joins_numbers(text: str) -> bool:
    """True for a text with numbers that signs or ideographs join as they join those of a date."""
    return _NUMBERS.search(text) is not None


def tokenise(text: str) -> Tokens:
    """The tokens of a text, in order; white space and invisible signs only part them."""
    tokens = Tokens()
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind, written = match.lastindex, match[0]
        if kind == _IS_WORD:
            written = fold(written)
        elif kind == _IS_SIGN and not written.isascii():
            written = written.translate(_SIGNS)
        # Made without the class's own constructor, at half of its cost: this is the innermost loop of all reading.
        fields = (written, start, end, start == last and start > 0, end - start if kind == _IS_NUMBER else 0)
        tokens.append(_new(Token, fields))
        last = end
    return tokens


_new = tuple.__new__
_IS_NUMBER, _IS_WORD, _IS_SIGN = 1, 2, 3
