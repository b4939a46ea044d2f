"""The markup of the three newsrooms: one page shape each, listings included. Texts are escaped, times are local."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from presswatch.demo import alliance, ministry, railway
from presswatch.demo.model import Newsroom, Version

__all__ = ["LANGUAGES", "NAMES", "ZONES", "Moment", "article", "bare", "feed", "home", "listing", "sitemap"]

NAMES = {Newsroom.ALLIANCE: alliance.NAME, Newsroom.MINISTRY: ministry.NAME, Newsroom.RAILWAY: railway.NAME}
ZONES = {Newsroom.ALLIANCE: alliance.ZONE, Newsroom.MINISTRY: ministry.ZONE, Newsroom.RAILWAY: railway.ZONE}
LANGUAGES = {Newsroom.ALLIANCE: "en", Newsroom.MINISTRY: "de", Newsroom.RAILWAY: "en"}

_MONTHS_EN = ("Jan.", "Feb.", "Mar.", "Apr.", "May.", "Jun.", "Jul.", "Aug.", "Sep.", "Oct.", "Nov.", "Dec.")
_MONTHS_DE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_SHOWN_BESIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a rendering depends on beside the release itself."""

    started: datetime
    load: int
    """How many times the page was asked for before."""
    others: Sequence[Version]
    """The newsroom's releases, for the links beside a text."""

    def local(self, newsroom: Newsroom, *, offset: timedelta) -> datetime:
        """The newsroom's local time at an offset from the demo's start."""
        return (self.started + offset).astimezone(ZoneInfo(ZONES[newsroom]))

    def beside(self, version: Version) -> list[Version]:
        """The releases that its page links to: others on each load where it rotates, else always the same."""
        rest = [other for other in self.others if other.text.path != version.text.path]
        if not version.text.rotating:
            return rest[-_SHOWN_BESIDE:]
        start = self.load % len(rest)
        return (rest + rest)[start : start + _SHOWN_BESIDE]


def article(newsroom: Newsroom, version: Version, *, moment: Moment, collapsed: bool = False) -> str:
    """The page of a release; ``collapsed`` leaves out all of its body but the lede."""
    body = () if collapsed else version.text.paragraphs
    return _ARTICLES[newsroom](version, moment, body)


def listing(newsroom: Newsroom, shown: Sequence[Version], *, moment: Moment) -> str:
    """The HTML list page of a newsroom; the railway's has no links, as where a script would fetch them."""
    match newsroom:
        case Newsroom.ALLIANCE:
            return _alliance_listing(shown, moment)
        case Newsroom.MINISTRY:
            return bare(newsroom, title="Pressemitteilungen", inner=_links(shown))
        case Newsroom.RAILWAY:
            return bare(newsroom, title="Newsroom", inner='<div id="news" data-source="/search?type=news"></div>')


def home(newsroom: Newsroom) -> str:
    """The home page of a newsroom, which leads to its listing."""
    where = {Newsroom.ALLIANCE: alliance.LISTING, Newsroom.MINISTRY: ministry.LISTING, Newsroom.RAILWAY: "/newsroom"}
    label = {"de": "Zu den Pressemitteilungen", "en": "All news"}[LANGUAGES[newsroom]]
    return bare(newsroom, title=NAMES[newsroom], inner=f'<p><a href="{where[newsroom]}">{label}</a></p>')


def bare(newsroom: Newsroom, *, title: str, inner: str) -> str:
    """A page of a newsroom with a heading and not much else."""
    hint = f'<link rel="alternate" type="application/rss+xml" title="Presse" href="{ministry.FEED}">'
    head = hint if newsroom is Newsroom.MINISTRY else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[newsroom]}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)} | {escape(NAMES[newsroom])}</title>{head}</head>\n"
        f"<body>\n<header><a href='/'>{escape(NAMES[newsroom])}</a></header>\n"
        f"<main><h1>{escape(title)}</h1>\n{inner}</main>\n</body>\n</html>\n"
    )


