"""Times as people write them on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from config.values import seconds
from presswatch.cli.errors import UserError

__all__ = ["before", "moment"]


def moment(option: str, text: str, *, now: datetime) -> datetime:
    """A date, a time (UTC unless it says otherwise), or an age such as ``7d``.

    Raises:
        UserError: it is none.
    """
    try:
        return _before(text, now) if _is_age(text) else _time(text)
    except (ValueError, OverflowError):
        raise UserError(
            f'{option}: "{text}" is no time; write it like 2026-03-01, 2026-03-01T12:00Z, 7d or 12h'
        ) from None


def before(option: str, text: str, *, now: datetime) -> datetime:
    """The moment that lies an age such as ``90d`` back.

    Raises:
        UserError: it is no age, or reaches behind the calendar.
    """
    try:
        return _before(text if _is_age(text) else "", now)
    except (ValueError, OverflowError):
        raise UserError(f'{option}: "{text}" is no age; write it like 90d or 12h') from None


def _is_age(text: str) -> bool:
    """A bare number is none: 2026 would pass for seconds."""
    return text[-1:].isalpha() and text[-1:] not in "zZ"


def _before(text: str, now: datetime) -> datetime:
    return now - seconds(text)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
