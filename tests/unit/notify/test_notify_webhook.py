"""Webhooks against the reference library and against receivers that misbehave."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from messages import ENDED, hostile, naughty, told, told_of_batch, told_of_health

from presswatch.notify import Delivery, Message, NotSent, Sent, Webhook, compose
from presswatch.notify.message import MAX_BYTES
from presswatch.notify.webhook import TIMEOUT, retry_after, secret_key
from scraper.fetch.client import Fetcher, FetchSettings
from scraper.model import Failed, Failure, Kind
from storage import ChangeRow

pytestmark = pytest.mark.asyncio

FIRST = "whsec_" + base64.b64encode(b"a first secret of some length..").decode()
SECOND = "whsec_" + base64.b64encode(b"and a second one of some length").decode()
DELIVERY = Delivery(
    key="msg_7_webhook",
    change=ChangeRow(
        id=7,
        kind=Kind.NEW,
        release_id=3,
        source_id=1,
        source="Northern Harbour Alliance",
        url="https://harbour.example/news_1.htm",
        url_before=None,
        title="Ministers agree on “shared” patrols",
        detected_at=datetime(2012, 9, 8, 6, tzinfo=UTC),
        not_before=None,
        not_after=datetime(2012, 9, 8, 6, tzinfo=UTC),
        stamp_before=None,
        stamp_after=None,
        revision_from=None,
        revision_to=1,
        importance=0.5,
        reason="",
    ),
)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Answered:
    """What a receiver says, in memory."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        return self.headers.get(name)


@dataclass
class Recorder:
    """Takes POSTs in place of the network."""

    answer: Answered | Failed = field(default_factory=Answered)
    url: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 0

    async def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str], timeout: float) -> Answered | Failed:
        self.url, self.body, self.headers, self.timeout = url, body, dict(headers), timeout
        return self.answer


async def posted(*secrets: str, now: Callable[[], datetime] = clock) -> Recorder:
    recorder = Recorder()
    hook = Webhook(url="https://desk.example/hook", secrets=secrets, post=recorder, now=now)
    assert await hook.send(compose(DELIVERY)) == Sent()
    return recorder


async def test_reference_library_accepts_the_signature() -> None:
    recorder = await posted(FIRST)
    assert standardwebhooks.Webhook(FIRST).verify(recorder.body, recorder.headers)["type"] == "release.new"
    assert recorder.headers["webhook-id"] == DELIVERY.key
    assert recorder.timeout == TIMEOUT == 15


async def test_both_secrets_verify_while_one_replaces_the_other() -> None:
    recorder = await posted(FIRST, SECOND)
    for secret in (FIRST, SECOND):
        standardwebhooks.Webhook(secret).verify(recorder.body, recorder.headers)
    third = "whsec_" + base64.b64encode(b"a third one that nobody gave out").decode()
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(third).verify(recorder.body, recorder.headers)


@pytest.mark.parametrize("tampered", ["body", "webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_tampering_is_refused(tampered: str) -> None:
    recorder = await posted(FIRST)
    headers = dict(recorder.headers)
    body = recorder.body
    if tampered == "body":
        body = body.replace(b"agree", b"argue")
    elif tampered == "webhook-timestamp":
        headers[tampered] = str(int(headers[tampered]) + 1)
    else:
        headers[tampered] = headers[tampered][:-5] + "AAAA="
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(FIRST).verify(body, headers)


@pytest.mark.parametrize("offset", [timedelta(minutes=-6), timedelta(minutes=6)], ids=["old", "future"])
async def test_receiver_refuses_a_timestamp_far_from_now(offset: timedelta) -> None:
    recorder = await posted(FIRST, now=lambda: clock() + offset)
    with pytest.raises(standardwebhooks.WebhookVerificationError, match="timestamp too"):
        standardwebhooks.Webhook(FIRST).verify(recorder.body, recorder.headers)


async def test_each_attempt_has_the_same_id_and_its_own_timestamp() -> None:
    first = await posted(FIRST, now=lambda: clock() - timedelta(minutes=1))
    second = await posted(FIRST)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert first.body == second.body


async def test_no_secret_means_no_signature() -> None:
    assert "webhook-signature" not in (await posted()).headers


@pytest.mark.parametrize("origin", [None, "https://watch.example.org"])
async def test_cloud_event_has_what_its_specification_asks_for_and_is_signed_alike(origin: str | None) -> None:
    recorder = Recorder()
    hook = Webhook(
        url="https://desk.example/hook", secrets=[FIRST], post=recorder, now=clock, cloudevents=True, origin=origin
    )
    assert await hook.send(compose(DELIVERY)) == Sent()
    event = standardwebhooks.Webhook(FIRST).verify(recorder.body, recorder.headers)
    assert recorder.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert {name: value for name, value in event.items() if name != "data"} == {
        "specversion": "1.0",
        "id": DELIVERY.key,
        "source": origin or "urn:presswatch",
        "type": "presswatch.release.new",
        "subject": "https://harbour.example/news_1.htm",
        "time": "2012-09-08T06:00:00Z",
        "datacontenttype": "application/json",
    }
    assert event["data"] == compose(DELIVERY).payload["data"]
    assert all(re.fullmatch("[a-z0-9]+", name) for name in event), "no attribute has another name"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        pytest.param(told_of_batch(), "batch.edited", id="a batch"),
        pytest.param(told_of_health(ENDED), "source.health", id="a trouble"),
    ],
)
async def test_what_is_no_release_is_an_event_without_a_subject(message: Message, kind: str) -> None:
    recorder = Recorder()
    for cloudevents in (False, True):
        hook = Webhook(
            url="https://desk.example/hook", secrets=[FIRST], post=recorder, now=clock, cloudevents=cloudevents
        )
        assert await hook.send(message) == Sent()
        taken = standardwebhooks.Webhook(FIRST).verify(recorder.body, recorder.headers)
        assert taken["type"] == (f"presswatch.{kind}" if cloudevents else kind)
        assert taken["data"] == message.payload["data"]
    assert "subject" not in taken


