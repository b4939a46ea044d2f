"""Releases and revisions as they are named on the command line."""

from __future__ import annotations

from presswatch.cli.errors import UserError
from presswatch.cli.show import clean, when
from scraper.urls import identity
from storage import PollRow, ReleaseRow, Storage

__all__ = ["asked_number", "asked_release", "known_number", "unread"]

_LONGEST_ID = 19
"""Digits of an id: 64 bits."""


def asked_release(storage: Storage, url: str) -> ReleaseRow:
    """The release at an address in any spelling, or the one that ``URL#ID`` names.

    Raises:
        UserError: none is known there.
    """
    row = _former(storage, url) or storage.release_at(identity(url))
    if row is None:
        raise UserError(
            f'"{url}" is no release that is known; presswatch search finds them by words, presswatch export has all'
        )
    return row


def _former(storage: Storage, url: str) -> ReleaseRow | None:
    """The release that ``URL#ID`` names: it stood at the address before another one did, or still does."""
    address, _, number = url.rpartition("#")
    row = storage.release(int(number)) if address and number.isdecimal() and len(number) < _LONGEST_ID else None
    return row if row and identity(row.url) == identity(address) else None


def asked_number(storage: Storage, row: ReleaseRow, asked: int | None) -> int:
    """The number of the revision that was asked for, by default the current one.

    Raises:
        UserError: there is none such.
    """
    if row.current is None:
        raise unread(row, storage.polls(release_id=row.id, limit=1))
    return row.current if asked is None else known_number(row, [one.number for one in storage.revisions(row.id)], asked)


def known_number(row: ReleaseRow, numbers: list[int], number: int) -> int:
    """The number, where the release has such a revision.

    Raises:
        UserError: it has none.
    """
    if number not in numbers:
        raise UserError(f"{row.url} has no revision {number}; it has {', '.join(map(str, numbers))}")
    return number


def unread(row: ReleaseRow, polls: list[PollRow]) -> UserError:
    """Why a release has no revision; ``polls`` are its last looks."""
    if not polls:
        return UserError(f"{row.url} is known but was not read yet; the next check does it")
    again = f"; the next look is at {when(row.next_poll_at)} UTC" if row.next_poll_at else ""
    return UserError(f"{row.url} was looked at {when(polls[0].at)} UTC and not taken: {clean(polls[0].note)}{again}")
