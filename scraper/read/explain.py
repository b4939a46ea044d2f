"""Why a page was read as it was: each run of its text, whether it was taken, and for what reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from scraper.model import BlockKind, Profile, Release, Site
from scraper.read.familiar import NOTHING_LEARNED, place_of
from scraper.read.override import NO_PROFILE
from scraper.read.release import read_page

__all__ = ["Explanation", "Piece", "explain"]

_TITLE = "it is the headline"
_TAKEN = "it is a part of the text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that the page shows as one block."""

    text: str
    kind: BlockKind
    taken: bool
    """It is the headline or a part of the body."""
    why: str
    """One clause for a person."""
    place: str
    """The tags from the nearest box that has a name down to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A page as it was read, with everything that was on it."""

    release: Release
    pieces: tuple[Piece, ...]
    """In the order of the page, without its menus, scripts and controls, and without what a profile drops."""
    missed: tuple[str, ...] = ()
    """Which of the profile's words found nothing on this page, or no date."""


def explain(
    html: bytes,
    url: str,
    site: Site = NOTHING_LEARNED,
    *,
    zone: tzinfo = UTC,
    language: str | None = None,
    content_type: str | None = None,
    profile: Profile = NO_PROFILE,
    last_modified: str | None = None,
) -> Explanation:
    """Read a page as :func:`scraper.read.extract` does, and say why each of its blocks was taken or dropped.

    Raises:
        Unreadable: as ``extract`` does.
    """
    read = read_page(
        html, url, site, zone=zone, language=language, content_type=content_type, profile=profile,
        last_modified=last_modified,
    )  # fmt: skip
    taken = set(read.body.segments)
    headline = read.headline
    if read.said.title is not None:
        shown = (n for n, segment in enumerate(read.page.segments) if segment.text == read.said.title)
        headline = next(shown, -1)
    pieces = tuple(
        Piece(
            text=segment.text,
            kind=segment.kind,
            taken=n in taken or n == headline,
            why=_TITLE if n == headline else _TAKEN if n in taken else read.body.why.get(n, ""),
            place=place_of(read.page, segment.box),
        )
        for n, segment in enumerate(read.page.segments)
    )
    return Explanation(release=read.release, pieces=pieces, missed=read.said.missed)
