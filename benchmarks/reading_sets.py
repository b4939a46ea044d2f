"""Body, title, dates and stamps on sets of labelled pages, for ``make bench-reading``."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.reading_table import LEARNED, OWN, SETS
from benchmarks.reading_tools import Evaluators, Learner, Tool, opened
from scraper.model import Origin
from scraper.read import Unreadable, extract

__all__ = ["measure_sets", "measure_stamps"]

_TRUTH = {"body": "body", "with_": "body", "body_prefix": "body", "title": "title", "date_published": "published"}
"""What a set says of a page, and what a tool must give so that it can be scored."""
_MACHINE = frozenset({Origin.JSON_LD, Origin.META})
_Measured = dict[str, dict[str, float]]


def measure_sets(evaluators: Evaluators, tools: Sequence[Tool], *, every: int, say: Callable[[str], None]) -> _Measured:
    """Scores and median CPU milliseconds of every set, on one in ``every`` of its pages."""
    found: _Measured = {}
    taken: dict[str, list[float]] = {}
    learner = Learner(evaluators, list(SETS))
    for name in SETS:
        rows = evaluators.extraction.load(name)[::every]
        asked = {given for key, given in _TRUTH.items() if any(row.get(key) for row in rows)}
        able = [tool for tool in tools if tool.gives & asked]
        say(f"{name}: {len(rows)} pages, {len(able)} tools")
        for tool_name, times in _read_set(evaluators, name, rows, able, learner).items():
            taken.setdefault(tool_name, []).extend(times)
        for tool in able:
            scores = evaluators.extraction.score_one(tool.name, name, 0)
            for key in ("f1", "seg_f1", "prefix_hit", "title_exact", "pub_acc", "pub_instant_acc"):
                if scores.get(key) is not None:
                    found.setdefault(f"{name}.{key}", {})[tool.name] = scores[key]
            if tool.name != LEARNED:
                found.setdefault(f"{name}.ms", {})[tool.name] = scores["ms_median"]
        _add_ratios(found, name)
    # A tool that gives less was asked for fewer sets: its pages are others.
    pages = max(map(len, taken.values()))
    found["all.ms"] = {tool: median(times) for tool, times in taken.items() if len(times) == pages and tool != LEARNED}
    _add_ratios(found, "all")
    return found


def _read_set(
    evaluators: Evaluators, name: str, rows: Sequence[dict[str, Any]], tools: Sequence[Tool], learner: Learner
) -> dict[str, list[float]]:
    """Every tool reads a page before the next page is read: a busy moment of the machine hits all of them.

    The CPU milliseconds of each page, by tool.
    """
    times: dict[str, list[float]] = {}
    with opened(evaluators, tools) as workers, contextlib.ExitStack() as files:
        out = {}
        for tool in tools:
            path = Path(evaluators.extraction.RES) / tool.name / f"{name}.pred.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            out[tool.name] = files.enter_context(path.open("w"))
        for row in rows:
            for tool in tools:
                if tool.name == LEARNED:
                    answer = learner.read(row, evaluators.extraction.page(row), learner.siblings(row))
                else:
                    answer = workers[tool.name].call(row)
                out[tool.name].write(json.dumps(answer) + "\n")
                times.setdefault(tool.name, []).append(float(answer.get("cpu_ms") or 0.0))
    return times


def _add_ratios(found: _Measured, name: str) -> None:
    times = found.get(f"{name}.ms", {})
    if "trafilatura" in times:
        found[f"{name}.ratio"] = {tool: ms / times["trafilatura"] for tool, ms in times.items()}


def measure_stamps(evaluators: Evaluators, tools: Sequence[Tool], *, say: Callable[[str], None]) -> _Measured:
    """How right stamps are: visible, machine, and traps; on all pages that have any."""
    stamps = evaluators.stamps
    able = [tool for tool in tools if "modified" in tool.gives]
    checked, declared, rows = stamps.items()
    say(f"stamps: {len(checked)} pages checked by hand, {len(declared)} with machine dates that differ")
    learner = Learner(evaluators, list(SETS))
    rows = [_with_path(evaluators, row) for row in rows]
    Path(stamps.OUT).mkdir(parents=True, exist_ok=True)
    found: _Measured = {}
    with opened(evaluators, able, stamps=True) as workers:
        for tool in able:
            with (Path(stamps.OUT) / f"{tool.name}.jsonl").open("w") as out:
                for row in rows:
                    if tool.name == LEARNED:
                        answer = learner.read(row, evaluators.extraction.page(row), learner.siblings(row))
                    else:
                        answer = workers[tool.name].call(row)
                    kept = {key: answer.get(key) for key in ("published", "modified", "cpu_ms")}
                    out.write(json.dumps({"dataset": row["dataset"], "id": row["id"], **kept}) + "\n")
            with contextlib.redirect_stdout(io.StringIO()):
                scores = stamps.summ(tool.name)
            for key in ("H_visible", "Hdiff_visible", "nomachine_visible", "trap_wrong", "M_modified"):
                found.setdefault(f"stamps.{key}", {})[tool.name] = scores[key]
    if any(tool.name == OWN for tool in able):
        found["stamps.declared"] = {OWN: _declared_right(evaluators, declared)}
    return found


def _with_path(evaluators: Evaluators, row: dict[str, Any]) -> dict[str, Any]:
    name = evaluators.extraction.ALIAS.get(row["dataset"], (row["dataset"],))[0]
    return {**row, "path": f"{evaluators.extraction.DATA}/{name}/pages/{row['id']}.html.gz"}


def _declared_right(evaluators: Evaluators, rows: Sequence[dict[str, Any]]) -> float:
    """Share of pages whose machine stamp is among the release's, whatever the page shows beside it.

    A page shows one stamp and declares another: ``modified`` can be only one of them, and is the shown one.
    """
    right = 0
    for row in rows:
        try:
            release = extract(evaluators.extraction.page(_with_path(evaluators, row)), row["url"])
        except Unreadable:
            continue
        read = [stamp.at.isoformat() for stamp in release.stamps if stamp.origin in _MACHINE]
        right += any(evaluators.extraction.date_ok(claim, at) for claim in _claims(row) for at in read)
    return right / len(rows)


def _claims(row: dict[str, Any]) -> list[str]:
    """What the page declares of its last change; ``last-modified`` in its head tells of the file, as a header does."""
    named = {name.lower(): value for name, value in (row.get("meta_modified") or {}).items()}
    named.pop("last-modified", None)
    return [value for value in (row.get("ld_modified"), row.get("itemprop_modified"), *named.values()) if value]
