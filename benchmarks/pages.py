"""How long pages take on a large database, and how much they weigh.

    python -m benchmarks.seeding million.db && python -m benchmarks.pages million.db

Every page is asked of the application itself, in process, by one client: routes, queries, diffs and templates are in
it, a network isn't. Each is asked for other releases, words and places each time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import httpx

from presswatch.desk import Desk
from presswatch.web import create_app
from storage import open_storage

_COMMON = ("the", "of", "council", "minister", "秘书长", "countries")
_RARE = ("lolo", "nene", "kaka", "mimi", "rare", "papa")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    asyncio.run(measure(given.file, times=given.times))


async def measure(path: Path, *, times: int) -> None:
    with open_storage(f"sqlite:///{path}", migrate=False) as storage:
        app = create_app(storage, now=lambda: datetime.now(UTC), desk=Desk(storage))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://watch.example") as client:
            last = storage.changes(newest_first=True, limit=1)[0]
            print(f"{'page':34}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'kB':>9}")
            for name, path_of in _pages(last.release_id, last.id).items():
                await _measure_one(client, name, path_of, times=times)


async def _measure_one(
    client: httpx.AsyncClient, name: str, path_of: Callable[[random.Random], str], *, times: int
) -> None:
    chance, took, sizes = random.Random(1), [], []
    for _ in range(times):
        path = path_of(chance)
        began = time.perf_counter()
        answer = await client.get(path)
        took.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (path, answer.status_code)
        sizes.append(len(answer.content))
    p95 = quantiles(took, n=20)[-1]
    print(f"{name:34}{sorted(took)[times // 2]:9.1f}{p95:9.1f}{max(took):9.1f}{max(sizes) / 1000:9.1f}", flush=True)


def _pages(releases: int, changes: int) -> dict[str, Callable[[random.Random], str]]:
    def source(chance: random.Random) -> str:
        return f"Newsroom+{chance.randint(1, 100):03}"

    return {
        "stream": lambda _: "/",
        "stream, some page of it": lambda c: f"/?before={c.randint(1, changes)}",
        "stream of a source": lambda c: f"/?source={source(c)}",
        "stream of a source and a kind": lambda c: f"/?source={source(c)}&kind={c.choice(('new', 'silently-edited'))}",
        "stream of a kind there is none of": lambda _: "/?kind=withdrawn",
        "stream of two days": lambda c: f"/?from=2024-{(month := c.randint(1, 12)):02}-01&to=2024-{month:02}-02",
        "stream from an importance on": lambda c: f"/?importance=0.{c.randint(90, 99)}&source={source(c)}",
        "stream of an importance of none": lambda _: "/?importance=1",
        "stream of kinds and days": lambda c: f"/?kind=new&kind=edited&to=2024-{c.randint(1, 12):02}-28",
        "stream of common words": lambda c: f"/?words={c.choice(_COMMON)}",
        "stream of a rare word": lambda c: f"/?words={c.choice(_RARE)}&kind=silently-edited",
        "stream of common and no words": lambda c: f"/?words={c.choice(_COMMON)}+-the",
        "stream, unread": lambda _: "/?mark=unread",
        "stream, starred": lambda c: f"/?mark=starred&source={source(c)}",
        "release": lambda c: f"/releases/{c.randint(1, releases)}",
        "revision": lambda c: f"/releases/{c.randint(1, releases)}/revisions/{c.randint(1, 4)}",
        "diff": lambda c: f"/releases/{c.randint(1, releases)}/diff?from=1&to={c.randint(2, 4)}",
        "search, common words": lambda c: f"/search?words={c.choice(_COMMON)}",
        "search, rare word": lambda c: f"/search?words={c.choice(_RARE)}",
        "search, phrase": lambda c: f'/search?words="{c.choice(_COMMON)} {c.choice(_COMMON)}"',
        "search, beginning of words": lambda c: f"/search?words={c.choice(_RARE)}*",
        "search, no hit": lambda c: f"/search?words=zz{c.randint(1, 999_999)}",
        "search in a source": lambda c: f"/search?words={c.choice(_COMMON)}&source={source(c)}",
        "search, appeared": lambda c: f"/search?words={c.choice((*_COMMON, *_RARE))}&where=appeared",
        "search, phrase vanished": lambda c: f'/search?words="{c.choice(_COMMON)} {c.choice(_COMMON)}"&where=vanished',
        "sources": lambda _: "/sources",
        "source": lambda c: f"/sources/{c.randint(1, 100)}",
        "health": lambda _: "/status",
    }


if __name__ == "__main__":
    main()
