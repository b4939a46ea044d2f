"""The page of health: what fails since when, what was tried and what to do, what waits to be sent, what looks cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from presswatch.notify import patient
from presswatch.web.page import Page
from presswatch.web.sources import is_beating
from presswatch.web.views import Views
from storage import BatchRow, ChangeRow, DeadLetter, DigestRow, Failing, PollRow, Status, Subject

__all__ = ["status"]

_MOST_TRIED = 10
"""Failing pages of which the last looks are shown."""
_LOOKS = 3
_MOST_DEAD = 50
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A page that fails, and the last looks at it."""

    page: Failing
    looks: tuple[PollRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """A notification that was given up."""

    letter: DeadLetter
    about: str
    path: str | None
    """Where what it is about stands here."""


def status(views: Views, *, now: datetime) -> Page:
    """Everything that is not as it should be, and what the watching takes."""
    found = views.status(now)
    ill = views.health(is_open=True)
    return Page(
        template="status.html",
        values={
            "status": found,
            "now": now,
            "heartbeat_at": found.heartbeat_at,
            "last_poll_at": found.last_poll_at,
            "beating": is_beating(found.heartbeat_at, now),
            "troubles": ill,
            "ended": [each for each in views.health(is_open=False, limit=10) if each.ended_at],
            "failing": _tried(views, found),
            "queues": views.queues(),
            "dead": [_dead(letter) for letter in views.dead_letters(limit=_MOST_DEAD)],
            "costs": views.costs(since=now - _DAY),
        },
    )


def _tried(views: Views, found: Status) -> list[Tried]:
    return [
        Tried(page=page, looks=tuple(views.polls(page_id=page.page_id, limit=_LOOKS)) if place < _MOST_TRIED else ())
        for place, page in enumerate(found.failing)
    ]


def _dead(letter: DeadLetter) -> Dead:
    about, path = _subject(letter.subject)
    return Dead(letter=letter, about=about, path=path)


def _subject(subject: Subject) -> tuple[str, str | None]:
    if isinstance(subject, ChangeRow):
        return f"{subject.kind.value.replace('-', ' ')}: {subject.title}", f"/releases/{subject.release_id}"
    if isinstance(subject, BatchRow):
        return f"the same edit on {subject.size} releases of {subject.source}", f"/?batch={subject.id}"
    if isinstance(subject, DigestRow):
        return f"{subject.size} changes told together ({subject.name})", None
    return f"{subject.health.kind.value} {subject.phase.value}: {patient(subject.health)}", None
