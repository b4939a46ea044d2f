"""The API's routes: requests to what an endpoint understands, its answers to JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from presswatch.web.api.declare import Asked, Endpoint, understood
from presswatch.web.api.endpoints import ENDPOINTS
from presswatch.web.api.openapi import document
from presswatch.web.conditional import entity_tag, is_unchanged
from presswatch.web.headers import HEADERS
from presswatch.web.marking import Desk
from presswatch.web.page import BadRequest, NotFound
from presswatch.web.receiving import visitor_of
from presswatch.web.views import Views

__all__ = ["api_routes", "problem"]

_AT = "/api/v1"
_LARGEST = 40_000
"""Bytes that may be sent: a note has fewer."""


def api_routes(views: Views, *, now: Callable[[], datetime], desk: Desk | None = None) -> list[Route]:
    """A route for each endpoint, for the description of all, and for everything else below.

    ``desk``: where changes are marked; None: marks are not shown, and can't be set.
    """

    def route(endpoint: Endpoint) -> Route:
        def answer(request: Request, body: Mapping[str, Any]) -> Response:
            values = understood(endpoint, request.query_params.multi_items(), request.path_params)
            by = visitor_of(request).name
            asked = Asked(views=views, now=now(), values=values, body=body, desk=desk, by=by)
            return _json(endpoint.function(asked), request=request)

        def read(request: Request) -> Response:
            return answer(request, {})

        async def change(request: Request) -> Response:
            return await run_in_threadpool(answer, request, await _sent(request))

        return Route(f"{_AT}{endpoint.path}", change if endpoint.takes else read, methods=[endpoint.method])

    def describe(request: Request) -> Response:
        return _json(document(ENDPOINTS), request=request)

    return [*map(route, ENDPOINTS), Route(f"{_AT}/openapi.json", describe), Route("/api/{rest:path}", _nothing)]


def problem(status: int, *, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error (RFC 9457). It repeats nothing of the request but the names of parameters."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    every = {**HEADERS, "Cache-Control": "no-store", **(headers or {})}
    return Response(body, status_code=status, headers=every, media_type="application/problem+json")


async def _sent(request: Request) -> Mapping[str, Any]:
    """The JSON of a request, of which never more is read than may be."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadRequest("what is sent is JSON: Content-Type is application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise BadRequest(f"what is sent has no more than {_LARGEST} bytes")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadRequest("what is sent is one JSON object")
    return found


def _json(value: Mapping[str, object], *, request: Request) -> Response:
    # Of a lone surrogate, which a page may have in its JSON and UTF-8 can't, "?" is left.
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {**HEADERS, "Cache-Control": "private, no-cache", "ETag": entity_tag(body)}
    if is_unchanged(request.headers, tag=headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _nothing(_: Request) -> Response:
    raise NotFound
