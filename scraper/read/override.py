"""What a person says of a site, over everything that is read or learned: CSS selectors, a date format, a zone.

Selectors are asked of the document itself, before it is flattened; what one does not match is read as ever, so that a
page that the profile does not fit is no empty release.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from scraper import dates
from scraper.html import Document, Node, SelectolaxError
from scraper.model import Origin, Precision, Profile, Site, Stamp
from scraper.read.markup import CHOSEN, MARK

__all__ = ["NO_PROFILE", "BadProfile", "Override", "apply", "check", "version"]

NO_PROFILE = Profile()
_SELECTORS = ("title", "body", "drop", "published", "updated")
_MAX_RAW = 160


class BadProfile(ValueError):
    """A selector, a date format or a zone of a profile is none; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a profile found on a page. None where it says nothing of it, or found nothing."""

    title: str | None = None
    published: Stamp | None = None
    updated: Stamp | None = None


def check(profile: Profile) -> None:
    """Refuse a profile that can never be applied.

    Raises:
        BadProfile: see there.
    """
    document = Document("<html><body></body></html>")
    for name in _SELECTORS:
        _selected(document, profile, name)
    if profile.time_zone:
        _zone(profile)
    if profile.date_format:
        try:
            datetime(2012, 9, 7, 12, 46, tzinfo=UTC).strftime(profile.date_format)
        except ValueError as error:
            raise BadProfile(f'the profile\'s date_format "{profile.date_format}" is none: {error}') from None


def apply(document: Document, profile: Profile, *, zone: tzinfo, language: str | None) -> Override:
    """Take out what a profile drops, mark its body in the document, and read what else it selects.

    Raises:
        BadProfile: see there.
    """
    if profile == NO_PROFILE:
        return Override()
    for node in _selected(document, profile, "drop"):
        node.decompose()
    zone = _zone(profile) if profile.time_zone else zone
    texts = {name: [_text(node) for node in _selected(document, profile, name)] for name in _SELECTORS}
    for node in _selected(document, profile, "body"):
        node.attrs[MARK] = CHOSEN
    return Override(
        title=next(filter(None, texts["title"]), None),
        published=_stamp(texts["published"], profile, zone, language),
        updated=_stamp(texts["updated"], profile, zone, language),
    )


def version(site: Site, profile: Profile) -> str:
    """The version of everything that a source's pages are read with besides the recipe."""
    if profile == NO_PROFILE:
        return site.version
    said = json.dumps(asdict(profile), sort_keys=True).encode()
    return f"{site.version}+{hashlib.sha256(said).hexdigest()[:12]}"


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


def _stamp(texts: list[str], profile: Profile, zone: tzinfo, language: str | None) -> Stamp | None:
    for text in texts:
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
    except ValueError:
        return None
    timed = any(code in form for code in ("%H", "%I", "%X", "%c"))
    if not timed:
        at = datetime(local.year, local.month, local.day, tzinfo=UTC)
        return Stamp(at=at, precision=Precision.DAY, raw=text[:_MAX_RAW], origin=Origin.TEXT)
    assumed = local.tzinfo is None
    at = (local.replace(tzinfo=zone) if assumed else local).astimezone(UTC)
    precision = Precision.SECOND if "%S" in form or "%X" in form else Precision.MINUTE
    return Stamp(at=at, precision=precision, raw=text[:_MAX_RAW], origin=Origin.TEXT, zone_assumed=assumed)
