"""What a version was read from: the answer's head, and its body to be saved, read, or looked at while it does nothing.

Looked at, it is decoded text under a policy that lets nothing load, run or be sent; what a policy does not govern,
connections that a ``<link>`` opens ahead, is taken out of the markup.
"""

from __future__ import annotations

import hashlib
import re

from presswatch.web.page import Download, Inert, Page
from presswatch.web.stored import answer, known, stored
from presswatch.web.views import Views
from scraper.charset import decode
from scraper.model import Fetched

__all__ = ["body", "evidence", "looked_at", "source"]

_LINK = re.compile(r"<(?=link[\s/>])", re.IGNORECASE)
_HTML = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)


def evidence(views: Views, release_id: int, number: int) -> Page:
    """How the answer came that a version was read from: status and headers as text, and how to verify it.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    row = known(views, release_id)
    found = answer(views, release_id, number)
    return Page(
        template="evidence.html",
        values={
            "release": row,
            "revision": stored(views, release_id, number),
            "evidence": found,
            "sha256": hashlib.sha256(found.body).hexdigest(),
            "is_html": _HTML.match(_content_type(found) or "text/html") is not None,
        },
    )


def body(views: Views, release_id: int, number: int) -> Download:
    """The bytes that a version was read from.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    found = answer(views, release_id, number)
    return Download(body=found.body, name=f"release-{release_id}-revision-{number}.bin")


def looked_at(views: Views, release_id: int, number: int) -> Inert:
    """The same as a page, without what it would load.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    return Inert(body=_LINK.sub("<inert-", _text(answer(views, release_id, number))).encode(), media_type="text/html")


def source(views: Views, release_id: int, number: int) -> Inert:
    """The same as the text that it is.

    Raises:
        NotFound: there is no such release or version, or nothing was kept.
    """
    return Inert(body=_text(answer(views, release_id, number)).encode(), media_type="text/plain")


def _text(found: Fetched) -> str:
    return decode(found.body, _content_type(found))


def _content_type(found: Fetched) -> str | None:
    return next((value for name, value in found.headers if name.lower() == "content-type"), None)
