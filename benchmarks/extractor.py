"""The product's extraction as the evaluators call it: thin adapters over :func:`scraper.read.extract`."""

from __future__ import annotations

from datetime import timedelta, timezone

from scraper.model import BlockKind, Site, Stamp
from scraper.read import Unreadable, learn
from scraper.read import extract as read

_BESIDE = (BlockKind.CAPTION, BlockKind.FOOTNOTE)
__all__ = ["extract", "extract_learned"]


def extract(html: bytes, url: str, site: Site = Site()) -> dict[str, str | None]:  # noqa: B008 - frozen
    """Title, body, publication and update of a page, as strings or None.

    ``body`` has the blocks but captions and footnotes, joined by newlines; dates are ISO 8601; ``modified`` is the
    visible stamp where the page shows one, else the declared one.
    """
    try:
        release = read(html, url, site)
    except Unreadable:
        return {"title": None, "body": None, "published": None, "modified": None}
    body = "\n".join(block.text for block in release.blocks if block.kind not in _BESIDE)
    return {
        "title": release.title or None,
        "body": body or None,
        "published": _iso(release.published),
        "modified": _iso(release.stamp),
    }


def extract_learned(html: bytes, url: str, others: list[tuple[bytes, str]]) -> dict[str, str | None]:
    """The same after the site was learned from ``others``, bytes and address each."""
    return extract(html, url, learn(others))


def _iso(stamp: Stamp | None) -> str | None:
    """A time as it is where it was told: the day is the newsroom's own, the instant stays."""
    if stamp is None:
        return None
    if stamp.precision.is_date:
        return (stamp.day or stamp.at.date()).isoformat()
    if stamp.day is None:
        return stamp.at.isoformat()
    east = 1 if stamp.day > stamp.at.date() else -1
    zones = (timezone(timedelta(hours=east * hours)) for hours in range(1, 15))
    local = (stamp.at.astimezone(zone) for zone in zones)
    return next((time for time in local if time.date() == stamp.day), stamp.at).isoformat()
