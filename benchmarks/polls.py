"""What a look costs, stage by stage: ``make bench``. Prints a table of CPU time and ratios; fails on no time.

Everything runs in one process on a network that is a function, so that the figures are the product's own.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from newsroom import Newsroom
from simulation import Simulation, simulated

from scraper.judge import compare, digest
from scraper.model import Block, BlockKind, Release
from scraper.read import extract

PAGES = 500
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def newsroom() -> Newsroom:
    """As many synthetic releases as are polled."""
    made = Newsroom()
    for n in range(PAGES):
        made.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(hours=n + 1))
    return made


async def polls() -> list[tuple[str, float]]:
    """CPU milliseconds a look, by what it comes to."""
    room = newsroom()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        async with simulated(
            room.transport(), start=START, folder=Path(folder), watch={"first_visit": PAGES},
            fetch={"delay_per_host": 0.0},
        ) as world:  # fmt: skip
            await world.watch(room.base)
            await world.round()

            async def everything(world: Simulation) -> None:
                world.clock.now += timedelta(minutes=1)
                await world.app.watch.round(everything=True)

            rows.append(("first reading", await cost(lambda: everything(world))))
            rows.append(("unchanged, 304", await cost(lambda: everything(world))))
            room.validators = False
            rows.append(("unchanged, whole page", await cost(lambda: everything(world))))
            for page in room.pages.values():
                page.version += 1
            rows.append(("changed: revision, evidence, change", await cost(lambda: everything(world))))
            rows.append(("notification to the console", await cost(world.app.deliverer.round)))
    return rows


async def cost(work: Callable[[], Awaitable[object]]) -> float:
    """CPU milliseconds for each page."""
    before = time.process_time()
    await work()
    return (time.process_time() - before) * 1000 / PAGES


def stages() -> list[tuple[str, float]]:
    """CPU milliseconds of the pure stages on one synthetic page of 900 words with three edits."""
    body = [f"Paragraph {n} of the release says that {n * 37} of {n * 91} crates were landed. " * 6 for n in range(10)]
    edited = [text.replace("37", "38", 1) if n in (2, 5, 8) else text for n, text in enumerate(body)]
    before, after = release(body), release(edited)
    page = newsroom().pages["/2026/02/r-0"].markup("https://harbour.example.int", 1).encode()
    return [
        ("read a page", repeated(lambda: extract(page, "https://harbour.example.int/2026/02/r-0"))),
        ("digest", repeated(lambda: digest(before))),
        ("diff of 900 words, 3 edits", repeated(lambda: compare(before, after))),
    ]


def release(body: list[str]) -> Release:
    """A release with these paragraphs."""
    return Release(title="Harbour", blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body))


def repeated(work: Callable[[], object], times: int = 200) -> float:
    """CPU milliseconds of one call."""
    before = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - before) * 1000 / times


def main() -> None:
    """Measure and print."""
    rows = [*asyncio.run(polls()), *stages()]
    unit = next(ms for name, ms in rows if name == "unchanged, 304")
    out = io.StringIO()
    out.write(f"{'':40}{'CPU ms':>10}{'to a 304':>10}\n")
    for name, ms in rows:
        out.write(f"{name:40}{ms:10.2f}{ms / unit:10.2f}\n")
    sys.stdout.write(out.getvalue())


if __name__ == "__main__":
    main()
