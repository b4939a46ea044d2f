"""What a diff touched: facts with a type, numbers, names and quotations first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice

from scraper.judge.calendar import is_date, whole_date
from scraper.judge.diff import Diff, Op, Part, Segment
from scraper.judge.lcs import distance
from scraper.judge.names import names
from scraper.judge.phrases import is_byline, is_correction, is_number_word, says_who
from scraper.judge.text import fold
from scraper.judge.tokens import is_number, is_word, tokens
from scraper.model import BlockKind

__all__ = ["Touch", "Touched", "touches"]

_MOST_PLACES = 500
"""Changed places that are looked at; there is no more to learn from the next."""
_NEAR = 60
"""Characters around a change in which words belong to it."""
_LONGEST = 2_000
"""Characters of a change that are looked at."""
_MOST_PAIRS = 4
_LEAST_TYPO = 4
"""Letters of a word in which one or two may be mistyped."""


class Touched(StrEnum):
    """What a change touches, in the order in which a reader would want to know."""

    NUMBER = "number"
    NAME = "name"
    QUOTE = "quote"
    DATE = "date"
    HEADLINE = "headline"
    CORRECTION_NOTE = "correction-note"
    ATTRIBUTION = "attribution"
    """Who said something."""
    REMOVED = "removed-passage"
    ADDED = "added-passage"
    WORDING = "wording"
    """Words that are none of the others."""
    TABLE_CELL = "table-cell"
    CAPTION = "caption"
    MOVED = "moved-passage"
    LINK = "link"
    TYPO = "typo"
    STYLE = "style"
    """Case, marks and spaces alone."""
    FORMAT = "format"
    """The kind of a block, or where one ends and the next begins."""


_ORDER = {what: place for place, what in enumerate(Touched)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One fact about a change."""

    what: Touched
    before: str
    """The words, or the target of a link, as they were; empty where there were none."""
    after: str
    where: str
    """Such as "the headline" or "the second paragraph"."""
    words: int = 0
    """How many words it is about."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Words that changed, with what stands around them on either side."""

    gone: str
    come: str
    old: str
    """The earlier text around, the words included."""
    old_span: tuple[int, int]
    new: str
    new_span: tuple[int, int]


def touches(diff: Diff) -> tuple[Touch, ...]:
    """Everything that a diff touched, in the order of :class:`Touched`, then of reading."""
    found = [*_headline(diff)]
    room = _MOST_PLACES
    for where, part in _placed(diff):
        own = list(_of_part(part, where, diff.language))
        found.extend(own)
        room -= len(own)
        if room < 0:
            break
    return tuple(sorted(found, key=lambda touch: _ORDER[touch.what]))


def _headline(diff: Diff) -> Iterator[Touch]:
    if not diff.title_changed:
        return
    where = "the headline"
    before, after = (_side(diff.title, gone) for gone in (Op.ADDED, Op.REMOVED))
    found = [each for place in _places(diff.title) for each in _of_place(place, where, diff.language)]
    if any(touch.what is not Touched.STYLE for touch in found):
        yield Touch(what=Touched.HEADLINE, before=before, after=after, where=where)
    yield from (touch for touch in found if touch.what is not Touched.WORDING)


def _side(segments: Sequence[Segment], gone: Op) -> str:
    return "".join(segment.text for segment in segments if segment.op is not gone)


# --- where ------------------------------------------------------------------------------------------------------------

_NOUNS = {
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.HEADING: "heading",
    BlockKind.LIST_ITEM: "list item",
    BlockKind.QUOTE: "quotation",
    BlockKind.CAPTION: "caption",
    BlockKind.TABLE_ROW: "table row",
    BlockKind.FOOTNOTE: "footnote",
}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def _placed(diff: Diff) -> Iterator[tuple[str, Part]]:
    """The parts that differ, with where they stand among their kind in the later content."""
    counts: Counter[BlockKind] = Counter()
    for part in diff.parts:
        if part.op is not Op.REMOVED:
            counts[part.kind] += 1
        if not part.is_as_it_was or part.reflowed:
            yield f"the {_ordinal(max(counts[part.kind], 1))} {_NOUNS[part.kind]}", part


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# --- parts ------------------------------------------------------------------------------------------------------------

