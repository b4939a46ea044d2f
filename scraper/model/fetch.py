"""A request and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["LONGEST_PAUSE", "Failed", "Failure", "Fetched", "Redirect", "Request", "Validators"]

LONGEST_PAUSE = timedelta(hours=24)
"""A host that asks to be left alone is so for no longer."""
_SHORTEST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again by, kept and sent back verbatim (RFC 9110 section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET that is to be made."""

    url: str
    validators: Validators = field(default_factory=Validators)


class Failure(StrEnum):
    """Why a look yielded nothing: a closed list, so that nothing is "just skipped"."""

    ADDRESS = "address"
    """A private, loopback or otherwise forbidden address, port or scheme."""
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    """The answer broke the protocol, was cut off or could not be decoded."""
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    """Too many redirects, or a loop."""
    ROBOTS = "robots"
    """robots.txt forbids it or could not be had."""
    THROTTLED = "throttled"
    """429, or 503 with Retry-After; or a redirect leads to a host whose turn it is not."""
    SERVER = "server"
    """5xx."""
    REFUSED = "refused"
    """401, 403, 451 and the other 4xx but 404 and 410."""
    UNREADABLE = "unreadable"
    """It arrived and is nothing that can be read: another media type, no text."""

    @property
    def is_transient(self) -> bool:
        """True where trying again soon is likely to help."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {Failure.DNS, Failure.CONNECT, Failure.TIMEOUT, Failure.BROKEN, Failure.THROTTLED, Failure.SERVER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop."""

    status: int
    url: str
    """Where it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete HTTP answer."""

    url: str
    """As requested."""
    final_url: str
    """The one that answered."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """In the order received; names lower-cased."""
    body: bytes
    """Content-coding undone."""
    started_at: datetime
    finished_at: datetime
    redirects: tuple[Redirect, ...] = ()
    received: int = 0
    """Bytes of the body on the wire."""

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    @property
    def validators(self) -> Validators:
        """The answer's own validators."""
        return Validators(etag=self.header("etag"), last_modified=self.header("last-modified"))

    @property
    def is_permanent_redirect(self) -> bool:
        """True where there was a redirect and each hop was a 301 or 308."""
        return bool(self.redirects) and all(hop.status in (301, 308) for hop in self.redirects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A look that yielded nothing, and why."""

    at: datetime
    failure: Failure
    detail: str
    """One sentence for a person."""
    retry_after: timedelta | None = None
    status: int | None = None
    host: str | None = None
    """The one that said it; None where none did, or that is not kept."""

    @property
    def pause(self) -> timedelta:
        """How long the host is to be left alone, from ``at`` on: up to 24 hours; zero where nobody asks for that."""
        if self.failure is not Failure.THROTTLED:
            return timedelta()
        return min(self.retry_after or _SHORTEST_PAUSE, LONGEST_PAUSE)
