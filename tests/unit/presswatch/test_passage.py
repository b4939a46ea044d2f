"""What was looked for is shown in its place, cut down to what surrounds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.passage import passages_with
from scraper.model import Block, BlockKind, Release
from storage import parse


def shown(asked: str, *texts: str) -> list[str]:
    """The passages, what was found in brackets."""
    release = Release(title="", blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in texts))
    return [
        "".join(f"[{piece.text}]" if piece.found else piece.text for piece in passage.pieces)
        for passage in passages_with(parse(asked), release)
    ]


@pytest.mark.parametrize(
    ("asked", "texts", "expected"),
    [
        ("nine", ["Nine vessels."], ["[Nine] vessels."]),
        ('"nine vessels"', ["The nine, vessels nine vessels"], ["The [nine, vessels] [nine vessels]"]),
        ("turk*", ["En Türkiye"], ["En [Türkiye]"]),
        ("a b", ["a", "a", "b"], ["[a]", "[b]"]),
        ("a", ["x", "a", "a", "a"], ["[a]", "[a]"]),
        ("秘书", ["北约秘书长说"], ["北约[秘书]长说"]),
        ("zebra", ["x"], []),
    ],
)
def test_words_are_marked(asked: str, texts: list[str], expected: list[str]) -> None:
    assert shown(asked, *texts) == expected


def test_a_long_passage_is_cut_at_spaces() -> None:
    (passage,) = shown("needle", "hay " * 500 + "needle" + " hay" * 500)
    assert passage.startswith("… hay hay")
    assert passage.endswith("hay …")
    assert "[needle]" in passage
    assert len(passage) < 320


@given(st.text(max_size=60), st.sampled_from(["a", "1", "é", "大"]))
def test_what_is_shown_is_part_of_the_text(text: str, asked: str) -> None:
    release = Release(title=text, blocks=())
    for passage in passages_with(parse(asked), release):
        assert "".join(piece.text for piece in passage.pieces).removeprefix("… ").removesuffix(" …") in text
