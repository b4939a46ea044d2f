"""The index of words: SQLite's FTS5 or PostgreSQL's tsvector over the tokens of :mod:`storage.terms`.

    fulltext        every revision: title, body, facts
    fulltext_edits  every revision that has one before it: what came and went with it, and facts

``came`` and ``went`` are the passages that the revision has and the one before it hasn't, and the other way round;
``fresh`` and ``gone`` the words that it has anywhere and the one before it nowhere, and the other way round. The text
itself is not stored a second time: FTS5 holds the tables without content, and must be told what stood in a row to take
it out again. So every row is a function of what the tables of the store hold: of the two texts, and of
``searched.facts``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, text

from scraper.model import Release
from storage.query import Query
from storage.terms import BREAK, MOST_TOKENS, Term, passages, tokens

__all__ = ["Edit", "Fulltext", "Index", "edit", "fulltext", "index_of"]

_MOST_LEXEMES = 900_000
"""Bytes. PostgreSQL refuses a tsvector of more than a mebibyte."""
_MOST_PLACES = 255
_LAST_PLACE = 16_383
"""PostgreSQL counts no further (its manual, "Limitations" of text search)."""


@dataclass(frozen=True, slots=True)
class Fulltext:
    """A row of ``fulltext``: tokens."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    facts: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A row of ``fulltext_edits``: tokens."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    facts: str

    def __bool__(self) -> bool:
        """True where anything came or went."""
        return bool(self.came or self.went)


def fulltext(release: Release, *, facts: str) -> Fulltext:
    """The row of a text."""
    title, *body = passages(release)
    return Fulltext(title=tuple(tokens(title)[:MOST_TOKENS]), body=_joined(body), facts=facts)


def edit(before: Release, after: Release, *, facts: str) -> Edit:
    """The row of a text that came after another one."""
    old, new = passages(before), passages(after)
    had, has = set(old), set(new)
    came, went = _joined(each for each in new if each not in had), _joined(each for each in old if each not in has)
    words_before, words_after = _words(old), _words(new)
    return Edit(
        came=came, went=went, facts=facts,
        fresh=tuple(sorted(words_after - words_before)), gone=tuple(sorted(words_before - words_after)),
    )  # fmt: skip


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for each in texts:
        if len(found) > MOST_TOKENS:
            break
        found += tokens(each)
        found.append(BREAK)
    return tuple(found[:MOST_TOKENS])


def _words(texts: Sequence[str]) -> set[str]:
    title, *body = texts
    return {*tokens(title)[:MOST_TOKENS], *_joined(body)} - {BREAK}


class Index(Protocol):
    """One database's index. ``ids`` are those of revisions."""

    def add(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        """Put a revision in."""

    def remove(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        """Take it out; the rows are those with which it was put in."""

    def newest(
        self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], before_id: int | None, limit: int
    ) -> list[int]:
        """The revisions whose text is asked for, newest first; of each list of ``facts`` one must be theirs."""

    def some(self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], limit: int) -> set[int]:
        """So many of the revisions whose text is asked for, whichever they are: the cheapest way to all of few."""

    def turned(
        self,
        connection: Connection,
        query: Query,
        *,
        came: bool,
        facts: Sequence[Sequence[str]],
        before_id: int | None,
        limit: int,
    ) -> list[int]:
        """Revisions with which it may have come (or gone) that a text is asked for, newest first: none is missing."""

    def having(
        self, connection: Connection, query: Query, ids: Collection[int], *, facts: Sequence[Sequence[str]] = ()
    ) -> set[int]:
        """Those of some revisions whose text is asked for."""

    def check(self, connection: Connection) -> None:
        """Let the database look whether the index is whole in itself.

        Raises:
            DatabaseError: of SQLAlchemy's, it isn't.
        """


def index_of(connection: Connection) -> Index:
    """The index of a database."""
    return _Sqlite() if connection.dialect.name == "sqlite" else _Postgres()


# --- SQLite -----------------------------------------------------------------------------------------------------------

_PLACES = "{title body}"
_MAY_BE_FACT = re.compile("[dmsy][0-9]*|[kl].*")
"""What :mod:`storage.searched` may have among its facts, and its beginnings."""


