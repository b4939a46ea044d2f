"""What an answer of the network says about a release: fetched bytes in, a finding for the judge out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import TypedDict
from zoneinfo import ZoneInfo

from scraper.fetch import failure_of
from scraper.judge import RECIPE, digest
from scraper.model import (
    Failed,
    Failure,
    Fetched,
    Found,
    Missing,
    Profile,
    Release,
    Revision,
    Seen,
    Site,
    Source,
    Unmodified,
)
from scraper.read import Explanation, Unreadable, explain, extract, version

__all__ = ["explained", "look", "read_again"]

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_MARKUP = ("html", "xml", "text/plain")


def look(answer: Fetched | Failed, *, source: Source, now: datetime, site: Site) -> Found:
    """The finding of a look at a release, whatever came back."""
    if isinstance(answer, Failed):
        return answer
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return Unmodified(at=answer.finished_at)
    if answer.status in _GONE:
        phrase = HTTPStatus(answer.status).phrase
        return Missing(at=answer.finished_at, reason=f"{answer.status} {phrase}", evidence=answer)
    if failed := failure_of(answer, now):
        return failed
    try:
        release = _read(answer, source, site)
    except Unreadable as error:
        return Failed(at=answer.finished_at, failure=Failure.UNREADABLE, detail=str(error), status=answer.status)
    return Seen(
        at=answer.finished_at, url=answer.url, final_url=answer.final_url, permanent=answer.is_permanent_redirect,
        release=release, digest=digest(release), evidence=answer, site=version(site, source),
    )  # fmt: skip


def read_again(revision: Revision, evidence: Fetched, source: Source, site: Site) -> Revision:
    """A stored revision as the present recipe and ``site`` read its evidence; as it was where that no longer reads.

    A better reader, or one that knows the site better, thus changes both sides of a comparison: no edit is reported.
    """
    try:
        release = _read(evidence, source, site)
    except Unreadable:
        release = revision.release
    return replace(revision, release=release, digest=digest(release), recipe=RECIPE, site=version(site, source))


def explained(evidence: Fetched, source: Source, site: Site) -> Explanation:
    """Why a stored answer is read as it is.

    Raises:
        Unreadable: it can't be read any more.
    """
    return explain(evidence.body, evidence.final_url, site, **_reading(evidence, source))


def _read(answer: Fetched, source: Source, site: Site) -> Release:
    media = (answer.header("content-type") or "text/html").lower()
    if not any(kind in media for kind in _MARKUP):
        raise Unreadable(f"{answer.final_url} is of the media type {media.split(';')[0].strip()}, which is not read")
    return extract(answer.body, answer.final_url, site, **_reading(answer, source))


class _Reading(TypedDict):
    zone: tzinfo
    language: str | None
    content_type: str | None
    profile: Profile
    last_modified: str | None


def _reading(answer: Fetched, source: Source) -> _Reading:
    """How a source's pages are read."""
    return _Reading(
        zone=ZoneInfo(source.time_zone),
        language=source.language,
        content_type=answer.header("content-type"),
        profile=source.profile,
        last_modified=answer.header("last-modified"),
    )
