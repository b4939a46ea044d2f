"""The same body on every load, and every edit seen: for ``make bench-reading``.

A page is loaded twice with each sort of injected noise and its body compared byte for byte; small real edits must show.
The learner has seen two other loads of the page with the same noise, and other pages of the host; before an edit, two
loads that differ in tokens only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.reading_table import EDITS, LEARNED, NOISES, OWN, SETS
from benchmarks.reading_tools import Evaluators, Learner, Page, Tool, opened

__all__ = ["measure_stability"]

PAGES, PAGES_OF_OTHERS = 160, 30
_LOADS, _LEARNED_FROM = (1, 2), (3, 4)
"""Seeds of the noise."""
_Read = Callable[[str, bytes, Sequence[Page]], dict[str, Any]]


def measure_stability(
    evaluators: Evaluators, tools: Sequence[Tool], *, every: int, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Shares of pages by noise and by edit, for each tool that reads bodies."""
    able = [tool for tool in tools if "body" in tool.gives]
    sample = evaluators.stability.sample(PAGES // every)
    shorter = {row["id"] for row in evaluators.stability.sample(PAGES_OF_OTHERS // every)}
    folder = Path(evaluators.stability.OUT)
    folder.mkdir(parents=True, exist_ok=True)
    learner = Learner(evaluators, list(SETS))
    taken: dict[str, list[dict[str, Any]]] = {tool.name: [] for tool in able}
    with opened(evaluators, able) as workers:
        for number, row in enumerate(sample):
            if number % 20 == 0:
                say(f"stability: page {number} of {len(sample)}")
            asked = [tool.name for tool in able if tool.name in (OWN, LEARNED) or row["id"] in shorter]
            read = _reader(row, workers, learner)
            for name, outcome in _outcomes(evaluators, row, asked, read, learner).items():
                taken[name].append(outcome)
    found: dict[str, dict[str, float]] = {}
    for name, outcomes in taken.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(outcome) + "\n" for outcome in outcomes))
        _add(found, name, evaluators.stability.summ(name))
    return found


def _reader(row: dict[str, Any], workers: dict[str, Any], learner: Learner) -> _Read:
    def read(name: str, html: bytes, others: Sequence[Page]) -> dict[str, Any]:
        return learner.read(row, html, others) if name == LEARNED else workers[name].call(row, html)

    return read


def _outcomes(
    evaluators: Evaluators, row: dict[str, Any], names: Sequence[str], read: _Read, learner: Learner
) -> dict[str, dict[str, Any]]:
    """What each tool makes of the noises and edits of one page, in the evaluator's form."""
    extraction, perturb = evaluators.extraction, evaluators.perturb
    html, truth = extraction.page(row), row["body"]
    url = row.get("url") or ""
    siblings = learner.siblings(row) if LEARNED in names else []

    def others(kind: str) -> list[Page]:
        loads = [(perturb.noise(html, truth, kind, seed), url) for seed in _LEARNED_FROM] if LEARNED in names else []
        return [*loads, *siblings]

    calm, clean = others("tokens"), perturb.clean(html)
    unedited = {name: read(name, clean, calm) for name in names}
    made: dict[str, dict[str, Any]] = {
        name: {"id": row["id"], "f1": _f1(extraction, truth, answer), "noise": {}, "edit": {}}
        for name, answer in unedited.items()
    }
    for kind in [*NOISES, "all"]:
        loads = [perturb.noise(html, truth, kind, seed) for seed in _LOADS]
        seen = others(kind)
        for name in names:
            made[name]["noise"][kind] = _compared(*(read(name, load, seen) for load in loads))
    for kind in EDITS:
        edited = perturb.edit(html, truth, kind, 1)
        if edited is None:
            continue
        for name in names:
            answer = read(name, edited, calm)
            made[name]["edit"][kind] = {
                "body": _body(answer) != _body(unedited[name]),
                "title": answer.get("title") != unedited[name].get("title"),
            }
    return made


def _body(answer: dict[str, Any]) -> str:
    return answer.get("body") or ""


def _f1(extraction: Any, truth: str, answer: dict[str, Any]) -> float:  # noqa: ANN401 - a module
    return float(extraction.agg([extraction.shingle(truth, _body(answer))])[0])


def _compared(one: dict[str, Any], two: dict[str, Any]) -> dict[str, bool]:
    return {
        "same": _body(one) == _body(two),
        "empty": not _body(one).strip(),
        "title_same": one.get("title") == two.get("title"),
        "pub_same": one.get("published") == two.get("published"),
    }


def _add(found: dict[str, dict[str, float]], name: str, scores: dict[str, Any]) -> None:
    if not scores["valid(F1>=.5)"]:
        return
    figures = {kind: scores[kind] for kind in [*NOISES, "all", "mean"]}
    figures["weakest"] = min(scores[kind] for kind in NOISES)
    for key, figure in figures.items():
        found.setdefault(f"stability.{key}", {})[name] = figure
    for kind, figure in scores["edits"].items():
        found.setdefault(f"edits.{kind}", {})[name] = figure
