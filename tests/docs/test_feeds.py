"""docs/feeds.md names every address, parameter and setting of the feeds, and its examples are understood."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from web_views import NOW

from config import Settings
from presswatch.desk import Desk
from presswatch.web import create_app
from presswatch.web.feeds import _LOOKED_THROUGH, _PER_PAGE
from presswatch.web.search import Search, search
from scraper.model import Kind
from storage import open_storage
from storage.stream import _FARTHEST

TEXT = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text()
EXAMPLES = [line for block in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def test_every_parameter_is_described_and_none_that_is_not_there() -> None:
    section = TEXT.split("\n## Searches\n")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    fields = {"sources": "source", "kinds": "kind", "languages": "language"}
    assert named == {fields.get(name, name) for name in Search.__dataclass_fields__}
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in section] == []


def test_every_address_is_described_and_none_that_is_not_there(tmp_path: Path) -> None:
    table = TEXT.split("\n## ")[0]
    described = {re.sub(r"\d+", "N", address) for address in re.findall(r"`(/feeds/[^`]+)`", table)}
    with open_storage(f"sqlite:///{tmp_path}/docs.db") as storage:
        app = create_app(storage, now=lambda: NOW, desk=Desk(storage))
    paths = [getattr(route, "path", "") for route in app.routes]
    served = {re.sub(r"{(?!form)\w+}", "N", path) for path in paths if path.startswith("/feeds")}
    assert described == {path.replace("{form}", form) for path in served for form in ("atom", "json")}


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_a_search(example: str) -> None:
    assert search(parse_qsl(urlsplit(example).query)) != Search()


def test_numbers_are_those_of_the_code() -> None:
    assert f"the last {_LOOKED_THROUGH} changes" in TEXT
    assert f"the last {_FARTHEST} changes" in TEXT
    assert f"A page has {_PER_PAGE} entries" in TEXT


def test_settings_are_settings() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    names = re.findall(r"^(\w+) = ", block, re.MULTILINE)
    assert set(names) <= set(Settings().web.model_dump())
