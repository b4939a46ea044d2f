"""Edits that replaced the same words by the same words have one signature; what may be chance has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import compare
from scraper.judge.batches import signature
from scraper.model import Block, BlockKind, Link, Release

FOOTER = "Enquiries are answered by the new press office."


def release(*paragraphs: str, title: str = "The pier opens") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs))


def linked(target: str) -> Release:
    link = Link(text="the pier", target=target)
    return Release(title="Ships", blocks=(Block(kind=BlockKind.PARAGRAPH, text=f"{ONE} See the pier.", links=(link,)),))


def signed(before: Release, after: Release) -> str:
    return signature(compare(before, after))


ONE, OTHER = "The council met on Monday and approved the plan.", "A ferry will leave for the islands every hour."

SAME = [
    pytest.param(
        (release(ONE), release(ONE, FOOTER)), (release(OTHER, ONE), release(OTHER, ONE, FOOTER)),
        id="a sentence at the end of two texts",
    ),
    pytest.param(
        (release(ONE), release(ONE, FOOTER)), (release(OTHER), release(FOOTER, OTHER)),
        id="the same passage, wherever it was put",
    ),
    pytest.param(
        (release("Minister Anna Lind said so."), release("Minister Bo Ek said so.")),
        (release(ONE, "It was Anna Lind, who spoke twice."), release(ONE, "It was Bo Ek, who spoke twice.")),
        id="a renamed minister",
    ),
    pytest.param(
        (release("Anna Lind spoke.", ONE, "Anna Lind left."), release("Bo Ek spoke.", ONE, "Bo Ek left.")),
        (release("Then Anna Lind came late."), release("Then Bo Ek came late.")),
        id="a renamed minister, twice in one text",
    ),
    pytest.param(
        (release(ONE, OTHER), release(OTHER, ONE, FOOTER)), (release(ONE), release(ONE, FOOTER)),
        id="what was only moved besides does not count",
    ),
    pytest.param(
        (release("岸田文雄首相は述べた。"), release("石破茂首相は述べた。")),
        (release("会見で岸田文雄首相は答えた。"), release("会見で石破茂首相は答えた。")),
        id="a renamed minister in a script without spaces",
    ),
    pytest.param(
        (linked("https://a.int/old/pier-1"), linked("https://a.int/news/pier-1")),
        (linked("https://a.int/old/ferry"), linked("https://a.int/news/ferry")),
        id="links that lead to where the site moved its pages",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_edit_has_the_same_signature(one: tuple[Release, Release], other: tuple[Release, Release]) -> None:
    assert signed(*one) == signed(*other) != ""


APART = [
    pytest.param(
        (release("It costs twelve million crowns."), release("It costs fourteen million crowns.")),
        (release("It costs twelve million crowns."), release("It costs fifteen million crowns.")),
        id="another word came",
    ),
    pytest.param(
        (release(ONE), release(ONE, FOOTER)), (release(ONE, FOOTER), release(ONE)),
        id="what was added there was removed here",
    ),
    pytest.param(
        (release(ONE), release(ONE, FOOTER)), (release(ONE), release(f"{ONE} It is final.", FOOTER)),
        id="one of them was edited besides",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_edit_has_another_signature(one: tuple[Release, Release], other: tuple[Release, Release]) -> None:
    assert signed(*one) != signed(*other)


SMALL = [
    pytest.param(release("It is 1846 feet."), release("It is 1856 feet."), id="a number"),
    pytest.param(release("It costs 1,250,000 crowns."), release("It costs 1,350,000 crowns."), id="a long number"),
    pytest.param(release("He is 10 years."), release("He is 11 years."), id="a digit"),
    pytest.param(release("They was there."), release("They were there."), id="a short word"),
    pytest.param(release(ONE, OTHER), release(OTHER, ONE), id="what was only moved"),
    pytest.param(release(ONE), release(ONE), id="nothing"),
]


@pytest.mark.parametrize(("before", "after"), SMALL)
def test_what_may_happen_twice_by_chance_has_none(before: Release, after: Release) -> None:
    assert signed(before, after) == ""


TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=5)


@given(TEXTS, TEXTS)
def test_any_two_texts_have_a_signature_or_none(before: list[str], after: list[str]) -> None:
    found = signed(release(*before), release(*after))
    assert found == signed(release(*before), release(*after))
    assert len(found) in (0, 64)
