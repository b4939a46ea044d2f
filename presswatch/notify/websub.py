"""The channel to a hub: it is told that the feeds have something new, and tells whoever subscribed to them.

How a publisher tells a hub is left open by WebSub; hubs take the form of PubSubHubbub 0.4, section 7.
https://www.w3.org/TR/websub/
https://pubsubhubbub.github.io/PubSubHubbub/pubsubhubbub-core-0.4.html#rfc.section.7
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message
from presswatch.notify.message import printable
from presswatch.notify.webhook import TIMEOUT, Post, verdict
from scraper.model import Failed

__all__ = ["Hub"]


class Hub:
    """Tells a hub of each notification: not what happened, but that it should fetch the feeds.

    Args:
        url: of the hub.
        topics: the addresses of the feeds, as they name themselves (``rel="self"``).
        post: how.
        now: the clock, aware.
        timeout: seconds that the hub has to answer.
    """

    def __init__(
        self, *, url: str, topics: Sequence[str], post: Post, now: Callable[[], datetime], timeout: float = TIMEOUT
    ) -> None:
        self._url = url
        self._body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
        self._post = post
        self._now = now
        self._timeout = timeout

    async def send(self, message: Message) -> Sent | NotSent:  # noqa: ARG002  # it says that there is one
        """Post it; 2xx is taken."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await self._post(self._url, body=self._body, headers=headers, timeout=self._timeout)
        if isinstance(answer, Failed):
            return NotSent(error=printable(answer.detail, most=200), retry_after=answer.retry_after)
        return verdict(answer, now=self._now(), whom="the hub")
