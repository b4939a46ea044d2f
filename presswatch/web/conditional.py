"""Conditional requests (RFC 9110, section 13): whether what a client has is what it would get."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

__all__ = ["entity_tag", "http_date", "is_unchanged"]

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def entity_tag(body: bytes) -> str:
    """A strong entity tag: equal bodies have the same, wherever and whenever they are made."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def http_date(at: datetime) -> str:
    """A time as HTTP writes it, cut to the second."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def is_unchanged(headers: Mapping[str, str], *, tag: str, modified: datetime | None = None) -> bool:
    """True where a GET or HEAD is to be answered by 304. Tags go before dates, and an odd date is none.

    Args:
        headers: of the request, found by names in lower case.
        tag: of what would be sent.
        modified: its ``Last-Modified``, where one would be sent.
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or tag in _TAG.findall(tags)
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError, OverflowError):
        return False
