"""The pages that change what is watched: add with a preview, test, pause, resume, remove, and import a list of feeds.

Every form works without scripts. What is sent is a form of ours (``csrf``) of somebody who may (``access``); what was
changed is shown by the page that is gone to then, so that loading it again repeats nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presswatch.web import opml
from presswatch.web.form import Form
from presswatch.web.headers import HEADERS
from presswatch.web.outlines import NoOutline, Outline, read_opml
from presswatch.web.page import NotDone, NotFound, number
from presswatch.web.receiving import received, visitor_of
from presswatch.web.rendering import render
from scraper.urls import identity

if TYPE_CHECKING:
    from presswatch.newsrooms import Newsrooms

__all__ = ["manage_routes"]

log = structlog.get_logger()

_AT = "/manage"
_DONE = {
    "added": "It is watched from now on; what is there already is no news.",
    "paused": "It is paused.",
    "resumed": "It is watched again.",
    "removed": "It is watched no more; its history stays.",
}
_STALE = "The page that this was sent from is too old. Nothing was done: try it again from here."
_NOTHING = Form()

Act = Callable[[Request, Form], Awaitable[Response]]


def manage_routes(newsrooms: Newsrooms, *, feeds_at: str) -> list[Route]:
    """The addresses under ``/manage``.

    Args:
        newsrooms: what is watched.
        feeds_at: the path of the feeds.
    """
    pages = _Pages(newsrooms, feeds_at=feeds_at)
    acts = {
        "/add": pages.add,
        "/keep": pages.keep,
        "/sources/{source}/{what}": pages.change,
        "/import": pages.show_list,
        "/import/take": pages.take_list,
    }
    sent = [Route(f"{_AT}{path}", pages.sent(act), methods=["POST"]) for path, act in acts.items()]
    return [Route(_AT, pages.show), Route(f"{_AT}/newsrooms.opml", pages.give_list), *sent]


class _Pages:
    """What each form does, and the page that it is answered with."""

    def __init__(self, newsrooms: Newsrooms, *, feeds_at: str) -> None:
        self._newsrooms, self._feeds_at = newsrooms, feeds_at

    async def show(self, request: Request) -> Response:
        """What is watched, with a button for all that can be done."""
        return await self._overview(request)

    def sent(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """An act, once the form is known to be ours; what can't be done is told on the page that it was sent from."""

        async def respond(request: Request) -> Response:
            form = await received(request)
            if not visitor_of(request).sent(form.text("token")):
                return await self._overview(request, problem=_STALE, status=403)
            try:
                return await act(request, form)
            except NotDone as error:
                return await self._overview(request, problem=str(error), form=form, status=409)

        return respond

    async def add(self, request: Request, form: Form) -> Response:
        """Look at an address and show what it leads to."""
        preview = await self._newsrooms.explore(
            url=form.text("url"), name=form.text("name"), every=form.text("every"), time_zone=form.text("time_zone")
        )
        return self._page(request, "manage_preview.html", preview=preview, is_new=True)

    async def keep(self, _: Request, form: Form) -> Response:
        """Watch what was shown."""
        source = await self._newsrooms.keep(form.text("preview"))
        log.info("source added", name=source.name, home=source.home)
        return _to("added")

    async def change(self, request: Request, _: Form) -> Response:
        """Test, pause, resume or remove a source."""
        source_id, what = number(request.path_params["source"]), request.path_params["what"]
        if what == "test":
            preview = await self._newsrooms.test(source_id)
            return self._page(request, "manage_preview.html", preview=preview, is_new=False)
        acts = {
            "pause": (self._newsrooms.pause, "paused"),
            "resume": (self._newsrooms.resume, "resumed"),
            "remove": (self._newsrooms.remove, "removed"),
        }
        if what not in acts:
            raise NotFound
        act, done = acts[what]
        await act(source_id)
        log.info("source changed", id=source_id, what=done)
        return _to(done)

    async def show_list(self, request: Request, form: Form) -> Response:
        """Show the feeds of an OPML file, each with a box to leave it out."""
        try:
            outlines = read_opml(form.files.get("file", b""))
        except NoOutline as error:
            raise NotDone(f"the list was not read: {error}") from None
        known = {identity(row.source.home) for row in await self._newsrooms.rows()}
        shown = [(each, bool({identity(each.feed), identity(each.site)} & known)) for each in outlines]
        return self._page(
            request, "manage_import.html", outlines=[each for each in shown if each[0].feed],
            sites=[each for each in shown if not each[0].feed], imported=None,
        )  # fmt: skip

    async def give_list(self, _: Request) -> Response:
        """What is watched, for another presswatch or a feed reader to import."""
        body = opml.opml("presswatch: newsrooms", await self._newsrooms.outlines())
        named = {"Content-Disposition": 'attachment; filename="newsrooms.opml"', "Cache-Control": "no-store"}
        return Response(body, headers={**HEADERS, **named}, media_type=opml.MEDIA_TYPE)

    async def take_list(self, request: Request, form: Form) -> Response:
        """Watch the feeds that were left in."""
        taken = set(form.all("take"))
        named = zip(form.all("feed"), form.all("title"), form.all("site"), strict=False)
        outlines = [
            Outline(feed=feed, title=title, site=site)
            for place, (feed, title, site) in enumerate(named)
            if str(place) in taken and feed
        ]
        imported = await self._newsrooms.take(outlines)
        log.info("feeds imported", added=imported.added, refused=len(imported.refused))
        return self._page(request, "manage_import.html", outlines=[], sites=[], imported=imported)

    async def _overview(
        self, request: Request, *, problem: str = "", form: Form = _NOTHING, status: int = 200
    ) -> Response:
        rows = await self._newsrooms.rows()
        return self._page(
            request, "manage.html", status=status, rows=rows, problem=problem, form=form,
            configured={row.id for row in rows if self._newsrooms.is_configured(row)},
            done=_DONE.get(request.query_params.get("done", ""), ""),
        )  # fmt: skip

    def _page(self, request: Request, template: str, *, status: int = 200, **values: object) -> Response:
        body = render(template, {"visitor": visitor_of(request), "feeds_at": self._feeds_at, **values})
        headers = {**HEADERS, "Cache-Control": "no-store"}
        return Response(body, status_code=status, headers=headers, media_type="text/html; charset=utf-8")


def _to(done: str) -> Response:
    """To the page that shows what changed (303, RFC 9110, section 15.4.4)."""
    return RedirectResponse(f"{_AT}?done={done}", status_code=303, headers={**HEADERS, "Cache-Control": "no-store"})
