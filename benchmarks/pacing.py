"""When pages are looked at, beside the best fixed intervals and an oracle: ``make bench-pacing``.

The judge and the recorded changes belong to others and are no part of the project: ``PRESSWATCH_CORPORA`` says where
they are. Prints a row for each bar with what was seen; exit code 1 where one is not reached. ``--quick`` leaves out the
judge's synthetic world and the product's own loop, which take some minutes.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import pacing_loop
from benchmarks.pacing_policy import Policy
from scraper.model import Rhythm
from scraper.pace import FLAT, Beat, Prior, Week, release, told, wait
from scraper.pace.rhythm import week_of

BARS = (
    ("digitalgov", 1.0, 0.38),
    ("mozilla", 1.0, 0.33),
    ("cisa", 1.0, 0.48),
    ("ai_newsrooms", 4.0, 0.60),
    ("synthetic", 10_000.0, 0.22),
)
TO_ORACLE, WITH_HINTS, DECISION, MILLION = 1.5, 0.5, 20.0, 30.0
SPENT = 0.03
PAGES = 1_000_000
ROOT = Path(__file__).parents[1]
FORMAT = "{:60}{:>9.3f}{:>9.3f}  {}\n"


def main() -> int:
    """Measure, print, and say whether every bar is reached."""
    shared = Path(os.environ.get("PRESSWATCH_CORPORA") or ROOT.parent / "shared")
    sys.path.insert(0, str(shared / "tools"))
    import simulate_policy as judge  # noqa: PLC0415  # it stands where the corpora do

    quick = "--quick" in sys.argv
    sys.stdout.write(f"{'':60}{'seen':>9}{'bar':>9}\n")
    reached = [*decisions()]
    for name, budget, bar in BARS:
        if not (quick and name == "synthetic"):
            reached += scenario(judge, name, budget, bar)
    if not quick:
        reached += [row(*each) for each in pacing_loop.rows(judge, shared / "corpora" / "pacing")]
    return 0 if all(reached) else 1


def scenario(judge: Any, name: str, budget: float, bar: float) -> list[bool]:  # noqa: ANN401  # a module without types
    """One world at one budget."""
    synthetic = name == "synthetic"
    world = judge.synthetic() if synthetic else judge.trace(name)
    watched = sum(world.leave[i] - world.entry[i] for i in range(len(world.kind))) / world.horizon
    per_hour = budget / 24 * (1 if synthetic else watched)

    def mean(policy: type, **more: object) -> dict[str, float]:
        found: dict[str, float] = judge.simulate(world, policy, per_hour, **more)
        return found

    fixed = min(mean(policy)["mean"] for policy in (judge.Fixed, judge.Fixed2))
    ours = mean(Policy)
    what = f"{name}@{budget:g}"
    found = [
        row(f"{what}: delay / best pair of fixed intervals", ours["mean"] / fixed, bar),
        row(f"{what}: requests / budget", abs(ours["used"] - 1), SPENT),
    ]
    if synthetic:
        found += [
            row(f"{what}: delay / oracle", ours["mean"] / mean(judge.Oracle)["mean"], TO_ORACLE),
            row(f"{what}: with hints / without", mean(Policy, hints=(1.0, 0.9))["mean"] / ours["mean"], WITH_HINTS),
        ]
    return found


def decisions() -> list[bool]:
    """CPU time of a decision, and of the next looks of a million pages over a hundred sources."""
    draw = random.Random(1)
    weeks = [week(draw) for _ in range(100)]
    beats = [Beat(draw.choice((0.0, 0.0, 1.0)), draw.uniform(0, 6), draw.uniform(0, 6)) for _ in range(1000)]
    before = time.process_time()
    for page in range(PAGES):
        age = page % 4999 + 0.5
        outlook = release(beats[page % 1000], Prior(), age / 2, age)
        wait(outlook.rate, age, 0.05, weeks[page % 100], outlook.age)
    took = time.process_time() - before
    return [
        row("a decision, microseconds", took / PAGES * 1e6, DECISION),
        row("a million next looks, seconds", took, MILLION),
    ]


def week(draw: random.Random) -> Week:
    """A source that posts in office hours."""
    rhythm = Rhythm()
    for day in range(40):
        at = 24 * day + draw.gauss(11, 3)
        rhythm = told(rhythm, at, at + draw.uniform(0, 6), 1, FLAT)
    return week_of(rhythm)


def row(what: str, seen: float, bar: float) -> bool:
    """Print one; whether it is reached."""
    reached = round(seen, 3) <= bar
    sys.stdout.write(FORMAT.format(what, seen, bar, "reached" if reached else "NOT REACHED"))
    sys.stdout.flush()
    return reached


if __name__ == "__main__":
    sys.exit(main())