_PASSAGES = {Op.ADDED: Touched.ADDED, Op.REMOVED: Touched.REMOVED, Op.MOVED: Touched.MOVED}


def _of_part(part: Part, where: str, language: str | None) -> Iterator[Touch]:
    if part.op in _PASSAGES:
        yield _passage(part, where)
    if part.op in (Op.ADDED, Op.REMOVED):
        return
    if part.kind is BlockKind.TABLE_ROW and part.op is Op.CHANGED:
        yield from _cells(part, where)
    elif part.kind is BlockKind.CAPTION and part.op is Op.CHANGED:
        yield Touch(what=Touched.CAPTION, before=part.text_before, after=part.text, where=where)
    for place in _places(part.segments):
        yield from _of_place(place, where, language, is_quote=part.kind is BlockKind.QUOTE)
    for link in part.links:
        yield Touch(what=Touched.LINK, before=link.before or "", after=link.after or "", where=where)
    if part.kind_before or part.reflowed:
        before = _NOUNS[part.kind_before or part.kind]
        yield Touch(what=Touched.FORMAT, before=before, after=_NOUNS[part.kind], where=where)


def _passage(part: Part, where: str) -> Touch:
    before = "" if part.op is Op.ADDED else part.text_before
    after = "" if part.op is Op.REMOVED else part.text
    what = _PASSAGES[part.op]
    if part.op is not Op.MOVED and is_correction(part.text):
        what = Touched.CORRECTION_NOTE
    return Touch(what=what, before=before, after=after, where=where, words=len(part.text.split()))


def _cells(part: Part, where: str) -> Iterator[Touch]:
    """Which cells of a row changed; all of it where their number did."""
    before, after = part.text_before.split(" | "), part.text.split(" | ")
    if len(before) != len(after):
        yield Touch(what=Touched.TABLE_CELL, before=part.text_before, after=part.text, where=where)
        return
    for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
        if fold(old) != fold(new):
            cell = f"the {_ordinal(number)} cell of {where}"
            yield Touch(what=Touched.TABLE_CELL, before=old, after=new, where=cell)


# --- places -----------------------------------------------------------------------------------------------------------


def _places(segments: Sequence[Segment]) -> Iterator[_Place]:
    """The first few hundred changes of a text, each with its surroundings."""
    old, new = _side(segments, Op.ADDED), _side(segments, Op.REMOVED)
    return (
        _Place(gone, come, *_around(old, i, i + len(gone)), *_around(new, j, j + len(come)))
        for gone, come, i, j in islice(_changes(segments), _MOST_PLACES)
    )


def _changes(segments: Sequence[Segment]) -> Iterator[tuple[str, str, int, int]]:
    """What went, what came in its place, and where either stands in its text."""
    i = j = 0
    for is_same, group in groupby(segments, key=lambda segment: segment.op is Op.SAME):
        run = list(group)
        gone = "".join(segment.text for segment in run if segment.op is Op.REMOVED)
        come = "".join(segment.text for segment in run if segment.op is Op.ADDED)
        if is_same:
            gone = come = "".join(segment.text for segment in run)
        else:
            yield gone, come, i, j
        i, j = i + len(gone), j + len(come)


