"""Tokens are what a reader would call one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge.text import fold
from scraper.judge.tokens import tokens

TOKENS = {
    "an age": ("a 10-year-old boy", ["a", "10-year-old", "boy"]),
    "thousands": ("1,856 or 1.856 or 1 856 or 1’856", ["1,856", "or", "1.856", "or", "1 856", "or", "1’856"]),
    "a year before a number": ("in 2012 300 men", ["in", "2012", "300", "men"]),
    "an amount": ("€3.5 million, US$ 5bn", ["€3.5 million", ",", "US$ 5bn"]),
    "an amount in German": ("3,5 Mrd. Euro", ["3,5 Mrd. Euro"]),
    "an amount in Russian": ("3,5 млн руб.", ["3,5 млн руб."]),
    "shares": ("5% or 5 per cent or 10-12 Prozent", ["5%", "or", "5 per cent", "or", "10-12 Prozent"]),
    "a date": ("07.09.2012 or 2012-09-07", ["07.09.2012", "or", "2012-09-07"]),
    "a time": ("at 12:46 or 5 p.m.", ["at", "12:46", "or", "5 p.m."]),
    "a German am is no time": ("2012 am Main", ["2012", "am", "Main"]),
    "ordinals": ("the 5th and the 21st", ["the", "5th", "and", "the", "21st"]),
    "a range": ("2019–2020", ["2019–2020"]),
    "names with figures": ("G20, F-16 and COVID-19", ["G20", ",", "F-16", "and", "COVID-19"]),
    "apostrophes": ("it’s the men's", ["it’s", "the", "men's"]),
    "Japanese": ("2012年9月、カタカナです", ["2012年", "9月", "、", "カタカナ", "で", "す"]),
    "Hindi": ("हिंदी में", ["हिंदी", "में"]),
    "Arabic digits": ("٥٫٥ مليون", ["٥٫٥", "مليون"]),
    "Arabic with vowel signs": ("قَالَ", ["قَالَ"]),
    "Thai by syllable": ("เมื่อวัน", ["เมื่", "อ", "วั", "น"]),
    "a soft hyphen": ("Pan\u00adzer", ["Pan\u00adzer"]),
}


@pytest.mark.parametrize(("text", "expected"), TOKENS.values(), ids=TOKENS.keys())
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text).texts == expected


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    found = tokens(text)
    joined = found.between(0, len(found.texts))
    assert text.startswith(joined)
    assert fold(text[len(joined) :]) == ""


@given(st.text())
def test_folding_is_done_after_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
