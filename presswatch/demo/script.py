"""What happens while one watches: a tuple of events, what they make of each release, and what a watcher has to say.

SCRIPT | versions(newsroom, elapsed) -> the releases as they stand    (pages.py shows them)
SCRIPT | expected(elapsed) -> the changes that a watcher has to report, and no others
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from presswatch.demo import alliance, ministry, railway
from presswatch.demo.model import Event, Glitch, Newsroom, Text, Version
from scraper.model import Kind

__all__ = ["DURATION", "SCRIPT", "TEXTS", "before_last_edit", "due_glitch", "expected", "moved", "versions"]

TEXTS = {Newsroom.ALLIANCE: alliance.TEXTS, Newsroom.MINISTRY: ministry.TEXTS, Newsroom.RAILWAY: railway.TEXTS}


def _s(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


SCRIPT: tuple[Event, ...] = (
    Event(at=_s(5), newsroom=Newsroom.ALLIANCE, path=alliance.CHARTS, kind=None, glitch=Glitch.ERROR),
    Event(at=_s(9), newsroom=Newsroom.RAILWAY, path=railway.ACCESS, kind=None, glitch=Glitch.CHALLENGE),
    Event(
        at=_s(15),
        newsroom=Newsroom.ALLIANCE,
        path=alliance.PATROLS,
        kind=Kind.SILENTLY_EDITED,
        edits=(
            ("twelve vessels will be on call at any hour", "nine vessels will be on call by day"),
            ("40 million crowns a year", "46 million crowns a year"),
        ),
    ),
    Event(at=_s(20), newsroom=Newsroom.MINISTRY, path=ministry.WARNING, kind=Kind.NEW),
    Event(at=_s(24), newsroom=Newsroom.ALLIANCE, path=alliance.LISTING, kind=None, glitch=Glitch.EMPTY),
    Event(
        at=_s(26),
        newsroom=Newsroom.RAILWAY,
        path=railway.BRIDGE,
        kind=Kind.EDITED,
        edits=(
            ("50 miles an hour, twice as fast as before the work", "30 miles an hour, hardly faster than before"),
            ("every three months in the first year", "every month in the first year"),
        ),
    ),
    Event(
        at=_s(30),
        newsroom=Newsroom.ALLIANCE,
        path=alliance.FUEL,
        kind=Kind.EDITED,
        edits=(("18,000 tonnes and is kept at three harbours", "21,000 tonnes and is kept at four harbours"),),
        stamps=True,
    ),
    Event(at=_s(33), newsroom=Newsroom.MINISTRY, path=ministry.SAND, kind=None, glitch=Glitch.COLLAPSED),
    Event(at=_s(36), newsroom=Newsroom.ALLIANCE, path=alliance.LIGHTS, kind=Kind.NEW),
    Event(at=_s(40), newsroom=Newsroom.MINISTRY, path=ministry.SCHOOLS, kind=Kind.WITHDRAWN),
    Event(at=_s(44), newsroom=Newsroom.ALLIANCE, path=alliance.ICE, kind=Kind.RESTAMPED, stamps=True),
    Event(
        at=_s(48),
        newsroom=Newsroom.MINISTRY,
        path=ministry.FERRIES,
        kind=Kind.EDITED,
        edits=(("für Gäste steigen sie um einen Euro", "für Gäste steigen sie um drei Euro"),),
        stamps=True,
    ),
    Event(
        at=_s(50),
        newsroom=Newsroom.RAILWAY,
        path=railway.SOLAR,
        kind=Kind.MOVED,
        to=railway.SOLAR_MOVED,
        redirects=True,
    ),
    Event(at=_s(56), newsroom=Newsroom.RAILWAY, path=railway.FREIGHT, kind=Kind.MOVED, to=railway.FREIGHT_MOVED),
    Event(at=_s(58), newsroom=Newsroom.ALLIANCE, path=alliance.FUEL, kind=None, glitch=Glitch.STALE),
    Event(at=_s(65), newsroom=Newsroom.MINISTRY, path=ministry.SCHOOLS, kind=Kind.RESTORED),
    Event(at=_s(68), newsroom=Newsroom.RAILWAY, path=railway.SLEEPER, kind=Kind.NEW),
    Event(
        at=_s(75),
        newsroom=Newsroom.MINISTRY,
        path=ministry.DYKES,
        kind=Kind.SILENTLY_EDITED,
        edits=(
            ("um fünf Jahre verlängert", "um drei Jahre verlängert"),
            ("läuft fünf Jahre länger", "läuft drei Jahre länger"),
            ("310 Millionen Euro", "190 Millionen Euro"),
        ),
    ),
)

DURATION = SCRIPT[-1].at
"""After this nothing happens any more."""


def versions(newsroom: Newsroom, *, elapsed: timedelta) -> tuple[Version, ...]:
    """Each release that was ever published by ``elapsed``, the newest first, at its present address."""
    found = (_version(text, happened=_happened(newsroom, text.path, elapsed)) for text in TEXTS[newsroom])
    return tuple(sorted(filter(None, found), key=lambda version: version.published, reverse=True))


def before_last_edit(newsroom: Newsroom, path: str, *, elapsed: timedelta) -> Version | None:
    """The release as it was before the last thing that happened to it by ``elapsed``."""
    text = next((text for text in TEXTS[newsroom] if text.path == path), None)
    return None if text is None else _version(text, happened=_happened(newsroom, path, elapsed)[:-1])


def moved(newsroom: Newsroom, path: str, *, elapsed: timedelta) -> Event | None:
    """The move that took a release away from ``path`` by ``elapsed``."""
    return next((event for event in _happened(newsroom, path, elapsed) if event.kind is Kind.MOVED), None)


def due_glitch(newsroom: Newsroom, path: str, *, elapsed: timedelta, served: frozenset[Event]) -> Event | None:
    """The glitch that the next request for ``path`` gets, where one is due and was not ``served`` yet."""
    due = (event for event in SCRIPT if event.glitch and (event.newsroom, event.path) == (newsroom, path))
    return next((event for event in due if event.at <= elapsed and event not in served), None)


def expected(elapsed: timedelta) -> list[tuple[Kind, str]]:
    """Kind and title of each change that a watcher who has seen everything by ``elapsed`` has to report, in order."""
    return [(event.kind, _title(event)) for event in SCRIPT if event.kind is not None and event.at <= elapsed]


def _happened(newsroom: Newsroom, path: str, elapsed: timedelta) -> tuple[Event, ...]:
    return tuple(
        event
        for event in SCRIPT
        if event.kind is not None and (event.newsroom, event.path) == (newsroom, path) and event.at <= elapsed
    )


def _version(text: Text, *, happened: tuple[Event, ...]) -> Version | None:
    if text.age is None and not happened:
        return None
    # Whatever is published at the demo's start was last corrected forty minutes after it appeared.
    published, stamped = (-text.age, timedelta(minutes=40) - text.age) if text.age else (happened[0].at,) * 2
    version = Version(text=text, path=text.path, published=published, stamped=stamped, modified=stamped)
    for event in happened:
        version = _after(version, event=event)
    return version


def _after(version: Version, *, event: Event) -> Version:
    return replace(
        version,
        text=_edited(version.text, edits=event.edits),
        path=event.to or version.path,
        stamped=event.at if event.stamps else version.stamped,
        modified=event.at,
        withdrawn=event.kind is Kind.WITHDRAWN,
    )


def _edited(text: Text, *, edits: tuple[tuple[str, str], ...]) -> Text:
    for before, after in edits:
        text = replace(
            text,
            title=text.title.replace(before, after),
            lede=text.lede.replace(before, after),
            paragraphs=tuple(paragraph.replace(before, after) for paragraph in text.paragraphs),
        )
    return text


def _title(event: Event) -> str:
    return next(
        version.text.title
        for version in versions(event.newsroom, elapsed=event.at)
        if version.path in (event.path, event.to)
    )
