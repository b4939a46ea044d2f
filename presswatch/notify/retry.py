"""When a delivery is tried again: the schedule that Standard Webhooks proposes, and then no more.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
"""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["LONGEST", "SCHEDULE", "next_attempt"]

SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The pause before each attempt, the first one included: over three days in all."""
LONGEST = timedelta(hours=24)
"""A receiver's Retry-After is believed up to here."""
_SPREAD = 0.1


def next_attempt(
    attempts: int, *, now: datetime, jitter: float, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after ``attempts`` attempts failed; None where it was the last one.

    Args:
        attempts: made so far; 0 gives ``now``.
        now: the moment of the last failure, aware.
        jitter: from 0 to 1; lengthens the pause by up to a tenth, so that what failed together returns apart.
        retry_after: what the receiver asked for, the longer of the two pauses counts.
    """
    if attempts >= len(SCHEDULE):
        return None
    pause = SCHEDULE[max(attempts, 0)] * (1 + _SPREAD * jitter)
    asked = min(retry_after or timedelta(0), LONGEST)
    return now + max(pause, asked)
