"""What list pages hold beside their releases, and how they hide them. Every page here is synthetic."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from scraper.discover.pages import read_page
from scraper.model import Listed

URL = "https://www.example.org/press/"
BRUSSELS = ZoneInfo("Europe/Brussels")
SLUGS = [
    "minister-opens-the-new-bridge",
    "statement-on-the-valley-floods",
    "annual-report-shows-growth",
    "council-agrees-on-next-budget",
    "visit-of-the-foreign-delegation",
]
ALL = [f"https://www.example.org/press/{slug}" for slug in SLUGS]


def read(body: str, *, head: str = "") -> Listed:
    return read_page(f"<html lang='en'><head>{head}</head><body><main>{body}</main></body></html>", URL, zone=BRUSSELS)


def addresses(body: str) -> list[str]:
    return [entry.url for entry in read(body).entries]


def rows(template: str) -> str:
    return "".join(
        template.format(slug=slug, title=slug.replace("-", " "), day=day, number=number)
        for number, (slug, day) in enumerate(zip(SLUGS, range(5, 0, -1), strict=True))
    )


PLAIN = "<li>{day} May 2024 <a href='/press/{slug}'>{title}</a></li>"
DATED = f"<ul>{rows(PLAIN)}</ul>"


def test_a_date_on_a_calendars_leaf_dates_its_row() -> None:
    body = rows(
        "<div class=row><div class=leaf><b>0{day}</b><i>May</i><u>2024</u></div><h3><a href='/press/{slug}'>{title}"
        "</a></h3></div>"
    )
    found = read(body).entries
    assert [entry.url for entry in found] == ALL
    assert [entry.published.at.day for entry in found if entry.published] == [5, 4, 3, 2, 1]


def test_a_definition_gives_the_title_of_a_link_that_is_a_number() -> None:
    body = rows(
        "<dt><a href='/doc/10{day}.20'>No. {number}</a> [<a href='/print/10{day}.20'>print</a>, "
        "<a href='/raw/10{day}.20'>raw</a>]</dt><dd><div class='title'>{title}</div><p>A. Person, B. Other</p></dd>"
    )
    found = read(f"<dl>{body}</dl>").entries
    assert [entry.url for entry in found] == [f"https://www.example.org/doc/10{day}.20" for day in range(5, 0, -1)]
    assert [entry.title for entry in found] == [slug.replace("-", " ") for slug in SLUGS]


def test_a_transcript_beside_a_release_is_no_release() -> None:
    body = rows(
        "<article><h3><a href='/press/{slug}'>{title}</a></h3><p>{day} May 2024</p><div class=audio>"
        "<h4>Listen to {title}</h4><a href='/transcripts/{slug}'>Transcript</a></div></article>"
    )
    assert addresses(body) == ALL


def test_a_list_whose_box_is_labelled_as_a_menu_is_a_list_where_it_links_titles() -> None:
    other = "<article><h2><a href='/press/opening-of-the-season-in-may'>Opening of the season in May</a></h2></article>"
    assert set(ALL) < set(addresses(other * 7 + f"<div class='content footer menu'>{DATED}</div>"))


def test_a_menu_of_short_words_stays_a_menu() -> None:
    menu = "".join(f"<a href='/press/section-{n}-of-the-house'>Section {n}</a>" for n in range(6))
    assert addresses(f"<div class=menu>{menu}</div>{DATED}") == ALL


def test_topics_in_the_label_of_a_card_do_not_part_it_from_its_siblings() -> None:
    """As WordPress labels posts: the short ones are listed as the long ones are."""
    short = "<article class='post hentry topic-cake topic-tea image'><h2><a href='/press/cake'>Tea</a></h2></article>"
    cards = rows(
        "<article class='post hentry topic-{slug} tag-{number} image'><h2><a href='/press/{slug}'>{title}</a>"
        "</h2></article>"
    )
    assert addresses(cards + short) == [*ALL, "https://www.example.org/press/cake"]


def test_a_single_link_to_another_site_is_no_release_of_this_one() -> None:
    quoted = "<h3><a href='https://paper.example.com/2024/05/a-long-report-in-a-newspaper'>A long report of it</a></h3>"
    assert addresses(rows("<h3><a href='/press/{slug}'>{title}</a></h3>" + quoted)) == ALL


def test_releases_on_another_site_are_releases_where_there_are_many() -> None:
    away = [f"https://wire.example.com/releases/{slug}" for slug in SLUGS]
    assert (
        addresses(rows("<p>{day} May 2024 <a href='https://wire.example.com/releases/{slug}'>{title}</a></p>")) == away
    )


@pytest.mark.parametrize("date", ["5 May 2024", "Sun, 5 May 2024", "May 2024", "2024-05-05"])
def test_a_link_that_says_only_a_date_leads_into_an_archive(date: str) -> None:
    days = "".join(f"<li><a href='/press/?day={n}'>{date.replace('5', str(n), 1)}</a></li>" for n in range(1, 6))
    assert addresses(f"<ul>{days}</ul>{DATED}") == ALL


def test_an_address_with_a_date_counts_as_dated_beside_dated_rows() -> None:
    dated = rows("<li>{day} May 2024 <a href='/press/2024/05/0{day}/{slug}'>{title}</a></li>")
    live = "https://www.example.org/live/2024/05/06/floods-in-the-valley-as-they-happen"
    ticker = f"<div class=ticker><a href='{live}'>Floods in the valley as they happen</a></div>"
    assert live in addresses(f"{ticker}<ul>{dated}</ul>")


def test_a_release_that_the_menu_shows_too_stands_where_the_list_shows_it() -> None:
    menu = f"<nav><a href='{ALL[0]}'>minister opens the new bridge</a></nav>"
    found = read(f"{menu}{DATED}").entries
    assert [entry.url for entry in found] == ALL
    assert found[0].published is not None


def test_an_article_filed_under_a_section_and_dated_in_its_address_is_no_section() -> None:
    body = rows("<h3><a href='/sections/harbour/2024/05/0{day}/{slug}'>{title}</a></h3>")
    assert len(addresses(body)) == 5
