"""What the head of an answer says about the rest: whether it can be trusted, how long it is, where it leads. Pure."""

from __future__ import annotations

from scraper import urls
from scraper.fetch.problem import Problem
from scraper.model import Failure

__all__ = ["Headers", "all_of", "check", "has_body", "length", "target"]

Headers = tuple[tuple[str, str], ...]
"""Names lower-cased, values in Latin-1, in the order received."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BODILESS = frozenset({204, 304})
_MOST_DIGITS = 18


def all_of(headers: Headers, name: str) -> str:
    """The values of every header of this name as one list (RFC 9110 section 5.3)."""
    return ", ".join(value for key, value in headers if key == name)


def length(headers: Headers) -> int | None:
    """Content-Length; None where there is none, and where the body is chunked."""
    value = all_of(headers, "content-length").partition(",")[0].strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS else None


def has_body(status: int) -> bool:
    """False where a status says that no body follows (RFC 9112 section 6.3)."""
    return status >= 200 and status not in _BODILESS


def check(status: int, headers: Headers, *, host: str, conditional: bool) -> None:
    """Raises Problem, ``broken``, for an answer to something that was not asked, and for two lengths at once."""
    if status == 304 and not conditional:
        raise Problem(Failure.BROKEN, f"{host} answered 304 Not Modified to a request without conditions.")
    if status == 206:
        raise Problem(Failure.BROKEN, f"{host} answered with a part of the page, which was not asked for.")
    # RFC 9112 section 6.3: the sign of a smuggled or garbled answer.
    if all_of(headers, "transfer-encoding") and all_of(headers, "content-length"):
        raise Problem(Failure.BROKEN, f"{host} sent both Content-Length and Transfer-Encoding.")


def target(status: int, headers: Headers, *, url: str) -> str | None:
    """Where a redirect leads, as an absolute http(s) address without fragment; None where the answer is no redirect.

    Raises:
        Problem: ``address`` where it leads out of the web.
    """
    location = next((value for key, value in headers if key == "location"), None)
    if status not in _REDIRECTS or location is None:
        return None
    # Servers put raw UTF-8 there; the headers were read byte by byte.
    raw = location.encode("latin-1", "replace")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = location
    address = urls.join(url, text)
    if address is None:
        raise Problem(Failure.ADDRESS, f"{url} redirects to {text!r}, which is no address of the web.")
    return address
