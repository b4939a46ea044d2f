"""Worlds to be watched: when newsrooms publish and edit, and what they show at a moment.

Everything that happens is known beforehand, so that what a newsroom shows is a function of the time, and the delay from
each change to the next look can be told. Times are in hours from a Monday 00:00 UTC, ``START``.
"""

from __future__ import annotations

import bisect
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from statistics import fmean

import httpx
from newsroom import Page, utc

__all__ = ["FEED", "START", "Happens", "Served", "World", "synthetic"]

START = utc(2026, 3, 2)
FEED = "/feed.xml"
_LISTED = 60
"""Releases that a feed shows."""
_YOUNG = 0.5
_SHOWN = 0.5
"""Hours after its publication from which the judge's world watches a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happens:
    """A page and when it changes."""

    source: int
    born: float | None
    """When a release was published; None: it is the source's listing."""
    changes: tuple[float, ...]
    """In order, from 0 on: edits of a release, entries of a listing."""
    past: tuple[float, ...] = ()
    """Entries of a listing before 0."""

    @property
    def entry(self) -> float:
        """From when on it can be watched."""
        return 0.0 if self.born is None else max(0.0, self.born + _SHOWN)


@dataclass(frozen=True, kw_only=True)
class World:
    """What happens."""

    days: int
    pages: tuple[Happens, ...]

    @property
    def end(self) -> datetime:
        return START + timedelta(days=self.days)

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """Of each page."""
        return tuple(
            f"https://{host(page.source)}{FEED if page.born is None else f'/r-{index}'}"
            for index, page in enumerate(self.pages)
        )

    @property
    def sources(self) -> list[int]:
        return sorted({page.source for page in self.pages})

    @property
    def found(self) -> list[int]:
        """Pages that can be found in the time."""
        return [index for index, page in enumerate(self.pages) if page.entry < self.days * 24]

    def fixed(self, requests: float) -> float:
        """The mean delay in hours of the best pair of fixed intervals, one for listings and one for releases.

        A page that is looked at every T hours is T/2 late: for so many requests in all that is least where T goes with
        the root of hours watched over changes. What is there from the beginning is first looked at some time within T,
        what is published later T after that.
        """
        changes, watched = [1e-9, 1e-9], [1e-9, 1e-9]
        for page in self.pages:
            kind = page.born is not None
            changes[kind] += len(page.changes)
            watched[kind] += max(0.0, self.days * 24 - page.entry)
        roots = [math.sqrt(many * span) for many, span in zip(changes, watched, strict=True)]
        gaps = [span / requests * sum(roots) / root for span, root in zip(watched, roots, strict=True)]
        late = []
        for page in self.pages:
            gap = gaps[page.born is not None]
            late += [gap / 2 if not page.entry else gap - (at - page.entry) % gap for at in page.changes]
        return fmean(late)

    def delays(self, looks: Sequence[Sequence[datetime]]) -> list[float]:
        """Hours from each change to the next look at its page; what nobody saw is as late as the end."""
        late = []
        for page, made in zip(self.pages, looks, strict=True):
            hours = [(at - START) / timedelta(hours=1) for at in made]
            for at in page.changes:
                following = bisect.bisect_left(hours, at)
                late.append((hours[following] if following < len(hours) else self.days * 24) - at)
        return late


def host(source: int) -> str:
    """Of a newsroom."""
    return f"newsroom-{source}.example.int"


# --- what it shows ----------------------------------------------------------------------------------------------------


