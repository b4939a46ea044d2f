"""How this program presents itself to servers, and where it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["FetchSettings", "is_sendable"]

_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


def is_sendable(value: str) -> bool:
    """True for what may be the value of a header, in Latin-1 (RFC 9110 section 5.5)."""
    return _SENDABLE.fullmatch(value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """What a fetcher is told once.

    Raises:
        ValueError: a header value that cannot be sent.
    """

    user_agent: str = "presswatch/0.1"
    contact: str | None = None
    """A URL or mail address, shown to servers as ``presswatch/0.1 (+contact)``."""
    timeout: float = 20.0
    """Seconds for a whole request, redirects included, from when its host is free."""
    max_bytes: int = 10_000_000
    """Of a body, both on the wire and unpacked."""
    max_redirects: int = 5
    allow_private: bool = False
    """Loopback and private addresses may be asked, on any port."""
    accept_language: str | None = None

    def __post_init__(self) -> None:
        for value in (self.identification, self.accept_language or "en"):
            if not is_sendable(value):
                raise ValueError(f"{value!r} cannot be sent as a header")

    @property
    def identification(self) -> str:
        """The User-Agent header."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent
