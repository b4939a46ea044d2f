"""The page behind a link that mutes: what one may be told no more of, and for how long.

A GET shows it and changes nothing; a POST does what its query says. The link's signature is the right to do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from presswatch.notify.mute import MuteTarget, mute_target
from presswatch.web.page import BadRequest, NotFound, Page
from storage import MuteRow, ReleaseRow

__all__ = ["Mutes", "act", "offer"]

_TERMS: dict[str, timedelta | None] = {
    "1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30), "good": None,
}  # fmt: skip
_SAID = {"1d": "For a day", "7d": "For a week", "30d": "For a month", "good": "For good"}


class Mutes(Protocol):
    """What the page reads and writes. Each raises ``storage.StorageError`` where the database fails."""

    def release(self, release_id: int) -> ReleaseRow | None:
        """The release with this id."""

    def source_names(self, *, removed: bool = False) -> dict[int, str]:
        """The names of the sources by their ids."""

    def mutes(self, now: datetime) -> list[MuteRow]:
        """What is muted now."""

    def mute(
        self, *, source_id: int | None = None, release_id: int | None = None, until: datetime | None, now: datetime
    ) -> None:
        """Tell nobody of it until then; None: for good."""

    def unmute(self, *, source_id: int | None = None, release_id: int | None = None) -> bool:
        """Tell of it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be muted, and whether it is."""

    what: str
    name: str
    is_muted: bool
    until: datetime | None


def offer(mutes: Mutes, token: str, *, secret: str, now: datetime) -> Page:
    """What the link may mute.

    Raises:
        NotFound: the link is none of this installation's, or what it is about is gone.
    """
    targets = _targets(mutes, token, secret)
    muted = mutes.mutes(now)
    choices = []
    for what, (target, name) in targets.items():
        row = next(
            (each for each in muted if (each.release_id, each.source_id) == (target.release_id, target.source_id)), None
        )
        choices.append(Choice(what=what, name=name, is_muted=row is not None, until=row.until if row else None))
    return Page(template="mute.html", values={"token": token, "choices": choices, "terms": _SAID})


def act(mutes: Mutes, token: str, *, query: Mapping[str, str], secret: str, now: datetime) -> Page:
    """Do what the query says, ``what`` and ``for``, and show what is so now.

    Raises:
        NotFound: as for :func:`offer`.
        BadRequest: it says nothing that can be done.
    """
    targets = _targets(mutes, token, secret)
    what, term = query.get("what", ""), query.get("for", "")
    if what not in targets or term not in (*_TERMS, "none"):
        raise BadRequest
    target, _ = targets[what]
    if term == "none":
        mutes.unmute(source_id=target.source_id, release_id=target.release_id)
    else:
        span = _TERMS[term]
        until = None if span is None else now + span
        mutes.mute(source_id=target.source_id, release_id=target.release_id, until=until, now=now)
    return offer(mutes, token, secret=secret, now=now)


def _targets(mutes: Mutes, token: str, secret: str) -> dict[str, tuple[MuteTarget, str]]:
    """What the link may mute and how that is called: the release, and the source of it."""
    target = mute_target(secret, token)
    if target is None:
        raise NotFound
    found: dict[str, tuple[MuteTarget, str]] = {}
    source_id = target.source_id
    if target.release_id is not None:
        release = mutes.release(target.release_id)
        if release is None:
            raise NotFound
        found["release"] = target, release.title or release.url
        source_id = release.source_id
    name = mutes.source_names(removed=True).get(source_id) if source_id is not None else None
    if name is None or source_id is None:
        raise NotFound
    found["source"] = MuteTarget(source_id=source_id), name
    return found
