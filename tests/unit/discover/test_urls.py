"""Addresses: joining, the stored form, the key, the shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls

BASE = "https://www.example.org/news/list.html?page=2#top"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("a.html", "https://www.example.org/news/a.html", id="a relative link leads beside its page"),
        pytest.param("../b", "https://www.example.org/b", id="two dots lead up"),
        pytest.param("//cdn.example.org/c", "https://cdn.example.org/c", id="a scheme-relative link keeps the scheme"),
        pytest.param("?page=3", "https://www.example.org/news/list.html?page=3", id="a query replaces the query"),
        pytest.param("#end", "https://www.example.org/news/list.html?page=2", id="a fragment leads to its own page"),
        pytest.param("", "https://www.example.org/news/list.html?page=2", id="an empty link leads to its own page"),
        pytest.param("  /d\n/e\t ", "https://www.example.org/d/e", id="control characters go as in browsers"),
        pytest.param("c d", "https://www.example.org/news/c%20d", id="a space is encoded"),
        pytest.param("\\x\\y", "https://www.example.org/x/y", id="a backslash is a slash"),
        pytest.param("http://EXAMPLE.org:80/F#g", "http://example.org/F", id="host lower-cased, default port off"),
        pytest.param("https://müller.example/ü", "https://xn--mller-kva.example/%C3%BC", id="punycode"),
        pytest.param("javascript:alert(1)", None, id="javascript is no address"),
        pytest.param(" JavaScript:void(0)", None, id="javascript in any spelling"),
        pytest.param("mailto:press@example.org", None, id="mail is no address"),
        pytest.param("data:text/html,x", None, id="data is no address"),
        pytest.param("tel:+3227071111", None, id="a telephone is no address"),
        pytest.param("ftp://example.org/x", None, id="ftp is no web address"),
        pytest.param("http://[::1", None, id="a broken host is no address"),
        pytest.param("http://", None, id="no host is no address"),
        pytest.param("x" * 10_000, None, id="ten thousand characters are no address"),
    ],
)
def test_links_join_as_in_browsers(href: str, expected: str | None) -> None:
    assert urls.join(BASE, href) == expected


def test_a_base_that_is_no_address_joins_only_absolute_links() -> None:
    assert urls.join("nonsense", "/a") is None
    assert urls.join("nonsense", "https://example.org/a") == "https://example.org/a"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("HTTP://Example.ORG:80/a#b", "http://example.org/a", id="WHATWG-normal, no fragment"),
        pytest.param("https://e.org/a?utm_source=x&id=3&fbclid=y", "https://e.org/a?id=3", id="tracking goes"),
        pytest.param("https://e.org/a?UTM_Source=x", "https://e.org/a", id="tracking in any case"),
        pytest.param("https://e.org/a?b=1&amp;c=2", "https://e.org/a?b=1&c=2", id="escaped ampersands are undone"),
        pytest.param("https://e.org/a?b=1&amp;amp;c=2", "https://e.org/a?b=1&c=2", id="twice escaped as well"),
        pytest.param("https://e.org/a?", "https://e.org/a", id="a bare question mark goes"),
        pytest.param("https://e.org/a?z=1&b=%20+", "https://e.org/a?z=1&b=%20+", id="the rest is as it was"),
        pytest.param("  not an address ", "not an address", id="no address comes back trimmed"),
    ],
)
def test_the_stored_form_is_normal(url: str, expected: str) -> None:
    assert urls.normalise(url) == expected


ONE = "https://www.nato.int/cps/en/natohq/news_89780.htm"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("http://www.nato.int/cps/en/natohq/news_89780.htm", id="scheme"),
        pytest.param("https://nato.int/cps/en/natohq/news_89780.htm", id="www"),
        pytest.param("https://www.nato.int:443/cps/en/natohq/news_89780.htm", id="default port"),
        pytest.param("https://WWW.NATO.INT/cps/en/natohq/news_89780.htm", id="case of the host"),
        pytest.param("http://nato.int/cps/en/SID-B618DF60-33B60EEC/natohq/news_89780.htm", id="session in the path"),
        pytest.param("http://www.nato.int/cps/en/natolive/news_89780.htm", id="NATO's old tree"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm?", id="bare question mark"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm/", id="trailing slash"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm).", id="bracket and full stop of a sentence"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm%20", id="an encoded space"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm%22%3E", id="the rest of a broken tag"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm#x", id="fragment"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm?utm_medium=rss&mc_cid=1", id="tracking"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm;jsessionid=0A1B", id="jsessionid in the path"),
        pytest.param("https://www.nato.int/cps/en/natohq/news_89780.htm?PHPSESSID=0a1b", id="session in the query"),
        pytest.param("https://www.nato.int/cps//en/./natohq/news%5F89780.htm", id="ways of writing a path"),
        pytest.param("www.nato.int/cps/en/natohq/news_89780.htm", id="no scheme"),
    ],
)
def test_one_release_has_one_key(other: str) -> None:
    assert urls.identity(other) == urls.identity(ONE) == "nato.int/cps/en/natohq/news_89780.htm"


@pytest.mark.parametrize(
    "other",
    [
        "https://www.nato.int/cps/fr/natohq/news_89780.htm",
        "https://www.nato.int/cps/en/natohq/news_89780.htm?selectedLocale=fr",
        "https://www.nato.int/cps/en/natohq/news_89780.htm?id=7",
        "https://www.nato.int/cps/en/natohq/news_89781.htm",
        "https://www.nato.int:8443/cps/en/natohq/news_89780.htm",
        "https://shape.nato.int/cps/en/natohq/news_89780.htm",
    ],
)
def test_what_tells_two_releases_apart_is_kept(other: str) -> None:
    assert urls.identity(other) != urls.identity(ONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.org/?b=2&a=1", "https://e.org/?a=1&b=2"),
        ("https://e.org/news/index.html", "https://e.org/news"),
        ("https://e.org/news/Default.aspx", "https://e.org/news/"),
        ("https://e.org/caf%c3%a9", "https://e.org/café"),
        ("https://e.org/a?q=x+y", "https://e.org/a?q=x%20y"),
        ("https://e.org/a?b=1&amp;c=2", "https://e.org/a?b=1&c=2"),
        ("https://e.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://e.org/a.aspx"),
        ("https://e.org/a?sid=0123456789abcdef0123", "https://e.org/a"),
    ],
)
def test_ways_of_writing_one_address_share_a_key(one: str, other: str) -> None:
    assert urls.identity(one) == urls.identity(other)


def test_a_short_sid_is_a_story_and_no_session() -> None:
    assert urls.identity("https://e.org/a?sid=12") != urls.identity("https://e.org/a?sid=13")


_PIECES = st.sampled_from(
    [
        *r"""http:// https: www. e.org :80 :443 :8080 / // ? & &amp; # % %2F %25 %41 .. %2e ;jsessionid=1 ;sid= = + ) \
        utm_a=1 index.html SID-AAAA-BBBB ü @ [ ] natolive nato.int javascript: . a 1 " www %00 %ff { | '""".split(),
        *" \n\ud800",
    ]
)
_ANY = st.lists(_PIECES, max_size=14).map("".join) | st.text(max_size=60)


