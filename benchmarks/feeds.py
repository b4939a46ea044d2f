"""What a request for a feed costs with 100,000 changes in SQLite: ``python -m benchmarks.feeds``. CPU milliseconds.

The first request compares the texts of its entries; later ones find them compared.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from sqlalchemy import Connection, create_engine, insert

from presswatch.web import feeds
from scraper.model import Block, BlockKind, Kind, Release, State
from storage import codec, compress, open_storage, schema

CHANGES, RELEASES, SOURCES, VERSIONS, TEXTS = 100_000, 20_000, 100, 6, 300
START = datetime(2024, 1, 1, tzinfo=UTC)
WEIGHTS = {
    Kind.NEW: 30, Kind.EDITED: 30, Kind.SILENTLY_EDITED: 25, Kind.RESTAMPED: 10, Kind.MOVED: 3, Kind.WITHDRAWN: 1,
    Kind.RESTORED: 1,
}  # fmt: skip
REQUESTS = [
    "", "before=50000", "kind=silently-edited", "kind=moved", "importance=0.9", "kind=withdrawn&importance=1",
    "source=Source+9", "language=fr", "words=harbour", "words=nowhere",
]  # fmt: skip


def texts(draw: random.Random) -> list[list[bytes]]:
    """Releases of 600 words in six versions, each with a few other words, packed."""
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 10))) for _ in range(8_000)]
    made = []
    for _ in range(TEXTS):
        body = [draw.choices(words, k=60) for _ in range(10)]
        versions = []
        for _ in range(VERSIONS):
            versions.append(packed(body, draw.choice(["en", "en", "fr", "de"])))
            for paragraph in draw.sample(body, 3):
                paragraph[draw.randrange(60)] = draw.choice(words)
        made.append(versions)
    return made


def packed(body: list[list[str]], language: str) -> bytes:
    """A release as it is stored."""
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=" ".join(words) + ".") for words in body)
    return compress.pack(codec.release_to(Release(title="The harbour", blocks=blocks, language=language)))


def fill(connection: Connection, draw: random.Random) -> None:
    """So many changes."""
    bodies = texts(draw)
    connection.execute(
        insert(schema.Source),
        [
            {"id": n, "name": f"Source {n}", "home": "", "time_zone": "UTC", "routes": [], "created_at": START}
            for n in range(1, SOURCES + 1)
        ],
    )
    for n in range(1, RELEASES + 1):
        facts = {"id": n, "source_id": n % SOURCES + 1, "key": f"k{n}", "url": f"https://news.example/{n}"}
        connection.execute(
            insert(schema.Release).values(**facts, state=State.LIVE, quiet=False, title="", discovered_at=START)
        )
        connection.execute(
            insert(schema.Revision),
            [
                {
                    "release_id": n, "number": number, "observed_at": START, "recipe": 1, "digest": "", "title": "",
                    "words": 600, "content": content,
                }
                for number, content in enumerate(bodies[n % TEXTS], start=1)
            ],
        )  # fmt: skip
    connection.execute(insert(schema.Change), [change(draw, n) for n in range(CHANGES)])


def change(draw: random.Random, number: int) -> dict[str, object]:
    """One of them."""
    release_id, version = draw.randint(1, RELEASES), draw.randint(1, VERSIONS - 1)
    at = START + timedelta(minutes=number)
    return {
        "source_id": release_id % SOURCES + 1, "release_id": release_id, "detected_at": at, "not_after": at,
        "kind": draw.choices([*WEIGHTS], [*WEIGHTS.values()])[0], "title": f"Release {release_id}",
        "url": f"https://news.example/{release_id}", "revision_from": version, "revision_to": version + 1,
        "importance": round(draw.random() ** 4, 2), "reason": "the text changed and the stamp did not move",
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/feeds.db"
        with open_storage(url) as storage:
            with create_engine(url).begin() as connection:
                fill(connection, random.Random(4))
            sys.stdout.write(f"{'CPU ms':32}{'first':>10}{'then':>10}{'entries':>10}\n")
            for number, request in enumerate(REQUESTS):
                # At another address nothing was kept yet.
                place = feeds.Place(address=f"https://watch-{number}.example")

                def ask(request: str = request, place: feeds.Place = place) -> bytes:
                    return feeds.changes(storage, "atom", query=parse_qsl(request), place=place).body

                first, then = cost(ask), min(cost(ask) for _ in range(7))
                sys.stdout.write(f"{request or 'everything':32}{first:10.1f}{then:10.1f}{ask().count(b'<entry>'):10}\n")


def cost(work: Callable[[], object]) -> float:
    """CPU milliseconds of one call."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


if __name__ == "__main__":
    main()
