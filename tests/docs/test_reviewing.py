"""docs/reviewing.md: its keys are those of the page, its marks and numbers those of the code, its commands exist."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files
from pathlib import Path

import typer

from presswatch.cli import app
from storage import LONGEST_NOTE, Marked, stream

TEXT = (Path(__file__).parents[2] / "docs" / "reviewing.md").read_text()


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_key_is_described_and_none_that_does_nothing() -> None:
    script = files("presswatch.web").joinpath("static", "stream.js").read_text()
    (keys,) = re.findall(r"const keys = {(.*?)\n  };", script, re.DOTALL)
    bound = {first or second for first, second in re.findall(r'^    (?:"(.)"|(\w)):', keys, re.MULTILINE)}
    rows = re.findall(r"^\| (`.*?) \|", section("Keys"), re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(.)`", row)} == bound


def test_every_mark_is_described() -> None:
    assert [mark.value for mark in Marked if mark.value not in section("Marks")] == []


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"up to {LONGEST_NOTE} characters" in TEXT
    assert f"{stream._FARTHEST} changes at the most" in TEXT


def test_every_command_is_one() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    shown = [shlex.split(line)[1:] for line in re.findall(r"^\$ presswatch .*", TEXT, re.MULTILINE)]
    assert len(shown) == 2
    for _, name, *arguments in shown:
        options = {each for parameter in known[name].params for each in parameter.opts}
        assert {each for each in arguments if each.startswith("--")} <= options
