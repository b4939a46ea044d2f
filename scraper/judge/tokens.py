"""A text in the units that a reader would call changed: words, numbers with what they count, marks.

"€3.5 million, said a 10-year-old" -> "€3.5 million" "," "said" "a" "10-year-old"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scraper.judge.text import INVISIBLE, fold

__all__ = ["Tokens", "is_number", "is_word", "tokens"]


def _combining() -> str:
    """Vowel signs and accents that are characters of their own, as ranges; Python counts none among the letters."""
    found = {code: None for code in range(0x300, 0x3100) if unicodedata.category(chr(code))[0] == "M"}
    starts = [code for code in found if code - 1 not in found]
    ends = [code for code in found if code + 1 not in found]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


_MARKS = _combining() + INVISIBLE
# Scripts without spaces: kana and ideographs are cut into characters, Thai and Lao into syllables that may stand alone.
_SINGLE = "぀-ゟ㐀-䶿一-鿿豈-﫿"
_THAI, _LAO = "฀-๿", "຀-໿"
_LETTER = rf"[^\W\d_{_SINGLE}{_THAI}{_LAO}]"
_PIECE = rf"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*"
_SPACE = "[ \u00a0\u202f]"
_CURRENCY_CODE = r"(?:EUR|USD|GBP|CHF|JPY|CNY|RMB|INR)\b"
_CURRENCY = rf"(?:US|CA|C|AU|A|NZ|HK|S|R)?\$|[€£¥₹₽₩₺₴₪฿₫₦]|{_CURRENCY_CODE}"
_UNITS = (
    r"per cent|percent|pct|prozent|pour cent|por ciento|per cento|procent|процент(?:а|ов)?"
    r"|hundred|thousand|millions?|billions?|trillions?|bn|mn|mio\.?|mrd\.?|millionen|milliarden?"
    r"|milliards?|millones|mil|milhões|bilhões|milioni|miliardi|miljoen|miljard|тыс\.?|млн\.?|млрд\.?|миллион(?:а|ов)?"
    r"|миллиард(?:а|ов)?|euros?|dollars?|pounds?|yen|yuan|roubles?|francs?|руб\.?|рублей"
    r"|km/h|mph|km²|km|cm|mm|m²|m³|kg|mg|ha|[kmg]wh?|gb|mb|tb|tonnes?|years?|days?|hours?|minutes?"
)
_UNIT = rf"{_SPACE}?(?:[%‰％°](?:[CF](?!{_LETTER}))?|[€£¥₽$]|(?i:{_UNITS})(?!{_LETTER}))"
_TIME = rf"\d{{1,2}}(?:[:.]\d\d){{0,2}}{_SPACE}?(?:[ap]\.m\.|[ap]m(?!{_LETTER})|Uhr(?!{_LETTER}))"
_DIGITS = rf"(?:\d{{1,3}}(?:{_SPACE}\d\d\d)+(?!\d)|\d+)(?:[.,:/’'٫٬–-]\d+)*"
_NUMBER = (
    rf"{_TIME}"
    rf"|(?:(?:{_CURRENCY}){_SPACE}?)?{_DIGITS}(?:(?:-{_LETTER}+)+|[年月日時时分秒円元圓万萬亿億兆]+|(?:{_UNIT}){{1,2}}|[º°ª]|{_PIECE})?"
)
_CODE = rf"{_LETTER}+-?{_DIGITS}(?:{_PIECE})?"
_WORD = rf"{_PIECE}(?:['’]{_PIECE})*"
_SYLLABLE = rf"[เ-ไ]?[ก-ฮ][ะ-ฺๅ-๎]*|[ເ-ໄ]?[ກ-ຮ][ະ-ຼ່-ໍ]*|[ァ-ヿ]+|[{_SINGLE}][{_MARKS}]*|[{_THAI}{_LAO}]"
# Most tokens are words that no digit follows: they are tried first.
_PLAIN = rf"(?!{_CURRENCY_CODE})(?>{_WORD})(?!-?\d|\$)"
_SHORT = 4_000
"""Characters of a text whose tokens are remembered for a while."""
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of a text, and what stands before each: white space or nothing that is seen."""

    leads: Sequence[str]
    texts: Sequence[str]

    @property
    def keys(self) -> list[str]:
        """The tokens as they are compared."""
        return [text if text.isascii() and text != "`" else fold(text) for text in self.texts]

    def between(self, start: int, end: int) -> str:
        """The text from one token up to another."""
        return "".join(map("".join, zip(self.leads[start:end], self.texts[start:end], strict=True)))


@cache
def _token() -> re.Pattern[str]:
    """Made when the first text is parted: it takes a tenth of a second, and most commands part none."""
    return re.compile(
        rf"([\s{INVISIBLE}]*)((?![ァ-ヿ]){_PLAIN}|{_NUMBER}|{_CODE}|{_SYLLABLE}|{_WORD}|\.{{2,}}|[^\s{INVISIBLE}])"
    )


def tokens(text: str) -> Tokens:
    """The tokens of a text; with their leads joined they are the text up to its last token."""
    return _remembered(text) if len(text) <= _SHORT else _tokens(text)


@lru_cache(maxsize=128)
def _remembered(text: str) -> Tokens:
    """One comparison and what is made of it asks for the same paragraphs several times."""
    return _tokens(text)


def _tokens(text: str) -> Tokens:
    pairs = _token().findall(text)
    return Tokens(leads=[lead for lead, _ in pairs], texts=[token for _, token in pairs])


def is_number(token: str) -> bool:
    """True for whatever holds a digit: amounts, ages, dates, times, names such as G20."""
    return _HAS_DIGIT.search(token) is not None


def is_word(token: str) -> bool:
    """True for what is no mark."""
    return any(map(str.isalnum, token))
