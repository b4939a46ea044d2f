"""Who reads in ``make bench-reading``, on what: the tools beside presswatch, and the evaluators with their pages.

Pages and evaluators belong to others and are no part of the project. Each tool runs in a process of its own, which the
evaluator starts; only one of them works at a time, so that the CPU time of a page is the tool's.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import extractor
from benchmarks.reading_table import LEARNED, OWN

__all__ = ["TOOLS", "Evaluators", "Learner", "NoCorporaError", "Page", "Tool", "folder", "opened", "with_evaluators"]

ROOT = Path(__file__).parents[1]
Page = tuple[bytes, str]
"""Bytes and address."""
Row = dict[str, Any]
"""A page of a set with its truth, as the evaluator has it."""
_SIBLINGS = 4


class NoCorporaError(Exception):
    """There is nothing to measure on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One who reads a page."""

    name: str
    """Its column."""
    adapter: str
    """Its name among the evaluator's adapters; that for its own code is a callable."""
    gives: frozenset[str]
    """What of title, body, published and modified it reads."""
    stamps: str = ""
    """Its adapter where it is asked for stamps, if that is another one."""


_ALL = frozenset({"title", "body", "published", "modified"})
TOOLS = (
    Tool(OWN, "benchmarks.extractor:extract", _ALL),
    Tool(LEARNED, "", _ALL),
    Tool("trafilatura", "trafilatura", _ALL - {"modified"}),
    Tool("traf. precision", "trafilatura_precision", _ALL - {"modified"}),
    Tool("htmldate", "htmldate", frozenset({"published", "modified"}), stamps="htmldate_both"),
    Tool("readability", "readability_lxml", frozenset({"title", "body"})),
    Tool("newspaper4k", "newspaper4k", _ALL - {"modified"}),
)


def folder() -> Path:
    """The folder with ``corpora`` and ``tools``.

    Raises:
        NoCorporaError: it is not there.
    """
    found = Path(os.environ.get("PRESSWATCH_CORPORA") or ROOT.parent / "shared")
    if not (found / "tools" / "evaluate_extraction.py").is_file() or not (found / "corpora" / "extraction").is_dir():
        raise NoCorporaError(
            f"The labelled pages are not at {found}: set PRESSWATCH_CORPORA to the folder that holds `corpora` and "
            "`tools`."
        )
    return found


@dataclass(frozen=True, slots=True)
class Evaluators:
    """The evaluators' modules; they write what was read below a folder of their own and score it there."""

    extraction: Any
    stamps: Any
    stability: Any
    perturb: Any


def with_evaluators(shared: Path, results: Path) -> Evaluators:
    """Import the evaluators so that they keep their files in ``results``."""
    os.environ["EXTRACTION_DATA"] = str(shared / "corpora" / "extraction")
    os.environ["EXTRACTION_RESULTS"] = str(results)
    sys.path.insert(0, str(shared / "tools"))
    names = ("evaluate_extraction", "evaluate_stamps", "evaluate_stability", "perturb")
    return Evaluators(*map(importlib.import_module, names))


@contextmanager
def opened(evaluators: Evaluators, tools: Sequence[Tool], *, stamps: bool = False) -> Iterator[dict[str, Any]]:
    """A process for each tool but the learner, by name; ``call(row)`` or ``call(row, html)`` reads a page."""
    workers = {}
    try:
        for tool in tools:
            if tool.name != LEARNED:
                adapter = (stamps and tool.stamps) or tool.adapter
                workers[tool.name] = evaluators.extraction.Proc(_options(tool.name, adapter))
        yield workers
    finally:
        for worker in workers.values():
            worker.close()


def _options(name: str, adapter: str) -> argparse.Namespace:
    is_own = ":" in adapter
    return argparse.Namespace(
        extractor=name if is_own else adapter,
        callable=adapter if is_own else None,
        worker_cmd=None,
        cmd=None,
        python=sys.executable,
        pythonpath=str(ROOT),
        timeout=60.0,
    )


class Learner:
    """Presswatch after it has seen others: pages of the same host in the sets, and what the caller adds."""

    def __init__(self, evaluators: Evaluators, sets: Sequence[str]) -> None:
        self._page = evaluators.extraction.page
        self._by_host: dict[str, dict[str, Row]] = defaultdict(dict)
        for name in sets:
            for row in evaluators.extraction.load(name):
                if host := _host(row.get("url") or ""):
                    self._by_host[host].setdefault(row["url"], row)

    def siblings(self, row: Row) -> list[Page]:
        """Up to four other pages of the host; the same page in another set is none."""
        url = row.get("url") or ""
        known = [other for address, other in self._by_host.get(_host(url), {}).items() if address != url]
        own = self._page(row) if known else b""
        found = ((self._page(other), other["url"]) for other in known)
        return [page for page in found if page[0] != own][:_SIBLINGS]

    def read(self, row: Row, html: bytes, others: Sequence[Page]) -> Row:
        """What is read of a page, as a worker answers."""
        try:
            answer = extractor.extract_learned(html, row.get("url") or "", list(others))
        except Exception as error:  # noqa: BLE001 - counted as an error like that of any other tool
            return {"id": row["id"], "error": f"{type(error).__name__}: {error}"}
        return {"id": row["id"], **answer}


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if "//" in url else ""
