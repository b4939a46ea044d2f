"""Diffs show what changed and nothing else, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import Op, compare
from scraper.judge.diff import words
from scraper.judge.text import fold, tokens
from scraper.model import Block, BlockKind, Release


def release(*body: str, title: str = "A headline") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body))


def shown(before: str, after: str) -> str:
    """``-removed-`` and ``+added+``."""
    marks = {Op.SAME: "", Op.REMOVED: "-", Op.ADDED: "+"}
    return "".join(f"{marks[s.op]}{s.text}{marks[s.op]}" for s in words(before, after)[0])


WORDS = {
    "a number is one token": ("some 1,856 men", "some 1,846 men", "some -1,856-+1,846+ men"),
    "words that touch read as one change": ("a red old car", "a blue new car", "a -red old-+blue new+ car"),
    "an age": ("a 10-year-old boy", "an 11-year-old boy", "-a 10-+an 11+-year-old boy"),
    "quotes and dashes in another style are no change": ("“so” – he", '"so" - he', '"so" - he'),
    "CJK changes by character": ("二千十二年", "二千十三年", "二千十-二-+三+年"),
}


@pytest.mark.parametrize(("before", "after", "expected"), WORDS.values(), ids=WORDS.keys())
def test_words(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


PARTS = {
    "an added block": (("one", "two"), ("one", "new words here", "two"), ["same", "added", "same"]),
    "a removed block": (("one", "gone for good", "two"), ("one", "two"), ["same", "removed", "same"]),
    "a changed block": (("the quick brown fox",), ("the quick red fox",), ["changed"]),
    "a moved block is shown once": (
        ("a b c", "d e f", "g h i"), ("d e f", "g h i", "a b c"), ["same", "same", "moved"],
    ),
    "a change beside an insertion": (
        ("it cost 1856 in all", "end"), ("before it", "it cost 1846 in all", "end"), ["added", "changed", "same"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), PARTS.values(), ids=PARTS.keys())
def test_parts(before: tuple[str, ...], after: tuple[str, ...], expected: list[str]) -> None:
    assert [part.op.value for part in compare(release(*before), release(*after)).parts] == expected


texts = st.lists(st.text(alphabet="ab 12.“é漢\n", max_size=12), max_size=6)


@given(texts, texts)
def test_the_later_text_can_be_read_from_the_diff_and_nothing_is_invented(before: list[str], after: list[str]) -> None:
    old, new = release(*before), release(*after)
    diff = compare(old, new)
    later = [part.text for part in diff.parts if part.op is not Op.REMOVED]
    assert [fold(text) for text in later] == [fold(block.text) for block in new.blocks]
    if [fold(block.text) for block in old.blocks] == [fold(block.text) for block in new.blocks]:
        assert diff.changed == ()


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_the_words(before: str, after: str) -> None:
    segments, _ = words(before, after)
    assert fold("".join(s.text for s in segments if s.op is not Op.ADDED)) == fold(before)
    assert fold("".join(s.text for s in segments if s.op is not Op.REMOVED)) == fold(after)


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text.replace("\n", " ")


HOSTILE = {
    "15,000 words all different": (
        release(" ".join(f"a{n}" for n in range(15_000))), release(" ".join(f"b{n}" for n in range(15_000))),
    ),
    "100,000 equal blocks": (release(*["line"] * 100_000), release(*["line"] * 99_999, "end")),
    "20,000 blocks of two sorts, shuffled": (
        release(*["a", "b"] * 10_000), release(*["b", "b", "a", "a"] * 5_000),
    ),
    "one block of 2 MB": (release("ab " * 700_000), release("ba " * 700_000)),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_bounded_for(before: Release, after: Release) -> None:
    start = time.process_time()
    compare(before, after)
    assert time.process_time() - start < 5


def test_a_diff_that_had_to_be_coarse_says_so() -> None:
    before, after = release("a b " * 10_000 + "x"), release("a b " * 10_000 + "c d " * 9_000)
    assert compare(before, after).coarse
