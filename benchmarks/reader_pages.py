"""What the pages of releases, sources and health cost: ``python -m benchmarks.reader_pages DATABASE-URL``.

Reads only. Prints milliseconds from the page function to the finished HTML, without the server, and the largest page.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from presswatch.web import diffs, releases, source, status
from presswatch.web.page import Page
from presswatch.web.rendering import render
from scraper.model import State
from storage import open_storage

_PAGES = 200
_ADDRESS = "http://127.0.0.1:8420"


def main(url: str) -> None:
    with open_storage(url, migrate=False) as storage:
        now = datetime.now(UTC)
        newest = storage.releases(states=(State.LIVE, State.WITHDRAWN), limit=1)
        chance = random.Random(1)
        ids = [chance.randrange(1, newest[0].id + 1) for _ in range(4 * _PAGES)] if newest else []
        read = [number for number in ids if (row := storage.release(number)) and row.current][:_PAGES]
        sources = list(storage.source_names())[:30]
        print("page", "pages", "median ms", "p95 ms", "largest kB", sep="\t")
        _measure("release", lambda n: releases.release(storage, n, query={}, address=_ADDRESS), read)
        _measure("version", lambda n: releases.revision(storage, n, 1, address=_ADDRESS), read)
        _measure("diff in one text", lambda n: diffs.diff(storage, n, query={}), read)
        _measure("diff side by side", lambda n: diffs.diff(storage, n, query={"view": "side"}), read)
        _measure("source", lambda n: source.source(storage, n, now=now), sources)
        _measure("health", lambda _: status.status(storage, now=now), range(5))


def _measure(name: str, make: Callable[[int], Page], ids: Iterable[int]) -> None:
    costs, sizes = [], []
    for number in ids:
        start = time.perf_counter()
        page = make(number)
        sizes.append(len(render(page.template, page.values).encode()))
        costs.append((time.perf_counter() - start) * 1_000)
    costs.sort()
    figures = (statistics.median(costs), costs[int(len(costs) * 0.95)], max(sizes) / 1_000)
    print(name, len(costs), *(f"{figure:.1f}" for figure in figures), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
