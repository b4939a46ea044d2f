"""The image cannot be built where the tests run: the RUN lines of its first stage are run as a script instead."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "Dockerfile").read_text().splitlines()


def instructions(stage: int, name: str) -> list[str]:
    """What follows an instruction in a stage of the Dockerfile, continued lines joined."""
    text = "\n".join(LINES).replace("\\\n", " ")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    return re.findall(rf"^{name} (.*)$", stages[stage], re.MULTILINE)


def test_the_first_stage_makes_an_environment_that_works_without_its_sources(tmp_path: Path) -> None:
    """COPY and RUN in a clean folder; /opt is a folder of the test, and the result runs from elsewhere."""
    source, opt = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for line in instructions(0, "COPY"):
        *names, target = line.split()
        for name in names:
            where = source / target / (name if target.endswith(("./", "/")) and target == "./" else "")
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, where, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, where)
    script = "\n".join(instructions(0, "RUN")).replace("/opt/", f"{opt}/").replace("python -m", f"{sys.executable} -m")
    opt.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "VIRTUAL_"))}
    done = subprocess.run(
        ["sh", "-euxc", script], cwd=source, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode and re.search(r"[Nn]ame resolution|[Cc]onnection|network", done.stderr):
        pytest.skip("the package index can't be reached here")
    assert done.returncode == 0, done.stderr[-3000:]
    shutil.rmtree(source)
    data = tmp_path / "data"
    data.mkdir()
    run = subprocess.run(
        [opt / "presswatch" / "bin" / "presswatch", "status"], cwd=data, env=environment | {"HOME": str(data)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    python = opt / "presswatch" / "bin" / "python"
    subprocess.run([python, "-c", "import psycopg"], check=True, timeout=60)


def test_what_is_sent_to_the_builder_is_what_the_image_is_made_from() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [name for line in instructions(0, "COPY") for name in line.split()[:-1]]
    assert "*" in lines, "all else stays outside"
    assert {line[1:] for line in lines if line.startswith("!")} == {name.removeprefix("./") for name in copied}


def test_the_image_runs_as_a_user_without_rights_with_a_volume_and_a_health_check() -> None:
    assert instructions(1, "USER") == ["presswatch"]
    assert instructions(1, "VOLUME") == ["/data"]
    assert "8420/health" in instructions(1, "HEALTHCHECK")[0]
    assert instructions(1, "ENTRYPOINT") == ['["presswatch"]']


def test_the_image_listens_beyond_loopback_and_so_both_files_say_that_a_password_comes_first() -> None:
    assert instructions(1, "CMD") == ['["run", "--host", "0.0.0.0"]']
    assert "presswatch password" in (ROOT / "Dockerfile").read_text()
    assert "docker compose run --rm presswatch password" in (ROOT / "compose.yaml").read_text()


def test_compose_publishes_the_pages_to_loopback_only() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert '"127.0.0.1:8420:8420"' in text
    assert "read_only: true" in text
