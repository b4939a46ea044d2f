"""The channel to a URL: a signed POST after Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message
from presswatch.notify.message import encoded, printable
from scraper.model import Failed, Failure

__all__ = ["Answer", "Post", "Webhook", "cloud_event", "retry_after", "secret_key", "signatures", "verdict"]

TIMEOUT = 15.0
"""Seconds."""
_CLOUD_EVENT = "application/cloudevents+json; charset=utf-8"
_PREFIX = "whsec_"
_LONGEST_WAIT = 100 * 365 * 24 * 3600
_UNANSWERED = frozenset({Failure.TIMEOUT, Failure.BROKEN, Failure.TOO_LARGE})
"""By then the receiver may have taken it; before all others it was not asked, or said no."""
_LEAST_KEY, _MOST_KEY = 24, 64


class Answer(Protocol):
    """What a receiver said. ``scraper.fetch.Posted`` is one."""

    @property
    def status(self) -> int:
        """HTTP's."""

    def header(self, name: str) -> str | None:
        """The first header of this name."""


class Post(Protocol):
    """Sends a POST, follows no redirect and raises nothing. ``scraper.fetch.Fetcher.post`` is one."""

    async def __call__(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - all up to the answer's head, which asyncio.timeout could not tell
    ) -> Answer | Failed:
        """What was answered within ``timeout`` seconds."""


class Webhook:
    """Posts each notification to one URL.

    Args:
        url: where to.
        secrets: ``whsec_`` and base64 of 24 to 64 bytes each; all of them sign, so that a receiver can go over from one
            to the next. Without any the POST is not signed.
        post: how.
        now: the clock, aware.
        timeout: seconds that the receiver has to answer.
        cloudevents: send a CloudEvent in structured mode instead of the plain payload; it is signed alike.
        origin: who sends the event: the pages of this installation, where they have an address.

    Raises:
        ValueError: a secret is not such; the message does not repeat it.
    """

    def __init__(
        self,
        *,
        url: str,
        secrets: Sequence[str],
        post: Post,
        now: Callable[[], datetime],
        timeout: float = TIMEOUT,
        cloudevents: bool = False,
        origin: str | None = None,
    ) -> None:
        self._url = url
        self._keys = tuple(map(secret_key, secrets))
        self._post = post
        self._now = now
        self._timeout = timeout
        self._cloudevents = cloudevents
        self._origin = origin or "urn:presswatch"

    async def send(self, message: Message) -> Sent | NotSent:
        """Post it; 2xx is delivered, everything else is not, 410 for ever."""
        now = self._now()
        body = encoded(cloud_event(message, origin=self._origin) if self._cloudevents else message.payload)
        headers = {
            "content-type": _CLOUD_EVENT if self._cloudevents else "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._keys:
            headers["webhook-signature"] = signatures(self._keys, key=message.key, at=now, body=body)
        answer = await self._post(self._url, body=body, headers=headers, timeout=self._timeout)
        if isinstance(answer, Failed):
            # The address of a webhook is often its password.
            detail = answer.detail.replace(self._url, "the receiver")
            unsure = answer.failure in _UNANSWERED
            return NotSent(error=printable(detail, most=200), retry_after=answer.retry_after, unsure=unsure)
        return verdict(answer, now=now)


def cloud_event(message: Message, *, origin: str) -> dict[str, object]:
    """The payload as a CloudEvent 1.0: ``source`` and ``id`` together are the same at every attempt.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
    """
    return {
        "specversion": "1.0",
        "id": message.key,
        "source": origin,
        "type": f"presswatch.{message.payload['type']}",
        # An attribute of a CloudEvent is never empty.
        **({"subject": message.url} if message.url else {}),
        "time": message.payload["timestamp"],
        "datacontenttype": "application/json",
        "data": message.payload["data"],
    }


def secret_key(secret: str) -> bytes:
    """The key that a secret ``whsec_<base64>`` holds.

    Raises:
        ValueError: it is no base64, or not of 24 to 64 bytes.
    """
    text = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret is whsec_ and base64") from None
    if not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise ValueError(f"a webhook secret has {_LEAST_KEY} to {_MOST_KEY} bytes, not {len(key)}")
    return key


def signatures(keys: Sequence[bytes], *, key: str, at: datetime, body: bytes) -> str:
    """The header ``webhook-signature``: one HMAC-SHA256 of ``id.timestamp.body`` for each key, apart by spaces."""
    signed = b".".join((key.encode(), str(int(at.timestamp())).encode(), body))
    digests = (hmac.new(each, signed, hashlib.sha256).digest() for each in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """The pause that a Retry-After asks for (RFC 9110 section 10.2.3: seconds or a date); None where it asks none."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), _LONGEST_WAIT))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    pause = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return pause if pause > timedelta(0) else None


def verdict(answer: Answer, *, now: datetime, whom: str = "the receiver") -> Sent | NotSent:
    """What an answer says of what was posted."""
    if 200 <= answer.status < 300:
        return Sent()
    if answer.status == 410:
        return NotSent(error=f"{whom} answered 410: it wants no more", permanent=True)
    asked = retry_after(answer.header("retry-after"), now=now) if answer.status in (429, 503) else None
    return NotSent(error=f"{whom} answered {answer.status}", retry_after=asked)
