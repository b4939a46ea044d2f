"""The command line: every command of the public contract.

Machine output goes to standard output, everything for people to standard error but for the tables that were asked for.
Exit codes: 0 done; 1 done, but something failed or differs; 2 could not work, with one sentence why; 130 interrupted.
"""

from __future__ import annotations

import io
import sys

from presswatch.cli.commands import app
from presswatch.cli.errors import explained

__all__ = ["app", "main"]


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # In a locale that can't say everything, it is said in escapes.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(explained(app))
