"""Any text is a query or one sentence that says why not, and the index finds what a query's own definition says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from scraper.model import Block, BlockKind, Kind, Release
from storage.fulltext import _asked, _placed, edit, fulltext, index_of
from storage.query import BadQuery, Query, parse
from storage.searched import kind_fact, language_facts, period, source_fact, when_facts
from storage.terms import BREAK, Term, passages, spans, tokens

WORDS = st.sampled_from(["a", "b", "ab", "abc", "Ä", "北大西", "大", "西", "ı½", "-", ".", "kind", "s1"])
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
RELEASES = st.lists(TEXTS, min_size=1, max_size=4).map(
    lambda some: Release(
        title=some[0], blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in some[1:]), stamps=()
    )
)
ASKED = st.lists(
    st.tuples(st.sampled_from(["", "-", '"', '-"']), TEXTS, st.sampled_from(["", "*", '"'])), max_size=3
).map(lambda parts: " ".join("".join(part) for part in parts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NATO's", ["nato", "s"]),
        ("Türkiye, Łódź", ["turkiye", "lodz"]),
        ("e\u0301te\u0301", ["ete"]),
        ("Ёлка Київ", ["елка", "киів"]),
        ("北大西洋", ["北大", "大西", "西洋", "洋"]),
        ("정부는", ["정부", "부는", "는"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ｶﾞｽ", ["ガス", "ス"]),
        ("½ ﬁn", ["1", "2", "fin"]),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("\ud800 \x00 ¶ _", []),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("asked", "terms", "without"),
    [
        ("a b", [Term(("a",)), Term(("b",))], []),
        ('"a b" -c', [Term(("a", "b"))], [Term(("c",))]),
        ("„a b“ «c d»", [Term(("a", "b")), Term(("c", "d"))], []),
        ('"a b', [Term(("a", "b"))], []),
        ("covid-19", [Term(("covid", "19"))], []),
        ("minist*", [Term(("minist",), open=True)], []),
        ("北", [Term(("北",), open=True)], []),
        ("北大", [Term(("北大",))], []),
        ('"北大 said"', [Term(("北大", "大", "said"))], []),
        ("a a A", [Term(("a",))], []),
        ("NEAR(a, 2) OR facts:s1", [Term(("near", "a")), Term(("2",)), Term(("or",)), Term(("facts", "s1"))], []),
    ],
)
def test_a_query_is_read(asked: str, terms: list[Term], without: list[Term]) -> None:
    assert parse(asked) == Query(terms=tuple(terms), without=tuple(without))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Name at least one word"),
        ('"', "Name at least one word"),
        ("-- ** !", "Name at least one word"),
        ("-a", "only for what is missing"),
        ("a" * 301, "too long"),
        (" ".join(map(str, range(17))), "too many words"),
    ],
)
def test_what_can_not_be_looked_up_is_refused_in_a_sentence(asked: str, said: str) -> None:
    with pytest.raises(BadQuery, match=said) as told:
        parse(asked)
    assert "\n" not in str(told.value)


@given(st.datetimes(), st.datetimes(), st.datetimes())
def test_a_period_is_told_by_the_facts_of_its_days(since: datetime, until: datetime, at: datetime) -> None:
    first, last, seen = (
        each.replace(year=2020 + each.year % 5, tzinfo=UTC, day=each.day % 28 + 1) for each in (since, until, at)
    )
    is_in = first.date() <= seen.date() <= last.date()
    assert len(set(when_facts(seen)) & set(period(first, last))) == is_in
    assert len(period(first, last)) < 90
    assert set(when_facts(seen)) & set(period(None, None))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-GB", ["len", "lengb"]),
        (None, []),
        ("a" * 99, []),
        ("zh_x", []),
        ("de-CH-1996-x", ["lde", "ldech", "ldech1996"]),
    ],
)
def test_a_language_is_found_by_its_beginnings(tag: str | None, expected: list[str]) -> None:
    assert language_facts(tag) == expected


@given(
    st.datetimes(min_value=datetime(1000, 1, 1)),
    st.integers(min_value=1),
    st.sampled_from(Kind),
    st.text("aZ1-", max_size=12),
    st.integers(min_value=1, max_value=9),
)
def test_no_fact_is_taken_for_a_word(at: datetime, source: int, kind: Kind, tag: str, length: int) -> None:
    """What can be no fact is looked for in all columns of the index: a fact must not be among it, nor its beginning."""
    for fact in (source_fact(source), kind_fact(kind), *when_facts(at.replace(tzinfo=UTC)), *language_facts(tag)):
        for asked in (Term((fact,)), Term((fact[:length],), open=True), Term((fact, fact[:length]), open=True)):
            assert _placed(asked).startswith("{title body} : ")
    assert not _placed(Term(("minister", "knew"))).startswith("{")


def test_a_phrase_is_looked_for_where_what_is_unwanted_is_not() -> None:
    """Its first word and the unwanted one are compared without their places, which is half of the cost."""
    assert _asked(parse('"minister council" treaty -the')) == (
        '((("minister" AND "treaty") NOT "the") AND "minister council")'
    )
    assert _asked(parse('"minister council" treaty')) == '("minister council" AND "treaty")'


@given(st.text(max_size=80))
def test_places_and_tokens_of_any_text_agree(some: str) -> None:
    placed = list(spans(some))
    assert [each.text for each in placed] == tokens(some)
    assert all(0 <= each.start < each.end <= len(some) for each in placed)
    assert BREAK not in tokens(some)


@given(st.text(max_size=60))
def test_every_text_that_has_a_token_is_found_by_itself(some: str) -> None:
    try:
        query = parse('"' + some.replace('"', " ") + '"')
    except BadQuery:
        return
    if not query.without:
        assert query.matches([tokens(some)])


@pytest.fixture(scope="module")
def connection() -> Connection:
    """An index in memory."""
    made = create_engine("sqlite://").connect()
    for table, columns in (("fulltext", "title, body"), ("fulltext_edits", "came, went, fresh, gone")):
        made.execute(text(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, facts, content='', tokenize='ascii')"))
    return made


@settings(max_examples=150, deadline=None)
@given(st.lists(RELEASES, min_size=1, max_size=5), st.one_of(ASKED, st.text(max_size=30)))
def test_the_index_finds_what_a_query_means(connection: Connection, versions: list[Release], asked: str) -> None:
    try:
        query = parse(asked)
    except BadQuery:
        return
    index, everything = index_of(connection), dict(enumerate(versions, start=1))
    rows = {
        number: (fulltext(each, facts="s1"), edit(everything[number - 1], each, facts="s1") if number > 1 else None)
        for number, each in everything.items()
    }
    for table in ("fulltext", "fulltext_edits"):
        connection.execute(text(f"INSERT INTO {table}({table}) VALUES ('delete-all')"))  # noqa: S608
    for number, row in rows.items():
        index.add(connection, number, *row)
    matching = [n for n, each in everything.items() if query.matches([tokens(text) for text in passages(each)])]
    turned = {
        came: [n for n in list(everything)[1:] if (n in matching) is came and (n - 1 in matching) is not came]
        for came in (True, False)
    }
    assert sorted(index.newest(connection, query, facts=[["s1", "s2"]], before_id=None, limit=9)) == matching
    assert index.newest(connection, query, facts=[["s2"]], before_id=None, limit=9) == []
    assert index.some(connection, query, facts=[["s1"]], limit=9) == set(matching)
    assert sorted(index.having(connection, query, everything)) == matching
    for came, expected in turned.items():
        told = index.turned(connection, query, came=came, facts=[["s1"]], before_id=None, limit=9)
        assert set(expected) <= set(told)
    for number, row in rows.items():
        index.remove(connection, number, *row)
    connection.commit()  # the check reads the totals that were written
    index.check(connection)
    connection.commit()
    assert index.newest(connection, query, facts=[], before_id=None, limit=9) == []
