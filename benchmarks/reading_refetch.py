"""Real pages fetched again, for ``make bench-reading``: the body must stand where the text stood and change with it."""

from __future__ import annotations

import gzip
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.reading_recorded import Kind, Pair, differing, pairs
from benchmarks.reading_table import LEARNED, OWN
from benchmarks.reading_tools import Evaluators, Learner, Page, Tool, opened

__all__ = ["captures_of", "measure_refetch", "pairs_of"]

_EARLIER, _SIBLINGS = 3, 4
_COMPARED = (OWN, LEARNED, "trafilatura", "traf. precision")


def measure_refetch(
    evaluators: Evaluators, tools: Sequence[Tool], traces: Path, *, every: int, say: Callable[[str], None]
) -> tuple[dict[str, dict[str, float]], list[str], list[str]]:
    """Shares of pairs on which body and record agree; what was counted; each disagreement of presswatch in lines."""
    able = [tool for tool in tools if tool.name in _COMPARED]
    by_page = captures_of(traces / "ota-genai-eu-snapshots")
    found = [pair for page in list(by_page)[::every] for pair in pairs_of(traces, page, by_page[page])]
    say(f"refetch: {len(found)} pairs of captures")
    agreed: dict[str, dict[Kind, list[bool]]] = {tool.name: defaultdict(list) for tool in able}
    lines: list[str] = []
    learner = Learner(evaluators, [])
    cache: dict[tuple[str, str], _Read] = {}
    with opened(evaluators, able) as workers:
        for number, pair in enumerate(found):
            if number % 100 == 0:
                say(f"refetch: pair {number} of {len(found)}")
            for tool in able:
                if tool.name == LEARNED:
                    others = _known_by(pair.after, by_page)
                    one, two = (_read_learned(learner, capture, others) for capture in (pair.before, pair.after))
                else:
                    one, two = (_read(workers, cache, tool.name, capture) for capture in (pair.before, pair.after))
                agrees = _agrees(pair.kind, one, two)
                agreed[tool.name][pair.kind].append(agrees)
                if tool.name in (OWN, LEARNED) and not agrees:
                    lines.append(_told(tool.name, pair, one[0], two[0]))
    figures: dict[str, dict[str, float]] = {}
    for name, kinds in agreed.items():
        for key, wanted in _COUNTED.items():
            outcomes = [right for kind in wanted for right in kinds[kind]]
            if outcomes:
                figures.setdefault(f"refetch.{key}", {})[name] = sum(outcomes) / len(outcomes)
    counts = Counter(pair.kind for pair in found)
    note = "Re-fetched pairs by what was recorded: " + ", ".join(f"{kind} {counts[kind]}" for kind in Kind) + "."
    return figures, [note], sorted(lines)


_COUNTED = {
    "same": (Kind.NOTHING,),
    "text": (Kind.WORDS, Kind.LATE),
    "dates": (Kind.DATES,),
    "recorded": (Kind.WORDS, Kind.DATES, Kind.ORDER, Kind.MARKUP, Kind.ELSEWHERE, Kind.RECORDER),
}
_Read = tuple[str, str]
"""Body and stamp."""


def _agrees(kind: Kind, one: _Read, two: _Read) -> bool:
    """A change of dates may show in body or stamp; any other in the body."""
    if kind is Kind.NOTHING:
        return one[0] == two[0]
    return one[0] != two[0] or (kind is Kind.DATES and one[1] != two[1])


def _read(workers: dict[str, Any], cache: dict[tuple[str, str], _Read], name: str, capture: dict[str, Any]) -> _Read:
    key = (name, capture["commit"] + capture["doc"])
    if key not in cache:
        cache[key] = _kept(workers[name].call(_row(capture), capture["html"].encode()))
    return cache[key]


def _read_learned(learner: Learner, capture: dict[str, Any], others: Sequence[Page]) -> _Read:
    return _kept(learner.read(_row(capture), capture["html"].encode(), others))


def _row(capture: dict[str, Any]) -> dict[str, Any]:
    return {"id": capture["sha"], "url": capture["url"]}


def _kept(answer: dict[str, Any]) -> _Read:
    return answer.get("body") or "", answer.get("modified") or ""


def _known_by(capture: dict[str, Any], by_page: dict[str, list[dict[str, Any]]]) -> list[Page]:
    """What the site could be learned from before a capture: the page's last captures, the last of its siblings.

    Both captures of a pair are read by what was known at the later one, as the product reads stored evidence again
    after it has learned.
    """
    at, host = capture["captured_at"], urlsplit(capture["url"]).hostname
    earlier = [known for known in by_page[capture["doc"]] if known["captured_at"] < at][-_EARLIER:]
    siblings = [
        known[-1]
        for page, captures in by_page.items()
        if page != capture["doc"] and urlsplit(captures[0]["url"]).hostname == host
        if (known := [other for other in captures if other["captured_at"] < at])
    ][:_SIBLINGS]
    return [(known["html"].encode(), known["url"]) for known in [*earlier, *siblings]]


def _told(name: str, pair: Pair, one: str, two: str) -> str:
    when = f"{pair.before['captured_at'][:16]} → {pair.after['captured_at'][:16]}"
    seen = f"body {differing(one, two)}" if one != two else f"body the same; recorded {pair.noted}"
    return f"{name} | {pair.kind} | {pair.after['doc'].split(' #')[0]} | {when} | {seen}"


def captures_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    by_page: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with lzma.open(folder / "html_sample.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            capture = json.loads(line)
            by_page[capture["doc"]].append(capture)
    for captures in by_page.values():
        captures.sort(key=lambda capture: capture["captured_at"])
    return dict(sorted(by_page.items()))


def pairs_of(traces: Path, page: str, captures: Sequence[dict[str, Any]]) -> list[Pair]:
    times = sorted(
        row["captured_at"] for row in _rows(traces / "ota-genai-eu-snapshots" / "trace.jsonl.gz") if row["doc"] == page
    )
    document = re.sub(r"( #.*)?\.html$", "", page)
    texts = {row["sha"]: row["text"] for row in _rows(traces / "ota-genai-eu-versions" / "contents.jsonl.xz")}
    versions = [
        {**row, "before": texts.get(row["prev"], ""), "after": texts.get(row["sha"], "")}
        for row in _rows(traces / "ota-genai-eu-versions" / "trace.jsonl.gz")
        if row["doc"] == document and row["prev"]
    ]
    return list(pairs(captures, times, sorted(versions, key=lambda row: row["captured_at"])))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = lzma.open if path.suffix == ".xz" else gzip.open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
