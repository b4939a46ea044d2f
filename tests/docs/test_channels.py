"""docs/channels.md names every channel, template and field, and its settings are settings."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from config import Settings
from config.channels import ChannelSettings
from presswatch.notify import Message
from presswatch.notify.retry import SCHEDULE
from presswatch.notify.templates import TEMPLATES, Templates

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "channels.md").read_text()
TYPES = get_args(ChannelSettings.model_fields["type"].annotation)
BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_of_channel_is_in_the_readme_and_has_a_section(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "README.md").read_text()
    assert name == "console" or f"\n## {name}\n" in TEXT


@pytest.mark.parametrize("block", BLOCKS)
def test_its_settings_are_settings(block: str) -> None:
    values = tomllib.loads(block.replace("whsec_…", "whsec_cHJlc3N3YXRjaCBleGFtcGxlIHNlY3JldCE=").replace("…", "x"))
    assert Settings(**values).channels


def test_every_template_field_and_filter_is_named() -> None:
    section = TEXT.split("\n## Templates\n")[1]
    fields = [field.name for field in dataclasses.fields(Message)]
    filters = ["moment", "clock", "stamped", "marked", "folded", "web_link"]
    assert [name for name in (*TEMPLATES, *fields, *filters) if f"`{name}`" not in section] == []
    assert set(filters) <= Templates()._product.filters.keys()


def test_the_pauses_between_attempts_are_those_of_the_code() -> None:
    said = " ".join(TEXT.split())
    assert "after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in said
    assert [int(pause.total_seconds()) for pause in SCHEDULE[1:4]] == [5, 300, 1800]
    assert [pause.total_seconds() / 3600 for pause in SCHEDULE[4:]] == [2, 5, 10, 14, 20, 24]
