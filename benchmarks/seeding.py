"""A SQLite database of 100,000 releases with 1,000,000 revisions, to measure pages and searches on.

    python -m benchmarks.seeding FILE [--releases 100000] [--revisions 10]

The texts are made up: sentences of common words and of names, whose frequencies fall as those of a language do, in
paragraphs as long as those of press releases. Each edit touches one or two passages. Rows are written in bulk through
the store's own functions for content and index, in the order of time; the answers of servers are left out. The last
changes are reviewed, and some of all are starred or noise.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from scraper.model import Block, BlockKind, Kind, Release
from storage import codec, compress, open_storage
from storage.fulltext import edit, fulltext
from storage.searched import kind_fact, language_facts, source_fact, when_facts

START = datetime(2023, 1, 1, tzinfo=UTC)
YEARS = 3
SOURCES = 100
_BULK = 5_000
_MARKS = """
    INSERT INTO mark (change_id, reviewed, starred, noise)
    SELECT id, id > newest - 5000, id % 1000 = 0, id % 997 = 0 FROM change, (SELECT max(id) AS newest FROM change)
    WHERE id > newest - 5000 OR id % 1000 = 0 OR id % 997 = 0
"""
_COMMON = """the of and to in a for on with that as is by at from this will be are its has was an have which their our
their new support states agreement minister council security countries between also government international public
европейский совет министр 北大西洋公约组织 秘书长 zusammenarbeit für élection défense""".split()
_SYLLABLES = (
    "ba be bi bo da de di do fa fi ga ge go ha he ka ke ko la le li lo ma me mi mo na ne ni no pa pe ra re ri".split()
)


@dataclass
class Life:
    """A release and what is to happen to it."""

    id: int
    source: int
    text: Release
    number: int = 0
    revision_id: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--revisions", type=int, default=10)
    given = parser.parse_args()
    began = time.perf_counter()
    seed(given.file, releases=given.releases, revisions=given.revisions)
    print(f"{given.releases * given.revisions:,} revisions in {time.perf_counter() - began:.0f} s")
    _sizes(given.file)


def seed(path: Path, *, releases: int, revisions: int) -> None:
    """Make the database."""
    open_storage(f"sqlite:///{path}").close()
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("PRAGMA journal_mode=MEMORY")
        database.execute("PRAGMA synchronous=OFF")
        for table in ("fulltext", "fulltext_edits"):
            database.execute(f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', {64 << 20})")
        _write(database, releases=releases, revisions=revisions)
        for table in ("fulltext", "fulltext_edits"):
            database.execute(f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', {1 << 20})")
        database.execute("ANALYZE")
        database.execute("PRAGMA journal_mode=WAL")


def _write(database: sqlite3.Connection, *, releases: int, revisions: int) -> None:
    chance, words = random.Random(6), _Words()
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO source (id, name, home, time_zone, routes, created_at) VALUES (?, ?, ?, 'UTC', '[]', ?)",
        [(n, f"Newsroom {n:03}", f"https://n{n}.example/", _sql(START)) for n in range(1, SOURCES + 1)],
    )
    database.executemany(
        "INSERT INTO host (name, next_at) VALUES (?, ?)",
        [(f"n{n}.example", _sql(START)) for n in range(1, SOURCES + 1)],
    )
    last = _sql(START)
    for life, at in _lives(chance, words, releases, revisions):
        old = life.text
        life.number += 1
        if life.number > 1:
            life.text = words.edited(old, chance)
        _revision(database, life, at, old, chance)
        last = _sql(at)
        if life.revision_id % 100_000 == 0:
            print(f"{life.revision_id:,}", flush=True)
    database.execute(_MARKS)
    database.execute(
        "UPDATE page SET last_poll_at = ?, last_ok_at = ?, next_poll_at = strftime('%Y-%m-%d %H:%M:%S.000000', ?,"
        " (id * 7919 % 86400) || ' seconds')", (last, last, last),
    )  # fmt: skip
    database.execute("COMMIT")


def _lives(chance: random.Random, words: _Words, releases: int, revisions: int) -> Iterator[tuple[Life, datetime]]:
    """What happens, in the order of time."""
    step = timedelta(days=365 * YEARS) / releases
    waiting: list[tuple[datetime, int, Life]] = []
    for number in range(1, releases + 1):
        at = START + number * step
        while waiting and waiting[0][0] <= at:
            yield _popped(waiting)
        life = Life(id=number, source=chance.randint(1, SOURCES), text=words.release(chance))
        yield life, at
        for later in sorted(chance.expovariate(1 / 10) for _ in range(revisions - 1)):
            heapq.heappush(waiting, (at + timedelta(days=later), chance.getrandbits(60), life))
    while waiting:
        yield _popped(waiting)


def _popped(waiting: list[tuple[datetime, int, Life]]) -> tuple[Life, datetime]:
    at, _, life = heapq.heappop(waiting)
    return life, at


_counter = iter(range(1, 1 << 40))


def _revision(database: sqlite3.Connection, life: Life, at: datetime, old: Release, chance: random.Random) -> None:
    before, life.revision_id = life.revision_id or None, next(_counter)
    when, text, url = _sql(at), life.text, f"https://n{life.source}.example/news/{life.id}"
    is_new = before is None
    kind = Kind.NEW if is_new else chance.choice((Kind.EDITED, Kind.SILENTLY_EDITED, Kind.SILENTLY_EDITED))
    if is_new:
        database.execute(
            "INSERT INTO page (id, source_id, role, url, host, failures, finds) VALUES (?, ?, 'release', ?, ?, 0, 0)",
            (life.id, life.source, url, f"n{life.source}.example"),
        )
        database.execute(
            "INSERT INTO release (id, source_id, page_id, key, url, state, quiet, title, discovered_at, last_seen_at,"
            " published_at) VALUES (?, ?, ?, ?, ?, 'live', 0, ?, ?, ?, ?)",
            (life.id, life.source, life.id, url[8:], url, text.title, when, when, when),
        )
        database.execute(
            "INSERT INTO address (source_id, key, url, release_id) VALUES (?, ?, ?, ?)",
            (life.source, url[8:], url, life.id),
        )
    database.execute(
        "INSERT INTO revision (id, release_id, number, observed_at, recipe, digest, title, words, content)"
        " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
        (life.revision_id, life.id, life.number, when, f"{chance.getrandbits(256):064x}", text.title, text.words,
         compress.pack(codec.release_to(text))),
    )  # fmt: skip
    database.execute("UPDATE release SET current_revision_id = ? WHERE id = ?", (life.revision_id, life.id))
    database.execute(
        'INSERT INTO "change" (source_id, release_id, kind, detected_at, not_before, not_after, title, url,'
        " revision_from, revision_to, importance, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (life.source, life.id, kind.value, when, None if is_new else _sql(at - timedelta(minutes=20)), when, text.title,
         url, None if is_new else life.number - 1, life.number, round(chance.random(), 2), "Words changed."),
    )  # fmt: skip
    _index(database, life, at, kind, None if is_new else old, before)


def _index(
    database: sqlite3.Connection, life: Life, at: datetime, kind: Kind, old: Release | None, before: int | None
) -> None:
    facts = " ".join([source_fact(life.source), *when_facts(at), kind_fact(kind), *language_facts(life.text.language)])
    row = fulltext(life.text, facts=facts)
    database.execute("INSERT INTO searched VALUES (?, ?, ?)", (life.revision_id, before, facts))
    database.execute(
        "INSERT INTO fulltext (rowid, title, body, facts) VALUES (?, ?, ?, ?)",
        (life.revision_id, " ".join(row.title), " ".join(row.body), facts),
    )
    if old is not None:
        turn = edit(old, life.text, facts=facts)
        columns = [" ".join(each) for each in (turn.came, turn.went, turn.fresh, turn.gone)]
        database.execute(
            "INSERT INTO fulltext_edits (rowid, came, went, fresh, gone, facts) VALUES (?, ?, ?, ?, ?, ?)",
            (life.revision_id, *columns, facts),
        )


class _Words:
    """A language whose words are as unequal as those of a real one."""

    def __init__(self) -> None:
        chance = random.Random(1)
        rare = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))) for _ in range(60_000)}
        self._all = [*dict.fromkeys(_COMMON), *sorted(rare)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._all))))

    def some(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._all, cum_weights=self._weights, k=count)

    def paragraph(self, chance: random.Random) -> str:
        words = self.some(chance, chance.randint(20, 60))
        words[chance.randrange(len(words))] = str(chance.randint(2, 3000))
        return " ".join(words).capitalize() + "."

    def release(self, chance: random.Random) -> Release:
        blocks = tuple(
            Block(kind=BlockKind.PARAGRAPH, text=self.paragraph(chance)) for _ in range(chance.randint(3, 9))
        )
        title = " ".join(self.some(chance, chance.randint(6, 14))).capitalize()
        return Release(title=title, blocks=blocks, language=chance.choice(("en", "en-GB", "fr", "de")))

    def edited(self, text: Release, chance: random.Random) -> Release:
        """One passage reads otherwise, or is new."""
        blocks = list(text.blocks)
        at = chance.randrange(len(blocks))
        if chance.random() < 0.1:
            blocks.insert(at, Block(kind=BlockKind.PARAGRAPH, text=self.paragraph(chance)))
        else:
            words = blocks[at].text.split()
            words[chance.randrange(len(words))] = self.some(chance, 1)[0]
            blocks[at] = replace(blocks[at], text=" ".join(words))
        return replace(text, blocks=tuple(blocks))


def _sql(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _sizes(path: Path) -> None:
    with sqlite3.connect(path) as database:
        print(f"{path.stat().st_size / 1e6:,.0f} MB")
        try:
            rows = database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 14")
            for name, size in rows:
                print(f"{name:28} {size / 1e6:8,.0f} MB")
        except sqlite3.OperationalError:
            return


if __name__ == "__main__":
    main()