def feed(shown: Sequence[Version], *, moment: Moment, base: str) -> str:
    """The ministry's RSS 2.0 feed. ``base`` is the origin that its links start with."""
    items = "".join(
        f"<item><title>{escape(v.text.title)}</title><link>{escape(base + v.path)}</link>"
        f'<guid isPermaLink="true">{escape(base + v.path)}</guid>'
        f"<pubDate>{format_datetime(moment.local(Newsroom.MINISTRY, offset=v.published))}</pubDate>"
        f"<description>{escape(v.text.lede)}</description></item>\n"
        for v in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{escape(ministry.NAME)}: Presse</title><link>{base}/</link>"
        f"<description>Pressemitteilungen</description><language>de</language>\n{items}</channel></rss>\n"
    )


def sitemap(shown: Sequence[Version], *, moment: Moment, base: str) -> str:
    """The railway's sitemap, in which its releases stand among other pages."""
    others = "".join(f"<url><loc>{base}{path}</loc></url>\n" for path in ("/", "/about", "/careers", "/newsroom"))
    rows = "".join(
        f"<url><loc>{escape(base + v.path)}</loc>"
        f"<lastmod>{moment.local(Newsroom.RAILWAY, offset=v.modified):%Y-%m-%d}</lastmod></url>\n"
        for v in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{others}{rows}</urlset>\n'
    )


# --- the alliance: the page shape of 2012 -----------------------------------------------------------------------------

_ALLIANCE_NAV = (
    '<div id="nav"><ul><li><a href="/">Home</a></li><li><a href="/cps/en/harbour/news.htm">Newsroom</a></li>'
    '<li><a href="/cps/en/harbour/topics.htm">What we do</a></li>'
    '<li><a href="/cps/en/harbour/structure.htm">Organization</a></li></ul></div>'
)
_ALLIANCE_FOOT = (
    '<div id="footer"><ul><li><a href="/cps/en/harbour/contact.htm">Contact</a></li>'
    "<li>All material may be used freely if the source is named.</li></ul></div>"
)


def _alliance_article(version: Version, moment: Moment, body: Sequence[str]) -> str:
    text = version.text
    at = moment.local(Newsroom.ALLIANCE, offset=version.published)
    stamp = moment.local(Newsroom.ALLIANCE, offset=version.stamped)
    photo = (
        f'<div class="photo"><img src="/harbour.jpg" alt=""><p class="caption">{escape(text.caption)}</p></div>'
        if text.caption
        else ""
    )
    nonce = f'<script nonce="{_nonce(moment.load)}">var loaded = {moment.load};</script>' if text.rotating else ""
    views = f'<div class="tools">Viewed {4213 + 3 * moment.load:,} times</div>' if text.rotating else ""
    return _alliance_page(
        text.title,
        f'<div id="content"><h1>{escape(text.title)}</h1>\n'
        f"<ul><li>{_alliance_date(at)} -</li><li>|</li>"
        f"<li>Last updated: {_alliance_date(stamp)} {stamp:%H:%M}</li></ul>\n"
        f'<p class="intro"><strong>{escape(text.lede)}</strong></p>\n{photo}\n{_paragraphs(body)}\n</div>\n'
        f'<div id="sidebar"><h3>Related news</h3>{_links(moment.beside(version))}{views}</div>{nonce}',
    )


def _alliance_listing(shown: Sequence[Version], moment: Moment) -> str:
    rows = "".join(
        f'<li><span class="date">{_alliance_date(moment.local(Newsroom.ALLIANCE, offset=v.published))}</span> '
        f'<h3><a href="{escape(v.path.rpartition("/")[2])}">{escape(v.text.title)}</a></h3>'
        f"<p>{escape(v.text.lede)}</p></li>\n"
        for v in shown
    )
    return _alliance_page("News", f'<div id="content"><h1>News</h1>\n<ul class="news">\n{rows}</ul></div>')


def _alliance_page(title: str, inner: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="en">\n<head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        f"<title>NHA - News: {escape(title)}</title></head>\n<body>\n"
        f'<div id="header"><a href="/">{escape(alliance.NAME)}</a></div>\n{_ALLIANCE_NAV}\n{inner}\n{_ALLIANCE_FOOT}\n'
        "</body>\n</html>\n"
    )


def _alliance_date(at: datetime) -> str:
    return f"{at:%d} {_MONTHS_EN[at.month - 1]} {at:%Y}"


