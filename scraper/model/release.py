"""What one look at a page read of a release: headline, blocks, times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

__all__ = ["Block", "BlockKind", "Claim", "Link", "Origin", "Precision", "Release", "Signal", "Stamp"]


class Precision(StrEnum):
    """How exactly a page tells a time."""

    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def is_date(self) -> bool:
        """True where the value is a calendar date without a time of day."""
        return self in (Precision.MONTH, Precision.DAY)


class Origin(StrEnum):
    """Where in a page, or beside it, a time was found. The order of the members is the order of belief for a stamp."""

    TEXT = "text"
    """Visible text with a label, such as "Last updated: 07 Sep. 2012 12:46"."""
    TIME = "time"
    """A visible ``<time>`` element."""
    JSON_LD = "json-ld"
    META = "meta"
    """``<meta>`` or microdata."""
    HTTP = "http"
    """The ``Last-Modified`` header of the answer: often the time of a deployment, never taken for the stamp."""
    URL = "url"
    LISTING = "listing"
    """The feed entry, sitemap row or list row that leads to the release."""

    @property
    def is_visible(self) -> bool:
        """True where a reader of the page sees it."""
        return self in (Origin.TEXT, Origin.TIME)

    @property
    def is_of_page(self) -> bool:
        """True where the page itself says it, and not the server or a listing beside it."""
        return self not in (Origin.HTTP, Origin.LISTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time that a page shows or declares, as read and as written."""

    at: datetime
    """UTC; for a date, midnight UTC of its first day."""
    precision: Precision
    raw: str
    """The text it was read from, label included, white space folded."""
    origin: Origin
    zone_assumed: bool = False
    """True where the page names no zone and the source's was taken."""
    day: date | None = field(default=None, compare=False)
    """The calendar day that the page itself gives it, where that is not the day of ``at`` in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One candidate for a time of publication or of an update, and what became of it."""

    updated: bool
    """True where it claims an update, False where it claims a publication."""
    stamp: Stamp
    believed: bool
    """True for the one of its origin that was taken over into the release."""
    why: str
    """One clause for a person: what speaks for it, or why another one was believed."""


class BlockKind(StrEnum):
    """What a block of a body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE_ROW = "table-row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An anchor inside a block."""

    text: str
    target: str
    """Absolute URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body. ``text`` is as shown, white space folded; cells of a table row are joined by " | "."""

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()


class Signal(StrEnum):
    """What a page shows of itself that a release would not."""

    NOT_FOUND = "not-found"
    """It says that there is nothing here, with status 200."""
    ERROR = "error"
    """It says that something failed."""
    CHALLENGE = "challenge"
    """It asks whether one is a robot."""
    LOGIN = "login"
    """It asks to sign in and shows little else."""
    CONSENT = "consent"
    """It asks for consent and shows little else."""
    UNFINISHED = "unfinished"
    """The markup stops before its end."""
    LISTING = "listing"
    """It is a list of other pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one look at a page read of a release."""

    title: str
    blocks: tuple[Block, ...]
    published: Stamp | None = None
    stamps: tuple[Stamp, ...] = ()
    """Every claim of an update time, the most believed first, at most one for each origin."""
    language: str | None = None
    """BCP 47 tag as the page declares it, lower-cased."""
    canonical: str | None = None
    """The address that the page gives as its own, absolute; None where it gives none."""
    signals: frozenset[Signal] = frozenset()
    claims: tuple[Claim, ...] = ()
    """Every candidate for a time that was weighed, the believed ones first; what ``presswatch explain`` shows."""

    @property
    def stamp(self) -> Stamp | None:
        """The update stamp: the visible one where the page shows one, else the declared one, never the server's."""
        return next((stamp for stamp in self.stamps if stamp.origin.is_of_page), None)

    @property
    def text(self) -> str:
        """The body's blocks, a line each."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def words(self) -> int:
        """White-space separated words of the body."""
        return sum(len(block.text.split()) for block in self.blocks)
