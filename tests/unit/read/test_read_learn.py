"""What is learned of a site, from synthetic pages of one newsroom."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Site
from scraper.read import extract, learn

BOILERPLATE = "The Harbour Office keeps the fairways of the coast open, and has done so since the year 1871."
FILLER = ("Ferries", "Lighthouses", "Pilots", "Dredgers", "Moorings", "Buoys", "Tides", "Wrecks")


def page(number: int, *, load: int = 0, extra: str = "", subtitle: str = "Of the fairway") -> tuple[bytes, str]:
    """Release ``number`` of a newsroom, as it came at a load; a slot in it holds another offer each time."""
    name = FILLER[number % len(FILLER)]
    body = "".join(
        f"<p>{name} number {n} were counted on the day, which is what the office had expected of them this year.</p>"
        for n in range(4)
    )
    offer = f"Offer {load * 7 + number}: the best of all {name.lower()} can be had today."
    slot = f"<div class=insert-slot><p>{offer}</p></div>"
    markup = (
        f"<html><body><article class=release><h1>{name} of the coast are counted</h1>"
        f"<p class=sub>{subtitle} {number}, a word on it.</p>{body}{slot}"
        f"<p>The count of {name.lower()} is published each year by the office, as is the custom.</p>"
        f"{extra}<p>{BOILERPLATE}</p></article></body></html>"
    )
    return markup.encode(), f"https://harbour.example.int/news/{number}"


def text(load: tuple[bytes, str], site: Site) -> str:
    return extract(*load, site).text


def test_a_text_that_stands_on_several_releases_is_no_part_of_one() -> None:
    site = learn([page(1), page(2), page(3), page(5)])
    assert BOILERPLATE in text(page(4), Site())
    assert BOILERPLATE not in text(page(4), site)
    assert "The count of moorings is published" in text(page(4), site)


def test_of_three_releases_no_boilerplate_is_learned_yet() -> None:
    assert learn([page(1), page(2), page(3)]).recurring == frozenset()


NOTE = "<p>Correction: an earlier version of this release misstated the number of the boats that were counted.</p>"
QUOTE = "<p>The minister said that nobody had ever seen so many boats at one time on this coast of the country.</p>"


@pytest.mark.parametrize("added", [NOTE, QUOTE], ids=["a correction note", "a quotation"])
def test_what_two_of_five_releases_share_is_told_of_each(added: str) -> None:
    site = learn([page(n, extra=added if n < 3 else "") for n in range(1, 6)])
    shown = added.removeprefix("<p>").removesuffix("</p>")
    assert shown in text(page(6, extra=added), site)


def test_a_correction_at_the_end_of_every_release_is_never_boilerplate() -> None:
    def corrected(n: int) -> tuple[bytes, str]:
        content, url = page(n)
        return content.replace(b"</article>", NOTE.encode() + b"</article>"), url

    site = learn([corrected(n) for n in range(1, 6)])
    assert "an earlier version" in text(corrected(6), site)


def test_an_annex_behind_the_learned_box_is_read_as_it_is_without_learning() -> None:
    def annexed(number: int, cost: str) -> tuple[bytes, str]:
        name = FILLER[number]
        part = "".join(
            f"<p>{name} number {n} were counted on the day, as the office had planned for them.</p>" for n in range(6)
        )
        annex = "".join(
            f"<p>Annex, line {n}: the count of {name.lower()} cost {cost} million in that year.</p>" for n in range(5)
        )
        markup = (
            f"<article><h1>{name} of the coast</h1><div class=text>{part}</div><div class=annex>{annex}</div></article>"
        )
        return markup.encode(), f"https://harbour.example.int/{number}"

    def plain(number: int) -> tuple[bytes, str]:
        return annexed(number, "5")[0].replace(b"annex", b"share"), f"https://harbour.example.int/{number}"

    site = learn([plain(n) for n in range(1, 6)])
    assert text(annexed(6, "5"), site) == text(annexed(6, "5"), Site())
    assert text(annexed(6, "5"), site) != text(annexed(6, "50"), site)


def test_a_place_that_holds_another_text_on_each_load_is_no_part_of_a_release() -> None:
    site = learn([page(m, load=n) for n in range(3) for m in (1, 2)] + [page(3)])
    assert site.varying == {"div.insert-slot/p"}
    assert "Offer" in text(page(1, load=8), Site())
    assert text(page(1, load=8), site) == text(page(1, load=9), site)


def test_an_edit_of_a_release_takes_back_nothing_of_what_its_loads_taught() -> None:
    edited = page(2, load=7, extra="<p>And in another part more of it was told to all who came.</p>")
    site = learn([*(page(m, load=n) for n in range(3) for m in (1, 2)), edited, page(3)])
    assert site.varying == {"div.insert-slot/p"}


def test_one_edit_between_two_loads_teaches_nothing() -> None:
    site = learn([page(1), page(1, subtitle="Of the river"), page(2)])
    assert site.varying == frozenset()
    assert "Of the river" in text(page(1, subtitle="Of the river"), site)


def test_a_lede_that_was_edited_twice_on_two_releases_with_other_edits_teaches_nothing() -> None:
    ledes = ("Of the river", "Of the coast", "Of the sea")
    loads = [
        page(m, subtitle=lede, extra=f"<p>And in part {n} more of it was told.</p>")
        for m in (1, 2)
        for n, lede in enumerate(ledes)
    ]
    assert learn([*loads, page(3)]).varying == frozenset()


def test_a_place_that_holds_much_of_a_text_never_varies() -> None:
    def short(number: int, words: str) -> tuple[bytes, str]:
        said = f"{words} is what the office says of it today."
        markup = f"<article><h1>Note {number} of the office</h1><div class=text>{said}</div></article>"
        return markup.encode(), f"https://harbour.example.int/{number}"

    loads = [
        short(m, f"{FILLER[n]} for the quay {m}, a first word on it, and a second one,")
        for m in (1, 2, 3)
        for n in range(3)
    ]
    site = learn(loads)
    assert site.varying == frozenset()
    assert "five million" in text(short(4, "That it costs five million, of which the council bears the half,"), site)


def test_a_release_at_two_addresses_is_no_boilerplate_of_itself() -> None:
    content, _ = page(1)
    site = learn(
        [(content, "https://harbour.example.int/news/1"), (content, "https://harbour.example.int/en/1"), page(2)]
    )
    assert "Lighthouses number 2" in text(page(1), site)


def test_a_text_is_never_emptied_by_what_recurs() -> None:
    twin = page(1)
    site = Site(version="x", recurring=learn([page(1), page(2)]).recurring)
    assert len(text(twin, site)) > 300


def test_from_one_load_nothing_is_learned() -> None:
    assert learn([page(1)]) == Site()
    assert learn([]) == Site()


def test_what_can_t_be_parsed_teaches_nothing() -> None:
    assert learn([(b"<div>" * 20_000, "https://harbour.example.int/1"), page(1), page(2), page(3)]).pages == 3


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_same_loads_teach_the_same_in_whatever_order(rng: random.Random) -> None:
    loads = [page(n, load=n) for n in range(1, 5)] + [page(1, load=n) for n in range(3)]
    shuffled = list(loads)
    rng.shuffle(shuffled)
    assert learn(shuffled).version == learn(loads).version


@pytest.mark.parametrize("kind", ["number", "word", "added", "removed"])
def test_a_real_edit_is_seen_after_the_site_was_learned(kind: str) -> None:
    site = learn([page(m, load=n) for n in range(3) for m in (1, 2)] + [page(3), page(4)])
    before = page(5)[0].decode()
    after = {
        "number": before.replace("number 2", "number 7"),
        "word": before.replace("expected", "feared"),
        "added": before.replace(
            "<p>Tides number 3", "<p>A paragraph that was added later, with words.</p><p>Tides number 3"
        ),
        "removed": before.replace(before[before.index("<p>Buoys number 2") : before.index("<p>Buoys number 3")], ""),
    }[kind]
    after = (
        after
        if after != before
        else before.replace("<p>Buoys number 3", "<p>A paragraph that was added.</p><p>Buoys number 3")
    )
    address = page(5)[1]
    assert text((before.encode(), address), site) != text((after.encode(), address), site)
