"""The file: whole lines or none, from two processes at once, on a full disk, and beside whoever rotates it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from messages import hostile, naughty, told, told_of_batch, told_of_health

from presswatch.notify import NotSent, Sent
from presswatch.notify.file import File

ROOT = Path(__file__).parents[3]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


async def test_each_message_is_a_line_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    for key in ("a", "b"):
        assert await File(path).send(told(key=key)) == Sent()
    first, second = lines(path)
    assert (first["id"], second["id"], first["type"]) == ("a", "b", "release.silently-edited")
    assert first["data"]["diff"]["runs"] == [{"removed": "Twelve", "added": "Nine"}]  # type: ignore[index]
    assert path.read_bytes().endswith(b"}\n")


async def test_a_batch_and_a_trouble_are_lines_like_any(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    messages = told_of_batch(), told_of_health()
    for message in messages:
        assert await File(path).send(message) == Sent()
    assert lines(path) == [{"id": message.key, **message.payload} for message in messages]


async def test_a_line_that_a_crash_cut_off_stays_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"id":"a","ty')
    assert await File(path).send(told(key="b")) == Sent()
    torn, whole = path.read_text().splitlines()
    assert torn == '{"id":"a","ty'
    assert json.loads(whole)["id"] == "b"


async def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path, file = tmp_path / "out.jsonl", File(tmp_path / "out.jsonl")
    await file.send(told(key="a"))
    path.rename(tmp_path / "out.jsonl.1")
    await file.send(told(key="b"))
    assert [line["id"] for line in lines(path)] == ["b"]


@pytest.mark.parametrize("kind", ["a folder", "a named pipe", "in no folder", "a device"])
async def test_what_is_no_file_is_a_failure_and_no_crash(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out"
    match kind:
        case "a folder":
            path.mkdir()
        case "a named pipe":
            os.mkfifo(path)
        case "in no folder":
            path = tmp_path / "none" / "out"
        case _:
            path = Path("/dev/null")
    result = await File(path).send(told())
    assert isinstance(result, NotSent)
    assert not result.permanent


SEND = """
import asyncio, sys
from pathlib import Path
from messages import told
from presswatch.notify.file import File
async def main():
    file = File(Path(sys.argv[1]))
    for n in range(int(sys.argv[3])):
        print(await file.send(told(key=f"{sys.argv[2]}-{n}", title="y" * 400)), flush=True)
asyncio.run(main())
"""


def sending(path: Path, name: str, count: int, *, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", before + textwrap.dedent(SEND), str(path), name, str(count)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT}/tests/support"},
    )  # fmt: skip


def test_two_processes_write_no_line_into_another(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    running = [sending(path, name, 20) for name in "ab"]
    assert [each.communicate(timeout=60)[0].count("Sent()") for each in running] == [20, 20]
    keys = [line["id"] for line in lines(path)]
    assert sorted(keys) == sorted(f"{name}-{n}" for name in "ab" for n in range(20))


def test_a_full_disk_leaves_whole_lines_and_is_a_failure_that_is_tried_again(tmp_path: Path) -> None:
    """The process may not make a file longer than so many bytes, in the middle of a line."""
    path = tmp_path / "out.jsonl"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
    said = sending(path, "a", 10, before=limit).communicate(timeout=60)[0].splitlines()
    taken = said.count("Sent()")
    assert 0 < taken < 10
    failed = NotSent(error="the file can't be written to: File too large")
    assert set(said[taken:]) == {str(failed)}
    assert [line["id"] for line in lines(path)] == [f"a-{n}" for n in range(taken)]


@pytest.mark.corpus
async def test_no_payload_or_naughty_string_breaks_a_line(tmp_path: Path) -> None:
    path, payloads = tmp_path / "out.jsonl", naughty()
    file = File(path)
    for start in range(0, len(payloads), 60):
        assert await file.send(hostile(*payloads[start : start + 12])) == Sent()
    assert len(lines(path)) == len(range(0, len(payloads), 60))
