"""The command line: every command of the public contract.

Machine output goes to standard output, everything for people to standard error but for the tables that were asked for.
Exit codes: 0 done; 1 done, but something failed or differs; 2 could not work, with one sentence why; 130 interrupted.
"""

from __future__ import annotations

import sys

from presswatch.cli import watching, reading, keeping  # isort: skip  # the order of --help
from presswatch.cli.context import app
from presswatch.cli.errors import explained

__all__ = ["app", "main"]

_COMMANDS = (watching, reading, keeping)
"""Imported for the commands that they register with ``app``."""


def main() -> None:
    """The console script."""
    sys.exit(explained(app))
