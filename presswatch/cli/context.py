"""What every command shares: the app, the settings, the opened store, and how things are shown."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from config import Settings, find_file, load
from presswatch import __version__, logs
from storage import Storage, open_storage

__all__ = ["JsonOption", "app", "emit", "people", "settings", "store", "tables", "use_logs"]

app = typer.Typer(
    name="presswatch",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
people = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
"""For everything that a person reads on the way: progress, notes, notifications."""
tables = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 10_000)
"""For the tables that a command was asked for; only a terminal has an edge at which they are folded."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]


@dataclass(slots=True)
class _Options:
    file: Path | None = None
    verbose: bool = False
    read: Settings | None = field(default=None)


_options = _Options()


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it  # typer calls it
    if wanted:
        sys.stdout.write(f"presswatch {__version__}\n")
        raise typer.Exit


@app.callback()
def _main(
    config: Annotated[
        Path | None, typer.Option(help="Settings file; else ./presswatch.toml, else the one in your config directory.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every poll.")] = False,
    version: Annotated[  # noqa: ARG001  # acted upon by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watches newsrooms: finds every press release, keeps every version, says what changed."""
    _let_everything_be_printed()
    _options.file, _options.verbose, _options.read = config, verbose, None


def settings() -> Settings:
    """The settings, read once."""
    if _options.read is None:
        _options.read = load(find_file(_options.file))
    return _options.read


def use_logs(*, quiet_by_default: bool = True) -> None:
    """Begin to log as the options say."""
    logs.set_up(verbose=_options.verbose, quiet_by_default=quiet_by_default)


@contextlib.contextmanager
def store() -> Iterator[Storage]:
    """The store of the settings."""
    use_logs()
    storage = open_storage(settings().database)
    try:
        yield storage
    finally:
        storage.close()


def _let_everything_be_printed() -> None:
    """In a locale that can't say everything, say it in escapes rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def emit(value: Mapping[str, object]) -> None:
    """One JSON object on a line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
