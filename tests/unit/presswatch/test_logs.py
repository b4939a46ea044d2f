"""What the daemon logs is written in a thread of its own: a pipe that nobody reads holds up nothing but the log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import logging, sys, time
import structlog
from presswatch import logs
lines, length = map(int, sys.argv[1:3])
logs.set_up(verbose=True, quiet_by_default=False)
log = structlog.get_logger()
with logs.apart():
    began = time.monotonic()
    for number in range(lines):
        log.info("said", number=number, text="x" * length)
    logging.getLogger("somebody.else").warning("100 % of it")
    print(time.monotonic() - began, flush=True)
    if sys.stdin.readline():
        log.info("later")
if lines < 2_000:
    log.warning("after", text="\\x1b[2J")
"""


def started(lines: int, length: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(lines), str(length)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_every_line_is_written_in_order_before_the_end() -> None:
    _, said = started(1_000, 20).communicate(timeout=120)
    *ours, other, after = said.decode().splitlines()
    assert [json.loads(line)["number"] for line in ours] == list(range(1_000))
    assert other == "100 % of it"
    assert json.loads(after)["text"] == "\\u001b[2J"


def test_a_pipe_that_nobody_reads_holds_up_nobody() -> None:
    """Two megabytes, of which a pipe takes 64 KB."""
    process = started(2_000, 1_000)
    assert process.stdout
    assert float(process.stdout.readline()) < 10
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0
    assert said.count(b'"said"') == 2_000, "and what waited is read at last"


def test_the_end_does_not_wait_for_a_pipe_that_nobody_reads() -> None:
    with started(2_000, 1_000) as process:
        assert process.stdin
        process.stdin.close()
        try:
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


def test_lines_that_find_no_room_are_counted() -> None:
    said: list[bytes] = []
    with started(30_000, 100) as process:
        assert process.stdout
        assert process.stdin
        assert process.stderr
        process.stdout.readline()
        while len(said) < 9_000:
            said.append(process.stderr.readline())
        process.stdin.write(b"go on\n")
        process.stdin.close()
        said += process.stderr.read().splitlines()
    assert process.returncode == 0
    written = sum(b'"said"' in line or b"100 %" in line for line in said)
    (told,) = (line for line in said if b"left out" in line)
    assert int(told.split()[0]) == 30_001 - written
    assert sum(b'"later"' in line for line in said) == 1