async def test_cloud_event_stays_below_twenty_kilobytes_too() -> None:
    recorder = Recorder()
    hook = Webhook(url="https://desk.example/hook", secrets=[FIRST], post=recorder, now=clock, cloudevents=True)
    before, after = ("\n".join(f"{word} {n}" * 60 for n in range(400)) for word in ("\u2603alpha", "\U0001f6a2omega"))
    assert await hook.send(told(before=before, after=after, url="https://h.example/" + "%41" * 9000)) == Sent()
    assert len(recorder.body) < MAX_BYTES
    assert json.loads(recorder.body)["data"]["diff"]["truncated"] is not None


@pytest.mark.corpus
async def test_no_payload_or_naughty_string_breaks_a_webhook() -> None:
    payloads, recorder = naughty(), Recorder()
    hook = Webhook(url="https://desk.example/hook", secrets=[FIRST], post=recorder, now=clock)
    for start in range(0, len(payloads), 12):
        message = hostile(*payloads[start : start + 12])
        assert await hook.send(message) == Sent()
        taken = standardwebhooks.Webhook(FIRST).verify(recorder.body, recorder.headers)
        assert taken["data"]["title"] == message.title


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="nothing"),
        pytest.param("whsec_", id="only the prefix"),
        pytest.param("whsec_not base64!!", id="no base64"),
        pytest.param("whsec_c2hvcnQ=", id="too short"),
        pytest.param("whsec_" + "A" * 200, id="too long"),
        pytest.param("whsec_schlüssel", id="not ASCII"),
    ],
)
async def test_bad_secret_is_an_error_that_does_not_repeat_it(secret: str) -> None:
    with pytest.raises(ValueError, match="a webhook secret") as error:
        secret_key(secret)
    assert not secret.removeprefix("whsec_") or secret.removeprefix("whsec_") not in str(error.value)


@pytest.mark.parametrize(
    ("status", "headers", "verdict"),
    [
        pytest.param(200, {}, Sent(), id="200 is delivered"),
        pytest.param(299, {}, Sent(), id="so is any 2xx"),
        pytest.param(302, {}, NotSent(error="the receiver answered 302"), id="a redirect is a failure"),
        pytest.param(404, {}, NotSent(error="the receiver answered 404"), id="404 may be repaired"),
        pytest.param(
            410, {}, NotSent(error="the receiver answered 410: it wants no more", permanent=True), id="410 is for ever"
        ),
        pytest.param(
            429,
            {"retry-after": "120"},
            NotSent(error="the receiver answered 429", retry_after=timedelta(minutes=2)),
            id="429 says when",
        ),
        pytest.param(
            503,
            {"retry-after": "Mon, 02 Mar 2026 09:00:00 GMT"},
            NotSent(error="the receiver answered 503", retry_after=timedelta(hours=1)),
            id="503 says until when",
        ),
        pytest.param(500, {"retry-after": "120"}, NotSent(error="the receiver answered 500"), id="500 does not"),
        pytest.param(429, {"retry-after": "-5"}, NotSent(error="the receiver answered 429"), id="nonsense is ignored"),
    ],
)
async def test_status_decides(status: int, headers: dict[str, str], verdict: Sent | NotSent) -> None:
    recorder = Recorder(answer=Answered(status=status, headers=headers))
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    hook = Webhook(url="https://desk.example/hook", secrets=[FIRST], post=recorder, now=lambda: now)
    assert await hook.send(compose(DELIVERY)) == verdict


