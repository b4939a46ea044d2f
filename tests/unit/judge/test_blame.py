"""Each passage is blamed on the revision that brought it, and on none in which it is absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge.blame import blame
from scraper.judge.text import fold
from scraper.judge.tokens import tokens
from scraper.model import Block, BlockKind, Release

PIER = "The council approved the new pier on Monday, which will cost some 1,856 crowns in all."
PIER_DEARER = PIER.replace("1,856", "1,956")
LIGHT = "The old lighthouse will be lit again in the spring, said the master of the harbour."
FERRY = "A ferry sails to the island twice a day in summer and once a day for the rest of the year."


def release(*blocks: str) -> Release:
    return Release(title="", blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in blocks))


CASES = {
    "one text": ([(PIER, LIGHT)], [(0, ""), (0, "")]),
    "nothing changed": ([(PIER,), (PIER,), (PIER,)], [(2, "")]),
    "an edit is of the text that brought it": ([(PIER, LIGHT), (PIER_DEARER, LIGHT)], [(0, PIER), (1, "")]),
    "of two edits the later one": ([("a pier of 1",), ("a pier of 2",), ("a pier of 3",)], [(0, "a pier of 2")]),
    "an older edit stays blamed": (
        [(PIER, LIGHT), (PIER_DEARER, LIGHT), (PIER_DEARER, LIGHT, FERRY)], [(1, PIER), (2, ""), (0, "")],
    ),
    "what moved stands since before": ([(PIER, LIGHT, FERRY), (LIGHT, FERRY, PIER)], [(1, ""), (1, ""), (1, "")]),
    "what was gone and came back stands since then": ([(PIER, LIGHT), (LIGHT,), (PIER, LIGHT)], [(0, ""), (2, "")]),
    "an edit that was taken back": ([(PIER,), (PIER_DEARER,), (PIER,)], [(0, PIER_DEARER)]),
    "a block that was parted": ([(f"{PIER} {LIGHT}", FERRY), (PIER, LIGHT, FERRY)], [(1, ""), (1, ""), (1, "")]),
    "blocks that were joined, older still": ([(PIER, LIGHT), (PIER, LIGHT), (f"{PIER} {LIGHT}",)], [(2, "")]),
    "CJK that was parted": (
        [("港の灯台は春に再び灯される予定です。議会は月曜日に新しい桟橋を承認しました。",),
         ("港の灯台は春に再び灯される予定です。", "議会は月曜日に新しい桟橋を承認しました。")],
        [(1, ""), (1, "")],
    ),
    "CJK that was joined, older still": (
        [("灯台は春。", "桟橋も春。"), ("灯台は春。", "桟橋も春。"), ("灯台は春。桟橋も春。",)], [(2, "")],
    ),
    "quotation marks in another style are no edit": ([('He said "so".',), ("He said “so”.",)], [(1, "")]),
    "a sentence that was dropped is an edit": ([(f"{PIER} And so on.",), (PIER,)], [(0, f"{PIER} And so on.")]),
    "an empty text between": ([(PIER,), (), (PIER,)], [(0, "")]),
    "no blocks": ([(PIER,), ()], []),
    "no text": ([], []),
}  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), CASES.values(), ids=CASES.keys())
def test_blame(texts: Sequence[Sequence[str]], expected: list[tuple[int, str]]) -> None:
    found = blame([release(*blocks) for blocks in reversed(texts)])
    assert [(passage.age, passage.replaced) for passage in found] == expected


SENTENCES = st.sampled_from([PIER, PIER_DEARER, LIGHT, FERRY, f"{PIER} {LIGHT}", "so it is", "so it was", "二千十二年"])
TEXTS = st.lists(st.lists(SENTENCES, max_size=5), max_size=6)


def stands(block: str, text: Sequence[str]) -> bool:
    """Whether its words stand in a text, in this order, however they are parted into blocks."""
    return f" {' '.join(tokens(fold(block)).texts)} " in f" {' '.join(tokens(fold(' '.join(text))).texts)} "


@given(TEXTS)
def test_each_block_of_the_newest_text_is_blamed_once(texts: list[list[str]]) -> None:
    found = blame([release(*blocks) for blocks in texts])
    assert len(found) == (len(texts[0]) if texts else 0)


@given(TEXTS)
def test_a_block_stands_in_every_text_from_the_one_it_is_blamed_on(texts: list[list[str]]) -> None:
    for block, passage in zip(texts[0] if texts else [], blame([release(*each) for each in texts]), strict=True):
        assert 0 <= passage.age < len(texts)
        for text in texts[: passage.age + 1]:
            assert stands(block, text)


@given(TEXTS)
def test_a_block_is_older_where_the_text_before_has_it_as_often(texts: list[list[str]]) -> None:
    for block, passage in zip(texts[0] if texts else [], blame([release(*each) for each in texts]), strict=True):
        if passage.age + 1 < len(texts):
            now, before = (Counter(map(fold, texts[passage.age + n])) for n in (0, 1))
            assert not now[fold(block)] or before[fold(block)] < now[fold(block)]


@given(TEXTS)
def test_what_was_replaced_stood_in_the_text_before(texts: list[list[str]]) -> None:
    for passage in blame([release(*blocks) for blocks in texts]):
        if passage.replaced:
            assert stands(passage.replaced, texts[passage.age + 1])


def test_no_text_is_read_once_all_is_known() -> None:
    def given_texts() -> object:
        yield release("now")
        yield release("completely other words stand here")
        pytest.fail("nothing of the newest text can be older")

    assert blame(given_texts()) == blame([release("now"), release("completely other words stand here")])  # type: ignore[arg-type]
