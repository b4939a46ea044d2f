"""What the actions of commands share: the settings, the opened store, and how things are shown."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Collection, Iterator, Mapping

from rich.console import Console

from config import ConfigError, Settings, find_file, load, profile_of
from config.mistakes import nearest
from presswatch import logs
from presswatch.cli.errors import UserError
from presswatch.cli.options import options
from storage import Storage, open_storage

__all__ = ["emit", "known_source", "people", "settings", "store", "tables", "use_logs", "watched_source"]

people = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
"""For everything that a person reads on the way: progress, notes, notifications."""
tables = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 10_000)
"""For the tables that a command was asked for; only a terminal has an edge at which they are folded."""


def settings() -> Settings:
    """The settings, read once."""
    if options.read is None:
        read = load(find_file(options.file))
        _check_profiles(read)
        options.read = read
    return options.read


def _check_profiles(read: Settings) -> None:
    """Refuse a profile that can never be applied, as any other wrong setting.

    Raises:
        ConfigError: the message says which.
    """
    profiles = [(source.url, profile_of(source)) for source in read.sources if source.profile.model_fields_set]
    if not profiles:
        return
    from scraper.read import BadProfile, check  # noqa: PLC0415 - the parser is loaded where there is a profile

    for url, profile in profiles:
        try:
            check(profile)
        except BadProfile as error:
            raise ConfigError(f"the source {url}: {error}") from None


def use_logs(*, quiet_by_default: bool = True) -> None:
    """Begin to log as the options say."""
    logs.set_up(verbose=options.verbose, quiet_by_default=quiet_by_default)


@contextlib.contextmanager
def store() -> Iterator[Storage]:
    """The store of the settings."""
    use_logs()
    storage = open_storage(settings().database)
    try:
        yield storage
    finally:
        storage.close()


def known_source(storage: Storage, name: str) -> None:
    """Refuse the name of a source that never was watched.

    Raises:
        UserError: there is none; the message names the nearest, or those that there are.
    """
    _among(name, [row.source.name for row in storage.sources(removed=True)])


def watched_source(storage: Storage, name: str) -> None:
    """Refuse the name of a source that is not watched now.

    Raises:
        UserError: there is none; the message names the nearest, or those that there are.
    """
    _among(name, [row.source.name for row in storage.sources()])


def _among(name: str, names: Collection[str]) -> None:
    if name not in names:
        close = nearest(name, names)
        hint = f'did you mean "{close}"?' if close else f"known are: {', '.join(names) or 'none'}"
        raise UserError(f'nothing by the name "{name}" is watched; {hint}')


def emit(value: Mapping[str, object]) -> None:
    """One JSON object on a line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
