"""A hub is told which feeds have something new, and nothing of what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from messages import hostile

from presswatch.notify import NotSent, Sent
from presswatch.notify.webhook import Answer
from presswatch.notify.websub import Hub
from scraper.model import Failed, Failure

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TOPICS = ["https://watch.example/feeds/changes.atom", "https://watch.example/feeds/changes.json"]


class Said:
    """What a hub answers."""

    def __init__(self, status: int, **headers: str) -> None:
        self.status = status
        self._headers = headers

    def header(self, name: str) -> str | None:
        return self._headers.get(name.replace("-", "_"))


async def told(answer: Answer | Failed) -> tuple[Sent | NotSent, list[tuple[str, str]], Mapping[str, str]]:
    """What came of a notification, and what the hub got."""
    got: list[tuple[bytes, Mapping[str, str]]] = []

    async def post(url: str, *, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer | Failed:
        assert (url, timeout) == ("https://hub.example/", 15)
        got.append((body, headers))
        return answer

    hub = Hub(url="https://hub.example/", topics=TOPICS, post=post, now=lambda: NOW)
    result = await hub.send(hostile("<script>alert(1)</script>"))
    ((body, headers),) = got
    return result, parse_qsl(body.decode(), strict_parsing=True), headers


async def test_a_hub_gets_the_addresses_of_the_feeds_and_nothing_else() -> None:
    result, form, headers = await told(Said(204))
    assert result == Sent()
    assert form == [("hub.mode", "publish"), *(("hub.url", topic) for topic in TOPICS)]
    assert headers == {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Said(202), Sent()),
        (Said(400), NotSent(error="the hub answered 400")),
        (Said(503, retry_after="120"), NotSent(error="the hub answered 503", retry_after=timedelta(minutes=2))),
        (Said(410), NotSent(error="the hub answered 410: it wants no more", permanent=True)),
        (Failed(at=NOW, failure=Failure.REFUSED, detail="refused \x1b[2J"), NotSent(error="refused \\x1b[2J")),
    ],
)
async def test_what_a_hub_answers_is_taken_as_that_of_a_webhook_is(answer: Answer | Failed, expected: object) -> None:
    result, _, _ = await told(answer)
    if isinstance(answer, Failed):
        assert isinstance(result, NotSent)
        assert "\x1b" not in result.error
    else:
        assert result == expected