@given(_ANY)
def test_the_key_of_any_string_is_its_own_key(text: str) -> None:
    key = urls.identity(text)
    assert urls.identity(key) == key


@given(_ANY)
def test_the_stored_form_of_any_string_is_its_own_and_has_the_same_key(text: str) -> None:
    normal = urls.normalise(text)
    assert urls.normalise(normal) == normal
    if normal.startswith("http"):
        assert urls.identity(normal) == urls.identity(text)


@given(_ANY, st.text(max_size=20))
def test_nothing_raises_on_any_string(text: str, base: str) -> None:
    joined = urls.join(base, text)
    assert joined is None or joined.startswith(("http://", "https://"))
    assert isinstance(urls.host(text), str)
    assert urls.shape(text).startswith("/")
    assert urls.matches(text, (urls.shape(text),))
    assert urls.same_site(text, base) in (True, False)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://www.example.org/a", "http://example.org/b", True),
        ("https://news.example.org/a", "http://www.example.org/b", True),
        ("https://example.org/", "https://press.example.org:8443/", True),
        ("https://news.example.org/", "https://press.example.org/", False),
        ("https://notexample.org/", "https://example.org/", False),
        ("mailto:a@example.org", "https://example.org/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_a_site_is_a_host_and_its_subdomains(one: str, other: str, expected: bool) -> None:
    assert urls.same_site(one, other) is expected
    assert urls.same_site(other, one) is expected


def test_the_host_has_its_port_where_it_is_not_the_default() -> None:
    assert urls.host("HTTPS://Www.Example.org:443/a") == "www.example.org"
    assert urls.host("http://127.0.0.1:8000/") == "127.0.0.1:8000"
    assert urls.host("nonsense") == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.nato.int/cps/en/natohq/news_237171.htm", "/cps/en/natohq/news_{d}.htm"),
        ("https://www.nato.int/cps/en/SID-94B0E27C-63BA5824/natolive/news_1.htm", "/cps/en/natohq/news_{d}.htm"),
        ("https://e.org/news/2025/08/28/defence-expenditure", "/news/{y}/{m}/{d}/{slug}"),
        ("https://e.org/news/2025/aug/defence-expenditure", "/news/{y}/{m}/{slug}"),
        ("https://e.org/news/2025-08-28/welcome", "/news/{date}/{slug}"),
        ("https://e.org/press/12345-company-wins-a-prize.html", "/press/{slug}.html"),
        ("https://e.org/press/12345/prize.html", "/press/{d}/{slug}.html"),
        ("https://e.org/press/news-releases", "/press/news-releases"),
        ("https://e.org/press/news-releases/company-opens-its-new-plant/", "/press/news-releases/{slug}"),
        ("https://e.org/a.php?lang=en&id=77", "/a.php?id={d}&lang=en"),
        ("https://e.org/x/0f8fad5b-d9cb-469f-a165-70867728950e", "/x/{id}"),
        ("https://e.org/новини/президент-відвідав-область", "/новини/{slug}"),
        ("https://e.org/", "/"),
    ],
)
def test_siblings_share_a_shape(url: str, expected: str) -> None:
    assert urls.shape(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://e.org/news/company-opens-its-new-plant", True, id="the same shape"),
        pytest.param("https://e.org/news/prize", True, id="a title of one word"),
        pytest.param("https://e.org/news/archive", False, id="a word of navigation"),
        pytest.param("https://e.org/news/2024/prize", False, id="one level deeper"),
        pytest.param("https://e.org/about/prize", False, id="another section"),
        pytest.param("https://e.org/news", False, id="the section itself"),
    ],
)
def test_an_address_matches_the_shapes_of_its_siblings(url: str, expected: bool) -> None:
    assert urls.matches(url, ("/news/{slug}",)) is expected
    assert urls.matches(url, ())
