"""Where third-party pages, feeds and suites stand that are evaluated and are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["CORPORA", "corpus"]

CORPORA = Path(os.environ.get("PRESSWATCH_CORPORA") or Path(__file__).resolve().parents[3] / "shared") / "corpora"
"""``PRESSWATCH_CORPORA`` names the folder that holds ``corpora``; else it is looked for beside the project."""


def corpus(*parts: str) -> Path:
    """A file or folder of the corpora; the test that asks is skipped where it isn't there."""
    path = CORPORA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"there is no {path}; set PRESSWATCH_CORPORA")
    return path
