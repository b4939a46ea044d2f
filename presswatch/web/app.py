"""The web application: addresses to page functions, pages to responses. The only module that knows Starlette.

    request | page function(views) -> Page, Document, Download or Health | render -> response under one set of headers

Links are paths, so that the Host header is never trusted; nothing changes state, so that there is nothing to forge.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TypedDict

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from presswatch.web import changes, feeds, found, releases, sources
from presswatch.web.conditional import entity_tag, http_date, is_unchanged
from presswatch.web.feeds import Place
from presswatch.web.page import BadRequest, Document, Download, NotFound, Page, number
from presswatch.web.rendering import render
from presswatch.web.search import Query
from presswatch.web.views import Views
from storage import StorageError

__all__ = ["create_app"]

log = structlog.get_logger()

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_SETTLED = timedelta(minutes=1)
"""A date tells seconds only, and a change is written some time after it was detected: a feed that changed just now may
change again under the same date."""
_PROBLEMS = {
    400: ("This address can’t be read", "A part of it is not what it should be: a number, a kind, or a source’s name."),
    404: ("Not found", "There is no such page here."),
    405: ("Not possible", "Pages here can only be read."),
    500: ("Something went wrong", "The page could not be made. The log says why."),
    503: ("The database can’t be read", "It may be busy or gone. Try again in a moment; the log says more."),
}


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
) -> Starlette:
    """The pages over a store.

    Args:
        views: what they read; called from worker threads, one call at a time for each request.
        now: the clock, aware.
        address: by which others reach the pages; the links in feeds begin with it.
        feed_token: a segment of the path without which there are no feeds; None: they are open as the pages are.
    """
    place = Place(address=address.rstrip("/"), folder=f"/feeds/{feed_token}" if feed_token else "/feeds")
    app = Starlette(
        routes=[
            *_page_routes(views, now),
            *_feed_routes(views, place, feed_token),
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
    app.state.now, app.state.place = now, place
    # A redirect to the path with or without a slash would be built from the Host header.
    app.router.redirect_slashes = False
    return app


def _page_routes(views: Views, now: Callable[[], datetime]) -> list[Route]:
    def route(path: str, function: Callable[[Request], Page | Download]) -> Route:
        return Route(path, lambda request: _response(function(request), request=request))

    def of(request: Request, name: str) -> int:
        return number(request.path_params[name])

    release = "/releases/{release}"
    version = f"{release}/revisions/{{revision}}"
    return [
        route("/", lambda r: changes.changes(views, query=r.query_params)),
        route(release, lambda r: releases.release(views, of(r, "release"), query=r.query_params)),
        route(f"{release}/diff", lambda r: releases.diff(views, of(r, "release"), query=r.query_params)),
        route(version, lambda r: releases.revision(views, of(r, "release"), of(r, "revision"))),
        route(f"{version}/evidence", lambda r: releases.evidence(views, of(r, "release"), of(r, "revision"))),
        route(f"{version}/evidence/body", lambda r: releases.body(views, of(r, "release"), of(r, "revision"))),
        route("/search", lambda r: found.search_page(views, query=r.query_params)),
        route("/sources", lambda _: sources.sources(views, now=now())),
    ]


def _feed_routes(views: Views, place: Place, token: str | None) -> list[Route]:
    def route(path: str, function: Callable[[Request], Document]) -> Route:
        def respond(request: Request) -> Response:
            given = request.path_params.get("token", "")
            if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), (token or "").encode()):
                raise NotFound
            return _document(function(request), request=request)

        return Route(f"/feeds{'/{token}' if token else ''}{path}", respond)

    def of(request: Request, name: str) -> int:
        return number(request.path_params[name])

    def asked(request: Request) -> _Asked:
        query = request.query_params.multi_items()
        return {"form": request.path_params["form"], "query": query, "place": place}

    return [
        route("/sources.opml", lambda _: feeds.sources(views, place=place)),
        route("/changes.{form}", lambda r: feeds.changes(views, **asked(r))),
        route("/sources/{source}.{form}", lambda r: feeds.source(views, of(r, "source"), **asked(r))),
        route("/releases/{release}.{form}", lambda r: feeds.release(views, of(r, "release"), **asked(r))),
    ]


def _health(views: Views, now: Callable[[], datetime]) -> Callable[[Request], Response]:
    def health(_: Request) -> Response:
        fare = sources.health(views, now=now())
        told = {"status": fare.status, "heartbeat_age": fare.heartbeat_age}
        headers = {**_HEADERS, "Cache-Control": "no-store"}
        return JSONResponse(told, status_code=200 if fare.ok else 503, headers=headers)

    return health


def _response(page: Page | Download, *, request: Request) -> Response:
    if isinstance(page, Download):
        return _download(page)
    # Whoever gets an error may have asked without the token, and must not learn it.
    feeds_at = request.app.state.place.folder if page.status == 200 else ""
    body = render(page.template, {"feeds_at": feeds_at, **page.values}).encode()
    headers = {**_HEADERS, "Cache-Control": "no-cache", "ETag": entity_tag(body)}
    if page.status == 200 and is_unchanged(request.headers, tag=headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=page.status, headers=headers, media_type="text/html; charset=utf-8")


def _document(document: Document, *, request: Request) -> Response:
    """A feed. It is for one reader's cache alone: its address may hold a token."""
    modified = document.modified
    if modified and request.app.state.now() - modified < _SETTLED:
        modified = None
    headers = {**_HEADERS, "Cache-Control": "private, max-age=60", "ETag": entity_tag(document.body)}
    if modified:
        headers["Last-Modified"] = http_date(modified)
    if is_unchanged(request.headers, tag=headers["ETag"], modified=modified):
        return Response(status_code=304, headers=headers)
    return Response(document.body, headers=headers, media_type=f"{document.media_type}; charset=utf-8")


def _download(page: Download) -> Response:
    headers = {
        **_HEADERS,
        "Content-Security-Policy": f"{_POLICY}; sandbox",
        "Content-Disposition": f'attachment; filename="{page.name}"',
        "Cache-Control": "no-store",
    }
    return Response(page.body, headers=headers, media_type="application/octet-stream")


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        raise NotFound
    headers = {**_HEADERS, "Cache-Control": "max-age=3600"}
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

    def respond(request: Request, _: Exception) -> Response:
        page = Page(template="problem.html", values={"title": title, "text": text}, status=status)
        return _response(page, request=request)

    return respond
