"""What a channel is given and what it answers: values, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from scraper.judge.diff import Diff
from storage import BatchRow, ChangeRow, Told

__all__ = ["Channel", "Delivery", "NotSent", "Notice", "Sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One change on its way through one channel."""

    key: str
    """The same at every attempt, so that a receiver can drop a repetition."""
    change: ChangeRow
    diff: Diff | None = None
    """Between the two revisions, where there are two."""
    link: str | None = None
    """Where a person can read more, on the pages of this installation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A batch of changes, or an end of a trouble, on its way through one channel."""

    key: str
    """The same at every attempt, so that a receiver can drop a repetition."""
    subject: BatchRow | Told
    diff: Diff | None = None
    """That of a batch's first change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """It did not arrive, and what that means."""

    error: str
    """One clause for a person; it holds no secret."""
    retry_after: timedelta | None = None
    """The receiver asks not to be tried sooner."""
    permanent: bool = False
    """Trying again can't help."""


class Channel(Protocol):
    """Where a notification goes. Called by the delivery round of the application."""

    async def send(self, delivery: Delivery | Notice) -> Sent | NotSent:
        """Deliver it, in bounded time."""
