"""The API's routes: requests to what an endpoint understands, its answers to JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from presswatch.web.api.declare import Asked, Endpoint, understood
from presswatch.web.api.endpoints import ENDPOINTS
from presswatch.web.api.openapi import document
from presswatch.web.conditional import entity_tag, is_unchanged
from presswatch.web.headers import HEADERS
from presswatch.web.page import NotFound
from presswatch.web.views import Views

__all__ = ["api_routes", "problem"]

_AT = "/api/v1"


def api_routes(views: Views, *, now: Callable[[], datetime]) -> list[Route]:
    """A route for each endpoint, for the description of all, and for everything else below."""

    def route(endpoint: Endpoint) -> Route:
        def respond(request: Request) -> Response:
            values = understood(endpoint, request.query_params.multi_items(), request.path_params)
            return _json(endpoint.function(Asked(views=views, now=now(), values=values)), request=request)

        return Route(f"{_AT}{endpoint.path}", respond)

    def describe(request: Request) -> Response:
        return _json(document(ENDPOINTS), request=request)

    return [*map(route, ENDPOINTS), Route(f"{_AT}/openapi.json", describe), Route("/api/{rest:path}", _nothing)]


def problem(status: int, *, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error (RFC 9457). It repeats nothing of the request but the names of parameters."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    every = {**HEADERS, "Cache-Control": "no-store", **(headers or {})}
    return Response(body, status_code=status, headers=every, media_type="application/problem+json")


def _json(value: Mapping[str, object], *, request: Request) -> Response:
    # Of a lone surrogate, which a page may have in its JSON and UTF-8 can't, "?" is left.
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {**HEADERS, "Cache-Control": "private, no-cache", "ETag": entity_tag(body)}
    if is_unchanged(request.headers, tag=headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _nothing(_: Request) -> Response:
    raise NotFound
