"""Where the next page of a list begins, as a word that nobody needs to understand. Pure."""

from __future__ import annotations

import base64
import binascii
import re

from presswatch.web.page import BadRequest

__all__ = ["cursor", "position"]

_PLAIN = re.compile(r"([a-z]{1,20}):([0-9]{1,15})", re.ASCII)
_LONGEST = 100


def cursor(of: str, after: int) -> str:
    """The cursor of a list behind the item with an id.

    Args:
        of: what is listed, lower-case letters; a cursor of another list is none.
        after: an id, not negative.
    """
    return base64.urlsafe_b64encode(f"{of}:{after}".encode()).decode().rstrip("=")


def position(of: str, text: str) -> int:
    """The id behind which a list goes on.

    Raises:
        BadRequest: it is no cursor of this list.
    """
    try:
        padded = text[:_LONGEST].encode("ascii") + b"=" * (-len(text[:_LONGEST]) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        plain = ""
    found = _PLAIN.fullmatch(plain)
    if found is None or found[1] != of or cursor(of, int(found[2])) != text:
        raise BadRequest("cursor: it is none of this list; take it from the field next of the page before")
    return int(found[2])
