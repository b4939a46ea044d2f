"""Conditional requests (RFC 9110, section 13): whether what a client has is what it would get."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

__all__ = ["entity_tag", "is_unchanged"]

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def entity_tag(body: bytes) -> str:
    """A strong entity tag: equal bodies have the same, wherever and whenever they are made."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def is_unchanged(headers: Mapping[str, str], *, tag: str) -> bool:
    """True where a GET or HEAD is to be answered by 304. No date is ever sent, so none that is asked with counts.

    Args:
        headers: of the request, found by names in lower case.
        tag: of what would be sent.
    """
    tags = headers.get("if-none-match")
    return tags is not None and (tags.strip() == "*" or tag in _TAG.findall(tags))
