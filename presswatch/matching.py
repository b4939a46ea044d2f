"""Whether a change's texts have the words, or are in the language, that a person looks for: one meaning everywhere.

What is looked for is a text such as ``pier "eastern harbour"``: all of its words have to be there, in any order, and
what stands in quotation marks as it stands. Words are whole ones, whatever their case; words of a script without spaces
stand anywhere. In linear time: the edges of words are marked in both, and then the one is a part of the other or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from scraper.judge.text import fold
from scraper.model import Release
from storage import FeedRow

__all__ = ["has_words", "is_in", "marked", "searched", "spoken_in", "terms"]

_MOST_SEARCHED = 200_000
"""Characters of each text of a change that words are looked for in."""
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Khmer, kana and Han are written without spaces: a word of theirs has no edges to be found by."""
_WITHOUT_SPACES = re.compile(f"[{_UNSPACED}]")
_EDGE = re.compile(r"\b")
_EDGE_OR_SIGN = re.compile(rf"\b|(?<=[{_UNSPACED}])|(?=[{_UNSPACED}])")
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_MARK = "\x1f"
"""White space to Python, so that no folded text has it."""


def has_words(text: str, wanted: Iterable[str]) -> bool:
    """True where any of what is wanted stands in a text that went through :func:`marked`."""
    return any(all(term in text for term in terms(each)) for each in wanted if terms(each))


@lru_cache(maxsize=1000)
def terms(wanted: str) -> tuple[str, ...]:
    """The words and phrases of what is looked for, marked; none where it has none."""
    found = (phrase or word for phrase, word in _TERM.findall(fold(wanted)))
    return tuple(term for each in found if (term := marked(each.strip())))


def marked(text: str) -> str:
    """The text, folded, with the edges of its words marked."""
    folded = fold(text).casefold()
    edge = _EDGE_OR_SIGN if _WITHOUT_SPACES.search(folded) else _EDGE
    return edge.sub(_MARK, folded)


def searched(row: FeedRow) -> str:
    """All of a change that words are looked for in, marked: its title, and the texts before and after it."""
    texts = [each.read() for each in (row.before, row.after) if each is not None]
    parts = (row.change.title, *(f"{each.title}\n{each.text}" for each in texts))
    return "\n".join(marked(part[:_MOST_SEARCHED]) for part in parts)


def spoken_in(row: FeedRow, text: Release | None) -> str | None:
    """The language of a change: as the page declares it, else as its source's owner says."""
    return (text.language if text else None) or row.language


def is_in(spoken: str, wanted: Iterable[str]) -> bool:
    """By basic filtering (RFC 4647, section 3.3.1): ``en`` finds ``en-gb``. Both in lower case."""
    return any(spoken == each or spoken.startswith(f"{each}-") for each in wanted)
