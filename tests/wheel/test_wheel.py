"""The wheel carries all that the product needs: templates, styles, migrations. Run against an installed one by CI."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def presswatch() -> str:
    """The console script of the wheel, or of this environment where no wheel was installed for the test."""
    found = os.environ.get("PRESSWATCH_WHEEL") or shutil.which("presswatch", path=str(Path(sys.executable).parent))
    if not found:
        pytest.skip("presswatch is not installed in this environment")
    return found


def run(presswatch: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PRESSWATCH_")}
    environment["HOME"] = str(cwd)
    return subprocess.run(
        [presswatch, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_installed_presswatch_makes_its_database_in_an_empty_folder(presswatch: str, tmp_path: Path) -> None:
    done = run(presswatch, "status", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    tables = sqlite3.connect(tmp_path / "presswatch.db").execute("select name from sqlite_master").fetchall()
    assert ("revision",) in tables


def test_an_installed_presswatch_shows_its_pages(presswatch: str) -> None:
    python = Path(presswatch).with_name("python")
    check = "from importlib.resources import files as f; print(sorted(p.name for p in f('presswatch.web').iterdir()))"
    done = subprocess.run([python, "-I", "-c", check], capture_output=True, text=True, timeout=60, check=True)
    assert "templates" in done.stdout
    assert "static" in done.stdout
