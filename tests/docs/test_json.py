"""docs/json.md names every field of every JSON shape, and its example takes what is really sent."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks
from messages import told as told_of_change
from newsroom import Newsroom, utc
from simulation import simulated
from web_views import change_row

from presswatch.notify import Delivery, Sent, Webhook, batch_object, change_object, digest_object, health_object
from presswatch.notify.health import health_payload
from presswatch.notify.message import payload
from presswatch.notify.webhook import secret_key, signatures
from presswatch.plans import Plan
from presswatch.rehearsal import How, Rehearsed
from presswatch.shapes import (
    diff_object,
    explanation_object,
    exploration_object,
    hit_object,
    rehearsed_object,
    revision_object,
    show_object,
    source_object,
    status_object,
)
from presswatch.sources import explore_home
from scraper.judge import compare
from scraper.model import Fetched, HealthKind, HealthPhase, Kind, Site
from scraper.read import explain
from storage import BatchRow, DigestRow, HealthRow, MuteRow, Told, Wanted, Where, parse

TEXT = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
START = utc(2026, 3, 2, 8, 0)
SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="
BODY = '{"type":"release.new","data":{"title":"Zażółć"}}'.encode()


HEALTH = HealthRow(
    id=1, source_id=1, source="Harbour", kind=HealthKind.GONE, subject="newsroom", began_at=START, ended_at=None,
    detail="1 of 1 listing", advice="Look elsewhere.",
)  # fmt: skip
BATCH = BatchRow(
    id=1, source_id=1, source="Harbour", kind=Kind.EDITED, began_at=START, last_at=START, size=2,
    changes=(change_row(), change_row(2)),
)  # fmt: skip


DIGEST = DigestRow(
    id=1, name="daily", source_id=None, source=None, began_at=START, last_at=START, size=1, kinds={Kind.NEW: 1},
    sources=1, batches={}, changes=(change_row(),),
)  # fmt: skip
MUTE = MuteRow(
    source_id=1, release_id=None, source="Harbour", url=None, title=None, until=None, created_at=START
)  # fmt: skip


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def fields(title: str) -> set[str]:
    """The names in the first column of a section's table."""
    cells = re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """One object of each shape, from a newsroom of which one release was silently edited."""
    return asyncio.run(_shapes(tmp_path_factory.mktemp("shapes")))


async def _shapes(folder: Path) -> dict[str, dict[str, Any]]:
    newsroom = Newsroom()
    for n in range(3):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n + 1))
    async with simulated(newsroom.transport(), start=START, folder=folder, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + timedelta(days=1))
        newsroom.pages["/2026/02/r-0"].version += 1
        await world.until(START + timedelta(days=3))
        storage = world.app.storage
        (change,) = storage.changes()
        row = storage.release(change.release_id)
        before, after = (storage.revision(row.id, number) for number in (1, 2))
        diff = compare(before.release, after.release)
        evidence = storage.evidence(row.id, 2)
        assert evidence is not None
        found = await explore_home(world.app, Plan(url=f"{newsroom.base}/feed.xml"))
        return {
            "Change": change_object(change),
            "Revision": revision_object(storage.revisions(row.id)[1]),
            "Hit": hit_object(storage.search(Wanted(query=parse("release"))).hits[0], parse("release"), Where.TEXT),
            "Show": show_object(row, after),
            "Explain": explanation_object(row, 2, explain(evidence.body, evidence.final_url), Site()),
            "Diff": diff_object(row, 1, 2, diff),
            "Source": source_object(storage.sources()[0]),
            "Add": exploration_object(found),
            "Status": status_object(
                storage.status(world.clock.now), storage.dead_letters(), [], [], [MUTE], storage.queues()
            ),
            "Batch": batch_object(BATCH),
            "Digest": digest_object(DIGEST),
            "Notify": rehearsed_object(Rehearsed(change=change, how=How.DROPPED, rule="rule 1")),
            "Health": health_object(HEALTH),
            "Webhook": payload(Delivery(key="k", change=change, diff=diff)),
        }


