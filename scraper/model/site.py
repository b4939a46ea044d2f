"""What is known of a source's pages before one is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Profile", "Render", "Site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was learned of a site from its sibling pages and from several loads of one page.

    Pages are read with it, so it is a part of the recipe: another ``version`` reads stored evidence again.
    """

    version: str = ""
    """Digest of all that follows; empty where nothing was learned."""
    pages: int = 0
    """Distinct pages that it was learned from."""
    releases: int = 0
    """How many releases of the source could be learned from at that time."""
    loads: int = 0
    """Loads of them; more than ``pages`` where one was seen again."""
    recurring: frozenset[str] = frozenset()
    """Keys of texts that stand on several releases: see ``scraper.read.learn``."""
    varying: frozenset[str] = frozenset()
    """Places whose text was another on each load of one page."""
    body: str = ""
    """Place of the box that holds the text on most pages; empty where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person says of a site, over whatever is learned. Empty fields say nothing.

    All but the last two are CSS selectors.
    """

    title: str = ""
    body: str = ""
    """The elements that hold the text; all that match, in the order of the page."""
    drop: str = ""
    """Elements that are no part of it."""
    published: str = ""
    updated: str = ""
    date_format: str = ""
    """How both dates are written, as for ``datetime.strptime``; empty: as they are understood."""
    time_zone: str = ""
    """IANA name for their times; empty: that of the source."""


class Render(StrEnum):
    """Whether a source's pages are rendered by a browser before they are read."""

    NEVER = "never"
    AUTO = "auto"
    """Where the plain page leads to no release."""
    ALWAYS = "always"
