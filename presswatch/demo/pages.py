"""What each newsroom of the demo answers at each moment: a pure function of address, time and number of the load.

script.versions | render.article, listing, feed, sitemap -> Answer    (server.py sends it)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from presswatch.demo import alliance, ministry, railway, render
from presswatch.demo.model import Answer, Event, Glitch, Newsroom, Version
from presswatch.demo.script import before_last_edit, due_glitch, moved, versions

__all__ = ["page_at"]

_HTML = "text/html; charset=utf-8"
_SIDE_PAGES = {
    Newsroom.ALLIANCE: ("topics.htm", "structure.htm", "contact.htm"),
    Newsroom.MINISTRY: ("/themen", "/ministerium", "/impressum", "/datenschutz"),
    Newsroom.RAILWAY: ("/about", "/careers"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    newsroom: Newsroom
    path: str
    elapsed: timedelta
    moment: render.Moment
    base: str


def page_at(
    newsroom: Newsroom,
    path: str,
    *,
    elapsed: timedelta,
    started: datetime,
    load: int = 0,
    served: frozenset[Event] = frozenset(),
    base: str = "http://127.0.0.1",
) -> Answer:
    """What a newsroom answers to a GET.

    Args:
        newsroom: which of the three.
        path: as requested, without a query.
        elapsed: since the demo's start.
        started: when the demo started; dates of releases are relative to it.
        load: how many times this path was asked for before: rotating parts depend on it.
        served: the glitches that were given already; each is given once.
        base: the origin of this newsroom, without a slash at the end.
    """
    shown = versions(newsroom, elapsed=elapsed)
    moment = render.Moment(started=started, load=load, others=shown)
    ask = _Ask(newsroom=newsroom, path=path, elapsed=elapsed, moment=moment, base=base)
    glitch = due_glitch(newsroom, path, elapsed=elapsed, served=served)
    if glitch is not None:
        return replace(_GLITCHES[glitch.glitch or Glitch.ERROR](ask), event=glitch)
    return _release(ask) or _listing(ask) or _page(ask)


def _release(ask: _Ask) -> Answer | None:
    """The answer where a release stands, stood or has gone from; None where there never was one."""
    gone = moved(ask.newsroom, ask.path, elapsed=ask.elapsed)
    if gone is not None and gone.redirects:
        return Answer(status=301, headers=(("Location", gone.to), ("Content-Type", _HTML)), body=b"")
    version = next((version for version in ask.moment.others if version.path == ask.path), None)
    if version is None or version.withdrawn:
        return _missing(ask) if gone or version else None
    body = render.article(ask.newsroom, version, moment=ask.moment)
    return _fresh(body) if version.text.rotating else _validated(body, ask=ask, modified=version.modified)


def _listing(ask: _Ask) -> Answer | None:
    live = [version for version in ask.moment.others if not version.withdrawn]
    modified = max(version.modified for version in ask.moment.others)
    match ask.newsroom, ask.path:
        case (Newsroom.MINISTRY, ministry.FEED):
            text, kind = render.feed(live, moment=ask.moment, base=ask.base), "application/rss+xml; charset=utf-8"
        case (Newsroom.RAILWAY, railway.SITEMAP):
            text, kind = render.sitemap(live, moment=ask.moment, base=ask.base), "application/xml"
        case (Newsroom.ALLIANCE, alliance.LISTING) | (Newsroom.MINISTRY, ministry.LISTING) | (_, "/newsroom"):
            text, kind = render.listing(ask.newsroom, live, moment=ask.moment), _HTML
        case _:
            return None
    return _validated(text, ask=ask, modified=modified, kind=kind)


def _page(ask: _Ask) -> Answer:
    if ask.path == "/":
        return _fresh(render.home(ask.newsroom))
    if ask.path == "/robots.txt" and ask.newsroom is Newsroom.RAILWAY:
        rules = f"User-agent: *\nDisallow: /search\n\nSitemap: {ask.base}{railway.SITEMAP}\n"
        return Answer(status=200, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=rules.encode())
    if ask.path.endswith(_SIDE_PAGES[ask.newsroom]):
        words = {"de": "Diese Seite gehört zur Vorführung.", "en": "This page is part of a demonstration."}
        inner = f"<p>{words[render.LANGUAGES[ask.newsroom]]}</p>"
        return _fresh(render.bare(ask.newsroom, title=ask.path.rpartition("/")[2].removesuffix(".htm"), inner=inner))
    return _missing(ask)


def _missing(ask: _Ask) -> Answer:
    title = {"de": "Seite nicht gefunden", "en": "Page not found"}[render.LANGUAGES[ask.newsroom]]
    return replace(_fresh(render.bare(ask.newsroom, title=title, inner="")), status=404)


def _fresh(text: str) -> Answer:
    """An answer without validators."""
    return Answer(status=200, headers=(("Content-Type", _HTML), ("Cache-Control", "no-store")), body=text.encode())


def _validated(text: str, *, ask: _Ask, modified: timedelta, kind: str = _HTML) -> Answer:
    body = text.encode()
    at = format_datetime((ask.moment.started + modified).replace(microsecond=0), usegmt=True)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Answer(status=200, headers=(("Content-Type", kind), ("ETag", tag), ("Last-Modified", at)), body=body)


# --- glitches ---------------------------------------------------------------------------------------------------------


def _error(ask: _Ask) -> Answer:
    return replace(_fresh(render.bare(ask.newsroom, title="Internal Server Error", inner="")), status=500)


def _challenge(_: _Ask) -> Answer:
    return _fresh(
        '<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body><h1>Just a moment...</h1>'
        "<p>Checking your browser before you access this site. This process is automatic.</p>"
        "<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
    )


def _collapsed(ask: _Ask) -> Answer:
    return _fresh(render.article(ask.newsroom, _standing(ask), moment=ask.moment, collapsed=True))


def _empty(ask: _Ask) -> Answer:
    return _fresh(render.listing(ask.newsroom, (), moment=ask.moment))


def _stale(ask: _Ask) -> Answer:
    older = before_last_edit(ask.newsroom, ask.path, elapsed=ask.elapsed)
    return _fresh(render.article(ask.newsroom, older or _standing(ask), moment=ask.moment))


def _standing(ask: _Ask) -> Version:
    return next(version for version in ask.moment.others if version.path == ask.path)


_GLITCHES: dict[Glitch, Callable[[_Ask], Answer]] = {
    Glitch.ERROR: _error,
    Glitch.CHALLENGE: _challenge,
    Glitch.COLLAPSED: _collapsed,
    Glitch.EMPTY: _empty,
    Glitch.STALE: _stale,
}
