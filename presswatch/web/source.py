"""The page of one source: its rhythm, what it edits and whether it says so, how the looks at it fare."""

from __future__ import annotations

from datetime import datetime

from presswatch.web.charts import DAYS
from presswatch.web.figures import figures
from presswatch.web.page import NotFound, Page
from presswatch.web.views import Views

__all__ = ["source"]


def source(views: Views, source_id: int, *, now: datetime) -> Page:
    """One source, also one that was removed.

    Raises:
        NotFound: there is none.
    """
    row = next(iter(views.sources(removed=True, source_id=source_id)), None)
    if row is None:
        raise NotFound
    return Page(
        template="source.html",
        values={
            "row": row,
            "now": now,
            "days": DAYS,
            "figures": figures(views, row, now=now),
            "listings": views.listings(source_id),
            "troubles": [each for each in views.health(is_open=True) if each.source_id == source_id],
        },
    )
