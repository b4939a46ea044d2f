"""How much a reader of a release would want to know of a change, from 0 to 1, and why, in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scraper.judge.diff import Diff
from scraper.judge.links import LinkChange
from scraper.judge.touched import Touch, Touched, touches
from scraper.model import Kind

__all__ = ["subject", "weigh"]

_BASE = {
    Kind.WITHDRAWN: 0.8,
    Kind.SILENTLY_EDITED: 0.6,
    Kind.NEW: 0.5,
    Kind.RESTORED: 0.5,
    Kind.EDITED: 0.4,
    Kind.MOVED: 0.2,
    Kind.RESTAMPED: 0.1,
}
_WEIGHTS = {
    Touched.NUMBER: 0.55,
    Touched.NAME: 0.5,
    Touched.QUOTE: 0.5,
    Touched.DATE: 0.35,
    Touched.HEADLINE: 0.45,
    Touched.CORRECTION_NOTE: 0.6,
    Touched.ATTRIBUTION: 0.4,
    Touched.TABLE_CELL: 0.3,
    Touched.CAPTION: 0.15,
    Touched.MOVED: 0.1,
    Touched.LINK: 0.12,
    Touched.TYPO: 0.05,
    Touched.STYLE: 0.02,
    Touched.FORMAT: 0.03,
}
"""How much each thing that is touched is to a reader, from 0 to 1, whatever its kind; they add up as chances do."""
_GROWING = {
    Touched.REMOVED: (0.25, 0.4, 80),
    Touched.ADDED: (0.15, 0.35, 100),
    Touched.WORDING: (0.12, 0.33, 40),
}
"""What grows with its length: the weight of a little, what is added for much, and how many words are much."""
_ELSEWHERE = 0.3
"""A link that leads to another site than before."""
_FLOOR, _SPAN = -0.3, 0.8
"""What is added to the kind's base, from nothing of weight to everything."""
_MOST_TOLD = 3
_LONGEST = 60
_LONGEST_TOLD = 400


def weigh(kind: Kind, diff: Diff | None = None) -> tuple[float, str]:
    """The importance of a change and what in its content raised or lowered it, the most telling first."""
    if diff is None:
        return _BASE[kind], ""
    found = touches(diff)
    if not found:
        return _BASE[kind], ""
    score = _BASE[kind] + _FLOOR + _SPAN * _weight(found, diff)
    return round(min(max(score, 0.05), 0.98), 2), _told(found)


def subject(diff: Diff) -> str:
    """What changed, as the beginning of a sentence."""
    if diff.text_changed:
        return "the text"
    return "the target of a link" if sum(len(part.links) for part in diff.parts) == 1 else "the targets of links"


def _weight(found: Sequence[Touch], diff: Diff) -> float:
    left = 1.0
    for what, words in _amounts(found).items():
        left *= 1 - _share(what, words, diff)
    return 1 - left


def _amounts(found: Sequence[Touch]) -> Counter[Touched]:
    """How many words each of what was touched is about."""
    amounts: Counter[Touched] = Counter()
    for touch in found:
        amounts[touch.what] += max(touch.words, 1)
    return amounts


def _share(what: Touched, words: int, diff: Diff) -> float:
    if what in _GROWING:
        little, more, much = _GROWING[what]
        return little + more * min(1.0, words / much)
    if what is Touched.LINK and _leads_elsewhere([link for part in diff.parts for link in part.links]):
        return _ELSEWHERE
    return _WEIGHTS[what]


def _leads_elsewhere(links: Sequence[LinkChange]) -> bool:
    return any(link.host_changed for link in links)


# --- sentences --------------------------------------------------------------------------------------------------------


def _told(found: Sequence[Touch]) -> str:
    """The first few facts in words, and how many of which sort there are besides."""
    clauses: list[str] = []
    told: Counter[Touched] = Counter()
    for touch in found:
        # What a cell, a caption or a headline says is told by the number or the name in it; of passages one is told.
        is_told = touch.what in _FRAMES or (touch.what in _PASSAGES and told[touch.what])
        clause = _clause(touch)
        if len(clauses) == _MOST_TOLD or (clauses and is_told) or clause in clauses:
            continue
        clauses.append(clause)
        told[touch.what] += 1
    rest = Counter(touch.what for touch in found) - told
    clauses.extend(_rest(rest))
    text = ", ".join(clauses)
    return text if len(text) <= _LONGEST_TOLD else text[: _LONGEST_TOLD - 1] + "…"


_FRAMES = frozenset({Touched.TABLE_CELL, Touched.CAPTION, Touched.HEADLINE, Touched.ATTRIBUTION, Touched.FORMAT})
_ALONE = {
    Touched.HEADLINE: "the headline changed",
    Touched.STYLE: "only case, marks or spaces differ in {where}",
    Touched.FORMAT: "{where} is set differently",
    Touched.ATTRIBUTION: "who is quoted changed in {where}",
    Touched.CAPTION: "{where} changed",
}
_PASSAGES = {
    Touched.REMOVED: "a passage was removed ({words} words): {before}",
    Touched.ADDED: "a passage was added ({words} words): {after}",
    Touched.MOVED: "a passage moved to {where}",
}
_LED = {
    Touched.NAME: "the name ",
    Touched.QUOTE: "the quotation ",
    Touched.DATE: "the date ",
    Touched.LINK: "the link to ",
    Touched.TYPO: "the spelling ",
}
_NOUNS = {
    Touched.NUMBER: "number{s}", Touched.NAME: "name{s}", Touched.QUOTE: "quotation{s}", Touched.DATE: "date{s}",
    Touched.HEADLINE: "headline{s}", Touched.CORRECTION_NOTE: "correction note{s}",
    Touched.ATTRIBUTION: "attribution{s}",
    Touched.REMOVED: "removed passage{s}", Touched.ADDED: "added passage{s}", Touched.WORDING: "change{s} of wording",
    Touched.TABLE_CELL: "table cell{s}", Touched.CAPTION: "caption{s}", Touched.MOVED: "moved passage{s}",
    Touched.LINK: "link{s}", Touched.TYPO: "spelling{s}", Touched.STYLE: "change{s} of style",
    Touched.FORMAT: "change{s} of format",
}  # fmt: skip


def _clause(touch: Touch) -> str:
    before, after = _shown(touch), _shown(touch, after=True)
    if touch.what is Touched.CORRECTION_NOTE:
        # The note says what it is about better than its place does.
        return f"a correction note was {'added' if touch.after else 'removed'}: {after or before}"
    if template := _ALONE.get(touch.what) or _PASSAGES.get(touch.what):
        return template.format(where=touch.where, words=touch.words, before=before, after=after)
    lead = _LED.get(touch.what, "")
    if before and after:
        return f"{lead}{before} became {after} in {touch.where}"
    return f"{lead}{before or after} was {'added to' if after else 'removed from'} {touch.where}"


def _shown(touch: Touch, *, after: bool = False) -> str:
    """Some words of a page, short and on one line."""
    text = " ".join((touch.after if after else touch.before).split())
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return text if touch.what is Touched.NUMBER or not text else f"“{text}”"


def _rest(rest: Counter[Touched]) -> Iterator[str]:
    """What was not told one by one: "and 2 more numbers"."""
    left = [
        f"{count} {_NOUNS[what].format(s='' if count == 1 else 's')}"
        for what, count in rest.items()
        if what not in _FRAMES
    ]
    if left:
        yield f"and besides {' and '.join(left[:2])}"
