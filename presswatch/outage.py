"""Whether a channel is stuck, in words for the operator. Pure: asked within the transaction of an attempt."""

from __future__ import annotations

from datetime import datetime, timedelta

from presswatch.words import counted, moment
from scraper.model import HealthKind, Trouble
from storage import Streak

__all__ = ["stuck"]

_LEAST_TIME = timedelta(hours=1)
_LEAST_ATTEMPTS = 3
"""One message that is refused, and tried once more, says little of its channel."""


def stuck(streak: Streak, now: datetime) -> Trouble:
    """The outage of a channel: sure after an hour of nothing but failures, three at least."""
    lasted = now - streak.since >= _LEAST_TIME
    return Trouble(
        kind=HealthKind.STUCK,
        subject=streak.channel,
        detail=f"{counted(streak.attempts, 'attempt')} in a row failed since {moment(streak.since)}: {streak.error}",
        advice=(
            f"Its messages wait and are tried again for three days. presswatch notify-test {streak.channel} tries the "
            "channel, and once it works they are due; what was given up meanwhile is named by presswatch status and "
            "sent again by presswatch resend."
        ),
        sure=lasted and streak.attempts >= _LEAST_ATTEMPTS,
    )
