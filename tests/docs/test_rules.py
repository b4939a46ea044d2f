"""docs/rules.md names every condition and action, and its rules are rules."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from config.rules import RuleSettings
from config.settings import DeliverySettings, Settings
from scraper.model import Kind

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "rules.md").read_text()


def test_every_key_is_in_one_of_its_tables() -> None:
    cells = re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(RuleSettings.model_fields)


def test_every_kind_is_named() -> None:
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in TEXT] == []


def test_its_rules_are_rules_and_do_what_it_says_of_them() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    channels = {name: {"type": "console"} for name in ("desk", "editors")}
    chatter, ministry, rest = Settings(**tomllib.loads(block), channels=channels).rules
    assert chatter.drop
    assert (ministry.go_on, ministry.routes) == (True, ("desk",))
    assert (rest.routes, rest.urgent, rest.digest) == (("editors",), 0.8, "daily")


def test_the_limit_that_it_names_is_that_of_the_settings() -> None:
    assert f"`most_per_hour` in `[delivery]`, {DeliverySettings().most_per_hour} without it" in TEXT