async def test_failed_post_does_not_repeat_the_secret_address() -> None:
    url = "https://desk.example/hook/s3cr3t"
    failed = Failed(at=clock(), failure=Failure.ADDRESS, detail=f"{url} is a private address.")
    hook = Webhook(url=url, secrets=[], post=Recorder(answer=failed), now=clock)
    assert await hook.send(compose(DELIVERY)) == NotSent(error="the receiver is a private address.")


@pytest.mark.parametrize(
    ("failure", "unsure"),
    [(Failure.DNS, False), (Failure.CONNECT, False), (Failure.TIMEOUT, True), (Failure.BROKEN, True)],
)
async def test_a_post_without_an_answer_may_have_arrived_and_one_without_a_connection_did_not(
    failure: Failure, *, unsure: bool
) -> None:
    failed = Failed(at=clock(), failure=failure, detail="x")
    hook = Webhook(url="https://desk.example/hook", secrets=[], post=Recorder(answer=failed), now=clock)
    assert await hook.send(compose(DELIVERY)) == NotSent(error="x", unsure=unsure)


@pytest.mark.parametrize(
    "value",
    ["", "soon", "1e9", "٣", "9" * 400, "Mon, 02 Mar 2026 09:00:00 GMT, x", "Mon, 99 Mar 99999 09:00:00 GMT", "\x00"],
)
async def test_any_retry_after_is_a_pause_or_none(value: str) -> None:
    pause = retry_after(value, now=clock())
    assert pause is None or pause >= timedelta(0)


# --- receivers on loopback --------------------------------------------------------------------------------------------


@asynccontextmanager
async def receiver(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that gives one answer to each request in turn; an empty answer hangs."""
    taken: list[bytes] = []
    waiting = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length"))
        taken.append(head + await reader.readexactly(length))
        answer = next(waiting)
        if answer:
            writer.write(answer)
        else:
            await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/hook", taken
    finally:
        server.close()


async def outcomes(*answers: bytes, sends: int, timeout: float = 30.0) -> list[Sent | NotSent]:
    async with (
        receiver(*answers) as (url, _),
        Fetcher(FetchSettings(allow_private=True), clock=clock) as fetcher,
    ):

        async def post(url: str, *, body: bytes, headers: Mapping[str, str], timeout: float) -> object:
            return await fetcher.post(url, body=body, headers=headers, timeout=min(timeout, limit))

        limit = timeout
        hook = Webhook(url=url, secrets=[FIRST], post=post, now=clock)  # type: ignore[arg-type]  # object stands for both
        return [await hook.send(compose(DELIVERY)) for _ in range(sends)]


def http(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", "Connection: close", *headers, "", ""]).encode()


async def test_real_receivers_that_fail_then_recover() -> None:
    results = await outcomes(
        http("500 Oops"),
        http("429 Slow down", "Retry-After: 30"),
        http("307 Elsewhere", "Location: http://127.0.0.1:1/"),
        b"this is not HTTP\r\n\r\n",
        http("204 No Content"),
        sends=5,
    )
    assert [isinstance(result, Sent) for result in results] == [False, False, False, False, True]
    assert isinstance(results[1], NotSent)
    assert results[1].retry_after == timedelta(seconds=30)


async def test_real_receiver_that_is_gone() -> None:
    (result,) = await outcomes(http("410 Gone"), sends=1)
    assert result == NotSent(error="the receiver answered 410: it wants no more", permanent=True)


async def test_real_receiver_that_hangs_is_given_up() -> None:
    (result,) = await outcomes(b"", sends=1, timeout=0.3)
    assert isinstance(result, NotSent)


async def test_nobody_listening_is_a_failure() -> None:
    async with receiver() as (url, _):
        pass
    async with Fetcher(FetchSettings(allow_private=True), clock=clock) as fetcher:
        hook = Webhook(url=url, secrets=[FIRST], post=fetcher.post, now=clock)
        assert isinstance(await hook.send(compose(DELIVERY)), NotSent)


async def test_private_receiver_is_refused_by_default() -> None:
    async with receiver(http("200 OK")) as (url, taken), Fetcher(FetchSettings(), clock=clock) as fetcher:
        hook = Webhook(url=url, secrets=[FIRST], post=fetcher.post, now=clock)
        assert isinstance(await hook.send(compose(DELIVERY)), NotSent)
    assert taken == []


async def test_what_arrives_is_what_was_signed() -> None:
    async with (
        receiver(http("200 OK")) as (url, taken),
        Fetcher(FetchSettings(allow_private=True), clock=clock) as fetcher,
    ):
        hook = Webhook(url=url, secrets=[FIRST], post=fetcher.post, now=clock)
        assert await hook.send(compose(DELIVERY)) == Sent()
    head, _, body = taken[0].partition(b"\r\n\r\n")
    rows = (row.partition(": ") for row in head.decode("latin-1").split("\r\n")[1:])
    standardwebhooks.Webhook(FIRST).verify(body, {name: value for name, _, value in rows})
    assert json.loads(body)["data"]["title"] == "Ministers agree on “shared” patrols"
