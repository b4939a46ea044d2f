"""Words are found as a person would find them: whole, in any case, phrases in order, in linear time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.matching import has_words, is_in, marked, terms

TEXT = "The Council approves the eastern pier; C++ and CO2-tax. Größe STRASSE. 国防大臣はABC社を訪問した。"
_SIGN = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("pier", True),
        ("PIER council", True),
        ("pie", False),
        ("iers", False),
        ("pier harbour", False),
        ('"eastern pier"', True),
        ('"pier eastern"', False),
        ("pier eastern", True),
        ('council "eastern  pier"', True),
        ("“eastern pier”", True),
        ('"eastern pier', True),
        ("c++", True),
        ("co2", True),
        ("co2-tax", True),
        ("größe", True),
        ("groesse", False),
        ("straße", True),
        ("大臣", True),
        ("臣大", False),
        ("abc", True),
        ("訪問した", True),
        ("", False),
        ('""', False),
    ],
)
def test_words_are_whole_and_case_does_not_count(wanted: str, found: bool) -> None:
    assert has_words(marked(TEXT), [wanted]) is found


def test_of_several_one_is_enough() -> None:
    assert has_words(marked(TEXT), ["harbour", "pier"])
    assert not has_words(marked(TEXT), ["harbour", "pie"])
    assert not has_words(marked(TEXT), [])


def naive(word: str, text: str) -> bool:
    """Every place is tried; an edge is where letters meet something else, or a sign of a script without spaces."""

    def edge(left: str, right: str) -> bool:
        if _SIGN.match(left) or _SIGN.match(right):
            return True
        return re.match(r"\w", left) is None or re.match(r"\w", right) is None

    for at in range(len(text) - len(word) + 1):
        end = at + len(word)
        left = re.match(r"\w", word[0]) is None or at == 0 or edge(text[at - 1], word[0])
        right = re.match(r"\w", word[-1]) is None or end == len(text) or edge(word[-1], text[end])
        if text[at:end] == word and left and right:
            return True
    return False


@given(st.text("ab_ -+é国の", max_size=40), st.text("ab_-+é国の", min_size=1, max_size=4))
def test_what_is_found_is_what_trying_every_place_finds(text: str, word: str) -> None:
    folded = " ".join(text.split())
    assert (terms(word)[0] in marked(text)) is naive(word, folded)


@pytest.mark.parametrize(("text", "word"), [("a" * 200_000, "a" * 199), ("a-" * 100_000 + "ab", "a-" * 99 + "ab c")])
def test_texts_and_words_made_to_be_slow_are_not(text: str, word: str) -> None:
    began = time.process_time()
    assert not has_words(marked(text), [word])
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("spoken", "wanted", "found"),
    [("en", ("en",), True), ("en-gb", ("de", "en"), True), ("eng", ("en",), False), ("", ("en",), False)],
)
def test_a_language_is_found_by_its_beginning(spoken: str, wanted: tuple[str, ...], found: bool) -> None:
    assert is_in(spoken, wanted) is found
