"""The pages of one release: its life, one version of it, what differs between two, and the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from presswatch.web.page import Download, NotFound, Page, query_number
from presswatch.web.views import Views
from scraper.judge import compare, touches
from scraper.model import Fetched, Revision
from storage import ReleaseRow, Unknown

__all__ = ["body", "diff", "evidence", "release", "revision"]

_PER_PAGE = 100
_MOST_TOUCHED = 12
"""Facts about a diff that are listed above the text."""


def release(views: Views, release_id: int, *, query: Mapping[str, str]) -> Page:
    """A release: what happened to it, every version, and its text as it stands.

    ``before`` in the query pages through old versions.

    Raises:
        NotFound: there is no such release.
        BadRequest: ``before`` is no number.
    """
    row = _known(views, release_id)
    before = query_number(query, "before")
    revisions = [each for each in reversed(views.revisions(release_id)) if before is None or each.number < before]
    return Page(
        template="release.html",
        values={
            "release": row,
            "current": None if row.current is None else _stored(views, row.id, row.current),
            "changes": views.changes(release_id=release_id, newest_first=True, limit=_PER_PAGE),
            "revisions": revisions[:_PER_PAGE],
            "other_addresses": [url for url in views.addresses(release_id) if url != row.url],
            "older": revisions[_PER_PAGE - 1].number if len(revisions) > _PER_PAGE else None,
        },
    )


def revision(views: Views, release_id: int, number: int) -> Page:
    """One version of a release.

    Raises:
        NotFound: there is no such release or version.
    """
    row = _known(views, release_id)
    return Page(
        template="revision.html",
        values={"release": row, "revision": _stored(views, release_id, number)},
    )


def diff(views: Views, release_id: int, *, query: Mapping[str, str]) -> Page:
    """What differs between two versions, ``from`` and ``to`` in the query; by default the current one and its edit's.

    Raises:
        NotFound: there is no such release or version.
        BadRequest: ``from`` or ``to`` is no number.
    """
    row = _known(views, release_id)
    to = query_number(query, "to") or row.current or 0
    start = query_number(query, "from")
    before = _stored(views, release_id, _edited_from(views, release_id, to) if start is None else start)
    after = _stored(views, release_id, to)
    found = compare(before.release, after.release)
    return Page(
        template="diff.html",
        values={
            "release": row,
            "before": before,
            "after": after,
            "diff": found,
            "touched": touches(found),
            "most_touched": _MOST_TOUCHED,
            "last": row.current,
        },
    )


def evidence(views: Views, release_id: int, number: int) -> Page:
    """How the answer came that a version was read from: status and headers as text.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    row = _known(views, release_id)
    answer = _answer(views, release_id, number)
    return Page(
        template="evidence.html",
        values={
            "release": row,
            "revision": _stored(views, release_id, number),
            "evidence": answer,
            "sha256": hashlib.sha256(answer.body).hexdigest(),
        },
    )


def body(views: Views, release_id: int, number: int) -> Download:
    """The bytes that a version was read from.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    answer = _answer(views, release_id, number)
    return Download(body=answer.body, name=f"release-{release_id}-revision-{number}.bin")


def _edited_from(views: Views, release_id: int, number: int) -> int:
    """The version that one was edited from; where none is told, the one before it in number."""
    told = next((row.before for row in views.revisions(release_id) if row.number == number), None)
    return told or max(number - 1, 1)


def _known(views: Views, release_id: int) -> ReleaseRow:
    row = views.release(release_id)
    if row is None:
        raise NotFound
    return row


def _stored(views: Views, release_id: int, number: int) -> Revision:
    try:
        return views.revision(release_id, number)
    except Unknown:
        raise NotFound from None


def _answer(views: Views, release_id: int, number: int) -> Fetched:
    try:
        answer = views.evidence(release_id, number)
    except Unknown:
        raise NotFound from None
    if answer is None:
        raise NotFound
    return answer
