"""What a page's address names in the store, or that there is no such page."""

from __future__ import annotations

from collections.abc import Sequence

from presswatch.web.page import NotFound
from presswatch.web.views import Views
from scraper.model import Fetched, Revision
from storage import NO_MARK, ChangeRow, MarkRow, ReleaseRow, Unknown

__all__ = ["answer", "known", "marks_of", "stored"]


def known(views: Views, release_id: int) -> ReleaseRow:
    """The release.

    Raises:
        NotFound: there is none.
    """
    row = views.release(release_id)
    if row is None:
        raise NotFound
    return row


def stored(views: Views, release_id: int, number: int) -> Revision:
    """One version of a release.

    Raises:
        NotFound: there is none.
    """
    try:
        return views.revision(release_id, number)
    except Unknown:
        raise NotFound from None


def answer(views: Views, release_id: int, number: int) -> Fetched:
    """The answer that a version was read from.

    Raises:
        NotFound: there is no such version, or nothing was kept.
    """
    try:
        found = views.evidence(release_id, number)
    except Unknown:
        raise NotFound from None
    if found is None:
        raise NotFound
    return found


def marks_of(views: Views, changes: Sequence[ChangeRow], *, is_marked: bool) -> dict[int, MarkRow]:
    """How changes are marked, by their ids; of all of them that nothing is where marks are not shown."""
    found = views.marks([each.id for each in changes]) if is_marked else {}
    return {each.id: found.get(each.id, NO_MARK) for each in changes}