class _Sqlite:
    """FTS5 without content; its tokenizer only splits at the spaces that we write."""

    def add(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        connection.execute(_ADD, _spaced(revision_id, row))
        if turn:
            connection.execute(_ADD_EDIT, _spaced(revision_id, turn))

    def remove(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        connection.execute(_REMOVE, _spaced(revision_id, row))
        if turn:
            connection.execute(_REMOVE_EDIT, _spaced(revision_id, turn))

    def newest(
        self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], before_id: int | None, limit: int
    ) -> list[int]:
        return _ids(connection, "fulltext", f"{_asked(query)}{_narrowed(facts)}", before_id=before_id, limit=limit)

    def some(self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], limit: int) -> set[int]:
        asked = {"asked": f"{_asked(query)}{_narrowed(facts)}", "limit": limit}
        return set(connection.execute(_SOME, asked).scalars().all())

    def turned(
        self,
        connection: Connection,
        query: Query,
        *,
        came: bool,
        facts: Sequence[Sequence[str]],
        before_id: int | None,
        limit: int,
    ) -> list[int]:
        told = " OR ".join(f"({_sign(column, each)})" for column, each in _signs(query, came=came))
        return _ids(connection, "fulltext_edits", f"({told}){_narrowed(facts)}", before_id=before_id, limit=limit)

    def having(
        self, connection: Connection, query: Query, ids: Collection[int], *, facts: Sequence[Sequence[str]] = ()
    ) -> set[int]:
        if not ids:
            return set()
        asked = {"asked": f"{_asked(query)}{_narrowed(facts)}", "ids": json.dumps(list(ids))}
        if not query.is_open:
            return set(connection.execute(_HAVING, asked).scalars())
        return set(connection.execute(_HAVING_BY_ONE_WALK, asked | {"first": min(ids), "last": max(ids)}).scalars())

    def check(self, connection: Connection) -> None:
        for table in ("fulltext", "fulltext_edits"):
            connection.execute(text(f"INSERT INTO {table}({table}) VALUES ('integrity-check')"))  # noqa: S608


_ADD = text("INSERT INTO fulltext(rowid, title, body, facts) VALUES (:id, :title, :body, :facts)")
_REMOVE = text(
    "INSERT INTO fulltext(fulltext, rowid, title, body, facts) VALUES ('delete', :id, :title, :body, :facts)"
)
_ADD_EDIT = text(
    "INSERT INTO fulltext_edits(rowid, came, went, fresh, gone, facts)"
    " VALUES (:id, :came, :went, :fresh, :gone, :facts)"
)
_REMOVE_EDIT = text(
    "INSERT INTO fulltext_edits(fulltext_edits, rowid, came, went, fresh, gone, facts)"
    " VALUES ('delete', :id, :came, :went, :fresh, :gone, :facts)"
)
_SOME = text("SELECT rowid FROM fulltext WHERE fulltext MATCH :asked LIMIT :limit")
"""In the order in which FTS5 stores them: backwards it walks a third slower."""
_HAVING = text(
    "SELECT wanted.value FROM json_each(:ids) AS wanted CROSS JOIN fulltext"
    " WHERE fulltext MATCH :asked AND fulltext.rowid = wanted.value"
)
"""One look-up for each id, and never all that has the words: CROSS JOIN keeps the order."""
_HAVING_BY_ONE_WALK = text(
    "SELECT rowid FROM fulltext WHERE fulltext MATCH :asked AND rowid BETWEEN :first AND :last"
    " AND +rowid IN (SELECT value FROM json_each(:ids))"
)
"""For each look-up all words that begin alike were merged anew. The sign keeps the ids from being looked up."""


def _spaced(revision_id: int, row: Fulltext | Edit) -> Mapping[str, Any]:
    columns = [name for name in row.__slots__ if name != "facts"]
    return {"id": revision_id, "facts": row.facts, **{name: " ".join(getattr(row, name)) for name in columns}}


def _ids(connection: Connection, table: str, asked: str, *, before_id: int | None, limit: int) -> list[int]:
    before = "" if before_id is None else "AND rowid < :before"
    statement = text(
        f"SELECT rowid FROM {table} WHERE {table} MATCH :asked {before} ORDER BY rowid DESC LIMIT :limit"  # noqa: S608
    )
    given = {"asked": asked, "limit": limit} | ({} if before_id is None else {"before": before_id})
    return list(connection.execute(statement, given).scalars())


