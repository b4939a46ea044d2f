"""The walk over a page: what it makes of elements that hold a text and nothing else, and what it leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import UTC, find, may_hold
from scraper.html import parse
from scraper.model import BlockKind
from scraper.read.walk import flatten


def segments(inside: str) -> list[tuple[str, str]]:
    return [(s.tag, s.text) for s in flatten(parse(f"<body>{inside}</body>")).segments]


def links(inside: str) -> list[list[tuple[str, str]]]:
    return [s.links for s in flatten(parse(f"<body>{inside}</body>")).segments]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<p>One</p><p>Two</p>", [("p", "One"), ("p", "Two")]),
        ("<div>One<p></p>two</div>", [("div", "One"), ("div", "two")]),
        ("<div>One <em>and</em> two</div>", [("div", "One and two")]),
        ("<div>One <em>and <b>a half</b></em> or two</div>", [("div", "One and a half or two")]),
        ("<div>before <p>inside</p> behind</div>", [("div", "before"), ("p", "inside"), ("div", "behind")]),
        ("<p>a<span>b</span>c</p>", [("p", "abc")]),
        ("<p><span>20</span><span>30</span></p>", [("p", "20 30")]),
        ("<p>Fish &amp; chips&nbsp;</p>", [("p", "Fish & chips")]),
        ("<p>hy\u00adphen</p>", [("p", "hyphen")]),
        ("<p><!-- no --> yes</p>", [("p", "yes")]),
    ],
    ids=[
        "neighbours", "an empty one parts a text", "inline", "inline in inline", "text around a leaf", "spans join",
        "numbers are kept apart", "entities", "soft hyphens", "comments",
    ],
)  # fmt: skip
def test_a_leaf_is_read_as_any_other_element(inside: str, expected: list[tuple[str, str]]) -> None:
    assert segments(inside) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>no</p>", "<div hidden><p>no</p>no</div>", "<span style='display:none'>no</span>",
        "<button>no</button>", "<textarea>no</textarea>", "<dialog><p>no</p></dialog>", "<canvas>no</canvas>",
        "<template><script>if (a<b) {}</script><p>no</p></template>", "<progress>no</progress>", "<input value=no>",
        "<object><p>no</p></object>", "<select><option>no</option></select>", "<svg><text>no</text></svg>",
    ],
)  # fmt: skip
def test_what_nobody_reads_is_left_out_and_parts_no_text(hidden: str) -> None:
    assert segments(f"<div>be{hidden}hind</div>") == [("div", "behind")]


def test_a_link_keeps_its_text_and_target_however_it_is_nested() -> None:
    assert links("<p>See <a href='/a?b&amp;c'>this</a> now</p>") == [[("this", "/a?b&c")]]
    assert links("<p>See <a href='/a'><b>this</b><br>one</a></p>") == [[("this one", "/a")]]
    assert links("<a href='/a'><div>this</div><div></div></a>") == [[("this", "/a")]]


def test_an_empty_paragraph_parts_an_image_from_the_text_behind_it() -> None:
    page = flatten(parse("<body><div><img src=a><p></p><div>Text</div></div></body>"))
    assert [(s.kind, s.after_image) for s in page.segments] == [(BlockKind.PARAGRAPH, False)]


_DATES = st.sampled_from(
    (
        "7 September 2012|07.09.2012|2012-09-07|7/9/12|2012年9月7日|Sept. 2012|7 — 9 — 2012|7-Sep-12|١٢/١١/٢٠١٩|"
        "12:46, 07.09.2012|7 de marzo de 2015|2012. szeptember 7.|May 2020"
    ).split("|")
)


@given(before=st.text(max_size=20), date=_DATES | st.text(alphabet="0123456789 ./-|:年月日maySep", max_size=20))
def test_a_text_that_may_hold_no_date_holds_none(before: str, date: str) -> None:
    text = f"{before} {date}"
    assert may_hold(text) or not find(text, zone=UTC)


def test_a_stray_quotation_mark_in_a_tag_makes_no_second_class_name() -> None:
    page = flatten(parse('<ul class="city-list" style="list-style: none;\'><li class=" city"><li>Evian</li></ul>'))
    assert [box.names.split() for box in page.boxes if box.tag == "ul"] == [["city-list"]]
