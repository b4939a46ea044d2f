"""The page of one source: its rhythm, what it edits and whether it says so, how the looks at it fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from presswatch.web.charts import DAYS, WeekHours, hours_of_week, median, weeks
from presswatch.web.page import NotFound, Page
from presswatch.web.views import Views

__all__ = ["source"]

_WEEKS = 26
_RECENT = timedelta(days=7)
_NARROW = timedelta(hours=1)
"""A release that was seen first so soon after a look that did not see it yet tells the hour."""
_LEAST = 10
"""Fewer times that releases tell make no rhythm; then those at which they were seen are taken where there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a source publishes, and by what that is told."""

    hours: WeekHours
    zone: str
    claimed: bool
    """True for what its releases say, False for when they were seen first."""


def source(views: Views, source_id: int, *, now: datetime) -> Page:
    """One source, also one that was removed.

    Raises:
        NotFound: there is none.
    """
    row = next(iter(views.sources(removed=True, source_id=source_id)), None)
    if row is None:
        raise NotFound
    looks = views.looks(source_id, since=now - _RECENT)
    edits = views.edits(source_id)
    since = now - timedelta(weeks=_WEEKS)
    return Page(
        template="source.html",
        values={
            "row": row,
            "now": now,
            "listings": views.listings(source_id),
            "rhythm": _rhythm(views, source_id, row.source.time_zone),
            "days": DAYS,
            "bars": weeks(views.changes_by_day(source_id, since=since), today=now.date(), most=_WEEKS),
            "edits": edits,
            "wait": median(edits.waits),
            "looks": looks,
            "requests": sum(each.count for each in looks),
            "received": sum(each.received for each in looks),
            "troubles": [each for each in views.health(is_open=True) if each.source_id == source_id],
        },
    )


def _rhythm(views: Views, source_id: int, zone: str) -> Rhythm | None:
    claimed = views.publication_times(source_id)
    seen = [] if len(claimed) >= _LEAST else views.first_seen_times(source_id, within=_NARROW)
    is_claimed = len(claimed) >= len(seen)
    known = _zone(zone)
    hours = hours_of_week(claimed if is_claimed else seen, known or UTC)
    return None if hours is None else Rhythm(hours=hours, zone=zone if known else "UTC", claimed=is_claimed)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