@pytest.mark.parametrize(
    "shape",
    [
        "Change", "Revision", "Hit", "Show", "Explain", "Diff", "Source", "Add", "Status", "Batch", "Digest", "Notify",
        "Health", "Webhook",
    ],
)  # fmt: skip
def test_every_field_is_described_and_none_that_is_not_there(shapes: dict[str, dict[str, Any]], shape: str) -> None:
    assert fields(shape) == shapes[shape].keys()


NESTED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Show: blocks": lambda shapes: shapes["Show"]["blocks"][0],
    "Show: stamps": lambda shapes: shapes["Show"]["stamps"][0],
    "Explain: blocks": lambda shapes: shapes["Explain"]["blocks"][0],
    "Explain: dates": lambda shapes: shapes["Explain"]["dates"][0],
    "Explain: site": lambda shapes: shapes["Explain"]["site"],
    "Diff: parts": lambda shapes: shapes["Diff"]["parts"][0],
    "Diff: segments": lambda shapes: shapes["Diff"]["parts"][0]["segments"][0],
    "Diff: touched": lambda shapes: shapes["Diff"]["touched"][0],
    "Add: listings": lambda shapes: shapes["Add"]["listings"][0],
    "Add: entries": lambda shapes: shapes["Add"]["listings"][0]["entries"][0],
    "Status: mutes": lambda shapes: shapes["Status"]["mutes"][0],
    "Digest: changes": lambda shapes: shapes["Digest"]["changes"][0],
    "Batch: releases": lambda shapes: shapes["Batch"]["releases"][0],
    "Webhook: phase": lambda _: health_payload(Told(health=HEALTH, phase=HealthPhase.BEGAN)),
    "Webhook: diff": lambda shapes: shapes["Webhook"]["data"]["diff"],
    "Webhook: runs": lambda shapes: shapes["Webhook"]["data"]["diff"]["runs"][0],
}


@pytest.mark.parametrize("where", NESTED)
def test_every_field_of_what_is_nested_is_named(shapes: dict[str, dict[str, Any]], where: str) -> None:
    text = section(where.partition(":")[0])
    assert [name for name in NESTED[where](shapes) if f"`{name}`" not in text] == []


def test_the_example_of_a_change_is_one(shapes: dict[str, dict[str, Any]]) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert list(json.loads(example)) == list(shapes["Change"])


EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
WAYS = {"by hand": EXAMPLES[:1], "with the library": EXAMPLES}


