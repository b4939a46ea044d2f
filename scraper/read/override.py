"""What a person says of a site, over everything that is read or learned: CSS selectors, a date format, a zone.

Selectors are asked of the document itself, before it is flattened; what one does not match is read as ever, so that a
page that the profile does not fit is no empty release.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from scraper import dates
from scraper.html import Document, Node, SelectolaxError
from scraper.model import Origin, Precision, Profile, Render, Site, Source, Stamp
from scraper.read.markup import CHOSEN, MARK

__all__ = ["DRAWN", "NO_PROFILE", "BadProfile", "Override", "apply", "check", "version"]

NO_PROFILE = Profile()
_SELECTORS = ("title", "body", "drop", "published", "updated")
_MAX_RAW = 160
_MOST = 20
"""Elements that are asked for a title or a date."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2100


class BadProfile(ValueError):
    """A selector, a date format or a zone of a profile is none; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a profile found on a page. None where it says nothing of it, or found nothing."""

    title: str | None = None
    body: bool = False
    """It marked elements as the body."""
    published: Stamp | None = None
    updated: Stamp | None = None
    missed: tuple[str, ...] = ()
    """Which of the profile's words found nothing on the page, or no date."""


def check(profile: Profile) -> None:
    """Refuse a profile that can never be applied.

    Raises:
        BadProfile: see there.
    """
    document = Document("<html><head></head><body><p></p></body></html>")
    for name in _SELECTORS:
        _selected(document, profile, name)
    _drop(document, profile)
    if profile.time_zone:
        _zone(profile)
    if profile.date_format:
        moment = datetime(2012, 9, 7, 12, 46, tzinfo=UTC)
        try:
            datetime.strptime(moment.strftime(profile.date_format), profile.date_format)  # noqa: DTZ007 - never kept
        except (ValueError, re.error):
            raise BadProfile(
                f'the profile\'s date_format "{profile.date_format}" is none that dates can be read with'
            ) from None


def apply(document: Document, profile: Profile, *, zone: tzinfo, language: str | None) -> Override:
    """Take out what a profile drops, mark its body in the document, and read what else it selects.

    Raises:
        BadProfile: see there.
    """
    if profile == NO_PROFILE:
        return Override()
    for node in document.css(f"[{MARK}]"):
        # Only a profile may say so, not the page.
        del node.attrs[MARK]
    dropped = _drop(document, profile)
    zone = _zone(profile) if profile.time_zone else zone
    chosen = {name: _selected(document, profile, name) for name in ("title", "body", "published", "updated")}
    for node in chosen["body"]:
        node.attrs[MARK] = CHOSEN
    found = Override(
        title=next(filter(None, map(_text, chosen["title"][:_MOST])), None),
        body=bool(chosen["body"]),
        published=_stamp(chosen["published"], profile, zone, language),
        updated=_stamp(chosen["updated"], profile, zone, language),
    )
    missed = [name for name, nodes in chosen.items() if getattr(profile, name) and not nodes]
    missed += ["drop"] * bool(profile.drop and not dropped)
    missed += [name for name in ("published", "updated") if chosen[name] and getattr(found, name) is None]
    return replace(found, missed=tuple(missed))


def _drop(document: Document, profile: Profile) -> int:
    """Take out what a profile drops; how many elements that were.

    Raises:
        BadProfile: it drops the page itself.
    """
    nodes = _selected(document, profile, "drop")
    if any(node.tag in ("html", "head", "body") for node in nodes):
        raise BadProfile(f'the profile\'s drop "{profile.drop}" drops the page itself')
    for node in nodes:
        node.decompose()
    return len(nodes)


def version(site: Site, source: Source) -> str:
    """The version of everything that a source's pages are read with besides the recipe.

    It ends in :data:`DRAWN` where they are read as a browser draws them: that can't be read from plain evidence.
    """
    said: list[object] = [asdict(source.profile) if source.profile != NO_PROFILE else None]
    said += [None if source.time_zone == "UTC" else source.time_zone, source.language]
    told = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12] if any(said) else ""
    drawn = DRAWN if source.render is Render.ALWAYS else ""
    return f"{site.version}{told and f'+{told}'}{drawn}"


DRAWN = "*"


def _selected(document: Document, profile: Profile, name: str) -> list[Node]:
    selector = getattr(profile, name)
    if not selector:
        return []
    try:
        return document.css(selector)
    except (SelectolaxError, ValueError):
        raise BadProfile(f'the profile\'s {name} "{selector}" is no CSS selector') from None


def _zone(profile: Profile) -> tzinfo:
    try:
        return ZoneInfo(profile.time_zone)
    except (ValueError, OSError, LookupError):
        raise BadProfile(f'the profile\'s time_zone "{profile.time_zone}" is no IANA name') from None


def _text(node: Node) -> str:
    attributes = node.attributes
    shown = " ".join(node.text(separator=" ").split())
    return shown or (attributes.get("datetime") or attributes.get("content") or "").strip()


def _stamp(nodes: list[Node], profile: Profile, zone: tzinfo, language: str | None) -> Stamp | None:
    for node in nodes[:_MOST]:
        text = _text(node)
        found = (
            _formatted(text, profile.date_format, zone) if profile.date_format else _understood(text, zone, language)
        )
        if found is not None:
            return found
    return None


def _understood(text: str, zone: tzinfo, language: str | None) -> Stamp | None:
    moment = next(iter(dates.find(text, zone=zone, language=language)), None)
    if moment is None:
        return None
    return Stamp(
        at=moment.at, precision=moment.precision, raw=text[:_MAX_RAW], origin=Origin.TEXT,
        zone_assumed=moment.zone_assumed,
    )  # fmt: skip


def _formatted(text: str, form: str, zone: tzinfo) -> Stamp | None:
    try:
        local = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put in below
    except (ValueError, re.error):
        return None
    if not _FIRST_YEAR <= local.year <= _LAST_YEAR:
        return None
    timed = any(code in form for code in ("%H", "%I", "%X", "%c"))
    if not timed:
        at = datetime(local.year, local.month, local.day, tzinfo=UTC)
        return Stamp(at=at, precision=Precision.DAY, raw=text[:_MAX_RAW], origin=Origin.TEXT)
    assumed = local.tzinfo is None
    at = (local.replace(tzinfo=zone) if assumed else local).astimezone(UTC)
    precision = Precision.SECOND if "%S" in form or "%X" in form else Precision.MINUTE
    return Stamp(at=at, precision=precision, raw=text[:_MAX_RAW], origin=Origin.TEXT, zone_assumed=assumed)
