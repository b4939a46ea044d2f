"""Keeping the index of words true.

Each revision goes in with the transaction that stores it, and what was stored before there was an index goes in by and
by, the newest first.

A revision stays where it is in the index when its release is merged into another: ids of revisions last. When one is
read again, it is taken out with the text that it had and put in with the one that it has; so is the one after it, since
what came with that one is another thing now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, takewhile

from sqlalchemy import Connection, delete, insert, or_, select, update

from scraper.model import Kind, Release
from storage import codec, compress, schema
from storage.database import AnyRow, AnySelect
from storage.fulltext import Edit, edit, fulltext, index_of
from storage.query import Query
from storage.terms import Term, passages, tokens

__all__ = [
    "BELOW",
    "check_index",
    "fill",
    "is_found",
    "keep_searched",
    "kind_fact",
    "language_facts",
    "left",
    "period",
    "rewritten",
    "source_fact",
]

_CHANGE = schema.Change
_META = schema.Meta
_RELEASE = schema.Release
_REVISION = schema.Revision
_SEARCHED = schema.Searched
_SOURCE = schema.Source

BELOW = "search-below"
"""Key of the fact that no revision with a smaller id is in the index yet, but those that are written down as such."""

_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_MOST_SUBTAGS, _LONGEST_SUBTAG = 3, 8
"""Of a language tag (RFC 5646, section 2.1)."""
_FIRST_PASSAGES, _FIRST_WORDS = 8, 12
"""By which it is checked whether a revision is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What the index holds of a revision."""

    revision_id: int
    before_id: int | None
    facts: str
    text: Release
    before: Release | None

    @property
    def turn(self) -> Edit | None:
        return None if self.before is None else edit(self.before, self.text, facts=self.facts)


# --- facts ------------------------------------------------------------------------------------------------------------


def source_fact(source_id: int) -> str:
    """The fact that a revision is of a source."""
    return f"s{source_id}"


def kind_fact(kind: Kind) -> str:
    """The fact that a change of a kind led to a revision."""
    return f"k{kind.value.replace('-', '')}"


def language_facts(tag: str | None) -> list[str]:
    """The facts that a revision is in a language: ``en-GB`` is found as ``en``, too."""
    parts = (tag or "").lower().split("-")[:_MOST_SUBTAGS]
    known = takewhile(lambda part: part.isascii() and part.isalnum() and len(part) <= _LONGEST_SUBTAG, parts)
    return ["l" + each for each in accumulate(known)]


def when_facts(at: datetime) -> list[str]:
    """The facts of when a revision was seen first: day, month and year, UTC."""
    day = at.astimezone(UTC)
    return [f"d{day:%Y%m%d}", f"m{day:%Y%m}", f"y{day:%Y}"]


def period(since: datetime | None, until: datetime | None) -> list[str]:
    """The facts of which one is that of every revision in a period, in whole days and in as few as can be."""
    day = max(since.astimezone(UTC).date() if since else _FIRST_DAY, _FIRST_DAY)
    last = min(until.astimezone(UTC).date() if until else _LAST_DAY, _LAST_DAY)
    found = []
    while day <= last:
        fact, following = f"d{day:%Y%m%d}", day + timedelta(days=1)
        for name, end in ((f"m{day:%Y%m}", _next_month(day)), (f"y{day:%Y}", date(day.year + 1, 1, 1))):
            begins = day.day == 1 and (name[0] == "m" or day.month == 1)
            if begins and end - timedelta(days=1) <= last:
                fact, following = name, end
        found.append(fact)
        day = following
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _facts(source_id: int, observed_at: datetime, kinds: Iterable[Kind], language: str | None) -> str:
    kind = sorted(map(kind_fact, set(kinds)))
    return " ".join([source_fact(source_id), *when_facts(observed_at), *kind, *language_facts(language)])


def _in_language(facts: str, language: str | None) -> str:
    kept = [each for each in facts.split() if not each.startswith("l")]
    return " ".join([*kept, *language_facts(language)])


# --- as revisions are stored ------------------------------------------------------------------------------------------


def keep_searched(
    connection: Connection,
    revision_id: int,
    release: Release,
    *,
    source_id: int,
    observed_at: datetime,
    before_id: int | None,
    kinds: Iterable[Kind],
) -> None:
    """Put a new revision into the index."""
    language = release.language or _own_language(connection, source_id)
    _put(connection, revision_id, release, before_id, _facts(source_id, observed_at, kinds, language))


@contextmanager
def rewritten(connection: Connection, revision_id: int) -> Iterator[None]:
    """Keep the index true while the text of a revision is replaced."""
    touched = or_(_SEARCHED.revision_id == revision_id, _SEARCHED.before_id == revision_id)
    index, old = index_of(connection), _rows(connection, _searched().where(touched))
    for row in old:
        index.remove(connection, row.revision_id, fulltext(row.text, facts=row.facts), row.turn)
    yield
    for row in _rows(connection, _searched().where(touched)):
        facts = _in_language(row.facts, row.text.language) if row.text.language else row.facts
        if facts != row.facts:
            here = _SEARCHED.revision_id == row.revision_id
            connection.execute(update(_SEARCHED).where(here).values(facts=facts))
        turn = None if row.before is None else edit(row.before, row.text, facts=facts)
        index.add(connection, row.revision_id, fulltext(row.text, facts=facts), turn)


def _put(connection: Connection, revision_id: int, text: Release, before_id: int | None, facts: str) -> None:
    before = None if before_id is None else _text_of(connection, before_id)
    new = {"revision_id": revision_id, "before_id": before_id, "facts": facts}
    connection.execute(insert(_SEARCHED).values(**new))
    row = _Row(revision_id=revision_id, before_id=before_id, facts=facts, text=text, before=before)
    index_of(connection).add(connection, revision_id, fulltext(text, facts=facts), row.turn)


# --- what was there before --------------------------------------------------------------------------------------------


def left(connection: Connection) -> int:
    """About how many revisions are not in the index yet: ids of revisions have few gaps."""
    below = connection.execute(select(_META.value).where(_META.key == BELOW)).scalar()
    return 0 if below is None else int(below) - 1


def fill(connection: Connection, most: int) -> int:
    """Put the newest revisions that are not in the index into it, ``most`` at once. How many there were."""
    below = connection.execute(select(_META.value).where(_META.key == BELOW).with_for_update()).scalar()
    if below is None:
        return 0
    rows = connection.execute(
        select(
            _REVISION.id, _REVISION.release_id, _REVISION.number, _REVISION.observed_at, _REVISION.content,
            _RELEASE.source_id, _SOURCE.language,
        )
        .join(_RELEASE, _RELEASE.id == _REVISION.release_id)
        .join(_SOURCE, _SOURCE.id == _RELEASE.source_id)
        .where(_REVISION.id < int(below))
        .order_by(_REVISION.id.desc())
        .limit(most)
    ).all()  # fmt: skip
    for row in rows:
        _fill_one(connection, row)
    if len(rows) < most:
        connection.execute(delete(_META).where(_META.key == BELOW))
    else:
        connection.execute(update(_META).where(_META.key == BELOW).values(value=str(rows[-1].id)))
    return len(rows)


def _fill_one(connection: Connection, row: AnyRow) -> None:
    text = codec.release_from(compress.unpack(row.content))
    led = connection.execute(
        select(_CHANGE.kind, _CHANGE.revision_from)
        .where(_CHANGE.release_id == row.release_id, _CHANGE.revision_to == row.number)
        .where(_CHANGE.revision_from.is_distinct_from(_CHANGE.revision_to))
        .order_by(_CHANGE.id)
    ).all()
    number = led[0].revision_from if led else row.number - 1
    before = select(_REVISION.id).where(_REVISION.release_id == row.release_id, _REVISION.number == number)
    facts = _facts(row.source_id, row.observed_at, [each.kind for each in led], text.language or row.language)
    _put(connection, row.id, text, connection.execute(before).scalar(), facts)


# --- whether it is true -----------------------------------------------------------------------------------------------


def check_index(connection: Connection) -> None:
    """Let the database check the index; see :meth:`storage.fulltext.Index.check`."""
    index_of(connection).check(connection)


def is_found(connection: Connection, revision_id: int, release: Release) -> bool:
    """True where a revision is found by the beginnings of its passages, or is yet to be put into the index."""
    known = connection.execute(select(_SEARCHED.facts).where(_SEARCHED.revision_id == revision_id)).scalar()
    if known is None:
        below = connection.execute(select(_META.value).where(_META.key == BELOW)).scalar()
        return below is not None and revision_id < int(below)
    begun = (Term(tuple(tokens(each)[:_FIRST_WORDS])) for each in passages(release)[:_FIRST_PASSAGES])
    terms = tuple(each for each in begun if each.tokens)
    facts = [[fact] for fact in known.split()]
    return not terms or bool(index_of(connection).having(connection, Query(terms=terms), [revision_id], facts=facts))


# --- parts ------------------------------------------------------------------------------------------------------------


def _searched() -> AnySelect:
    text, before = _REVISION.__table__.alias("text"), _REVISION.__table__.alias("before")
    columns = text.c.content.label("text"), before.c.content.label("before")
    return (
        select(_SEARCHED.revision_id, _SEARCHED.before_id, _SEARCHED.facts, *columns)
        .join(text, text.c.id == _SEARCHED.revision_id)
        .outerjoin(before, before.c.id == _SEARCHED.before_id)
        .order_by(_SEARCHED.revision_id)
    )


def _rows(connection: Connection, asked: AnySelect) -> list[_Row]:
    return [
        _Row(
            revision_id=row.revision_id, before_id=row.before_id, facts=row.facts, text=_release(row.text),
            before=None if row.before is None else _release(row.before),
        )
        for row in connection.execute(asked)
    ]  # fmt: skip


def _text_of(connection: Connection, revision_id: int) -> Release:
    asked = select(_REVISION.content).where(_REVISION.id == revision_id)
    return _release(connection.execute(asked).scalar_one())


def _release(content: bytes) -> Release:
    return codec.release_from(compress.unpack(content))


def _own_language(connection: Connection, source_id: int) -> str | None:
    language: str | None = connection.execute(select(_SOURCE.language).where(_SOURCE.id == source_id)).scalar()
    return language
