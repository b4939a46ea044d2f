"""The documents say what the code does: every setting, command, kind and channel is named, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from config import load
from config.settings import ChannelSettings, Settings, SourceSettings, _keys
from presswatch.cli import app
from scraper.model import Kind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> list[str]:
    click = typer.main.get_command(app)
    return sorted(click.commands)  # type: ignore[attr-defined]  # it is a group


def test_the_example_names_every_setting() -> None:
    text = (ROOT / "config" / "example.toml").read_text()
    names = {key.split(".")[-1] for key in _keys(Settings)}
    names |= set(ChannelSettings.model_fields) | set(SourceSettings.model_fields)
    tables = {name for name in names if f".{name}]" in text}
    assert [name for name in sorted(names - tables) if not re.search(rf"^(# )?{name} = ", text, re.MULTILINE)] == []


def test_the_changelog_names_every_command() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert [name for name in commands() if f"`{name}`" not in text and f"`presswatch {name}`" not in text] == []


def test_every_command_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"presswatch (?:presswatch )?([a-z]+)\b(?=[ `\n])", README))
    words = {"presswatch", "run", *commands()}
    assert shown - words <= {"presswatch", "runs"}, shown - words


def test_the_readme_explains_every_kind() -> None:
    assert [kind.value for kind in Kind if kind.value.replace("-", " ") not in README] == []


def test_the_settings_in_the_readme_are_settings() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    values = tomllib.loads(block.replace("whsec_…", "whsec_cHJlc3N3YXRjaCBleGFtcGxlIHNlY3JldCE="))
    assert Settings(**values).sources[0].time_zone == "Europe/Brussels"


def test_the_variables_in_the_readme_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = re.findall(r"^(PRESSWATCH_\w+)='?(.+?)'?$", README, re.MULTILINE)
    assert len(variables) >= 3
    for name, value in variables:
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PRESSWATCH_CHANNELS__DESK__TYPE", "console")
    assert load().routes == ("console", "desk")


@pytest.mark.parametrize(
    "place", ["--config", "PRESSWATCH_CONFIG", "./presswatch.toml", "~/.config/presswatch/presswatch.toml"]
)
def test_the_readme_and_the_example_name_where_settings_are_looked_for(place: str) -> None:
    assert place.removeprefix("./") in README
    assert place in (ROOT / "config" / "example.toml").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_to_a_file(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_architecture_names_every_module_of_the_application() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    folders = [path.name for path in (ROOT / "scraper").iterdir() if path.is_dir() and not path.name.startswith("_")]
    assert [name for name in folders if name not in text] == []


def test_the_readme_says_the_two_commands_first() -> None:
    assert README.index("make run") < README.index("make test") < 900