def _around(text: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    """A part of a text around some of it, and where that stands in the part."""
    end = min(end, start + _LONGEST)
    first = max(0, start - _LONGEST)
    return text[first : end + _LONGEST], (start - first, end - first)


def _of_place(place: _Place, where: str, language: str | None, *, is_quote: bool = False) -> Iterator[Touch]:
    gone, come = place.gone.strip()[:_LONGEST], place.come.strip()[:_LONGEST]

    def touch(what: Touched, before: str = gone, after: str = come) -> Touch:
        size = max(len(before.split()), len(after.split()))
        return Touch(what=what, before=before, after=after, where=where, words=size)

    if _letters(gone) == _letters(come):
        yield touch(Touched.STYLE)
        return
    found = [touch(what, *pair) for what, pair in _facts(place, gone, come, language)]
    if is_quote or _is_quoted(place.old, place.old_span) or _is_quoted(place.new, place.new_span):
        found.append(touch(Touched.QUOTE))
    if not found and _is_typo(gone, come):
        yield touch(Touched.TYPO)
        return
    yield from found or (touch(Touched.WORDING),)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text).casefold()))


def _facts(place: _Place, gone: str, come: str, language: str | None) -> Iterator[tuple[Touched, tuple[str, str]]]:
    """Dates, numbers, names, notes and attributions among some words that changed."""
    date = is_date(place.old, place.old_span) or is_date(place.new, place.new_span)
    if date:
        yield Touched.DATE, (whole_date(place.old, place.old_span), whole_date(place.new, place.new_span))
    else:
        yield from ((Touched.NUMBER, pair) for pair in _numbers(gone, come))
    before, after = names(place.old, place.old_span, language), names(place.new, place.new_span, language)
    is_name = not date and set(before) != set(after)
    if is_name and not (before and after and _letters("".join(before)) == _letters("".join(after))):
        lost, won = [n for n in before if n not in after], [n for n in after if n not in before]
        if lost or won:
            yield Touched.NAME, (", ".join(lost), ", ".join(won))
    if is_correction(come) or is_correction(gone):
        yield Touched.CORRECTION_NOTE, (gone, come)
    if says_who(gone) != says_who(come) or (is_name and _is_said(place)):
        yield Touched.ATTRIBUTION, (gone, come)


def _is_said(place: _Place) -> bool:
    start, end = place.new_span
    return is_byline(place.new) or says_who(place.new[max(0, start - _NEAR // 2) : end + _NEAR // 2])


def _numbers(gone: str, come: str) -> Iterator[tuple[str, str]]:
    """Numbers that went and that came, paired in order."""
    old = [token for token in tokens(gone).texts if _counts(token)]
    new = [token for token in tokens(come).texts if _counts(token)]
    shared = Counter(map(fold, old)) & Counter(map(fold, new))
    lost, won = _without(old, shared), _without(new, shared)
    if len(lost) == len(won):
        yield from zip(lost[:_MOST_PAIRS], won[:_MOST_PAIRS], strict=True)
    elif lost or won:
        yield ", ".join(lost[:_MOST_PAIRS]), ", ".join(won[:_MOST_PAIRS])


def _counts(token: str) -> bool:
    return is_number(token) or is_number_word(token)


def _without(values: Sequence[str], shared: Counter[str]) -> list[str]:
    left = Counter(shared)
    found = []
    for value in values:
        if left[fold(value)]:
            left[fold(value)] -= 1
        else:
            found.append(value)
    return found


_QUOTED = re.compile('[“„«»"「『‹][^“”„«»"「」『』‹›]{2,1500}[”“»«"」』›]')


def _is_quoted(text: str, span: tuple[int, int]) -> bool:
    """True where the words, or the place where they were, stand between quotation marks."""
    start, end = span
    return any(match.start() < max(end, start + 1) and start < match.end() for match in _QUOTED.finditer(text))


def _is_typo(gone: str, come: str) -> bool:
    """One word that is spelt differently by a letter or two."""
    old, new = ([t for t in tokens(text).texts if is_word(t)] for text in (gone, come))
    if len(old) != 1 or len(new) != 1 or min(len(old[0]), len(new[0])) < _LEAST_TYPO:
        return False
    most = 1 if min(len(old[0]), len(new[0])) < 2 * _LEAST_TYPO - 1 else 2
    return distance(old[0].casefold(), new[0].casefold(), most=most) <= most
