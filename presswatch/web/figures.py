"""What can be counted of one source: its rhythm, what it edits and whether it says so, how the looks at it fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from presswatch.notify.message import rfc3339
from presswatch.web.charts import Bars, WeekHours, hours_of_week, median, weeks
from presswatch.web.views import Views
from storage import Edits, Looks, SourceRow

__all__ = ["Figures", "Rhythm", "figures", "figures_object"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted of a source."""

    rhythm: Rhythm | None
    """None where no time of day is known of any release."""
    bars: Bars
    edits: Edits
    looks: tuple[Looks, ...]
    """Since :attr:`since`."""
    since: datetime

    @property
    def wait(self) -> timedelta | None:
        """The median time from the first look at a release to the first that saw an edit; None where none is known."""
        return median(self.edits.waits)

    @property
    def silent_share(self) -> float | None:
        """Of the releases that were edited those that were silently, 0 to 1; None where none was edited."""
        return self.edits.silently / self.edits.edited if self.edits.edited else None

    @property
    def requests(self) -> int:
        """All looks."""
        return sum(each.count for each in self.looks)

    @property
    def received(self) -> int:
        """What they brought, in bytes."""
        return sum(each.received for each in self.looks)


def figures(views: Views, row: SourceRow, *, now: datetime) -> Figures:
    """What is counted of a source."""
    since = now - _RECENT
    changes = views.changes_by_day(row.id, since=now - timedelta(weeks=_WEEKS))
    return Figures(
        rhythm=_rhythm(views, row.id, row.source.time_zone),
        bars=weeks(changes, today=now.date(), most=_WEEKS),
        edits=views.edits(row.id),
        looks=tuple(views.looks(row.id, since=since)),
        since=since,
    )


def figures_object(found: Figures) -> dict[str, object]:
    """The statistics of the API."""
    rhythm = found.rhythm
    return {
        "rhythm": rhythm and {
            "hours": [list(hours) for hours in rhythm.hours.counts],
            "time_zone": rhythm.zone,
            "from": "claims" if rhythm.claimed else "looks",
        },
        "weeks": [
            {"monday": week.monday.isoformat(), "edited": week.edited, "silently_edited": week.silently}
            for week in found.bars.weeks
        ],
        "edited": found.edits.edited,
        "silently_edited": found.edits.silently,
        "silent_share": found.silent_share,
        "seconds_to_first_edit": found.wait and found.wait.total_seconds(),
        "looks_since": rfc3339(found.since),
        "looks": [{"outcome": each.outcome, "count": each.count, "received": each.received} for each in found.looks],
    }  # fmt: skip


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
