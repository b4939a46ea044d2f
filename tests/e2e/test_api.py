"""The API over what the product saw: its answers are what its document says, and no request makes it err."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from newsroom import Newsroom, utc
from simulation import simulated

from presswatch.desk import Desk
from presswatch.web import create_app
from presswatch.web.api import ENDPOINTS, document
from storage import open_storage

START = utc(2026, 3, 2, 8, 0)
DOCUMENT = document(ENDPOINTS)


async def _history(folder: Path) -> None:
    newsroom = Newsroom()
    for n in range(1, 4):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n))
    async with simulated(newsroom.transport(), start=START, folder=folder, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + timedelta(days=1))
        for page in newsroom.pages.values():
            page.version += 1
        await world.until(START + timedelta(days=3))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("api")
    asyncio.run(_history(folder))
    with open_storage(f"sqlite:///{folder}/simulated.db") as storage:
        storage.mark(1, starred=True, note="Ask.", now=START)
        storage.save_search("Harbour", "source=1", now=START)
        yield create_app(storage, now=lambda: START + timedelta(days=3), desk=Desk(storage))


def ask(app: Any, path: str, *, sent: Any = None, **headers: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            method = "GET" if sent is None else "PATCH"
            return await client.request(method, f"/api/v1{path}", headers=headers, json=sent)

    return asyncio.run(get())


def strict(schema: Any) -> Any:
    """The schema, by which nothing may be there that it does not name."""
    if isinstance(schema, dict):
        closed = (
            {} if "additionalProperties" in schema or "properties" not in schema else {"additionalProperties": False}
        )
        return {name: strict(value) for name, value in schema.items()} | closed
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


ASKED = {
    "sources": "/sources", "source": "/sources/1", "listings": "/sources/1/listings",
    "statistics": "/sources/1/statistics", "releases": "/releases",
    "release": "/releases/1", "revisions": "/releases/1/revisions", "revision": "/releases/1/revisions/2",
    "diff": "/releases/1/diff", "changes": "/changes", "mark": "/changes/2/mark", "searches": "/searches",
    "health": "/health", "status": "/status",
}  # fmt: skip


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_answer_has_the_shape_that_the_document_says_and_no_field_more(app: Any, endpoint: Any) -> None:
    answer = ask(app, ASKED[endpoint.name], sent={"reviewed": True} if endpoint.takes else None)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    operation = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator(strict({**schema, "components": DOCUMENT["components"]})).validate(answer.json())
    assert answer.json().get("items", True) or endpoint.name == "health", "there is something to be held against it"


def test_pages_follow_each_other_without_a_gap(app: Any) -> None:
    whole = ask(app, "/changes").json()
    assert (len(whole["items"]), whole["next"]) == (3, None)
    found, cursor = [], ""
    for _ in range(3):
        page = ask(app, f"/changes?limit=1{cursor}").json()
        found += page["items"]
        cursor = f"&cursor={page['next']}"
    assert (found, page["next"]) == (whole["items"], None)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=silently-edited", 3), ("kind=new", 0), ("kind=new&kind=silently-edited", 3), ("source=Harbour", 3),
        ("words=number", 3), ("words=nowhere", 0), ("since=2026-03-03", 3), ("until=2026-03-03", 0),
        ("since=0001-01-01", 3), ("until=9999-12-31", 3), ("since=9999-12-31T23:59:59Z", 0), ("until=0001-01-01", 0),
        ("importance=1.0", 0), ("release=1", 1), ("mark=starred", 1), ("mark=noise", 0), ("search=1", 3),
        ('words="release+number"+-nowhere', 3), ("since=2026-03-03T00:00:00Z&words=number&limit=2", 2),
    ],
)  # fmt: skip
def test_changes_are_found_by_what_was_asked_for(app: Any, query: str, count: int) -> None:
    assert len(ask(app, f"/changes?{query}").json()["items"]) == count


def test_a_release_is_found_by_any_spelling_of_its_address(app: Any) -> None:
    url = ask(app, "/releases/1").json()["url"]
    (found,) = ask(app, f"/releases?url={url}%23top").json()["items"]
    assert found["id"] == 1
    assert ask(app, "/releases?url=https://elsewhere.example/").json() == {"items": [], "next": None}


def test_what_did_not_change_is_not_sent_again(app: Any) -> None:
    tag = ask(app, "/changes").headers["etag"]
    again = ask(app, "/changes", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/changes?limit=1000", 400, "limit: it is a whole number from 1 to 200"),
        ("/changes?sorce=x", 400, "there is no such parameter; did you mean source?"),
        ("/changes?source=nobody", 400, "source: nothing of this name is or was watched"),
        (
            "/changes?words=-x",
            400,
            "words: Name a word that must be there: a search only for what is missing finds nearly everything.",
        ),
        ("/releases/999", 404, "There is no such page here."),
        ("/releases/1/revisions/99", 404, "There is no such page here."),
        ("/nowhere", 404, "There is no such page here."),
    ],
)
def test_errors_are_problems_that_say_what_is_wrong(app: Any, path: str, status: int, detail: str) -> None:
    answer = ask(app, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["detail"]) == (status, status, detail)


def test_no_other_page_may_read_it(app: Any) -> None:
    answer = ask(app, "/changes", origin="https://evil.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_no_request_that_the_document_allows_makes_it_err(app: Any) -> None:
    api = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    # That a cursor is none is refused, though no schema can say so: what is asked for is that nothing else happens.
    held = [
        schemathesis.checks.not_a_server_error, schemathesis.checks.status_code_conformance,
        schemathesis.checks.content_type_conformance, schemathesis.checks.response_schema_conformance,
    ]  # fmt: skip
    for found in api.get_all_operations():

        @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=found.ok().as_strategy())
        def fuzz(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=held)

        fuzz()
