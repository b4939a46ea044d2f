"""The changed words in place: cut to what a reader needs, with no word invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_views import text

from presswatch.excerpt import beginning, excerpts
from scraper.judge import Op, Segment, compare
from scraper.model import Release

LONG = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200))


def shown(before: Release, after: Release) -> list[str]:
    marks = {Op.ADDED: "+{}+", Op.REMOVED: "-{}-"}
    found = excerpts(compare(before, after)).shown
    return ["".join(marks.get(s.op, "{}").format(s.text) for s in excerpt.segments).strip() for excerpt in found]


def test_short_block_is_shown_whole() -> None:
    (line,) = shown(text("Twelve vessels will sail."), text("Nine vessels will sail."))
    assert "".join(line.split()) == "-Twelve-+Nine+vesselswillsail."


def test_words_far_from_the_change_are_left_out() -> None:
    (line,) = shown(text(f"{LONG} old {LONG}"), text(f"{LONG} new {LONG}"))
    assert line.startswith("… wordhg ")
    assert line.endswith(" wordal …")
    assert "-old" in line
    assert "+new" in line


def test_gap_between_two_changes_is_cut_in_the_middle() -> None:
    (line,) = shown(text(f"old {LONG} last"), text(f"new {LONG} final"))
    assert "wordal … wordhg" in line


def test_title_comes_first_and_is_marked() -> None:
    found = excerpts(compare(text("A b c d.", title="Old title"), text("A b c e.", title="New title"))).shown
    assert [excerpt.is_title for excerpt in found] == [True, False]


def test_only_the_first_changes_are_shown_and_the_rest_is_counted() -> None:
    before = text(*(f"Paragraph {n} says something of its own: {n * 7}." for n in range(9)))
    after = text(*(f"Paragraph {n} says something of its own: {n * 7 + 1}." for n in range(9)))
    found = excerpts(compare(before, after))
    assert (len(found.shown), found.left_out) == (3, 6)


def test_nothing_changed_gives_nothing() -> None:
    found = excerpts(compare(text("Same."), text("Same.")))
    assert (found.shown, found.left_out) == ((), 0)


@pytest.mark.parametrize(
    "huge", ["x" * 100_000, "word " * 50_000, " " * 100_000 + "x"], ids=["one word", "many words", "white space"]
)
def test_any_text_gives_a_short_excerpt(huge: str) -> None:
    assert sum(len(line) for line in shown(text(huge + "a"), text(huge + " b"))) < 10_000
    assert len(beginning(huge)) < 1_000


def test_beginning_of_a_short_text_is_the_text() -> None:
    assert beginning("A few words.\nAnd more.") == "A few words.\nAnd more."
    assert beginning(LONG).endswith("wordch …")


_WORDS = st.lists(st.sampled_from(["a", "b", "c", "old", "new", LONG]), max_size=8).map(" ".join)


@given(_WORDS, _WORDS)
def test_excerpts_hold_only_words_of_the_diff(before: str, after: str) -> None:
    diff = compare(text(before, title="t"), text(after, title="t"))
    allowed = set(f"{before} {after} …".split())
    for excerpt in excerpts(diff).shown:
        for segment in excerpt.segments:
            assert isinstance(segment, Segment)
            assert set(segment.text.split()) <= allowed
