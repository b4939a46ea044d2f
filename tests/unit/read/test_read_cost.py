"""What hostile markup costs: every shape that once was quadratic is read in seconds; synthetic pages."""

from __future__ import annotations

import contextlib
import time

import pytest

from scraper.read import Unreadable, extract, learn

SENTENCE = "The harbour office has counted the ships of the season once more and found none of them missing. "
DEEP = 2_900
SHAPES = {
    "many cards beside each other in one box": "<div>"
    + "<h3><a href=/a>A card that leads elsewhere</a></h3>" * 8_000
    + "</div>",
    "times nested in each other around a long run": "<time>" * DEEP + "word " * 60_000,
    "a link in each of many parts of one run": "".join(f"<a href=/{n}>part {n}</a><br><br>" for n in range(12_000)),
    "prose at the bottom of deep boxes": "<div>" * DEEP + f"<p>{SENTENCE}</p>" * 5_000,
    "prose in deep boxes named furniture": "<div class=comments>" * DEEP + f"<p>{SENTENCE}</p>" * 4_000,
    "lists nested in each other": "<ul><li>x" * 1_400 + "<li>y" * 4_000,
    "tables nested in each other": "<table><tr><td>x" * 700 + "<p>y</p>" * 4_000,
    "quotations nested in each other": "<blockquote>" * DEEP + f"<p>{SENTENCE}</p>" * 4_000,
    "articles nested in each other": "<h1>Ships</h1>" + "<article>" * DEEP + f"<h1>Ships</h1><p>{SENTENCE}</p>" * 2_000,
    "teasers nested in each other": "<div class=teaser>" * DEEP + f"<p>{SENTENCE}</p>" * 2_000,
}
LONGEST = 20.0
"""Seconds; each takes less than one on a machine that is not busy."""


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_markup_takes_long(shape: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(Unreadable):
        extract(f"<html><body>{SHAPES[shape]}</body></html>".encode(), "https://harbour.example.int/1")
    assert time.process_time() - begun < LONGEST


def test_learning_from_hostile_pages_takes_no_longer_than_reading_them() -> None:
    page = f"<html><body>{SHAPES['prose at the bottom of deep boxes'][:400_000]}</body></html>".encode()
    begun = time.process_time()
    learn((page, f"https://harbour.example.int/{n}") for n in range(4))
    assert time.process_time() - begun < LONGEST
