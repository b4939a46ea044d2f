"""The clock of everything but the tests."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["utc_now"]


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)
