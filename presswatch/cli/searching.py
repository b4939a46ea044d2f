"""What the command that looks for words does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rich.text import Text

from config import ConfigError
from presswatch.cli.context import emit, known_source, people, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import clean, when
from presswatch.cli.times import moment
from presswatch.clock import utc_now
from presswatch.passage import Passage
from presswatch.shapes import hit_object, hit_passages
from scraper.model import Kind
from storage import BadQuery, Hit, Query, Storage, StorageError, Wanted, Where, parse

__all__ = ["FORESEEN", "search"]

FORESEEN = (ConfigError, StorageError)

_STEPS = 20
"""Of a hundred revisions each, with which an index that is not complete is gone on with before it is asked."""
_PER_PAGE = 100


def search(
    *, words: list[str], where: str, since: str | None, until: str | None, source: str | None, kind: Kind | None,
    language: str | None, limit: int, json: bool,
) -> None:  # fmt: skip
    """List what is found, newest first."""
    try:
        query = parse(" ".join(words))
    except BadQuery as error:
        raise UserError(str(error)) from None
    if where not in set(Where):
        raise UserError(f'--where: "{where}" is none of {", ".join(Where)}')
    place = Where(where)
    wanted = Wanted(
        query=query, where=place, source=source, kind=kind, language=language, limit=min(limit, _PER_PAGE),
        since=_moment("--since", since), until=_moment("--until", until),
    )  # fmt: skip
    with store() as storage:
        if source is not None:
            known_source(storage, source)
        _fill(storage)
        hits = list(_hits(storage, wanted, limit))
        left = storage.unsearched()
    for hit in hits:
        if json:
            emit(hit_object(hit, query, place))
        else:
            _print(hit, query, place)
    if left:
        people.print(f"About {left:,} older revisions are not indexed yet; they follow with presswatch run or check.")
    if not hits and not json:
        people.print("Nothing was found.")


def _moment(option: str, text: str | None) -> datetime | None:
    return None if text is None else moment(option, text, now=utc_now())


def _fill(storage: Storage) -> None:
    for _ in range(_STEPS):
        if not storage.index_revisions():
            return


def _hits(storage: Storage, wanted: Wanted, limit: int) -> Iterable[Hit]:
    """Page by page: a page may be empty, and the next one not."""
    before = None
    while limit > 0:
        found = storage.search(replace(wanted, before_id=before, limit=min(limit, _PER_PAGE)))
        yield from found.hits
        limit, before = limit - len(found.hits), found.next
        if before is None:
            return


def _print(hit: Hit, query: Query, where: Where) -> None:
    kind = f", {hit.kind.value.replace('-', ' ')}" if hit.kind else ""
    tables.print(Text(clean(hit.title), style="bold"), soft_wrap=True)
    tables.print(
        f"{clean(hit.url)}\n{clean(hit.source)}, revision {hit.number}, seen {when(hit.observed_at)} UTC{kind}",
        soft_wrap=True,
    )
    for passage in hit_passages(hit, query, where):
        tables.print(Text("  ").append_text(_marked(passage)), soft_wrap=True)
    tables.print("")


def _marked(passage: Passage) -> Text:
    text = Text()
    for piece in passage.pieces:
        before, after = (" " if edge.isspace() else "" for edge in (piece.text[:1], piece.text[-1:]))
        text.append(f"{before}{clean(piece.text, most=1_000)}{after}", style="bold yellow" if piece.found else "")
    return text
