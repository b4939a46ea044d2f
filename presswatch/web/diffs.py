"""The page of what differs between two versions of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from presswatch.web.page import BadRequest, Page, query_number
from presswatch.web.stored import known, marks_of, stored
from presswatch.web.stretches import side, stretches
from presswatch.web.views import Views
from scraper.judge import Op, compare, touches
from storage import ChangeRow, RevisionRow

__all__ = ["diff"]

_MOST_TOUCHED = 12
"""Facts about a diff that are listed above the text."""
_MOST_CHANGES = 1_000
_MOST_CHOICES = 60
"""Versions that are offered by name; of more the number is asked for."""


class View(StrEnum):
    """How the two texts are shown."""

    INLINE = "inline"
    SIDE = "side"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two versions that follow each other."""

    before: int
    after: int


def diff(views: Views, release_id: int, *, query: Mapping[str, str], is_marked: bool = False) -> Page:
    """What differs between two versions, ``from`` and ``to`` in the query; by default the current one and its edit's.

    ``view`` is ``inline`` or ``side``. ``is_marked``: how the changes from the one to the other are marked is shown.

    Raises:
        NotFound: there is no such release or version.
        BadRequest: ``from`` or ``to`` is no number, ``view`` none of the two.
    """
    row = known(views, release_id)
    view = query.get("view", "").strip() or View.INLINE
    if view not in set(View):
        raise BadRequest
    revisions = views.revisions(release_id)
    to = query_number(query, "to") or row.current or 0
    start = query_number(query, "from")
    before = stored(views, release_id, _edited_from(revisions, to) if start is None else start)
    after = stored(views, release_id, to)
    found = compare(before.release, after.release)
    changes = _between(views, release_id, before.number, after.number)
    return Page(
        template="diff.html",
        values={
            "release": row,
            "before": before,
            "after": after,
            "diff": found,
            "title_before": side(found.title, without=Op.ADDED),
            "title_after": side(found.title, without=Op.REMOVED),
            "stretches": stretches(found.parts),
            "differing": len(found.differing),
            "touched": touches(found),
            "most_touched": _MOST_TOUCHED,
            "view": view,
            "views": tuple(View),
            "last": revisions[-1].number if revisions else None,
            "choices": revisions if len(revisions) <= _MOST_CHOICES else (),
            "ids": {each.number: each.id for each in revisions},
            "previous": _led_to(revisions, before.number),
            "following": _led_on(revisions, after.number),
            "changes": changes,
            "marks": marks_of(views, changes, is_marked=is_marked),
            "is_marked": is_marked,
            "here_at": f"/releases/{row.id}/diff?from={before.number}&to={after.number}&view={view}",
        },
    )


def _between(views: Views, release_id: int, before: int, after: int) -> list[ChangeRow]:
    """The edits from the one version to the other, the first first: one that came back has several."""
    rows = views.changes(release_id=release_id, newest_first=True, limit=_MOST_CHANGES)
    return [row for row in reversed(rows) if (row.revision_from, row.revision_to) == (before, after)]


def _edited_from(revisions: Sequence[RevisionRow], number: int) -> int:
    """The version that one was edited from; where none is told, the one before it in number."""
    told = next((row.before for row in revisions if row.number == number), None)
    return told or max(number - 1, 1)


def _led_to(revisions: Sequence[RevisionRow], number: int) -> Pair | None:
    """The edit that led to a version."""
    told = next((row.before for row in revisions if row.number == number), None)
    return Pair(before=told, after=number) if told and told != number else None


def _led_on(revisions: Sequence[RevisionRow], number: int) -> Pair | None:
    """The first edit that led on from a version to a later one."""
    later = (row.number for row in revisions if row.before == number and row.number > number)
    return next((Pair(before=number, after=each) for each in later), None)
