"""The pages of one release: its life with the text as it stands, and one version of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from presswatch.web.citation import Citation
from presswatch.web.life import Stage, Standing, stages, standing, until
from presswatch.web.page import Document, NotFound, Page, Redirect, query_number
from presswatch.web.stored import known, marks_of, stored
from presswatch.web.timeline import timeline
from presswatch.web.views import Views
from scraper.model import Revision
from storage import ReleaseRow, RevisionRow

__all__ = ["bibtex", "csl", "permanent", "permanent_diff", "release", "revision"]

_PER_PAGE = 100
_MOST_STAGES = 200
"""Versions back to which it is told since when a passage stands, ..."""
_MOST_WORDS = 300_000
"""... as long as they have no more words together: that is a second on the worst that pages can hold."""
_MOST_CHANGES = 1_000


def release(views: Views, release_id: int, *, query: Mapping[str, str], address: str, is_marked: bool = False) -> Page:
    """A release: what happened to it, every version, and its text as it stands.

    ``before`` in the query pages through old versions. ``address``: the pages' own, for its citation. ``is_marked``:
    how its changes are marked is shown.

    Raises:
        NotFound: there is no such release.
        BadRequest: ``before`` is no number.
    """
    row = known(views, release_id)
    before = query_number(query, "before")
    revisions = views.revisions(release_id)
    older = [each for each in reversed(revisions) if before is None or each.number < before]
    changes = views.changes(release_id=release_id, newest_first=True, limit=_MOST_CHANGES)
    current = None if row.current is None else stored(views, row.id, row.current)
    drawn = timeline(
        current.release.published if current else None, changes[::-1],
        seen_at=min((each.observed_at for each in revisions), default=row.discovered_at),
    )  # fmt: skip
    return Page(
        template="release.html",
        values={
            **(_version(views, row, current, revisions, stages(revisions, changes), address) if current else {}),
            "release": row,
            "current": current,
            "changes": changes[:_PER_PAGE],
            "marks": marks_of(views, changes[:_PER_PAGE], is_marked=is_marked),
            "is_marked": is_marked,
            "here_at": f"/releases/{row.id}",
            "timeline": drawn,
            "revisions": older[:_PER_PAGE],
            "numbers": [each.number for each in revisions],
            "other_addresses": [url for url in views.addresses(release_id) if url != row.url],
            "older": older[_PER_PAGE - 1].number if len(older) > _PER_PAGE else None,
        },
    )


def revision(views: Views, release_id: int, number: int, *, address: str) -> Page:
    """One version of a release.

    Raises:
        NotFound: there is no such release or version.
    """
    row = known(views, release_id)
    found = stored(views, release_id, number)
    revisions = views.revisions(release_id)
    changes = views.changes(release_id=release_id, newest_first=True, limit=_MOST_CHANGES)
    values = _version(views, row, found, revisions, stages(revisions, changes), address)
    return Page(
        template="revision.html",
        values={**values, "release": row, "numbers": [each.number for each in revisions]},
    )


def bibtex(views: Views, release_id: int, number: int, *, address: str) -> Document:
    """The citation of a version as BibTeX.

    Raises:
        NotFound: there is no such release or version.
    """
    return Document(body=_cited(views, release_id, number, address).bibtex.encode(), media_type="text/x-bibtex")


def csl(views: Views, release_id: int, number: int, *, address: str) -> Document:
    """The citation of a version as CSL-JSON.

    Raises:
        NotFound: there is no such release or version.
    """
    media_type = "application/vnd.citationstyles.csl+json"
    return Document(body=_cited(views, release_id, number, address).csl.encode(), media_type=media_type)


def permanent(views: Views, revision_id: int) -> Redirect:
    """Where a version stands now, by the id that it keeps when releases are merged and numbers change.

    Raises:
        NotFound: there is none of this id.
    """
    release_id, number = _place(views, revision_id)
    return Redirect(path=f"/releases/{release_id}/revisions/{number}")


def permanent_diff(views: Views, before: int, after: int) -> Redirect:
    """Where the diff of two versions of one release stands now, by their ids.

    Raises:
        NotFound: there is no such version, or the two are of two releases.
    """
    (release_id, start), (other, end) = _place(views, before), _place(views, after)
    if release_id != other:
        raise NotFound
    return Redirect(path=f"/releases/{release_id}/diff?from={start}&to={end}")


def _place(views: Views, revision_id: int) -> tuple[int, int]:
    found = views.revision_place(revision_id)
    if found is None:
        raise NotFound
    return found


def _version(
    views: Views,
    row: ReleaseRow,
    shown: Revision,
    revisions: Sequence[RevisionRow],
    course: Sequence[Stage],
    address: str,
) -> dict[str, object]:
    """What the template shows of a version."""
    own = next((each for each in revisions if each.number == shown.number), None)
    order = [each.number for each in revisions]
    place = order.index(shown.number) if shown.number in order else None
    led = until(shown.number, course)
    looked_at = _affordable(led, {each.number: each.words for each in revisions})
    return {
        "revision": shown,
        "passages": _standing(views, row.id, shown, looked_at),
        "looked_at": len(looked_at),
        "cut": len(looked_at) < len(led),
        "first_stage": led[0] if led else None,
        "own": own,
        "earlier": order[place - 1] if place else None,
        "later": order[place + 1] if place is not None and place + 1 < len(order) else None,
        "citation": None if own is None else _citation(row, shown, own, address),
    }  # fmt: skip


def _affordable(led: Sequence[Stage], words: Mapping[int, int]) -> Sequence[Stage]:
    """The last stages, the one that is shown in any case."""
    sizes = accumulate(words.get(stage.number, 0) for stage in reversed(led[-_MOST_STAGES:]))
    return led[-max(1, sum(size <= _MOST_WORDS for size in sizes)) :]


def _standing(views: Views, release_id: int, shown: Revision, led: Sequence[Stage]) -> tuple[Standing, ...]:
    texts = views.revision_texts(release_id, {stage.number for stage in led} - {shown.number})
    texts[shown.number] = shown.release
    told = standing([stage for stage in led if stage.number in texts], texts)
    return told or tuple(Standing(block=block, since=None) for block in shown.release.blocks)


def _cited(views: Views, release_id: int, number: int, address: str) -> Citation:
    row = known(views, release_id)
    own = next((each for each in views.revisions(release_id) if each.number == number), None)
    if own is None:
        raise NotFound
    return _citation(row, stored(views, release_id, number), own, address)


def _citation(row: ReleaseRow, shown: Revision, own: RevisionRow, address: str) -> Citation:
    return Citation(
        institution=row.source,
        title=shown.release.title,
        published=shown.release.published,
        url=row.url,
        release_id=row.id,
        number=shown.number,
        seen_at=shown.observed_at,
        kept_at=f"{address}/revisions/{own.id}",
        sha256=own.sha256,
        language=shown.release.language,
    )
