"""Which release a text is: the same one at another address, another one at the same address, or neither.

The thresholds are measured: docs/decisions/0011-which-release-a-text-is.md has the figures.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from scraper.judge.diff import likeness
from scraper.judge.text import fold
from scraper.judge.tokens import tokens
from scraper.model import Precision, Release, Stamp

__all__ = ["another", "contradict", "has_same_headline", "is_like", "is_same", "traits"]

_WORDS_OF_A_DAY, _NUMBERS_OF_A_DAY = 0.8, 0.5
"""Of the shorter text that must stand in the longer one, under one headline and of one day."""
_WORDS, _NUMBERS = 0.95, 0.9
"""The same without a day: two months' statistics share their words and not their figures."""
_LEAST_SHARE = 1 / 3
"""A text that is cut to less of the other is none of its versions that could be told from a quotation."""
_ALL_BUT_THE_HEADLINE = 0.95
"""Under another headline: the likest two of 228 different releases of one newsroom have 0.87 in common."""
_OTHER = 0.4
"""99 of 100 pairs of one site's pages have less in common; a release that half was rewritten of has more."""
_DAY, _MONTH = timedelta(days=1), timedelta(days=31)
_ALIKE = 0.5
_LEAST_WORDS = 20
_SKETCH, _SHINGLE = 6, 3
_SUFFIX = re.compile(r"\s+[-|:•·»/]+\s+")


def is_same(before: Release, after: Release) -> bool:
    """True where two texts are versions of one release, as far as they tell.

    A publication on another day says that they are two, whatever they have in common.
    """
    if min(before.words, after.words) < _LEAST_WORDS or contradict(before, after):
        return False
    numbers, lost = _kept(_numbers, before, after)
    if not has_same_headline(before, after):
        return likeness(before, after) >= _ALL_BUT_THE_HEADLINE and numbers >= _NUMBERS
    if min(before.words, after.words) < _LEAST_SHARE * max(before.words, after.words):
        return False
    words, _ = _kept(_words, before, after)
    if _published(before) and _published(after):
        return words >= _WORDS_OF_A_DAY and (numbers >= _NUMBERS_OF_A_DAY or lost <= 1)
    return words >= _WORDS and numbers >= _NUMBERS


def is_like(before: Release, after: Release) -> bool:
    """True where two texts may be one release, since a server or a page says besides that they are."""
    same_title = bool(after.title) and fold(after.title) == fold(before.title)
    return same_title or likeness(before, after) >= _ALIKE


def another(before: Release, after: Release) -> str | None:
    """Why a text that stands where another stood is a new release and no edit of the former, or None.

    All three must say so: another headline, another text, and a later day of publication. An institution that rewrites
    a release keeps its day; one that shows no day is given the benefit of the doubt.
    """
    old, new = _published(before), _published(after)
    if old is None or new is None or new.at - old.at < _apart(old, new):
        return None
    if has_same_headline(before, after) or likeness(before, after) >= _OTHER:
        return None
    return f"another release stands at its address: “{after.title}”, of {new.at:%Y-%m-%d} and not of {old.at:%Y-%m-%d}"


def contradict(before: Release, after: Release) -> bool:
    """True where both texts tell when they were published, and these are two days."""
    old, new = _published(before), _published(after)
    return old is not None and new is not None and abs(new.at - old.at) >= _apart(old, new)


def has_same_headline(before: Release, after: Release) -> bool:
    """True where the headlines are the same words, but for what a site adds to all of its own."""
    old, new = _parts(before.title), _parts(after.title)
    return bool(old and new) and (old <= new or new <= old)


def traits(release: Release) -> frozenset[str]:
    """Keys that versions of one release are likely to share: by them it is looked for among the known ones.

    The longest part of its headline, and a sketch of its text: of the hashes of all runs of three words the least six.
    Two texts with four fifths of their words in common share one of these but for a case in ten thousand.
    """
    parts = _parts(release.title)
    words = [token.casefold() for token in tokens(fold(release.text)).texts if token.isalnum()]
    runs = {" ".join(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)}
    least = heapq.nsmallest(_SKETCH, map(_hash, runs))
    headline = {f"h:{_hash(max(parts, key=lambda part: (len(part), part)))}"} if parts else set()
    return frozenset(headline | {f"t:{value}" for value in least})


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _parts(title: str) -> frozenset[str]:
    return frozenset(filter(None, _SUFFIX.split(fold(title).casefold())))


def _apart(old: Stamp, new: Stamp) -> timedelta:
    """From how far apart on two times are two days. A day and a time of day may be told in two zones."""
    if Precision.MONTH in (old.precision, new.precision):
        return _MONTH
    return _DAY if old.precision.is_date is new.precision.is_date else 2 * _DAY


def _published(release: Release) -> Stamp | None:
    """When the page says that it was published."""
    published = release.published
    return published if published is not None and published.origin.is_of_page else None


def _words(release: Release) -> Counter[str]:
    return Counter(token.casefold() for token in tokens(fold(release.text)).texts if token.isalpha())


def _numbers(release: Release) -> Counter[str]:
    return Counter(token for token in tokens(fold(release.text)).texts if token[:1].isdigit())


def _kept(of: Callable[[Release], Counter[str]], before: Release, after: Release) -> tuple[float, int]:
    """Of what the shorter text has: the share that stands in the longer one, too, and how much does not.

    A cut keeps all, a correction nearly all.
    """
    old, new = of(before), of(after)
    least, common = min(old.total(), new.total()), (old & new).total()
    return common / least if least else 1.0, least - common
