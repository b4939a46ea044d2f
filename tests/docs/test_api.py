"""docs/api.md names every endpoint, parameter and field of the API, and its examples are understood."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from presswatch.web.api import ENDPOINTS
from presswatch.web.api.declare import understood
from presswatch.web.api.schemas import SCHEMAS
from storage import LONGEST_NOTE, stream

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text()
JSON = (ROOT / "docs" / "json.md").read_text()
ONLY_HERE = ("Listing", "Release", "Statistics")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_endpoint_is_described_and_none_that_is_not_there() -> None:
    rows = re.findall(r"^\| `/api/v1(/[^`]+)` \| .* \| (\w+)", section("Endpoints"), re.MULTILINE)
    assert dict(rows) == {endpoint.path: endpoint.answer for endpoint in ENDPOINTS}
    assert all(f"\n## {name}\n" in JSON for _, name in rows if name not in ONLY_HERE)


@pytest.mark.parametrize("name", ONLY_HERE)
def test_the_fields_that_only_the_api_has_are_named(name: str) -> None:
    text = section("Endpoints").split(f"**{name}**")[1].split("\n\n")[0]
    assert [field for field in SCHEMAS[name]["properties"] if f"`{field}`" not in text] == []


def test_every_parameter_is_described_where_it_is_taken() -> None:
    taken: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS:
        for each in endpoint.parameters:
            if not each.in_path:
                taken.setdefault(each.name, set()).add(endpoint.name)
    described: dict[str, set[str]] = {}
    for names, where in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", section("Parameters"), re.MULTILINE):
        lists = {endpoint.name for endpoint in ENDPOINTS if endpoint.listed}
        of = lists if where == "every list" else set(where.split(", "))
        described |= dict.fromkeys(re.findall(r"`(\w+)`", names), of)
    assert described == taken


def test_the_examples_are_understood() -> None:
    urls = re.findall(r"'(https?://[^']+)'", TEXT)
    assert len(urls) == 2
    for url in urls:
        parts = urlsplit(url)
        endpoint = next(each for each in ENDPOINTS if f"/api/v1{each.path}" == parts.path)
        assert understood(endpoint, parse_qsl(parts.query), {})


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"{stream._FARTHEST} changes are passed" in TEXT
    assert re.search(rf"{stream._MOST_READ}\s+are read", TEXT)
    assert f"{LONGEST_NOTE}\ncharacters" in TEXT