def _asked(query: Query) -> str:
    """The expression of FTS5: tokens hold no quotation mark, so that nothing of a query is syntax."""
    if not query.without:
        return f"({' AND '.join(map(_placed, query.terms))})"
    # A phrase is looked for where its first word is and what is unwanted isn't, which is told without any places.
    words = dict.fromkeys(Term(each.tokens[:1]) if len(each.tokens) > 1 else each for each in query.terms)
    without = "".join(f" NOT {_placed(each)}" for each in query.without)
    phrases = "".join(f" AND {_placed(each)}" for each in query.terms if len(each.tokens) > 1)
    return f"((({' AND '.join(map(_placed, words))}){without}){phrases})"


def _placed(wanted: Term) -> str:
    """Without naming columns where no fact can be meant: to sort the places of every row by column is half the cost."""
    may_be_facts = all(map(_MAY_BE_FACT.fullmatch, wanted.tokens))
    return f"{_PLACES} : {_phrase(wanted)}" if may_be_facts else _phrase(wanted)


def _narrowed(facts: Sequence[Sequence[str]]) -> str:
    return "".join(" AND (" + " OR ".join(f'facts : "{each}"' for each in some) + ")" for some in facts)


def _sign(column: str, wanted: Term) -> str:
    other = _OTHER.get(column)
    without = "" if other is None else f" NOT {other} : {_phrase(wanted)}"
    return f"{column} : {_phrase(wanted)}{without}"


def _phrase(wanted: Term) -> str:
    return f'"{" ".join(wanted.tokens)}"{"*" if wanted.open else ""}'


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


class _Postgres:
    """tsvector and tsquery written out by us, so that neither parser nor dictionary of the server comes in.

    The title's words have the weight A, the body's D; a fact is a word with a sign before it that no token has.
    """

    def add(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        words = _vector([("A", row.title), ("", row.body)], row.facts)
        connection.execute(_PG_ADD, {"id": revision_id, "words": words})
        if turn:
            connection.execute(
                _PG_ADD_EDIT,
                {
                    "id": revision_id,
                    "came": _vector([("A", turn.fresh), ("", turn.came)], turn.facts),
                    "went": _vector([("A", turn.gone), ("", turn.went)], turn.facts),
                },
            )

    def remove(self, connection: Connection, revision_id: int, row: Fulltext, turn: Edit | None) -> None:
        del row, turn
        for table in ("fulltext", "fulltext_edits"):
            connection.execute(text(f"DELETE FROM {table} WHERE revision_id = :id"), {"id": revision_id})  # noqa: S608

    def newest(
        self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], before_id: int | None, limit: int
    ) -> list[int]:
        asked = " & ".join([_pg_asked(query), *_pg_facts(facts)])
        return _pg_ids(connection, "fulltext", "words @@ (:asked)::tsquery", {"asked": asked}, before_id, limit)

    def some(self, connection: Connection, query: Query, *, facts: Sequence[Sequence[str]], limit: int) -> set[int]:
        asked = {"asked": " & ".join([_pg_asked(query), *_pg_facts(facts)]), "limit": limit}
        return set(connection.execute(_PG_SOME, asked).scalars().all())

    def turned(
        self,
        connection: Connection,
        query: Query,
        *,
        came: bool,
        facts: Sequence[Sequence[str]],
        before_id: int | None,
        limit: int,
    ) -> list[int]:
        """A word that is new has the weight A, a phrase that came has any other."""
        columns = {"fresh": "came", "gone": "went"}
        narrowed, given, conditions = _pg_facts(facts), dict[str, Any](), []
        for number, (column, each) in enumerate(_signs(query, came=came)):
            phrase, other = _pg_phrase(each, "A" if column in columns else "D"), _OTHER.get(column)
            given[f"told{number}"] = " & ".join([phrase, *narrowed])
            without = "" if other is None else f" AND NOT {other} @@ (:other{number})::tsquery"
            if other is not None:
                given[f"other{number}"] = phrase
            conditions.append(f"{columns.get(column, column)} @@ (:told{number})::tsquery{without}")
        return _pg_ids(connection, "fulltext_edits", f"({' OR '.join(conditions)})", given, before_id, limit)

    def having(
        self, connection: Connection, query: Query, ids: Collection[int], *, facts: Sequence[Sequence[str]] = ()
    ) -> set[int]:
        given = {"asked": " & ".join([_pg_asked(query), *_pg_facts(facts)]), "ids": list(ids)}
        return set(connection.execute(_PG_HAVING, given).scalars()) if ids else set()

    def check(self, connection: Connection) -> None:
        """PostgreSQL offers none; that of its rows is :func:`storage.searched.is_found`."""


