"""Which addresses of a sitemap are of a new kind beside the known ones."""

from __future__ import annotations

import time
from zoneinfo import ZoneInfo

import pytest

from scraper.discover.kinds import belongs
from scraper.discover.sitemaps import read_sitemap

ROOT = "https://www.example.org"
DATED = ("/en/news/{y}/{m}/{d}/{slug}",)
NUMBERED = ("/cps/en/natohq/news_{d}.htm",)


TWO = ("/en/news/{y}/{m}/{d}/{slug}", "/en/press/{y}/{m}/{d}/{slug}")


@pytest.mark.parametrize(
    ("path", "shapes"),
    [
        pytest.param("/en/news/2024/05/05/minister-opens-new-bridge", DATED, id="the known one"),
        pytest.param("/en/news/minister-opens-new-bridge", DATED, id="the section in another form"),
        pytest.param("/en/news/2024/minister-opens-new-bridge", DATED, id="the section with another date"),
        pytest.param("/en/speeches/2024/05/05/speech-at-the-new-bridge", TWO, id="one more of several dated sections"),
        pytest.param("/any/thing", (), id="anything where no shapes are known"),
    ],
)
def test_known_and_new_kinds_are_taken(path: str, shapes: tuple[str, ...]) -> None:
    assert belongs(ROOT + path, shapes)


@pytest.mark.parametrize(
    ("path", "shapes"),
    [
        pytest.param("/en/press/2024/05/05/minister-opens-new-bridge", DATED, id="a section that was left out"),
        pytest.param("/fr/news/2024/05/05/le-ministre-ouvre-le-pont", DATED, id="another language"),
        pytest.param("/fr/discours/2024/05/05/le-ministre-ouvre-le-pont", TWO, id="another language's section"),
        pytest.param("/en/news/2024/05/05", DATED, id="a day's archive"),
        pytest.param("/en/news/archive", DATED, id="a page of the section"),
        pytest.param("/en/news/topics/climate-and-security-in-the-north", DATED, id="a topic of the section"),
        pytest.param("/en/speeches/on-climate-and-security-in-the-north", TWO, id="an undated section"),
        pytest.param("/cps/en/natohq/topics_209984.htm", NUMBERED, id="another name with a number"),
        pytest.param("/en/about-the-organisation-and-us", ("/en/{y}/{m}/{slug}",), id="a language is no section"),
    ],
)
def test_other_addresses_are_not(path: str, shapes: tuple[str, ...]) -> None:
    assert not belongs(ROOT + path, shapes)


def test_a_sitemap_yields_its_new_kinds() -> None:
    paths = [
        "/en/news/2024/05/05/minister-opens-new-bridge",
        "/en/news/speech-at-the-new-bridge",
        "/en/about",
    ]
    body = "<urlset>" + "".join(f"<url><loc>{ROOT}{path}</loc></url>" for path in paths) + "</urlset>"
    entries = read_sitemap(body.encode(), f"{ROOT}/sitemap.xml", zone=ZoneInfo("UTC"), shapes=DATED).entries
    assert [entry.url.removeprefix(ROOT) for entry in entries] == paths[:2]


def test_many_shapes_and_addresses_cost_little() -> None:
    rows = "".join(f"<url><loc>{ROOT}/a{n % 97}/2024/05/05/some-title-of-words-{n}</loc></url>" for n in range(20_000))
    shapes = tuple(f"/s{n}/{{y}}/{{m}}/{{d}}/{{slug}}" for n in range(12))
    started = time.process_time()
    read_sitemap(f"<urlset>{rows}</urlset>".encode(), f"{ROOT}/s.xml", zone=ZoneInfo("UTC"), shapes=shapes)
    assert time.process_time() - started < 10
