"""A text as tokens: numbers, words and signs, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.dates.words import fold

__all__ = ["NOTHING", "Token", "Tokens", "tokenise"]

_IDEOGRAPH = r"\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_INVISIBLE = r"\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_TOKEN = re.compile(
    rf"(\d+)|((?:[^\W\d_{_IDEOGRAPH}]|[\u0300-\u036f\u0640\u064b-\u065f])+|[{_IDEOGRAPH}])|([^{_INVISIBLE}])"
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


def tokenise(text: str) -> Tokens:
    """The tokens of a text, in order; white space and invisible signs only part them."""
    tokens = Tokens()
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        glued = start == last and start > 0
        last = end
        if match[1]:
            tokens.append(Token(match[1], start, end, glued, end - start))
        else:
            tokens.append(Token(fold(match[2]) if match[2] else match[3].translate(_SIGNS), start, end, glued))
    return tokens