_PG_ADD = text("INSERT INTO fulltext(revision_id, words) VALUES (:id, (:words)::tsvector)")
_PG_ADD_EDIT = text(
    "INSERT INTO fulltext_edits(revision_id, came, went) VALUES (:id, (:came)::tsvector, (:went)::tsvector)"
)
_PG_SOME = text("SELECT revision_id FROM fulltext WHERE words @@ (:asked)::tsquery LIMIT :limit")
_PG_HAVING = text("SELECT revision_id FROM fulltext WHERE revision_id = ANY(:ids) AND words @@ (:asked)::tsquery")


def _pg_ids(
    connection: Connection, table: str, condition: str, given: Mapping[str, Any], before_id: int | None, limit: int
) -> list[int]:
    before = "" if before_id is None else "AND revision_id < :before"
    statement = text(
        f"SELECT revision_id FROM {table} WHERE {condition} {before} ORDER BY revision_id DESC LIMIT :limit"  # noqa: S608
    )
    more = {} if before_id is None else {"before": before_id}
    return list(connection.execute(statement, {**given, **more, "limit": limit}).scalars())


def _vector(columns: Sequence[tuple[str, Sequence[str]]], facts: str) -> str:
    """The literal of a tsvector. A column begins behind a gap, so that no phrase reaches over."""
    places: dict[str, list[str]] = {f"={fact}": [] for fact in facts.split()}
    place, room = 0, _MOST_LEXEMES
    for weight, words in columns:
        place += 1
        for word in words:
            place += 1
            if word == BREAK:
                continue
            if word not in places:
                room -= len(word.encode()) + 8
                if room < 0:
                    return _literal(places)
                places[word] = []
            if len(places[word]) < _MOST_PLACES:
                room -= 2
                places[word].append(f"{min(place, _LAST_PLACE)}{weight}")
    return _literal(places)


def _literal(places: Mapping[str, Sequence[str]]) -> str:
    return " ".join(f"'{word}'{':' if some else ''}{','.join(some)}" for word, some in places.items())


def _pg_asked(query: Query) -> str:
    return " & ".join([*map(_pg_phrase, query.terms), *(f"!({_pg_phrase(each)})" for each in query.without)])


def _pg_facts(facts: Sequence[Sequence[str]]) -> list[str]:
    return ["(" + " | ".join(f"'={each}'" for each in some) + ")" for some in facts]


def _pg_phrase(wanted: Term, weight: str = "") -> str:
    *firsts, last = wanted.tokens
    end = f":{'*' if wanted.open else ''}{weight}".rstrip(":")
    middle = f":{weight}".rstrip(":")
    return "(" + " <-> ".join([*(f"'{each}'{middle}" for each in firsts), f"'{last}'{end}"]) + ")"


# --- both -------------------------------------------------------------------------------------------------------------


_OTHER = {"came": "went", "went": "came"}
"""What stands in a passage of the other side, too, neither came nor went."""


def _signs(query: Query, *, came: bool) -> list[tuple[str, Term]]:
    """Where it shows that a text is asked for and the one before it was not: one of these is there.

    A word must be new to the text, a phrase must stand in a passage that is new and in none that is gone; what must not
    be there has gone.
    """
    new, old = ("fresh", "gone"), ("came", "went")
    signs = []
    for is_wanted, terms in ((True, query.terms), (False, query.without)):
        side = 0 if came is is_wanted else 1
        signs += [((new if len(each.tokens) == 1 else old)[side], each) for each in terms]
    return signs
