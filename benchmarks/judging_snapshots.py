"""Raw captures of policy pages, with what their recorder noted: looks in the order of time, by newsroom.

The recorder's versions are no plain truth; ``tests/corpus/truth/snapshots.json`` says of each disagreement that was
looked at by eye which side is right and why.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.judging_files import moment
from benchmarks.judging_looks import Newsroom, answered
from benchmarks.judging_table import Line
from benchmarks.reading_recorded import Kind as Noted
from benchmarks.reading_recorded import Pair
from benchmarks.reading_refetch import captures_of, pairs_of
from scraper.model import Change, Kind

__all__ = ["measure"]

_TRUTH = Path(__file__).parents[1] / "tests" / "corpus" / "truth" / "snapshots.json"
_TEXT = frozenset({Kind.EDITED, Kind.SILENTLY_EDITED})
_CHANGED = frozenset({Noted.WORDS, Noted.DATES, Noted.LATE, Noted.ORDER})
"""What of the recorder's notes is a change of the page's own text."""
_MOST_FALSE, _LEAST_FOUND = 1.0, 0.98


@dataclass(frozen=True, slots=True)
class _Step:
    """From one capture to the next: what was noted and what was told."""

    pair: Pair
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """How the truth file names it."""
        return f"{self.pair.after['doc'].split(' #')[0]} {self.pair.after['captured_at']}"

    @property
    def is_told(self) -> bool:
        """True where a change of text was reported."""
        return any(change.kind in _TEXT for change in self.changes)


def measure(traces: Path) -> tuple[list[Line], list[str]]:
    """The lines of the table, and each disagreement with the recorder."""
    truth: dict[str, dict[str, str]] = json.loads(_TRUTH.read_text(encoding="utf-8")) if _TRUTH.is_file() else {}
    polls, steps = _watched(traces)
    changed = [step for step in steps if _is_changed(step, truth)]
    false = [step for step in steps if step.is_told and not _is_changed(step, truth)]
    found = sum(step.is_told for step in changed)
    share, rate = found / len(changed), 1_000 * len(false) / polls
    noted = [step for step in steps if step.pair.after["version_recorded"]]
    judged = Counter(truth[step.name]["is"] for step in steps if step.name in truth)
    name = "ota-genai-eu-snapshots"
    lines = [
        Line(set=name, what=f"false reports in 1,000 polls, of {polls}", seen=rate, bar="≤ 1",
             is_met=rate <= _MOST_FALSE),
        Line(set=name, what=f"changes of text reported, of {len(changed)}", seen=share, bar="≥ 0.98",
             is_met=share >= _LEAST_FOUND),
        Line(set=name, what=f"labels as recorded: reported, of {len(noted)}",
             seen=sum(step.is_told for step in noted) / len(noted)),
        Line(set=name, what="labels that an eye judged otherwise", seen=sum(judged.values()) - judged["agreed"]),
    ]  # fmt: skip
    return lines, [*_shown("false", false), *_shown("missed", (s for s in changed if not s.is_told))]


def _is_changed(step: _Step, truth: dict[str, dict[str, str]]) -> bool:
    if step.name in truth:
        return truth[step.name]["is"] == "changed"
    return step.pair.kind in _CHANGED


def _shown(what: str, steps: Iterable[_Step]) -> Iterator[str]:
    for step in steps:
        reasons = "; ".join(change.reason for change in step.changes)
        yield f"{what}: {step.name} | {step.pair.kind} | {step.pair.noted[:200]} | {reasons}"


def _watched(traces: Path) -> tuple[int, list[_Step]]:
    """How often was looked, and every step between captures of one page."""
    by_page = captures_of(traces / "ota-genai-eu-snapshots")
    hosts: dict[str, list[str]] = defaultdict(list)
    for page, captures in by_page.items():
        hosts[urlsplit(captures[0]["url"]).hostname or ""].append(page)
    polls, told = 0, defaultdict[tuple[str, datetime], list[Change]](list)
    for host, pages in hosts.items():
        room = Newsroom(home=f"https://{host}/")
        looks = sorted((moment(c["captured_at"]), c["url"], page, c["html"]) for page in pages for c in by_page[page])
        for at, url, page, html in looks:
            before = len(room.changes)
            room.visit(lambda now, html=html, url=url: answered(html.encode(), url, now), url, at)  # type: ignore[misc]
            told[page, at].extend(room.changes[before:])
        polls += room.polls
    steps = [
        _Step(pair, tuple(told[page, moment(pair.after["captured_at"])]))
        for page, captures in by_page.items()
        for pair in pairs_of(traces, page, captures)
    ]
    return polls, steps