@dataclass
class Served:
    """A world in place of the network."""

    world: World
    clock: Callable[[], datetime]
    on_request: Callable[[str], None] = lambda _: None
    requests: Counter[int] = field(default_factory=Counter)
    """By status."""
    loads: int = 0

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    @cached_property
    def _by_url(self) -> dict[str, Happens]:
        return dict(zip(self.world.urls, self.world.pages, strict=True))

    @cached_property
    def _published(self) -> dict[int, list[tuple[float, str]]]:
        """By source, its releases in order."""
        made: dict[int, list[tuple[float, str]]] = {source: [] for source in self.world.sources}
        for url, page in zip(self.world.urls, self.world.pages, strict=True):
            if page.born is not None:
                made[page.source].append((page.born, url))
        return {source: sorted(each) for source, each in made.items()}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.on_request(str(request.url))
        now = (self.clock() - START) / timedelta(hours=1)
        page = self._by_url.get(str(request.url))
        if page is None or (page.born is not None and page.born > now):
            self.requests[404] += 1
            return httpx.Response(404, headers={"content-type": "text/plain"}, content=b"none")
        tag, kind, body = self._listing(page, now) if page.born is None else self._release(request, page, now)
        if request.headers.get("if-none-match") == tag:
            self.requests[304] += 1
            return httpx.Response(304, headers={"etag": tag})
        self.requests[200] += 1
        return httpx.Response(200, headers={"content-type": kind, "etag": tag}, content=body().encode())

    def _listing(self, page: Happens, now: float) -> tuple[str, str, Callable[[], str]]:
        shown = self._published[page.source]
        upto = bisect.bisect_right(shown, (now, "~"))

        def body() -> str:
            items = "".join(
                f"<item><title>{_title(url)}</title><link>{url}</link>"
                f"<pubDate>{format_datetime(START + timedelta(hours=born))}</pubDate></item>"
                for born, url in reversed(shown[max(0, upto - _LISTED) : upto])
            )
            return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'

        return f'"{upto}"', "application/rss+xml", body

    def _release(self, request: httpx.Request, page: Happens, now: float) -> tuple[str, str, Callable[[], str]]:
        version = bisect.bisect_right(page.changes, now)
        self.loads += 1
        assert page.born is not None
        published = START + timedelta(hours=page.born)
        path, base = request.url.path, f"https://{request.url.host}"
        made = Page(path=path, title=_title(path), published=published, version=version, with_stamp=False)
        return f'"{version}"', "text/html; charset=utf-8", lambda: made.markup(base, self.loads)


def _title(url: str) -> str:
    return f"Council decides on matter number {url.rpartition('-')[2]}"


# --- one that is made -------------------------------------------------------------------------------------------------


def synthetic(
    *, seed: int = 1, days: int = 30, sources: int = 6, backlog: int = 20, kappa: float = 0.3, weekday: int = 0
) -> World:
    """Newsrooms in three time zones that post in office hours, some often and some rarely.

    Their week begins as on ``weekday`` (0 is Monday): the world begins with a weekend where that is 5.
    Four of five releases can be edited, at a rate of their own over their age, by the same hours.
    """
    draw = random.Random(seed)
    pages: list[Happens] = []
    for source in range(sources):
        week = list(_week(draw))
        week = week[24 * weekday :] + week[: 24 * weekday]
        rate = 0.8 / 24 * math.exp(0.8 * draw.gauss(0, 1))
        posted = [
            at for at in _steady(draw, rate * max(week), -720, days * 24) if draw.random() * max(week) < _at(week, at)
        ]
        pages.append(
            Happens(
                source=source, born=None, changes=tuple(at for at in posted if at >= 0),
                past=tuple(at for at in posted if at < 0),
            )
        )  # fmt: skip
        older = sorted(draw.uniform(-90 * 24, -720) for _ in range(max(0, backlog - sum(at < 0 for at in posted))))
        for born in [*older, *posted]:
            own = draw.expovariate(1 / kappa) if draw.random() < 0.8 else 0.0
            edits = tuple(_edits(draw, own, born, days * 24, week))
            pages.append(Happens(source=source, born=born, changes=edits))
    return World(days=days, pages=tuple(pages))


def _week(draw: random.Random) -> Iterator[float]:
    """The rate of each hour of the week, 1 on average."""
    zone, peak, width = draw.randrange(3), draw.uniform(9, 15), draw.uniform(2, 3.5)
    quiet = draw.uniform(0.01, 0.12)
    hours = [quiet + math.exp(-0.5 * ((hour - zone - peak) / width) ** 2) for hour in range(24)]
    if draw.random() < 0.3:
        hours[draw.randrange(8, 17)] += 4
    days = [1.1, 1.3, 1.3, 1.3, 1.1, draw.uniform(0.05, 0.6), draw.uniform(0.05, 0.6)]
    mean = sum(hours) * sum(days) / 168
    yield from (day * hour / mean for day in days for hour in hours)


def _at(week: Sequence[float], at: float) -> float:
    return week[int(at // 1) % 168]


def _steady(draw: random.Random, rate: float, since: float, until: float) -> Iterator[float]:
    at = since + draw.expovariate(rate)
    while at < until:
        yield at
        at += draw.expovariate(rate)


def _edits(draw: random.Random, kappa: float, born: float, end: float, week: Sequence[float]) -> Iterator[float]:
    """Those from the time on at which the release can be watched."""
    if kappa <= 0:
        return
    first, last = math.log(max(_SHOWN, -born) + _YOUNG), math.log(max(_SHOWN, end - born) + _YOUNG)
    for log_age in _steady(draw, kappa * max(week), first, last):
        at = born + math.exp(log_age) - _YOUNG
        if draw.random() * max(week) < _at(week, at):
            yield at
