"""What docs/keeping.md says of back-ups is what its commands do."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom, utc
from processes import Presswatch, eventually

TEXT = (Path(__file__).parents[2] / "docs" / "keeping.md").read_text()


def commands(heading: str) -> str:
    part = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"^```\n(.*?)^```", part, re.MULTILINE | re.DOTALL))


@pytest.mark.long
def test_a_back_up_takes_the_place_of_a_database_that_a_killed_daemon_left(tmp_path: Path) -> None:
    newsroom = Newsroom()
    newsroom.add("/2026/02/r-0", "Release number 0", utc(2026, 3, 1, 8, 0))
    (tmp_path / "presswatch").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m presswatch "$@"\n')
    (tmp_path / "presswatch").chmod(0o755)
    with newsroom.served() as base:
        presswatch = Presswatch(tmp_path)
        presswatch.configure(database='"sqlite:///presswatch.db"', fetch__allow_private="true")
        assert presswatch.run("add", f"{base}/feed.xml").returncode == 0
        assert presswatch.run("check").returncode == 0

        def shell(heading: str) -> subprocess.CompletedProcess[str]:
            environment = {**presswatch.environment, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
            return subprocess.run(
                ["sh", "-e", "-c", commands(heading)], cwd=tmp_path, env=environment, capture_output=True, text=True,
                timeout=120, check=False,
            )  # fmt: skip

        done = shell("Back up")
        assert done.returncode == 0, done.stderr
        assert "-wal and -shm" in done.stderr
        process = presswatch.start("run", "--port", "0")
        eventually((tmp_path / "presswatch.db-wal").exists)
        newsroom.pages["/2026/02/r-0"].version += 1
        presswatch.run("check", "--all")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        assert (tmp_path / "presswatch.db-wal").stat().st_size > 0
        restored = shell("Restore")
        assert restored.returncode == 0, restored.stderr
        assert "Everything is as it was written." in restored.stderr
        assert presswatch.lines("changes") == []
