"""What a status says: an answer that can be used, or a failure. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from scraper import urls
from scraper.fetch.problem import printable
from scraper.model import Failed, Failure, Fetched

__all__ = ["failure_of", "retry_after"]

_LONGEST_WAIT = timedelta(hours=24)
_MOST_DIGITS = 9
_DENIED = 999
"""What LinkedIn and others answer to programs."""


def failure_of(fetched: Fetched, now: datetime) -> Failed | None:
    """The failure that an answer's status, or its empty body, stands for.

    None for 2xx with a body but 202 and 206, for 304, 404 and 410. ``retry_after`` is from 0 to 24 hours and is set
    where the server gave one.
    """
    failure = _failure(fetched)
    if failure is None:
        return None
    return Failed(
        at=now,
        failure=failure,
        detail=_sentence(fetched),
        retry_after=retry_after(fetched.header("retry-after"), now=now),
        status=fetched.status,
        host=urls.host(fetched.final_url),
    )


def _failure(fetched: Fetched) -> Failure | None:
    status = fetched.status
    if status in (304, 404, 410):
        return None
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == 503 and fetched.header("retry-after")):
        return Failure.THROTTLED
    if _is_challenge(fetched):
        return Failure.REFUSED
    if status in (HTTPStatus.ACCEPTED, HTTPStatus.PARTIAL_CONTENT) or (200 <= status < 300 and not fetched.body):
        return Failure.BROKEN
    if 200 <= status < 300:
        return None
    if 400 <= status < 500 or status == _DENIED:
        return Failure.REFUSED
    return Failure.SERVER if 500 <= status < 600 else Failure.BROKEN


def _is_challenge(fetched: Fetched) -> bool:
    """True where the server says itself that it asks for a human: the firewalls of Amazon and Cloudflare do.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge.html
    """
    return fetched.header("x-amzn-waf-action") is not None or fetched.header("cf-mitigated") == "challenge"


def _sentence(fetched: Fetched) -> str:
    host = printable(urlsplit(fetched.final_url).netloc)
    if _is_challenge(fetched):
        return f"{host} answered {_phrase(fetched.status)} and asks whether one is a robot."
    if fetched.status == HTTPStatus.OK:
        return f"{host} answered 200 with an empty body."
    if 300 <= fetched.status < 400:
        return f"{host} answered {_phrase(fetched.status)} and did not say where to."
    return f"{host} answered {_phrase(fetched.status)}."


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Retry-After as a span from ``now``, 0 to 24 hours; None where it is absent or no time (RFC 9110 10.2.3)."""
    text = (value or "").strip()
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        seconds = 0 if text.startswith("-") else int(digits[:_MOST_DIGITS])
        return min(timedelta(seconds=seconds), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return min(max(moment - now, timedelta(0)), _LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