# --- the ministry: machine-readable and German ------------------------------------------------------------------------


def _ministry_article(version: Version, moment: Moment, body: Sequence[str]) -> str:
    text = version.text
    at = moment.local(Newsroom.MINISTRY, offset=version.published)
    stamp = moment.local(Newsroom.MINISTRY, offset=version.stamped)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": text.title,
        "datePublished": at.isoformat(timespec="seconds"),
        "dateModified": stamp.isoformat(timespec="seconds"),
        "publisher": {"@type": "GovernmentOrganization", "name": ministry.NAME},
    }
    return (
        f'<!DOCTYPE html>\n<html lang="de">\n<head><meta charset="utf-8"><title>{escape(text.title)} - Presse</title>'
        f'<link rel="alternate" type="application/rss+xml" title="Presse" href="{ministry.FEED}">'
        f'<link rel="canonical" href="{escape(version.path)}">'
        f'<script type="application/ld+json">{_json(data)}</script></head>\n'
        f'<body class="page-{_nonce(moment.load) if text.rotating else "static"}">\n'
        f'<header><a href="/">{escape(ministry.NAME)}</a><nav><a href="/presse/">Presse</a>'
        '<a href="/themen">Themen</a><a href="/ministerium">Das Ministerium</a></nav></header>\n'
        f'<main><article><h1>{escape(text.title)}</h1>\n<p class="date">'
        f'<time datetime="{at.isoformat(timespec="seconds")}">{_ministry_date(at)}</time></p>\n'
        f'<p class="lead">{escape(text.lede)}</p>\n{_paragraphs(body)}\n'
        f'<p class="stand">Stand: {stamp:%d.%m.%Y, %H:%M} Uhr</p></article>\n'
        f"<aside><h2>Weitere Meldungen</h2>{_links(moment.beside(version))}</aside></main>\n"
        '<footer><a href="/impressum">Impressum</a> <a href="/datenschutz">Datenschutz</a></footer>\n</body>\n</html>\n'
    )


def _ministry_date(at: datetime) -> str:
    return f"{at.day}. {_MONTHS_DE[at.month - 1]} {at.year}"


# --- the railway: no stamp anywhere -----------------------------------------------------------------------------------


def _railway_article(version: Version, moment: Moment, body: Sequence[str]) -> str:
    text = version.text
    at = moment.local(Newsroom.RAILWAY, offset=version.published)
    shared = f'<div class="share">Shared {310 + moment.load} times</div>' if text.rotating else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(text.title)} | '
        f'{escape(railway.NAME)}</title><meta property="og:title" content="{escape(text.title)}">'
        f'<meta property="og:type" content="article"></head>\n'
        f'<body>\n<header><a href="/">{escape(railway.NAME)}</a><nav><ul><li><a href="/newsroom">Newsroom</a></li>'
        '<li><a href="/about">About us</a></li><li><a href="/careers">Careers</a></li></ul></nav></header>\n'
        f'<main><article><h1>{escape(text.title)}</h1>\n<p class="dateline">{at.day} {at:%B %Y}</p>\n'
        f"<p>{escape(text.lede)}</p>\n{_paragraphs(body)}\n{shared}</article>\n"
        f'<section class="more"><h2>More from the newsroom</h2>{_links(moment.beside(version))}</section></main>\n'
        f"<footer><p>{escape(railway.NAME)}. Press office: open on weekdays.</p></footer>\n</body>\n</html>\n"
    )


def _paragraphs(body: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in body)


def _links(versions: Sequence[Version]) -> str:
    # The addresses of old: nobody goes back to the related links of a page when one of them moves.
    rows = "".join(f'<li><a href="{escape(v.text.path)}">{escape(v.text.title)}</a></li>' for v in versions)
    return f"<ul>{rows}</ul>"


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data).replace("<", "\\u003c")


def _nonce(load: int) -> str:
    return f"{(load + 1) * 2654435761 % 2**32:08x}"


_ARTICLES: dict[Newsroom, Callable[[Version, Moment, Sequence[str]], str]] = {
    Newsroom.ALLIANCE: _alliance_article,
    Newsroom.MINISTRY: _ministry_article,
    Newsroom.RAILWAY: _railway_article,
}