@pytest.fixture(params=WAYS)
def example(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The functions of the document, as a reader pastes them: the second way of checking goes over the first."""
    names: dict[str, Any] = {}
    for text in WAYS[request.param]:
        exec(text, names)  # noqa: S102  # the example is what is tested
    return names


@pytest.fixture
def is_genuine(example: dict[str, Any]) -> Callable[[dict[str, str], bytes, str], bool]:
    return example["is_genuine"]


def signed(*secrets: str, age: float = 0) -> dict[str, str]:
    at = datetime.fromtimestamp(int(time.time() - age), UTC)
    signature = signatures([secret_key(secret) for secret in secrets], key="k-1", at=at, body=BODY)
    return {"webhook-id": "k-1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def test_the_document_shows_two_ways_of_checking() -> None:
    assert len(EXAMPLES) == 2
    assert "standardwebhooks" not in EXAMPLES[0]


def test_the_example_takes_what_is_signed_with_the_secret(is_genuine: Callable[..., bool]) -> None:
    other = "whsec_" + hashlib.sha256(b"other").hexdigest()[:32]
    assert is_genuine(signed(SECRET), BODY, SECRET)
    assert is_genuine(signed(other, SECRET), BODY, SECRET)
    assert is_genuine(signed(SECRET, age=200), BODY, SECRET)


def test_the_example_takes_what_the_reference_library_signs(is_genuine: Callable[..., bool]) -> None:
    now = datetime.now(UTC)
    signature = standardwebhooks.Webhook(SECRET).sign("k-1", now, BODY.decode())
    headers = {"webhook-id": "k-1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    assert is_genuine(headers, BODY, SECRET)


def test_a_secret_without_its_padding_is_the_same_secret() -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[0], names)  # noqa: S102  # as above
    assert names["is_genuine"](signed(SECRET), BODY, SECRET.rstrip("="))


@pytest.mark.parametrize("age", [301, 3600, -400], ids="{} s old".format)
def test_the_example_refuses_what_is_old_or_of_the_future(is_genuine: Callable[..., bool], age: float) -> None:
    assert not is_genuine(signed(SECRET, age=age), BODY, SECRET)


def test_the_example_refuses_what_was_tampered_with(is_genuine: Callable[..., bool]) -> None:
    other = "whsec_" + hashlib.sha256(b"other").hexdigest()[:32]
    headers = signed(SECRET)
    later = str(int(headers["webhook-timestamp"]) + 1)
    assert not is_genuine(signed(other), BODY, SECRET)
    assert not is_genuine(headers, BODY + b" ", SECRET)
    assert not is_genuine(headers, BODY[:-1], SECRET)
    assert not is_genuine({**headers, "webhook-id": "k-2"}, BODY, SECRET)
    assert not is_genuine({**headers, "webhook-timestamp": later}, BODY, SECRET)
    signature = headers["webhook-signature"].translate({ord("A"): "B", ord("B"): "C", ord("1"): "2"})
    assert not is_genuine({**headers, "webhook-signature": signature}, BODY, SECRET), "and of another version"
    assert not is_genuine({**headers, "webhook-signature": "v1," + "A" * 43 + "="}, BODY, SECRET)


async def test_the_example_takes_what_the_channel_sends_and_handles_its_repetition_once(
    example: dict[str, Any],
) -> None:
    """Sent twice, as after a crash between sending and marking: the same id, another time, another signature."""
    taken: list[tuple[int, bool]] = []
    handled: set[str] = set()

    async def post(url: str, *, body: bytes, headers: dict[str, str], **_more: object) -> Fetched:
        taken.append(example["receive"](headers, body, SECRET, handled))
        return Fetched(
            url=url, final_url=url, status=taken[-1][0], headers=(), body=b"", started_at=START, finished_at=START
        )  # fmt: skip

    moments = iter(datetime.now(UTC) - timedelta(seconds=seconds) for seconds in (9, 0))
    hook = Webhook(url="https://h.example", secrets=[SECRET], post=post, now=lambda: next(moments))
    message = told_of_change()
    assert [await hook.send(message) for _ in range(2)] == [Sent(), Sent()]
    assert taken == [(204, True), (204, False)]


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_the_example_refuses_what_lacks_a_header_or_has_garbage_in_it(
    is_genuine: Callable[..., bool], missing: str
) -> None:
    headers = signed(SECRET)
    assert not is_genuine({name: value for name, value in headers.items() if name != missing}, BODY, SECRET)
    assert not is_genuine({**headers, missing: "garbage \u2603"}, BODY, SECRET)


def test_the_example_handles_a_message_once_and_refuses_a_replay(example: dict[str, Any]) -> None:
    handled: set[str] = set()
    headers = signed(SECRET)
    assert example["receive"](headers, BODY, SECRET, handled) == (204, True)
    assert example["receive"](headers, BODY, SECRET, handled) == (204, False), "replayed at once"
    assert example["receive"](signed(SECRET, age=2), BODY, SECRET, handled) == (204, False), "our own repetition"
    assert example["receive"](headers, BODY.replace(b"new", b"old"), SECRET, handled) == (401, False)
    assert example["receive"](signed(SECRET, age=400), BODY, SECRET, set()) == (401, False), "replayed later"
