"""Whatever goes wrong becomes one sentence on standard error and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

__all__ = ["UserError", "explained"]


class UserError(Exception):
    """Something asked for can't be done; the message says what, where and what to do."""


def explained(command: Callable[[], object]) -> int:
    """Run a command; its exit code."""
    try:
        command()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 2 if done.code else 0
    except UserError as error:
        return _say(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away: nothing is wrong, and nothing more can be said (see Python's signal docs).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(f"{error.filename or 'output'}: {error.strerror or error}")
    except Exception as error:  # no traceback reaches a user
        if os.environ.get("PRESSWATCH_DEBUG"):
            raise
        return _say(f"this should not happen: {type(error).__name__}: {error}; PRESSWATCH_DEBUG=1 shows where")
    return 0


def _say(sentence: str) -> int:
    sys.stderr.write(f"presswatch: {sentence}\n")
    return 2
