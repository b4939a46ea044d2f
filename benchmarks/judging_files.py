"""The recordings that the judge is measured on, row by row. They belong to others and are no part of the project."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["moment", "rows"]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Every record of a compressed file of JSON lines."""
    opener = lzma.open if path.suffix == ".xz" else gzip.open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def moment(text: str) -> datetime:
    """A recorded time, in UTC; one without a zone is taken for UTC."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
