"""Noise: what a change that somebody marked as such teaches, and whether a later one is no more than that.

What is taught must never hide an edit, so much is asked before little is silent:

- only whole passages that come, go or move are noise by a lesson: a word, a digit or a headline that changes never is,
  nor is a change with which a stamp moved;
- a passage that was marked is noise wherever it comes or goes again, word by word;
- a place is noise where two changes were marked that had another passage there while no other text of the release
  stood there, and where it holds a small part of the text; the passage that a text begins with is none by its place,
  and none is where it isn't known of each text that stands where that is;
- a passage that tells of a correction is never noise.

Where a passage stands is a matter of the page, and handed in: the place of each text of a release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from scraper.judge.diff import Diff, Op, Part
from scraper.judge.phrases import is_correction
from scraper.judge.text import fold
from scraper.model import Change, Kind, Lesson

__all__ = ["Places", "may_be_noise", "noise_of", "passage_key", "settled_places", "taught"]

Places = Mapping[str, frozenset[str]]
"""Where each text of a release stands, folded, which may be at several places: see ``scraper.read.explain``."""

_WHOLE = frozenset({Op.ADDED, Op.REMOVED, Op.MOVED})
_EDITS = frozenset({Kind.EDITED, Kind.SILENTLY_EDITED})
_MOST = 20
"""Passages of one change that teach something; where more came and went, another text stands there."""
_SMALL = 0.2
"""Share of a release's text that a place may hold at the most."""
_MARKS = 2
"""Changes that must be marked before a place is noise."""
_SAMPLE = 120


def passage_key(text: str) -> str:
    """A short key of a text, the same for the same words."""
    return hashlib.blake2b(fold(text).encode("utf-8", "replace"), digest_size=8).hexdigest()


def may_be_noise(change: Change) -> bool:
    """True for an edit with which no stamp moved: one that moved says that something was done."""
    before, after = change.stamp_before, change.stamp_after
    stood = before is None if after is None else before is not None and before.at == after.at
    return change.kind in _EDITS and stood


def taught(diff: Diff, change_id: int, *, before: Places, after: Places) -> tuple[Lesson, ...]:
    """What a change teaches that is marked as noise; nothing where more than whole passages differ.

    Args:
        diff: what differs.
        change_id: the change.
        before: where the texts of the earlier content stand.
        after: where those of the later one stand.
    """
    parts = _whole(diff)
    if parts is None or len(parts) > _MOST:
        return ()
    varying = _varying(diff, parts, before=before, after=after)
    lessons = []
    for part in parts:
        sample = part.text[:_SAMPLE]
        lessons.append(Lesson(change_id=change_id, passage=passage_key(part.text), sample=sample))
        place = _place(part, before=before, after=after)
        if place in varying:
            lessons.append(Lesson(change_id=change_id, place=place, sample=sample))
    return tuple(dict.fromkeys(lessons))


def noise_of(
    diff: Diff, lessons: Sequence[Lesson], *, before: Places | None = None, after: Places | None = None
) -> tuple[int, ...]:
    """The changes that say together that all of a diff is noise, first the one that has a part in each; () if none do.

    Of a place all that taught it are named. So, whichever of them is no noise after all, what follows is known.
    ``before`` and ``after`` as for :func:`taught`; without them only passages are known again.
    """
    parts = _whole(diff)
    if parts is None:
        return ()
    by_passage: dict[str, set[int]] = {}
    for each in lessons:
        if each.passage:
            by_passage.setdefault(each.passage, set()).add(each.change_id)
    by_place = settled_places(lessons)
    before, after = before or {}, after or {}
    varying = _varying(diff, parts, before=before, after=after)
    alone, together = [], []
    for part in parts:
        place = _place(part, before=before, after=after)
        alone.append(by_passage.get(passage_key(part.text), set()))
        together.append(by_place.get(place, frozenset()) if place in varying else frozenset())
    able = set.intersection(*(one | several for one, several in zip(alone, together, strict=True)))
    if not able:
        return ()
    first = max(able)
    others = (several for one, several in zip(alone, together, strict=True) if first not in one)
    return (first, *sorted(set().union(*others) - {first}))


def settled_places(lessons: Iterable[Lesson]) -> dict[str, frozenset[int]]:
    """The places that are noise, each with the changes that say so."""
    marked: dict[str, set[int]] = {}
    for each in lessons:
        if each.place:
            marked.setdefault(each.place, set()).add(each.change_id)
    return {place: frozenset(changes) for place, changes in marked.items() if len(changes) >= _MARKS}


def _whole(diff: Diff) -> list[Part] | None:
    """The passages that came, went or moved; None where anything else differs, or nothing does."""
    parts = list(diff.differing)
    if not parts or diff.title_changed or diff.coarse or any(part.reflowed for part in diff.parts):
        return None
    is_whole = all(part.op in _WHOLE and part.text == part.whole and not part.links for part in parts)
    return parts if is_whole and not any(is_correction(part.text) for part in parts) else None


def _varying(diff: Diff, parts: Sequence[Part], *, before: Places, after: Places) -> set[str]:
    """The places at which all that stands differs, and that hold little of the text, and not its beginning.

    None where a text stands, or begins, of which nobody knows where: it may be there.
    """
    standing = [part.text for part in diff.parts if part.is_as_it_was]
    sizes: dict[str, int] = {}
    taken: set[str] = set()
    for release, places in ((_side(diff, Op.ADDED), before), (_side(diff, Op.REMOVED), after)):
        total = sum(map(len, release)) or 1
        here: dict[str, int] = {}
        for text in release:
            for place in _where(text, places):
                here[place] = here.get(place, 0) + len(text)
        for place, size in here.items():
            sizes[place] = max(sizes.get(place, 0), size * 1000 // total)
        for text in (*standing, *release[:1]):
            if not (where := _where(text, places)):
                return set()
            taken |= where
    places_of_parts = {_place(part, before=before, after=after) for part in parts}
    little = {place for place in places_of_parts if sizes.get(place, 0) <= _SMALL * 1000}
    return {place for place in little - taken if "." in place}


def _place(part: Part, *, before: Places, after: Places) -> str:
    """Where a passage stands, or stood; empty where that is not known, or more than one place."""
    where: set[str] = set()
    if part.op is not Op.REMOVED:
        where |= _where(part.text, after)
    if part.op is not Op.ADDED:
        where |= _where(part.text, before)
    return where.pop() if len(where) == 1 else ""


def _where(text: str, places: Places) -> frozenset[str]:
    return places.get(fold(text), frozenset())


def _side(diff: Diff, without: Op) -> list[str]:
    """The texts of one content, in the order of the diff."""
    side = (part.text_before if without is Op.ADDED else part.text for part in diff.parts if part.op is not without)
    return [text for text in side if text]
