"""The product as processes of their own, to be started, watched and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="


@dataclass(frozen=True, slots=True)
class Presswatch:
    """A folder with settings, and the commands run in it."""

    folder: Path

    def configure(self, **settings: str) -> None:
        """Write the settings file; values are TOML, keys are dotted with ``__``."""
        lines = [f"{key.replace('__', '.')} = {value}" for key, value in settings.items()]
        (self.folder / "presswatch.toml").write_text("\n".join(lines) + "\n")

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the settings of whoever runs the tests."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PRESSWATCH_")}
        return {**kept, "HOME": str(self.folder), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}

    def start(self, *arguments: str, log: str = "presswatch.log") -> subprocess.Popen[bytes]:
        """A command in the background; what it says goes to a file."""
        with (self.folder / log).open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "presswatch", *arguments],
                cwd=self.folder, env=self.environment, stdout=file, stderr=file,
            )  # fmt: skip

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "presswatch", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints as JSON Lines."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def daemon(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """``presswatch run`` on a free port, ended by SIGTERM."""
        process = self.start("run", "--port", "0", *arguments)
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, and wait for it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def eventually(claim: Callable[[], bool], *, within: float = 120, every: float = 0.1) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + within
    while not claim():
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not come true within {within} seconds")
        time.sleep(every)
