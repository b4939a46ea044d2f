"""Noise by what somebody marked: what a mark teaches, and which edits of a look are no more than that.

mark as noise | evidence of both revisions -> where each passage stands -> lessons | storage
outcome of a look | lessons of its source -> the same outcome, its edit told to nobody
"""

from __future__ import annotations

from dataclasses import replace

from presswatch.look import explained
from scraper.judge import Places, compare, may_be_noise, noise_of, passage_key, settled_places, taught
from scraper.judge.text import fold
from scraper.model import DuePage, Fetched, Kind, Known, Lesson, Outcome, Release, Seen, Site, Source
from scraper.read import Explanation, Unreadable
from storage import Storage, Unknown

__all__ = ["hushed", "lessons_of", "with_lessons"]

_EDITS = (Kind.EDITED, Kind.SILENTLY_EDITED)


def hushed(outcome: Outcome, found: Seen, known: Known, page: DuePage, storage: Storage) -> Outcome:
    """The outcome of a look, its edit marked as noise where it is no more than what was taught.

    ``known`` as the present recipe reads it. Pages are read once more only where a place may be noise.
    """
    edit = next((change for change in outcome.changes if may_be_noise(change)), None)
    if edit is None or outcome.revision is None or known.current is None:
        return outcome
    before, after = known.current.release, outcome.revision.release
    lessons = storage.lessons(page.source_id)
    if not lessons or _published(before) != _published(after):
        return outcome
    diff = compare(before, after)
    teachers = noise_of(diff, lessons)
    if not teachers and settled_places(lessons):
        stood = _places(storage.current_evidence(page.page_id), page.source, page.site)
        stands = _places(found.evidence, page.source, page.site)
        teachers = noise_of(diff, lessons, before=stood, after=stands)
    if not teachers:
        return outcome
    noise = replace(edit, noise_by=teachers, signature="")
    changes = tuple(noise if change is edit else change for change in outcome.changes)
    return replace(outcome, changes=changes, note=f"{outcome.note}; noise, as change {teachers[0]} teaches")


def lessons_of(storage: Storage, change_id: int) -> tuple[Lesson, ...]:
    """What a change teaches, if it is noise: nothing where it is no edit, or where its texts are gone."""
    change = storage.change(change_id)
    if change is None or change.kind not in _EDITS or change.revision_from is None or change.revision_to is None:
        return ()
    source = next((row.source for row in storage.sources(removed=True, source_id=change.source_id)), None)
    numbers = change.revision_from, change.revision_to
    try:
        before, after = (storage.revision(change.release_id, number).release for number in numbers)
        stood, stands = (storage.evidence(change.release_id, number) for number in numbers)
    except Unknown:
        return ()
    if source is None:
        return ()
    site = storage.site(change.source_id)
    return taught(
        compare(before, after), change_id, before=_places(stood, source, site), after=_places(stands, source, site)
    )


def with_lessons(found: Explanation, lessons: list[Lesson]) -> Explanation:
    """The explanation of a page, which also says of which passages a change is noise."""
    by_place = settled_places(lessons)
    by_passage = {each.passage: each.change_id for each in lessons if each.passage}
    pieces = []
    for piece in found.pieces:
        teacher = by_passage.get(passage_key(piece.text)) or max(by_place.get(piece.place, ()), default=None)
        told = f"{piece.why}; where it alone comes or goes that is noise, as change {teacher} teaches"
        pieces.append(replace(piece, why=told) if piece.taken and teacher else piece)
    return replace(found, pieces=tuple(pieces))


def _places(evidence: Fetched | None, source: Source, site: Site) -> Places:
    """Where each text of a page stands; nothing where the page can't be read any more."""
    if evidence is None:
        return {}
    try:
        pieces = explained(evidence, source, site).pieces
    except Unreadable:
        return {}
    places: dict[str, frozenset[str]] = {}
    for piece in pieces:
        if piece.taken and piece.place:
            text = fold(piece.text)
            places[text] = places.get(text, frozenset()) | {piece.place}
    return places


def _published(release: Release) -> object:
    return release.published and release.published.at
