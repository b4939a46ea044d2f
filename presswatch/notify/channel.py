"""What a channel is given and what it answers: values, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from presswatch.notify.compose import Message

__all__ = ["Channel", "NotSent", "Sent"]


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
    unsure: bool = False
    """It may have arrived all the same, or for some of its receivers: what is missing is an answer."""


class Channel(Protocol):
    """Where a notification goes. Called by the delivery round of the application and by ``notify-test``."""

    async def send(self, message: Message) -> Sent | NotSent:
        """Deliver it, in bounded time."""
