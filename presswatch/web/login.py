"""Logging in and out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presswatch.web.attempts import Attempts
from presswatch.web.door import cookie_name
from presswatch.web.headers import HEADERS
from presswatch.web.keys import digest, new_session
from presswatch.web.page import BadRequest
from presswatch.web.passwords import is_right
from presswatch.web.receiving import received, visitor_of
from presswatch.web.rendering import render

__all__ = ["Sessions", "local_path", "login_routes"]

log = structlog.get_logger()

_LASTS = timedelta(days=30)
_AT_ONCE = 2
"""Passwords that are looked at at the same time: each takes 64 MiB."""
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}")


class Sessions(Protocol):
    """What logging in asks the store. ``storage.Storage`` is such a thing."""

    def password_hash(self) -> str | None:
        """The hash of the password; None where none is set."""

    def add_session(self, digest: str, *, now: datetime, until: datetime, hashed: str | None) -> bool:
        """Begin a session, unless the password is no more the one with this hash."""

    def end_session(self, digest: str) -> None:
        """End a session."""


def local_path(text: str) -> str:
    """A path of ours to go to, else the first page's: an address that leads elsewhere is none."""
    return text if _LOCAL.fullmatch(text) else "/"


def login_routes(sessions: Sessions, *, now: Callable[[], datetime], attempts: Attempts | None = None) -> list[Route]:
    """The addresses of logging in and out."""
    tried, room = attempts or Attempts(), asyncio.Semaphore(_AT_ONCE)

    def show(request: Request) -> Response:
        return _page(to=local_path(request.query_params.get("to", "/")))

    async def log_in(request: Request) -> Response:
        form, visitor = await received(request, most=20_000), visitor_of(request)
        to = local_path(form.text("to"))
        if wait := tried.wait(visitor.client, now()):
            return _page(to=to, wait=wait)
        tried.spend(visitor.client, now())
        password = next((value for name, value in form.values if name == "password"), "")
        async with room:
            session = await run_in_threadpool(_begin, sessions, password, now())
        if session is None:
            log.warning("wrong password", client=visitor.client)
            return _page(to=to, wrong=True)
        tried.forgive(visitor.client)
        log.info("logged in", client=visitor.client)
        response = RedirectResponse(to, status_code=303, headers={**HEADERS, "Cache-Control": "no-store"})
        response.set_cookie(
            cookie_name(https=visitor.https), session, max_age=int(_LASTS.total_seconds()), path="/",
            secure=visitor.https, httponly=True, samesite="lax",
        )  # fmt: skip
        return response

    async def log_out(request: Request) -> Response:
        form, visitor = await received(request, most=20_000), visitor_of(request)
        if not visitor.sent(form.text("token")):
            raise BadRequest
        if visitor.session:
            await run_in_threadpool(sessions.end_session, digest(visitor.session))
        response = RedirectResponse("/login", status_code=303, headers={**HEADERS, "Cache-Control": "no-store"})
        response.delete_cookie(
            cookie_name(https=visitor.https), path="/", secure=visitor.https, httponly=True, samesite="lax"
        )
        return response

    return [
        Route("/login", show),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
    ]


def _begin(sessions: Sessions, password: str, now: datetime) -> str | None:
    """The id of a new session; None where the password is wrong."""
    stored = sessions.password_hash()
    if not is_right(password, stored):
        return None
    session = new_session()
    begun = sessions.add_session(digest(session), now=now, until=now + _LASTS, hashed=stored)
    return session if begun else None


def _page(*, to: str, wrong: bool = False, wait: timedelta = timedelta()) -> Response:
    seconds = int(wait.total_seconds()) + 1 if wait else 0
    body = render("login.html", {"feeds_at": "", "to": to, "wrong": wrong, "wait": seconds})
    headers = {**HEADERS, "Cache-Control": "no-store", **({"Retry-After": str(seconds)} if seconds else {})}
    status = 429 if seconds else 403 if wrong else 200
    return Response(body, status_code=status, headers=headers, media_type="text/html; charset=utf-8")
