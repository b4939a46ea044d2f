"""Where a list goes on. Every page here is synthetic."""

from __future__ import annotations

import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.pages import read_page
from scraper.discover.words import is_next

URL = "https://www.example.org/news"
ROWS = "".join(
    f"<li>0{day} May 2024 <a href='/news/2024/05/0{day}/a-title-of-some-words-{day}'>A title of words {day}</a></li>"
    for day in range(1, 5)
)


def following(pager: str, *, url: str = URL, head: str = "") -> str | None:
    markup = f"<html><head>{head}</head><body><main><ul>{ROWS}</ul></main>{pager}</body></html>"
    return read_page(markup, url, zone=ZoneInfo("UTC")).following


def pager(*hrefs: str, words: str = "") -> str:
    links = "".join(f"<a href='{href}'>{words or number}</a>" for number, href in enumerate(hrefs, 1))
    return f"<nav class=pagination>{links}</nav>"


FORMS = [
    pytest.param(URL, pager("?page=1", "?page=2", "?page=3"), "?page=2", id="numbers in the query"),
    pytest.param(f"{URL}?page=2", pager("?page=1", "?page=2", "?page=3"), "?page=3", id="from the second page"),
    pytest.param(URL, pager("/news/page/2/", "/news/page/3/"), "/page/2/", id="numbers in the path"),
    pytest.param(f"{URL}/page/2/", pager("/news/", "/news/page/2/", "/news/page/3/"), "/page/3/", id="from there on"),
    pytest.param(URL, pager("/news/2/", "/news/3/"), "/2/", id="a bare number in the path"),
    pytest.param(URL, pager("/news/seite-2"), "/seite-2", id="a page in German"),
    pytest.param(f"{URL}/index.html", pager("/news/index_2.html", words="Next"), None, id="an index that is no page"),
    pytest.param(URL, pager("?start=80", "?start=20", "?start=40"), "?start=20", id="the smallest further offset"),
    pytest.param(f"{URL}?start=20", pager("?start=0", "?start=20", "?start=40"), "?start=40", id="the next offset"),
    pytest.param(URL, pager("?page=1", words="Older posts"), "?page=1", id="pages that are counted from 0"),
    pytest.param(f"{URL}?page=1", pager("?page=0", "?page=2", words="»"), "?page=2", id="never back"),
    pytest.param(f"{URL}?lang=fr", pager("?page=2", "?lang=fr&page=2"), "?lang=fr&page=2", id="with its filter"),
    pytest.param(URL, "<a rel=next href='/news?cursor=abc'>x</a>", "?cursor=abc", id="a link that is declared"),
    pytest.param(URL, pager("?offset=1762241520670", words="Older"), "?offset=1762241520670", id="an offset in time"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "links", "expected"), FORMS)
def test_the_next_page_is_found(url: str, links: str, expected: str | None) -> None:
    assert following(links, url=url) == (URL + expected if expected else None)


def test_what_the_head_declares_counts_first() -> None:
    assert following(pager("?page=2"), head="<link rel=next href='/news/archive'>") == f"{URL}/archive"


@pytest.mark.parametrize(
    "links",
    [
        pytest.param("", id="no links"),
        pytest.param(pager(URL, "#top", words="Next"), id="the page itself"),
        pytest.param(pager("https://other.example.com/news?page=2", words="Next"), id="another site"),
        pytest.param(pager("/news/2024/05/01/a-title-of-some-words-1", words="Next"), id="a release"),
        pytest.param(pager("/jobs?page=2", words="Next page"), id="another list"),
        pytest.param(pager("/news/2023/", "/news/2022/"), id="archives by year"),
        pytest.param(pager("javascript:more()", words="Load more"), id="a script"),
    ],
)
def test_what_is_no_next_page_is_not_taken_for_one(links: str) -> None:
    assert following(links) is None


WORDS = [
    "Next",
    "Next page",
    "Next »",
    "Older posts",
    "« Older Entries",
    "Load more",
    "nächste Seite",
    "Ältere Beiträge",
]
WORDS += [
    "Suivant",
    "Page suivante",
    "Siguiente",
    "Próxima página",
    "Pagina successiva",
    "Volgende",
    "Nästa",
    "Następna",
]
WORDS += ["Další", "Следующая", "Далее", "Наступна", "次へ", "次のページ", "下一页", "다음", "التالي", "»", "›", ">"]


@pytest.mark.parametrize("word", WORDS)
def test_words_that_lead_on_in_many_languages(word: str) -> None:
    assert is_next(word)
    assert following(pager("?page=2", words=word)) == f"{URL}?page=2"


@pytest.mark.parametrize(
    "word", ["Previous", "Zurück", "«", "1", "Home", "Next steps for the ministry", "", "More about us"]
)
def test_words_that_do_not(word: str) -> None:
    assert not is_next(word)


def test_many_links_cost_little() -> None:
    started = time.process_time()
    following("".join(f"<a href='?page={n}&x={n}'>{n}</a>" for n in range(20_000)))
    assert time.process_time() - started < 5


@given(st.text(alphabet="0123456789abcpage=&?/#.%", max_size=40))
def test_any_address_is_a_next_page_or_none(href: str) -> None:
    found = following(f"<a href='{href}'>Next</a>")
    assert found is None or found.startswith("https://www.example.org/")
