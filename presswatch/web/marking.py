"""The forms with which changes are marked and searches are kept.

Each works without a script: it is sent, and the page that it was sent from is come back to. A script asks for JSON
instead, and is told what the mark is then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from presswatch.web.filters import BadFilter, kept, read_filter, selection
from presswatch.web.form import Form
from presswatch.web.headers import HEADERS
from presswatch.web.login import local_path
from presswatch.web.page import BadRequest, NotDone, NotFound, Page, number
from presswatch.web.receiving import received, visitor_of
from presswatch.web.views import Views
from storage import LONGEST_NOTE, MarkRow, NameTaken, Unknown

__all__ = ["Desk", "marking_routes"]

_LONGEST_NAME = 100
_LARGEST = 40_000
"""Bytes of a form."""
_FLAGS = {"true": True, "false": False}
_STALE = "The page that this was sent from is too old. Nothing was done: go back, load it again, and try once more."

Act = Callable[[Request, Form], Awaitable[Response]]


class Desk(Protocol):
    """What the forms act on. ``presswatch.desk.Desk`` is such a thing."""

    def mark(
        self,
        change_id: int,
        *,
        now: datetime,
        reviewed: bool | None = None,
        starred: bool | None = None,
        noise: bool | None = None,
        note: str | None = None,
        by: str | None = None,
        alike: bool = False,
    ) -> MarkRow:
        """Mark a change; raises ``storage.Unknown``."""

    def save_search(self, name: str, query: str, *, now: datetime) -> int:
        """Keep a search; raises ``storage.NameTaken``."""

    def rename_search(self, search_id: int, name: str) -> None:
        """Call it otherwise; raises ``storage.NameTaken`` and ``storage.Unknown``."""

    def delete_search(self, search_id: int) -> None:
        """Keep it no more; raises ``storage.Unknown``."""


def marking_routes(
    views: Views, desk: Desk, *, now: Callable[[], datetime], respond: Callable[[Page, Request], Response]
) -> list[Route]:
    """The addresses of the forms.

    Args:
        views: what the pages read.
        desk: what is acted on.
        now: the clock.
        respond: a page to a response.
    """
    forms = _Forms(views, desk, now=now, respond=respond)
    acts = {
        "/changes/{change}/mark": forms.mark, "/searches": forms.save, "/searches/{search}/rename": forms.rename,
        "/searches/{search}/delete": forms.delete,
    }  # fmt: skip
    return [Route(path, forms.sent(act), methods=["POST"]) for path, act in acts.items()]


class _Forms:
    """What each form does."""

    def __init__(
        self, views: Views, desk: Desk, *, now: Callable[[], datetime], respond: Callable[[Page, Request], Response]
    ) -> None:
        self._views, self._desk, self._now, self._respond = views, desk, now, respond

    def sent(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """An act, once the form is known to be ours; what can't be done is told."""

        async def answer(request: Request) -> Response:
            form = await received(request, most=_LARGEST)
            if not visitor_of(request).sent(form.text("token")):
                return self._told(_STALE, request, status=403)
            try:
                return await act(request, form)
            except NotDone as error:
                return self._told(str(error), request, status=409)
            except Unknown:
                raise NotFound from None

        return answer

    def _told(self, why: str, request: Request, *, status: int) -> Response:
        values = {"title": "Nothing was done", "text": why}
        return self._respond(Page(template="problem.html", values=values, status=status), request)

    async def mark(self, request: Request, form: Form) -> Response:
        """Mark a change."""
        change_id, note = number(request.path_params["change"]), _note(form)
        alike = request.query_params.get("alike") == "true"
        found = await run_in_threadpool(
            self._desk.mark, change_id, now=self._now(), note=note, by=visitor_of(request).name, alike=alike,
            **_flags(form),
        )  # fmt: skip
        if "application/json" in request.headers.get("accept", ""):
            told = {"reviewed": found.reviewed, "starred": found.starred, "noise": found.noise}
            return JSONResponse(told, headers={**HEADERS, "Cache-Control": "no-store"})
        return _back(form, f"#change-{change_id}")

    async def save(self, _: Request, form: Form) -> Response:
        """Keep a search."""
        names = await run_in_threadpool(self._views.source_names, removed=True)
        try:
            wanted = read_filter(parse_qsl(form.text("query")))
            selection(wanted, names)
        except BadFilter as error:
            raise NotDone(str(error)) from None
        await _named(self._desk.save_search, _name(form), kept(wanted, names), now=self._now())
        return _back(form)

    async def rename(self, request: Request, form: Form) -> Response:
        """Call a search otherwise."""
        await _named(self._desk.rename_search, number(request.path_params["search"]), _name(form))
        return _back(form)

    async def delete(self, request: Request, form: Form) -> Response:
        """Keep a search no more."""
        await run_in_threadpool(self._desk.delete_search, number(request.path_params["search"]))
        return _back(form)


def _note(form: Form) -> str | None:
    """The note of a form that has one; a line ends with one character, whatever browsers send."""
    if not any(name == "note" for name, _ in form.values):
        return None
    note = form.text("note").replace("\r\n", "\n")
    if len(note) > LONGEST_NOTE:
        raise NotDone(f"A note has {LONGEST_NOTE} characters at the most.")
    return note


def _flags(form: Form) -> dict[str, bool]:
    found = {name: form.text(name) for name in ("reviewed", "starred", "noise") if form.text(name)}
    if set(found.values()) - set(_FLAGS):
        raise BadRequest
    return {name: _FLAGS[value] for name, value in found.items()}


def _name(form: Form) -> str:
    name = " ".join(form.text("name").split())
    if not name or len(name) > _LONGEST_NAME:
        raise NotDone(f"The name of a search has 1 to {_LONGEST_NAME} characters.")
    return name


async def _named(act: Callable[..., object], *args: object, **more: object) -> None:
    try:
        await run_in_threadpool(act, *args, **more)
    except NameTaken as error:
        raise NotDone(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None


def _back(form: Form, fragment: str = "") -> Response:
    """To the page that it was sent from (303, RFC 9110, section 15.4.4)."""
    to = local_path(form.text("to")).partition("#")[0]
    return RedirectResponse(to + fragment, status_code=303, headers={**HEADERS, "Cache-Control": "no-store"})
