"""How well real pages are read: floors under the measured figures, so that a change that costs accuracy shows."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from corpora import CORPORA

from benchmarks.extractor import extract
from scraper import dates

pytestmark = pytest.mark.corpus

FOLDER = CORPORA / "extraction"
WORD = re.compile(r"\w+")

if not FOLDER.is_dir():
    pytest.skip(f"no corpus at {FOLDER}", allow_module_level=True)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines():
        yield json.loads(line)


def page(dataset: str, name: str) -> bytes:
    return gzip.decompress((FOLDER / dataset / "pages" / f"{name}.html.gz").read_bytes())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def agreement(true: str, read: str) -> float:
    """F1 of the runs of four words."""
    one, two = shingles(true), shingles(read)
    return 2 * (one & two).total() / (one.total() + two.total())


@pytest.mark.parametrize(("dataset", "floor"), [("zyte_aeb", 0.95), ("fundus", 0.95)])
def test_bodies_are_read(dataset: str, floor: float) -> None:
    pages = [row for row in rows(FOLDER / dataset / "truth.jsonl") if row.get("body")]
    scores = [agreement(row["body"], extract(page(dataset, row["id"]), row["url"])["body"] or "") for row in pages]
    assert mean(scores) >= floor


def test_publication_days_are_read() -> None:
    right = [
        (extract(page("fundus", row["id"]), row["url"])["published"] or "")[:10] in _days(row["date_published"])
        for row in rows(FOLDER / "fundus" / "truth.jsonl")
        if row.get("date_published")
    ]
    assert mean(right) >= 0.97


def _days(text: str) -> set[str]:
    """The day of a time where it was written, and in UTC."""
    moment = dates.parse(text, zone=UTC)
    return {moment.at.date().isoformat(), moment.local.date().isoformat()} if moment else set()


def test_visible_stamps_are_read_and_traps_are_not() -> None:
    checked = [row for row in rows(FOLDER / "lastupdated.jsonl") if row.get("checked")]
    shown = [row for row in checked if row.get("true_visible") not in (None, "relative")]
    right = [(_modified(row) or "").startswith(row["true_visible"]) for row in shown]
    assert mean(right) >= 0.9
    for row in checked:
        if row.get("visible_is_trap"):
            years = {text[:10] for text in (row.get("ld_modified"), *(row.get("meta_modified") or {}).values()) if text}
            assert _modified(row) is None or (_modified(row) or "")[:10] in years | {row.get("true_published")}


def _modified(row: dict[str, Any]) -> str | None:
    dataset = "wcxb_dev" if row["dataset"] == "wcxb_dev_art" else row["dataset"]
    return extract(page(dataset, row["id"]), row["url"])["modified"]
