"""Diffs show what changed and nothing else, in bounded time."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import Diff, LinkChange, Op, compare
from scraper.judge.text import fold
from scraper.judge.words import words
from scraper.model import Block, BlockKind, Link, Release

PIER = "The council approved the new pier on Monday, which will cost some 1,856 crowns in all."
LIGHT = "The old lighthouse will be lit again in the spring, said the master of the harbour."
FERRY = "A ferry sails to the island twice a day in summer and once a day for the rest of the year."


def release(*body: str, title: str = "A headline") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body))


def shown(before: str, after: str) -> str:
    """``-removed-`` and ``+added+``."""
    marks = {Op.SAME: "", Op.REMOVED: "-", Op.ADDED: "+"}
    return "".join(f"{marks[s.op]}{s.text}{marks[s.op]}" for s in words(before, after).segments)


WORDS = {
    "a number is one token": ("some 1,856 men", "some 1,846 men", "some -1,856-+1,846+ men"),
    "words that touch read as one change": ("a red old car", "a blue new car", "a -red old-+blue new+ car"),
    "an age with what it counts": ("a 10-year-old boy", "an 11-year-old boy", "-a 10-year-old-+an 11-year-old+ boy"),
    "an amount with its currency": ("for €3.5 million now", "for €4 million now", "for -€3.5 million-+€4 million+ now"),
    "quotes and dashes in another style are no change": ("“so” – he", '"so" - he', '"so" - he'),
    "an ellipsis as a character is no change": ("and so… on", "and so... on", "and so... on"),
    "CJK changes by character": ("二千十二年", "二千十三年", "二千十-二-+三+年"),
    "a word of Hindi stays whole": ("यह हिंदी है", "यह उर्दू है", "यह -हिंदी-+उर्दू+ है"),
    "a word that came alone has its space after it": ("a word", "a new word", "a +new +word"),
    "numbers apart stay apart": ("10 of 12 men", "11 of 13 men", "-10-+11+ of -12-+13+ men"),
    "changes are joined over a comma": ("one, two, three", "uno, due, tre", "-one, two, three-+uno, due, tre+"),
    "a rewritten clause is one run": (
        "it said that the works will cost much more than planned",
        "it said on Friday the council could need far less than planned",
        "it said -that the works will cost much more-+on Friday the council could need far less+ than planned",
    ),
    "a space before a comma": ("foo , bar", "foo, bar", "foo- -, bar"),
    "the text came": ("", "now", "+now+"),
    "the text went": ("then", "", "-then-"),
}  # fmt: skip


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
    "a swap of two neighbours is one move": ((PIER, LIGHT, "end"), (LIGHT, PIER, "end"), ["moved", "same", "same"]),
    "a block that moved and was edited": (
        (PIER, LIGHT, FERRY), (LIGHT, FERRY, PIER.replace("1,856", "1,846")), ["same", "same", "moved"],
    ),
    "neighbours that were swapped and edited": (
        (PIER, LIGHT), (LIGHT.replace("spring", "autumn"), PIER.replace("1,856", "1,846")), ["moved", "changed"],
    ),
    "a change beside an insertion": (
        ("it cost 1856 in all", "end"), ("before it", "it cost 1846 in all", "end"), ["added", "changed", "same"],
    ),
    "one block that became two is the same": ((f"{PIER} {LIGHT}", "end"), (PIER, LIGHT, "end"), ["same"] * 3),
    "two blocks that became one are the same": ((PIER, LIGHT), (f"{PIER} {LIGHT}",), ["same"]),
    "a block that became three with an edit in one": (
        (f"{PIER} {LIGHT} {FERRY}",), (PIER, LIGHT.replace("spring", "autumn"), FERRY), ["same", "changed", "same"],
    ),
    "a block that was rewritten": ((PIER,), (FERRY,), ["removed", "added"]),
    "a block whose number is all that it says": (("1,856 crowns",), ("1,846 crowns",), ["changed"]),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), PARTS.values(), ids=PARTS.keys())
def test_parts(before: tuple[str, ...], after: tuple[str, ...], expected: list[str]) -> None:
    found = [part.op.value for part in compare(release(*before), release(*after)).parts]
    assert sorted(found) == sorted(expected) if "moved" in expected else found == expected


def test_a_moved_block_shows_the_words_that_changed_in_it() -> None:
    diff = compare(release(PIER, LIGHT, FERRY), release(LIGHT, FERRY, PIER.replace("1,856", "1,846")))
    assert (list(diff.runs(Op.REMOVED)), list(diff.runs(Op.ADDED))) == (["1,856"], ["1,846"])


def test_a_block_that_was_parted_says_so() -> None:
    assert [part.reflowed for part in compare(release(f"{PIER} {LIGHT}"), release(PIER, LIGHT)).parts] == [True, True]


def test_a_block_of_another_kind_is_a_fact_and_no_change_of_text() -> None:
    before = release("Prices", "text")
    after = Release(title="A headline", blocks=(Block(kind=BlockKind.HEADING, text="Prices"), *before.blocks[1:]))
    diff = compare(before, after)
    assert [part.kind_before for part in diff.parts] == [BlockKind.PARAGRAPH, None]
    assert (diff.changed, diff.text_changed, len(diff.differing)) == ((), False, 1)


def linked(*targets: str) -> Release:
    links = tuple(Link(text=f"link {n}", target=target) for n, target in enumerate(targets))
    return Release(title="A headline", blocks=(Block(kind=BlockKind.PARAGRAPH, text=PIER, links=links),))


def test_a_link_that_leads_elsewhere_is_a_fact_and_no_change_of_text() -> None:
    diff = compare(
        linked("https://a.example/1", "https://b.example/"), linked("https://a.example/2", "http://www.b.example")
    )
    (part,) = diff.differing
    assert part.links == (LinkChange(text="link 0", before="https://a.example/1", after="https://a.example/2"),)
    assert not diff.text_changed


# --- properties -------------------------------------------------------------------------------------------------------

texts = st.lists(st.text(alphabet="ab 12.“é漢\n", max_size=12), max_size=6)
sentences = st.lists(
    st.lists(st.sampled_from(f"{PIER} {LIGHT}".split()), max_size=14).map(" ".join),
    max_size=6,
)  # fmt: skip
bodies = texts | sentences


def before_of(diff: Diff) -> list[str]:
    return [part.text_before for part in diff.parts if part.op is not Op.ADDED]


@given(bodies, bodies)
def test_the_later_text_can_be_read_from_the_diff_and_nothing_is_invented(before: list[str], after: list[str]) -> None:
    diff = compare(release(*before), release(*after))
    later = [part.text for part in diff.parts if part.op is not Op.REMOVED]
    assert fold(" ".join(later)) == fold(" ".join(after))
    assert len(later) == len(after)


@given(bodies, bodies)
def test_every_word_of_the_earlier_text_is_accounted_for(before: list[str], after: list[str]) -> None:
    diff = compare(release(*before), release(*after))
    assert letters(before_of(diff)) == letters(before)


def letters(body: list[str]) -> Counter[str]:
    return Counter(fold("".join(body)).replace(" ", ""))


@given(bodies)
def test_a_text_does_not_differ_from_itself(body: list[str]) -> None:
    diff = compare(release(*body), release(*body))
    assert (diff.differing, diff.title_changed, diff.coarse) == ((), False, None)


@given(bodies, bodies)
def test_what_came_one_way_is_what_went_the_other_way(before: list[str], after: list[str]) -> None:
    there, back = compare(release(*before), release(*after)), compare(release(*after), release(*before))
    assert letters(list(there.runs(Op.ADDED))) == letters(list(back.runs(Op.REMOVED)))
    assert sum(part.op is Op.MOVED for part in there.parts) == sum(part.op is Op.MOVED for part in back.parts)


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_the_words(before: str, after: str) -> None:
    segments = words(before, after).segments
    assert fold("".join(s.text for s in segments if s.op is not Op.ADDED)) == fold(before)
    assert fold("".join(s.text for s in segments if s.op is not Op.REMOVED)) == fold(after)


def test_both_long_texts_can_be_read_from_the_words() -> None:
    chance = random.Random(1)
    before = [f"Sentence number {n} says {chance.choice('abc')}. " for n in range(15_000)]
    after = [text.replace(" a.", " b!") if n % 500 == 0 else text for n, text in enumerate(before)]
    found = words("".join(before), "".join(after))
    assert fold("".join(s.text for s in found.segments if s.op is not Op.ADDED)) == fold("".join(before))
    assert fold("".join(s.text for s in found.segments if s.op is not Op.REMOVED)) == fold("".join(after))
    assert not found.rough


# --- bounds -----------------------------------------------------------------------------------------------------------

LINES = [f"line {n} of a long list" for n in range(100_000)]


def numbered(text: str) -> str:
    return " ".join(text.format(n) for n in range(115_000))


OLD = "This is sentence number {} of the old text."
HOSTILE: dict[str, Callable[[], tuple[list[str], list[str]]]] = {
    "15,000 words all different": lambda: (
        [" ".join(f"a{n}" for n in range(15_000))], [" ".join(f"b{n}" for n in range(15_000))],
    ),
    "15,000 words in another order": lambda: (
        [" ".join(f"a{n}" for n in range(15_000))], [" ".join(f"a{n * 7 % 15_000}" for n in range(15_000))],
    ),
    "100,000 equal blocks": lambda: (["line"] * 100_000, [*["line"] * 99_999, "end"]),
    "100,000 blocks, one changed": lambda: (LINES, [*LINES[:500], "line of another list", *LINES[501:]]),
    "100,000 blocks from last to first": lambda: (LINES, LINES[::-1]),
    "100,000 blocks all different": lambda: (LINES, [line.upper() for line in LINES]),
    "20,000 blocks of two sorts, shuffled": lambda: (["a", "b"] * 10_000, ["b", "b", "a", "a"] * 5_000),
    "one block of 2 MB without a sentence": lambda: (["ab " * 700_000], ["ba " * 700_000]),
    "one block of 5 MB, every sentence different": lambda: (
        [numbered(OLD)], [numbered(OLD.replace("This", "That"))],
    ),
    "one block of 5 MB, one word changed": lambda: (
        [numbered(OLD)], [numbered(OLD).replace("number 555 ", "number 556 ")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("bodies", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_bounded_for(bodies: Callable[[], tuple[list[str], list[str]]]) -> None:
    """The bar is 0.5 s on a machine that does nothing else; ``make bench`` prints the figures."""
    before, after = (release(*body) for body in bodies())
    start = time.process_time()
    compare(before, after)
    assert time.process_time() - start < 2.5


def test_the_diff_of_a_typical_release_costs_little() -> None:
    body = [f"Paragraph {n} of the release says that {n * 37} of {n * 91} crates were landed. " * 6 for n in range(10)]
    edited = [text.replace("37", "38", 1) if n in (2, 5, 8) else text for n, text in enumerate(body)]
    start = time.process_time()
    for _ in range(50):
        compare(release(*body), release(*edited))
    assert (time.process_time() - start) / 50 < 0.02


def test_a_word_in_a_very_long_block_is_found() -> None:
    before, after = HOSTILE["one block of 5 MB, one word changed"]()
    diff = compare(release(*before), release(*after))
    assert (list(diff.runs(Op.REMOVED)), list(diff.runs(Op.ADDED)), diff.coarse) == (["555"], ["556"], None)


def test_a_diff_that_had_to_be_coarse_says_where_and_why() -> None:
    before, after = HOSTILE["one block of 5 MB, every sentence different"]()
    coarse = compare(release(*before), release(*after)).coarse
    assert coarse is not None
    assert "paragraph 1 is too long to be compared word by word" in coarse
    before, after = HOSTILE["100,000 blocks all different"]()
    assert "too many" in str(compare(release(*before), release(*after)).coarse)
