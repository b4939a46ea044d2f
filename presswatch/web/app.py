"""The web application: addresses to page functions, pages to responses. The only module that knows Starlette.

    request | page function(views) -> Page, Document, Download, ... | render -> response under one set of headers

Links are paths, so that the Host header is never trusted. Who may come in is the matter of ``door``, which stands
before all of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias, TypedDict

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from presswatch.web import changes, diffs, evidence, feeds, found, mute, releases, source, sources, status
from presswatch.web.api import api_routes
from presswatch.web.api.serve import problem
from presswatch.web.conditional import entity_tag, is_unchanged
from presswatch.web.feeds import Place
from presswatch.web.headers import HEADERS, INERT, POLICY
from presswatch.web.login import Sessions, login_routes
from presswatch.web.manage import manage_routes
from presswatch.web.marking import Desk, marking_routes
from presswatch.web.mute import Mutes
from presswatch.web.page import BadRequest, Document, Download, Inert, NotFound, Page, Redirect, number
from presswatch.web.receiving import visitor_of
from presswatch.web.rendering import render
from presswatch.web.search import Query
from presswatch.web.views import Views
from storage import StorageError

if TYPE_CHECKING:
    from presswatch.newsrooms import Newsrooms

__all__ = ["create_app"]

log = structlog.get_logger()

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "reader.js": "text/javascript; charset=utf-8",
    "stream.js": "text/javascript; charset=utf-8",
}
_PROBLEMS = {
    400: ("This address can’t be read", "A part of it is not what it should be: a number, a kind, or a source’s name."),
    404: ("Not found", "There is no such page here."),
    405: ("Not possible", "This page can only be read."),
    500: ("Something went wrong", "The page could not be made. The log says why."),
    503: ("The database can’t be read", "It may be busy or gone. Try again in a moment; the log says more."),
}


_Answer: TypeAlias = Page | Document | Download | Inert | Redirect


class _Asked(TypedDict):
    """What every feed takes."""

    form: str
    query: Query
    place: Place


def create_app(
    views: Views,
    *,
    now: Callable[[], datetime],
    address: str = "http://127.0.0.1:8420",
    feed_token: str | None = None,
    mutes: Mutes | None = None,
    mute_secret: str = "",
    sessions: Sessions | None = None,
    newsrooms: Newsrooms | None = None,
    desk: Desk | None = None,
    hubs: Sequence[str] = (),
) -> Starlette:
    """The pages over a store.

    Args:
        views: what they read; called from worker threads, one call at a time for each request.
        now: the clock, aware.
        address: by which others reach the pages; the links in feeds begin with it.
        feed_token: a segment of the path without which there are no feeds; None: they are open as the pages are.
        mutes: what links that mute act on; None: there are none.
        mute_secret: by which these are signed.
        sessions: where the pages ask for a password.
        newsrooms: where what is watched may be changed from the pages.
        desk: where changes are marked and searches kept; None: neither is shown to anybody.
        hubs: of WebSub, which the feed of everything names.
    """
    folder = f"/feeds/{feed_token}" if feed_token else "/feeds"
    place = Place(address=address.rstrip("/"), folder=folder, hubs=tuple(hubs))
    app = Starlette(
        routes=[
            *_page_routes(views, now, place.address, is_marked=desk is not None),
            *_feed_routes(views, place, feed_token, is_marked=desk is not None),
            *(marking_routes(views, desk, now=now, respond=_sent) if desk else ()),
            *(_mute_routes(mutes, mute_secret, now) if mutes is not None else ()),
            *(login_routes(sessions, now=now) if sessions else ()),
            *(manage_routes(newsrooms, feeds_at=place.folder) if newsrooms else ()),
            *api_routes(views, now=now, desk=desk),
            Route("/health", _health(views, now)),
            Route("/static/{name}", _static),
        ],
        exception_handlers={
            NotFound: _problem(404),
            BadRequest: _problem(400),
            StorageError: _unreadable,
            HTTPException: _refused,
            Exception: _problem(500),
        },
    )
    app.state.place = place
    # A redirect to the path with or without a slash would be built from the Host header.
    app.router.redirect_slashes = False
    return app


def _page_routes(views: Views, now: Callable[[], datetime], address: str, *, is_marked: bool) -> list[Route]:
    return [
        _route("/", lambda r: changes.changes(views, query=r.query_params.multi_items(), is_marked=is_marked)),
        *_release_routes(views, address, is_marked=is_marked),
        _route("/search", lambda r: found.search_page(views, query=r.query_params)),
        _route("/sources", lambda _: sources.sources(views, now=now())),
        _route("/sources/{source}", lambda r: source.source(views, _of(r, "source"), now=now())),
        _route("/status", lambda _: status.status(views, now=now())),
    ]


def _release_routes(views: Views, address: str, *, is_marked: bool) -> list[Route]:
    release = "/releases/{release}"
    version = f"{release}/revisions/{{revision}}"

    def which(request: Request) -> tuple[int, int]:
        return _of(request, "release"), _of(request, "revision")

    return [
        _route(release, lambda r: releases.release(
            views, _of(r, "release"), query=r.query_params, address=address, is_marked=is_marked)),
        _route(f"{release}/diff", lambda r: diffs.diff(
            views, _of(r, "release"), query=r.query_params, is_marked=is_marked)),
        _route(version, lambda r: releases.revision(views, *which(r), address=address)),
        _route(f"{version}/citation.bib", lambda r: releases.bibtex(views, *which(r), address=address)),
        _route(f"{version}/citation.json", lambda r: releases.csl(views, *which(r), address=address)),
        _route(f"{version}/evidence", lambda r: evidence.evidence(views, *which(r))),
        _route(f"{version}/evidence/body", lambda r: evidence.body(views, *which(r))),
        _route(f"{version}/evidence/page", lambda r: evidence.looked_at(views, *which(r))),
        _route(f"{version}/evidence/source", lambda r: evidence.source(views, *which(r))),
        _route("/revisions/{before}..{after}", lambda r: releases.permanent_diff(
            views, _of(r, "before"), _of(r, "after"))),
        _route("/revisions/{revision}", lambda r: releases.permanent(views, _of(r, "revision"))),
    ]  # fmt: skip


def _route(path: str, function: Callable[[Request], _Answer]) -> Route:
    return Route(path, lambda request: _response(function(request), request=request))


def _of(request: Request, name: str) -> int:
    return number(request.path_params[name])


def _feed_routes(views: Views, place: Place, token: str | None, *, is_marked: bool) -> list[Route]:
    def route(path: str, function: Callable[[Request], Document]) -> Route:
        def respond(request: Request) -> Response:
            given = request.path_params.get("token", "")
            if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), (token or "").encode()):
                raise NotFound
            return _document(function(request), request=request)

        return Route(f"/feeds{'/{token}' if token else ''}{path}", respond)

    def asked(request: Request) -> _Asked:
        query = request.query_params.multi_items()
        return {"form": request.path_params["form"], "query": query, "place": place}

    def saved(request: Request) -> Document:
        return feeds.saved(views, _of(request, "search"), **asked(request))

    return [
        route("/sources.opml", lambda _: feeds.sources(views, place=place)),
        route("/changes.{form}", lambda r: feeds.changes(views, **asked(r))),
        route("/sources/{source}.{form}", lambda r: feeds.source(views, _of(r, "source"), **asked(r))),
        route("/releases/{release}.{form}", lambda r: feeds.release(views, _of(r, "release"), **asked(r))),
        *([route("/searches/{search}.{form}", saved)] if is_marked else []),
    ]


def _mute_routes(mutes: Mutes, secret: str, now: Callable[[], datetime]) -> list[Route]:
    """Following a link changes nothing: mail scanners do that, too. Its signature keeps others from forging a POST."""

    def offer(request: Request) -> Response:
        page = mute.offer(mutes, request.path_params["token"], secret=secret, now=now())
        return _response(page, request=request)

    def act(request: Request) -> Response:
        token, query = request.path_params["token"], request.query_params
        return _response(mute.act(mutes, token, query=query, secret=secret, now=now()), request=request)

    return [Route("/mute/{token}", offer), Route("/mute/{token}", act, methods=["POST"])]


def _health(views: Views, now: Callable[[], datetime]) -> Callable[[Request], Response]:
    def health(_: Request) -> Response:
        fare = sources.health(views, now=now())
        told = {"status": fare.status, "heartbeat_age": fare.heartbeat_age}
        headers = {**HEADERS, "Cache-Control": "no-store"}
        return JSONResponse(told, status_code=200 if fare.ok else 503, headers=headers)

    return health


def _sent(page: Page, request: Request) -> Response:
    return _response(page, request=request)


def _response(page: _Answer, *, request: Request) -> Response:
    match page:
        case Download():
            return _download(page)
        case Document():
            return _document(page, request=request)
        case Inert():
            return _inert(page)
        case Redirect():
            return Response(status_code=302, headers={**HEADERS, "Cache-Control": "no-cache", "Location": page.path})
    # Whoever gets an error may have asked without the token, and must not learn it.
    feeds_at = request.app.state.place.folder if page.status == 200 else ""
    shown = {"feeds_at": feeds_at, "visitor": visitor_of(request), **page.values}
    body = render(page.template, shown).encode()
    headers = {**HEADERS, "Cache-Control": "private, no-cache", "ETag": entity_tag(body)}
    if page.status == 200 and is_unchanged(request.headers, tag=headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=page.status, headers=headers, media_type="text/html; charset=utf-8")


def _document(document: Document, *, request: Request) -> Response:
    """A feed. It is for one reader's cache alone: its address may hold a token.

    It tells no date: a mark that is set today may bring an old change into a feed, or take one away.
    """
    headers = {**HEADERS, "Cache-Control": "private, max-age=60", "ETag": entity_tag(document.body)}
    if is_unchanged(request.headers, tag=headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(document.body, headers=headers, media_type=f"{document.media_type}; charset=utf-8")


def _download(page: Download) -> Response:
    headers = {
        **HEADERS,
        "Content-Security-Policy": f"{POLICY}; sandbox",
        "Content-Disposition": f'attachment; filename="{page.name}"',
        "Cache-Control": "no-store",
    }
    return Response(page.body, headers=headers, media_type="application/octet-stream")


def _inert(document: Inert) -> Response:
    headers = {
        **HEADERS, "Content-Security-Policy": INERT, "X-DNS-Prefetch-Control": "off", "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(document.body, headers=headers, media_type=f"{document.media_type}; charset=utf-8")


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        raise NotFound
    headers = {**HEADERS, "Cache-Control": "max-age=3600"}
    return Response(
        files("presswatch.web").joinpath("static", name).read_bytes(), headers=headers, media_type=_STATIC[name]
    )


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _problem(status if status in _PROBLEMS else 400)(request, error)


def _unreadable(request: Request, error: Exception) -> Response:
    path = request.url.path.replace(request.app.state.place.folder, "/feeds", 1)  # a log is no place for the token
    log.warning("page not served", path=path, error=str(error))
    return _problem(503)(request, error)


def _problem(status: int) -> Callable[[Request, Exception], Response]:
    """The page for an error. It repeats nothing of the request and nothing of the error."""
    title, text = _PROBLEMS[status]

    def respond(request: Request, error: Exception) -> Response:
        if request.scope["path"].startswith("/api/"):
            # What our own refusals say are names of parameters, and never what was sent.
            detail = (str(error) if isinstance(error, BadRequest) else "") or text
            return problem(status, title=title, detail=detail, headers=getattr(error, "headers", None))
        page = Page(template="problem.html", values={"title": title, "text": text}, status=status)
        return _response(page, request=request)

    return respond
