"""The door of the pages: looks at each request before any page does, and turns away who may not come in.

    request | facts -> allowed -> the pages, or a refusal

It stands before the whole application, so that a page that is added later can't be forgotten.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from presswatch.web.access import Entrance, Facts, Need, Verdict, Way, allowed, need
from presswatch.web.headers import HEADERS
from presswatch.web.hosts import client_of, is_trusted
from presswatch.web.keys import bearer, digest
from presswatch.web.rendering import render
from presswatch.web.visitor import Visitor
from storage import StorageError, TokenRow

__all__ = ["Door", "Keys", "cookie_name"]

log = structlog.get_logger()

_REFUSALS = {
    Verdict.NO_TOKEN: (401, "A token is needed", "Send Authorization: Bearer and a token; presswatch token makes one."),
    Verdict.READS_ONLY: (403, "This token reads only", "One that may more: presswatch token create NAME --writes."),
    Verdict.NOT_HERE: (403, "Not allowed here", "This installation shows that to nobody who comes this way."),
    Verdict.FORGED: (403, "Not sent from here", "No page of this installation sent that, and nothing was done."),
    Verdict.UNKNOWN_HOST: (
        421, "Asked for by another name",
        "This installation is not known by the name in the address. Whoever runs it adds the name to web.hosts.",
    ),
}  # fmt: skip
_LONGEST_NAME = 200
_UNREADABLE = (503, "The database can’t be read", "Try again in a moment; the log says more.")


class Keys(Protocol):
    """What the door asks the store. ``storage.Storage`` is such a thing."""

    def has_session(self, digest: str, *, now: datetime) -> bool:
        """True while the session with this digest lasts."""

    def token(self, digest: str) -> TokenRow | None:
        """The token with this digest; None where there is none."""


class Door:
    """An application behind its door."""

    def __init__(self, app: ASGIApp, *, at: Entrance, keys: Keys, now: Callable[[], datetime]) -> None:
        self._app, self._at, self._keys, self._now = app, at, keys, now
        self._secret = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on with a ``visitor`` in its state."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        try:
            facts, visitor = await self._look(request)
        except StorageError as error:
            log.warning("request not answered", error=str(error))
            await _refusal(request, *_UNREADABLE)(scope, receive, send)
            return
        verdict = allowed(facts, self._at)
        if verdict is Verdict.ALLOWED:
            scope.setdefault("state", {})["visitor"] = visitor
            await self._app(scope, receive, send)
        elif verdict is Verdict.LOG_IN:
            await _to_login(request)(scope, receive, send)
        else:
            await _refusal(request, *_REFUSALS[verdict])(scope, receive, send)

    async def _look(self, request: Request) -> tuple[Facts, Visitor]:
        headers, at = request.headers, self._at
        peer = request.client.host if request.client else ""
        behind = is_trusted(peer, at.trusted)
        https = _is_https(request, at, behind=behind)
        session = await self._session(request, https=https)
        token = bearer(headers.get("authorization"))
        known = None if token is None else await run_in_threadpool(self._keys.token, digest(token))
        name = (_only(request, at.user_header) or "")[:_LONGEST_NAME] if behind and at.user_header else ""
        facts = Facts(
            method=request.method,
            path=request.scope["path"],
            host=_only(request, "host"),
            origin=headers.get("origin"),
            fetch_site=headers.get("sec-fetch-site"),
            session=session is not None,
            token=known is not None,
            writes=known is not None and known.writes,
            user=bool(name),
        )
        owns = at.way is Way.LOCAL or (at.way is not Way.PUBLIC and (facts.session or facts.user))
        client = client_of(peer, ",".join(headers.getlist("x-forwarded-for")), at.trusted)
        return facts, Visitor(
            client=client, https=https, owns=owns, session=session, secret=session or self._secret, name=name or None
        )

    async def _session(self, request: Request, *, https: bool) -> str | None:
        """The id of the session that a request belongs to, if it lasts."""
        given = request.cookies.get(cookie_name(https=https))
        asks = self._at.has_password and need(request.method, request.scope["path"]) is not Need.NOTHING
        if not given or not asks or self._at.way is Way.PUBLIC:
            return None
        return given if await run_in_threadpool(self._keys.has_session, digest(given), now=self._now()) else None


def cookie_name(*, https: bool) -> str:
    """The name of the session's cookie. By its prefix a browser takes it over HTTPS only, and from this host only."""
    return "__Host-presswatch" if https else "presswatch-session"


def _is_https(request: Request, at: Entrance, *, behind: bool) -> bool:
    if behind and (told := request.headers.get("x-forwarded-proto")):
        return told.rpartition(",")[2].strip().lower() == "https"
    if request.url.scheme == "https":
        return True
    name = at.address.lower().removeprefix("https://").partition("/")[0]
    return at.address.lower().startswith("https://") and request.headers.get("host", "").lower() == name


def _only(request: Request, name: str) -> str | None:
    """The value of a header that may be there once: of two, one is somebody else's."""
    values = request.headers.getlist(name)
    return values[0].strip() if len(values) == 1 else None


def _to_login(request: Request) -> Response:
    """A page that was asked for is come back to; a form that was sent is not."""
    here = quote(request.scope["path"]) + (f"?{request.url.query}" if request.url.query else "")
    to = f"?to={quote(here, safe='/')}" if request.method in ("GET", "HEAD") and here != "/" else ""
    return RedirectResponse(f"/login{to}", status_code=303, headers={**HEADERS, "Cache-Control": "no-store"})


def _refusal(request: Request, status: int, title: str, text: str) -> Response:
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="presswatch"'
    if request.scope["path"].startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JSONResponse(problem, status_code=status, headers=headers, media_type="application/problem+json")
    body = render("problem.html", {"feeds_at": "", "title": title, "text": text})
    return Response(body, status_code=status, headers=headers, media_type="text/html; charset=utf-8")
