"""Asking for help costs little: what a command needs is imported when it is run."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from presswatch.cli.commands import ACTIONS

HEAVY = (
    "alembic apscheduler feedparser httpx jinja2 pydantic_settings rapidfuzz selectolax sqlalchemy starlette structlog"
    " uvicorn"
)
"""Not pydantic itself: typer reads the types of options with it."""
CHECK = f"""
import sys
from presswatch.cli import app
sys.argv = ["presswatch", *sys.argv[1:]]
try:
    app()
except SystemExit as done:
    assert not done.code, done.code
print(sorted(set({HEAVY.split()!r}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", ["--help", "--version", "add --help", "secret", "complete"])
def test_no_library_of_the_work_is_imported_for(tmp_path: Path, arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    if arguments == "complete":
        environment |= {"_PRESSWATCH_COMPLETE": "complete_bash", "COMP_WORDS": "presswatch ch", "COMP_CWORD": "1"}
        arguments = ""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, *arguments.split()], cwd=tmp_path, env=environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout
    assert (done.returncode, done.stderr) == (0, "[]\n")


@pytest.mark.parametrize("module", ["keeping", "reading", "searching", "watched"])
def test_what_reads_the_database_loads_no_parser_network_or_web_server(module: str) -> None:
    """Such a command is short because of it: half a second of each second went into imports of no use to it."""
    libraries = "alembic apscheduler feedparser httpx jinja2 selectolax starlette uvicorn".split()
    loaded = f"import sys, presswatch.cli.{module}; print(sorted(set({libraries!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", ACTIONS)
def test_a_command_and_what_does_it_have_the_same_parameters(name: str) -> None:
    module, declared = ACTIONS[name]
    action = getattr(importlib.import_module(f"presswatch.cli.{module}"), name)
    assert list(inspect.signature(action).parameters) == list(inspect.signature(declared).parameters)
    assert all(one.default is one.empty for one in inspect.signature(action).parameters.values())


@pytest.mark.parametrize("module", sorted({module for module, _ in ACTIONS.values()}))
def test_every_action_belongs_to_a_command(module: str) -> None:
    public = importlib.import_module(f"presswatch.cli.{module}").__all__
    commands = {name for name, (where, _) in ACTIONS.items() if where == module}
    assert set(public) - {"FORESEEN", "sources"} == commands
