"""By which ways a change is told: what the rules answer, before the store knows of any digest or outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.rows import Window

__all__ = ["Appointment", "Way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """The digest that a change is told with."""

    name: str
    """Which digest of its channel; it is said in the message."""
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one channel is told."""

    channel: str
    quiet: tuple[Window, ...] = ()
    """The times of the next days in which nothing is told, in order."""
    digest: Appointment | None = None
    """None: by a message of its own, or its batch's."""

    def free_at(self, at: datetime) -> datetime:
        """When what would be told at ``at`` is told: then, or at the end of the quiet hours."""
        for since, until in self.quiet:
            if since <= at < until:
                at = until
        return at
