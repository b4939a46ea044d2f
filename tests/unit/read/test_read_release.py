"""Reading a page: each test is a small page of its own (synthetic) and one claim about it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import BlockKind, Origin, Precision, Release, Signal
from scraper.read import Unreadable, extract

URL = "https://office.example/news/2021/05/harbour"
PROSE = [
    "The harbour office opened the northern basin on Tuesday after eleven months of work on its walls and gates.",
    "Ships of up to 90 metres can now turn inside the basin, which halves the time that pilots need for a manoeuvre.",
    "The work cost 12 million, a tenth less than planned, because the old sheet piling could be used again.",
]
BODY = "".join(f"<p>{text}</p>" for text in PROSE)


def read(inside: str, *, head: str = "", url: str = URL, language: str = "en") -> Release:
    markup = f"<!DOCTYPE html><html lang='{language}'><head>{head}</head><body>{inside}</body></html>"
    return extract(markup.encode(), url)


def texts(release: Release) -> list[str]:
    return [block.text for block in release.blocks]


def article(extra: str = "", *, behind: str = "") -> str:
    return f"<main><article><h1>Harbour opens its northern basin</h1>{extra}{BODY}{behind}</article></main>"


# --- body


@pytest.mark.parametrize("lines", [2, 3], ids=["a fifth of the prose", "a quarter of the prose"])
def test_an_annex_in_a_box_of_its_own_is_read(lines: int) -> None:
    part = "".join(f"<p>Count number {n} was held on the day, as the office had planned for it.</p>" for n in range(8))
    annex = [f"Annex, line {n}: the count of the ships cost 5 million euros in that one year." for n in range(lines)]
    inside = "".join(f"<p>{text}</p>" for text in annex)
    release = read(
        f"<article><h1>Ships of the coast</h1><div class=t>{part}</div><div class=x>{inside}</div></article>"
    )
    assert texts(release)[8:] == annex


@pytest.mark.parametrize(
    "noise",
    [
        "<div class='related-box'><h3>Related</h3><ul><li><a href='/a'>Another basin will follow</a></li></ul></div>",
        "<p class='readmore'><strong>Read more:</strong> <a href='/b'>Pilots welcome the basin</a></p>",
        "<div class='ad-slot' id='ad-77'><span>Advertisement</span></div>",
        ("<div class='sponsored-content'><a href='https://ads.example/1'><p>Compare quotes from thirty insurers in two "
        "minutes and see how much you could save today.</p></a></div>"),
        ("<div class='newsletter-signup'><h4>Newsletter</h4><p>Sign up for our letter and get the news of the harbour "
        "delivered to your inbox each morning.</p></div>"),
        ("<section class='comments'><h2>2 comments</h2><div><p>I hope that they finally fix the road to the harbour as "
        "well, it has been closed for far too long.</p></div></section>"),
        "<ul class='share'><li><a href='#'>Post</a></li><li><a href='#'>Send</a></li></ul>",
        "<ul><li><a href='/1'>First of three other stories here</a></li><li><a href='/2'>Second of them</a></li></ul>",
        "<p>Updated: 9 May 2021, 10:00</p>",
        "<p>© Harbour office</p>",
        "<div hidden><p>A text that nobody sees on this page, long enough to be taken for a paragraph of it.</p></div>",
        "<p style='display: none'>Another text that nobody sees on this page, long enough to be taken for prose.</p>",
    ],
    ids=[
        "related", "read more", "ad", "text ad", "newsletter", "comments", "share", "links", "stamp", "credit",
        "hidden", "undisplayed",
    ],
)  # fmt: skip
def test_furniture_inside_an_article_is_left_out(noise: str) -> None:
    assert texts(read(article(behind=noise + "<p>More is to follow in the spring of next year.</p>"))) == [
        *PROSE,
        "More is to follow in the spring of next year.",
    ]


@pytest.mark.parametrize(
    "addition",
    [
        "Correction: an earlier version of this release misstated the cost.",
        "The office later clarified that the figure includes orders placed before the announcement.",
        "Editor’s note: The figures are preliminary.",
    ],
)
def test_true_text_stays(addition: str) -> None:
    assert texts(read(article(behind=f"<p><em>{addition}</em></p>"))) == [*PROSE, addition]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<div class='social-media-embed'><blockquote><p>The first ship is in the basin.</p></blockquote></div>",
            "The first ship is in the basin.",
        ),
        (
            "<p class='disclaimer'>Statements on traffic are subject to risks that the office can’t foresee.</p>",
            "Statements on traffic are subject to risks that the office can’t foresee.",
        ),
        (
            "<p><a href='/pilots'>The office lets pilots book their turn online, up to a week before.</a></p>",
            "The office lets pilots book their turn online, up to a week before.",
        ),
        (
            "<figure><img src='a.jpg'></figure><p><b>Best for:</b> ships that turn inside the basin</p>",
            "Best for: ships that turn inside the basin",
        ),
    ],
    ids=["an embedded post", "a disclaimer", "a sentence that is a link", "a label below a figure"],
)
def test_what_looks_like_furniture_and_is_text_stays(markup: str, text: str) -> None:
    release = read(article(behind=f"{markup}<p>More is to follow in the spring of next year.</p>"))
    assert texts(release) == [*PROSE, text, "More is to follow in the spring of next year."]
    assert BlockKind.CAPTION not in {block.kind for block in release.blocks}


MEALS = [
    "On the first day the crew is fed as follows, at the hours given:",
    "Eat within two hours of the watch, with water and without coffee:",
    "Rice with beans, two eggs, a cup of blueberries and a slice of bread with butter.",
    "Portions: two green, one purple, one yellow.",
]


def test_a_passage_that_comes_again_in_its_own_box_is_a_refrain_and_stays() -> None:
    day = "".join(f"<p>{text}</p>" for text in MEALS)
    assert texts(read(article(behind=f"{day}<h2>Second day</h2>{day}")))[len(PROSE) :] == [*MEALS, "Second day", *MEALS]


def test_a_passage_that_comes_again_in_another_box_is_a_copy_for_another_screen() -> None:
    page = f"<article><h1>Harbour opens its northern basin</h1><div>{BODY}</div><div>{BODY}</div></article>"
    assert texts(read(page)) == PROSE


def test_blocks_know_their_kind() -> None:
    inside = article(
        behind="<h2>What follows</h2><ul><li>The southern basin is next in line.</li></ul>"
        "<blockquote><p>We are glad, the pilots said of the day.</p></blockquote>"
        "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2019</td><td>1,204</td></tr></table>"
        "<figure><img src='a.jpg'><figcaption>The gate of the northern basin</figcaption></figure>"
    )
    kinds = [(block.kind, block.text) for block in read(inside).blocks[len(PROSE) :]]
    assert kinds == [
        (BlockKind.HEADING, "What follows"),
        (BlockKind.LIST_ITEM, "The southern basin is next in line."),
        (BlockKind.QUOTE, "We are glad, the pilots said of the day."),
        (BlockKind.TABLE_ROW, "Year | Ships"),
        (BlockKind.TABLE_ROW, "2019 | 1,204"),
        (BlockKind.CAPTION, "The gate of the northern basin"),
    ]


def test_two_line_breaks_part_paragraphs() -> None:
    inside = f"<h1>Harbour opens its northern basin</h1><div>{'<br><br>'.join(PROSE)}</div>"
    assert texts(read(inside)) == PROSE


def test_links_are_absolute_and_only_web_addresses() -> None:
    paragraph = (
        "<p>The <a href='../plan.pdf?x=1&amp;y=2'>plan of the basin</a> and the <a href='#top'>list</a> of "
        "<a href='mailto:a@office.example'>pilots</a> can be had from the office at any time of the day.</p>"
    )
    (block,) = read(article(behind=paragraph)).blocks[len(PROSE) :]
    assert [(link.text, link.target) for link in block.links] == [
        ("plan of the basin", "https://office.example/news/2021/plan.pdf?x=1&y=2")
    ]


def test_white_space_is_folded_and_unseen_characters_go() -> None:
    odd = "<p>The  har\u00adbour\n\t office\u00a0opened the \u200bbasin on a Tuesday in May.</p>"
    inside = f"<h1>A headline</h1>{odd}{BODY}"
    assert texts(read(inside))[0] == "The harbour office opened the basin on a Tuesday in May."


def test_misleading_class_name_hides_no_article() -> None:
    inside = f"<div class='sidebar widget'><h1>Harbour opens its northern basin</h1>{BODY}</div>"
    assert texts(read(inside)) == PROSE


def test_tags_of_a_post_in_its_class_hide_nothing() -> None:
    inside = f"<div class='post tag-newsletter category-weather has-sidebar'><h1>A headline</h1>{BODY}</div>"
    assert texts(read(inside)) == PROSE


def test_a_note_that_a_banner_above_the_headline_repeats_is_a_part_of_the_text() -> None:
    note = "<p>The harbour office added the depth of the basin and the name of the engineer to this release.</p>"
    release = read(f"<div class=hub><h2>Office hub</h2>{note}</div>" + article(note))
    assert texts(release)[0].startswith("The harbour office added the depth")


def test_cells_of_a_table_in_a_figure_are_no_captions() -> None:
    rows = "".join(f"<tr><td><p>Basin {n}</p></td><td><p>{n} m</p></td></tr>" for n in (4, 7, 9))
    release = read(article(f"<figure><table>{rows}</table></figure>"))
    assert {"Basin 4 | 4 m", "Basin 7 | 7 m", "Basin 9 | 9 m"} <= set(texts(release))


@pytest.mark.parametrize("counts", ["<span>12,041 views</span> <a href='#c'>412 Comments</a>", "<b>7.5k likes</b>"])
def test_what_a_page_counts_beside_its_headline_changes_no_text(counts: str) -> None:
    subtitle = "<h2>The northern basin takes ships of fifteen metres from the first of May</h2>"
    head = "<div class=head><h1>Harbour opens its northern basin</h1>{}" + subtitle + "</div>"
    page = f"<main><div class=release>{head}<div class=content>{BODY}</div></div></main>"
    assert texts(read(page.format(f"<div>{counts}</div>"))) == texts(read(page.format("")))


# --- title


@pytest.mark.parametrize(
    ("head", "inside", "expected"),
    [
        ("<title>Harbour opens basin | Office</title>", "<h1>Harbour opens basin</h1>", "Harbour opens basin"),
        (
            "<title>Harbour opens basin | Office</title>",
            "<h1>Office</h1><h2>Harbour opens basin</h2>",
            "Harbour opens basin",
        ),
        ("<title>Harbour opens basin - Office</title>", "", "Harbour opens basin"),
        ("<title>Office: Harbour opens basin</title>", "", "Harbour opens basin"),
        (
            "<meta property='og:title' content='Harbour opens basin'>",
            "<h1>Navigation and service</h1>",
            "Harbour opens basin",
        ),
        ("", "<h1>Harbour opens basin</h1>", "Harbour opens basin"),
        ("<title>Harbour opens basin</title>", "<h1>Harbour <em>opens</em><br>basin</h1>", "Harbour opens basin"),
        (
            "<title>What is a turning basin - a guided introduction | Office</title>",
            (
                "<h1>An introduction to the turning basin: what pilots need to know in 2026</h1>"
                "<h2>What is a turning basin?</h2>"
            ),
            "An introduction to the turning basin: what pilots need to know in 2026",
        ),
    ],
    ids=[
        "shown",
        "site in h1",
        "name behind",
        "name before",
        "declared",
        "undeclared",
        "with markup inside",
        "guide with a question below",
    ],
)
def test_title_is_the_headline_without_the_site(head: str, inside: str, expected: str) -> None:
    assert read(inside + BODY, head=head).title == expected


def test_a_headline_inside_an_element_of_its_heading_is_read_as_it_is_shown() -> None:
    head = "<title>Harbour opens basin</title>"
    assert read(f"<h1><div>Harbour opens basin (updated)</div></h1>{BODY}", head=head).title.endswith("(updated)")
    assert read(f"<h1><div>Service</div></h1>{BODY}", head=head).title == "Harbour opens basin"


# --- publication and stamps


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("Last updated: 7 May 2021 12:46", "en", "2021-05-07T12:46"),
        ("Mis à jour le 7 mai 2021 à 12h46", "fr", "2021-05-07T12:46"),
        ("Stand: 07.05.2021, 12:46 Uhr", "de", "2021-05-07T12:46"),
        ("Zuletzt aktualisiert am 07.05.2021", "de", "2021-05-07"),
        ("Actualizado: 7 may 2021 - 12:46", "es", "2021-05-07T12:46"),
        ("Ultimo aggiornamento: 7 maggio 2021", "it", "2021-05-07"),
        ("Atualizado em 07/05/2021 12:46", "pt", "2021-05-07T12:46"),
        ("Laatst bijgewerkt op 7 mei 2021", "nl", "2021-05-07"),
        ("Обновлено: 7 мая 2021, 12:46", "ru", "2021-05-07T12:46"),
        ("Оновлено 7 травня 2021", "uk", "2021-05-07"),
        ("Aktualizacja: 7 maja 2021", "pl", "2021-05-07"),
        ("آخر تحديث: 7 مايو 2021", "ar", "2021-05-07"),
        ("更新日：2021年5月7日", "ja", "2021-05-07"),
        ("更新时间：2021-05-07 12:46", "zh", "2021-05-07T12:46"),
        ("Güncelleme: 7 Mayıs 2021", "tr", "2021-05-07"),
    ],
)
def test_visible_stamp_is_read_in_every_language(line: str, language: str, expected: str) -> None:
    stamp = read(article(f"<div class='date'>{line}</div>"), language=language).stamp
    assert stamp is not None
    assert stamp.origin is Origin.TEXT
    assert stamp.at.strftime("%Y-%m-%dT%H:%M").startswith(expected)
    assert stamp.precision.is_date is ("T" not in expected)
    assert stamp.raw == line.removesuffix(" Uhr") or stamp.raw == line


@pytest.mark.parametrize(
    "noise",
    [
        "<footer><p>User agreement (updated 5/25/18) and privacy policy (updated 1/1/20)</p></footer>",
        "<aside><h3>More</h3><ul><li><a href='/a'>Another story</a><span>Updated: 3 May 2019</span></li></ul></aside>",
        "<p>The minister updated parliament on 7 May 2021 about the harbour and what it would cost the towns.</p>",
        "<div>Page last reviewed: 1 January 2008</div>",
        "<footer>Next update: 7 May 2022</footer>",
    ],
    ids=["policies", "related", "prose", "review", "next"],
)
def test_stamp_of_something_else_is_none(noise: str) -> None:
    assert read(article(behind=noise)).stamps == ()


def test_visible_stamp_is_believed_before_the_declared_ones() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-05-04T08:00:00Z", '
        '"dateModified": "2021-05-09T08:00:00Z"}</script><meta property="article:modified_time" content="2021-05-10">'
    )
    release = read(article("<p>Updated: 7 May 2021</p>"), head=head)
    assert [stamp.origin for stamp in release.stamps] == [Origin.TEXT, Origin.JSON_LD, Origin.META]
    assert [stamp.at.day for stamp in release.stamps] == [7, 9, 10]
    assert release.published is not None
    assert release.published.at == datetime(2021, 5, 4, 8, tzinfo=UTC)


def test_time_element_lends_its_zone_to_the_text_it_shows() -> None:
    line = "<p>Updated: <time datetime='2021-05-07T12:46:00-04:00'>7 May 2021 12:46</time></p>"
    stamp = read(article(line)).stamp
    assert stamp is not None
    assert stamp.at == datetime(2021, 5, 7, 16, 46, tzinfo=UTC)
    assert not stamp.zone_assumed


@pytest.mark.parametrize(
    ("head", "line", "expected", "origin"),
    [
        ('<meta property="article:published_time" content="2021-05-04T08:00:00Z">', "", "2021-05-04", Origin.META),
        ("", "<time datetime='2021-05-04'>Tuesday</time>", "2021-05-04", Origin.TIME),
        ("", "<p>Published: 4 May 2021</p>", "2021-05-04", Origin.TEXT),
        ("", "<p>4 May 2021</p>", "2021-05-04", Origin.TEXT),
        ("", "", "2021-05-01", Origin.URL),
    ],
    ids=["meta", "time", "labelled", "unlabelled", "address"],
)
def test_publication_is_found_where_it_is_told(head: str, line: str, expected: str, origin: Origin) -> None:
    published = read(article(line), head=head).published
    assert published is not None
    assert (published.at.date().isoformat(), published.origin) == (expected, origin)


def test_address_with_a_month_gives_a_month() -> None:
    published = read(article()).published
    assert published is not None
    assert published.precision is Precision.MONTH


# --- the rest


def test_language_and_canonical_address_are_the_page_s() -> None:
    release = read(article(), head="<link rel='canonical' href='/news/harbour'>", language="en-GB")
    assert (release.language, release.canonical) == ("en-gb", "https://office.example/news/harbour")


@pytest.mark.parametrize(
    ("inside", "signal"),
    [
        ("<h1>Page not found</h1><p>The page that you requested does not exist.</p>", Signal.NOT_FOUND),
        ("<h1>Seite nicht gefunden</h1><p>Bitte nutzen Sie die Suche.</p>", Signal.NOT_FOUND),
        ("<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>", Signal.CHALLENGE),
        ("<h1>Register :: Request Access</h1><p>Programmatic access is limited.</p>", Signal.CHALLENGE),
        ("<h1>503 Service Unavailable</h1>", Signal.ERROR),
        ("<h1>Sign in</h1><form><input name='u'><input type='password' name='p'></form>", Signal.LOGIN),
        ("<h1>Before you continue</h1><p>We use cookies. Accept all or change your choices.</p>", Signal.CONSENT),
        (
            "<h1>News</h1>"
            + "".join(f"<div><h3><a href='/{n}'>A headline of release number {n}</a></h3></div>" for n in range(12)),
            Signal.LISTING,
        ),
    ],
)
def test_page_that_is_no_release_says_so(inside: str, signal: Signal) -> None:
    assert signal in read(inside).signals


def test_release_about_errors_and_robots_is_one() -> None:
    inside = f"<h1>Office warns of robots and explains error 404</h1>{BODY * 3}"
    assert read(inside, head="<title>Office warns of robots and explains error 404</title>").signals == frozenset()


@pytest.mark.parametrize(
    ("markup", "unfinished"),
    [
        (f"<html><body><h1>A</h1>{BODY}</body></html>", False),
        (f"<html><body><h1>A</h1>{BODY}", False),
        (f"<html><body><h1>A</h1>{BODY}<p>The office wi", True),
        (f"<html><body><h1>A</h1>{BODY}<div class='te", True),
        (f"<html><body><h1>A</h1>{BODY}<script>var a = 1;", True),
        (f"<h1>A</h1>{BODY}", False),
    ],
    ids=["whole", "end tags left out", "cut in a word", "cut in a tag", "cut in a script", "a fragment"],
)
def test_markup_that_stops_is_unfinished(markup: str, unfinished: bool) -> None:
    assert (Signal.UNFINISHED in extract(markup.encode(), URL).signals) is unfinished


@pytest.mark.parametrize("body", [b"", b" \n", b"\x00", b"%PDF-1.7 ...", b"<div>" * 5_000], ids=repr)
def test_what_is_no_page_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        extract(body[:60] if body.startswith(b"%") else body, URL)


@given(st.binary(max_size=600))
def test_any_bytes_give_a_release_or_the_one_error(body: bytes) -> None:
    try:
        release = extract(b"<h1>a</h1><p>" + body, URL, zone=ZoneInfo("Asia/Tokyo"))
    except Unreadable:
        return
    assert all(block.text == " ".join(block.text.split()) for block in release.blocks)


PIECES = ["<p>", "</p>", "<div>", "</div>", "<a href=x>", "</a>", "<li>", "<table><tr><td>", "<td>", "text ", "<br>"]
PIECES += ["12 May 2012", "updated ", "<time datetime=2012-01-01>", "<h1>", "<img>", "</table>", "<span hidden>"]


@given(st.lists(st.sampled_from(PIECES)))
def test_any_markup_gives_a_release(pieces: list[str]) -> None:
    release = extract(("x" + "".join(pieces)).encode(), URL)
    assert len({stamp.origin for stamp in release.stamps}) == len(release.stamps)


def test_what_stands_in_a_box_of_footnotes_is_one() -> None:
    prose = "<p>The harbour was deepened by two metres last year, as the council had decided in the spring.[1]</p>" * 4
    note = "<li>Decision of the council of 3 March, printed in full in the minutes of that day.</li>"
    page = f"<article><h1>The harbour is deepened</h1>{prose}<ol class='footnotes'>{note}</ol></article>".encode()
    kinds = [block.kind for block in extract(page, "https://harbour.example.int/1").blocks]
    assert kinds[-1] is BlockKind.FOOTNOTE
    assert kinds.count(BlockKind.FOOTNOTE) == 1


@pytest.mark.parametrize(
    "words",
    [
        "The bank signed a loan of 500 million euros with the railways, to be paid back within ten years.",
        "The hospital hires 500 nurses and 404 other helpers; members only pay the half.",
        "The exchange is temporarily unavailable, since scheduled maintenance begins on Friday.",
    ],
)
def test_a_short_release_with_a_date_is_one_whatever_numbers_it_holds(words: str) -> None:
    page = f"<article><h1>A short note of the office</h1><p>Published: 7 September 2026</p><p>{words}</p></article>"
    assert extract(page.encode(), "https://harbour.example.int/1").signals == frozenset()


@pytest.mark.parametrize("title", ["503 Service Unavailable", "Error 500", "404", "404 - Page not found"])
def test_an_error_is_told_by_its_heading(title: str) -> None:
    page = f"<html><title>{title}</title><h1>{title}</h1><p>Please try again later.</p></html>".encode()
    assert extract(page, "https://harbour.example.int/1").signals & {Signal.ERROR, Signal.NOT_FOUND}
