"""What a request brings: the form in its body, and who sent it."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request

from presswatch.web.form import LARGEST, Form, read_form
from presswatch.web.page import BadRequest
from presswatch.web.visitor import NOBODY, Visitor

__all__ = ["received", "visitor_of"]


async def received(request: Request, *, most: int = LARGEST) -> Form:
    """The form of a request, of which never more is read than may be.

    Raises:
        BadRequest: it is none, or larger than ``most`` bytes.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadRequest
    return read_form(request.headers.get("content-type", ""), bytes(body))


def visitor_of(request: Request) -> Visitor:
    """Who sent it; nobody where there is no door."""
    return cast("Visitor", getattr(request.state, "visitor", NOBODY))
