"""Every page of the hostile corpora gives a result or a typed failure: html5lib's suites, feeds, strings, bombs."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Iterator

import pytest
from corpora import CORPORA

from scraper.charset import decode
from scraper.fetch.decode import Decoder
from scraper.fetch.problem import Problem
from scraper.model import Release
from scraper.read import Unreadable, explain, extract

FOLDER = CORPORA / "conformance"

pytestmark = pytest.mark.corpus

if not FOLDER.is_dir():
    pytest.skip(f"no corpus at {FOLDER}", allow_module_level=True)

URL = "https://harbour.example.int/news/1"
LONGEST = 20.0
"""Seconds for one page on a busy machine; the dearest takes about one."""
PROSE = "<p>The harbour was deepened by two metres last year, as the council had decided in the spring.</p>" * 3


def read(page: bytes, url: str = URL) -> Release | None:
    """The release, or None for what is refused by its own exception; anything else fails the test."""
    begun = time.process_time()
    try:
        return extract(page, url)
    except Unreadable as refusal:
        assert str(refusal)
        return None
    finally:
        assert time.process_time() - begun < LONGEST


def trees() -> Iterator[tuple[str, bytes]]:
    for file in sorted((FOLDER / "html5lib-tests" / "tree-construction").rglob("*.dat")):
        for number, test in enumerate(file.read_bytes().split(b"#data\n")[1:]):
            yield f"{file.name} {number}", test.split(b"\n#errors", 1)[0]


def inputs() -> Iterator[tuple[str, bytes]]:
    for file in sorted((FOLDER / "html5lib-tests" / "tokenizer").glob("*.test")):
        for number, test in enumerate(json.loads(file.read_text("utf-8")).get("tests", [])):
            text = test["input"]
            if test.get("doubleEscaped"):
                text = json.loads(f'"{text}"')
            yield f"{file.name} {number}", text.encode("utf-8", "surrogatepass")


def test_every_tree_of_the_html_suite_is_read_or_refused() -> None:
    pages = list(trees())
    assert len(pages) > 1_000
    for _, page in pages:
        read(page)
        read(b"<html><body><article><h1>Harbour</h1>" + page + PROSE.encode() + b"</article></body></html>")


def test_every_input_of_the_tokenizer_suite_is_read_or_refused() -> None:
    pages = list(inputs())
    assert len(pages) > 5_000
    for _, page in pages:
        read(page + PROSE.encode())


def test_every_feed_of_the_feed_suite_is_read_or_refused_as_a_page() -> None:
    files = [file for file in sorted((FOLDER / "feedparser-tests").rglob("*")) if file.is_file()]
    assert len(files) > 2_000
    for file in files:
        read(file.read_bytes())


@pytest.mark.long
@pytest.mark.parametrize("place", ["title", "body", "stamp", "class", "address", "language"])
def test_strings_that_break_things_are_read_in_every_place(place: str) -> None:
    strings = [
        *json.loads((FOLDER / "naughty-strings" / "blns.json").read_text("utf-8")),
        *(FOLDER / "xss-payloads" / "xss-payload-list.txt").read_text("utf-8", "replace").splitlines(),
    ]
    assert len(strings) > 5_000
    for said in strings:
        title, body, stamp, name, language = "The harbour is deepened", "", "", "text", "en"
        url = URL
        match place:
            case "title":
                title = said
            case "body":
                body = f"<p>{said}</p>"
            case "stamp":
                stamp = f"<p>Last updated: {said}</p>"
            case "class":
                name = said
            case "address":
                url = f"{URL}/{said}"
            case "language":
                language = said
        page = (
            f'<html lang="{language}"><title>{title}</title><article class="{name}">'
            f"<h1>{title}</h1>{stamp}{PROSE}{body}</article></html>"
        )
        read(page.encode("utf-8", "replace"), url)


def test_plain_hostile_text_arrives_as_it_was() -> None:
    for said in json.loads((FOLDER / "naughty-strings" / "blns.json").read_text("utf-8")):
        shown = " ".join(said.split())
        if (
            len(shown) < 20
            or any(sign in said for sign in "<>&\u00ad\u200b\u2060\ufeff\x00")
            or not shown.isprintable()
        ):
            continue
        page = f"<article><h1>Harbour</h1>{PROSE}<p>It said: {said} and that was all of it.</p>{PROSE}</article>"
        release = read(page.encode())
        assert release is not None
        assert f"It said: {shown} and that was all of it." in release.text


@pytest.mark.parametrize(
    "name", ["bomb-gzip.bin", "bomb-deflate.bin", "html-gzip.bin", "html-zlibdeflate.bin", "html-gzip-deflate.bin"]
)
def test_what_a_bomb_unpacks_to_is_read_or_refused(name: str) -> None:
    data = (FOLDER / "compression-bombs" / name).read_bytes()
    decoder = Decoder("gzip" if "gzip" in name else "deflate", limit=5_000_000)
    try:
        read(b"".join(decoder.feed(data)))
    except (Problem, zlib.error, gzip.BadGzipFile):
        read(data)


def test_a_page_cut_anywhere_is_read_or_refused() -> None:
    page = (
        f"<html lang=de><head><title>Grüße</title></head><body><article><h1>Grüße</h1>{PROSE}</article></body></html>"
    )
    whole = page.encode()
    for end in range(0, len(whole), 7):
        read(whole[:end])
        read(whole[:end] + b"\xff\x00<" + whole[end:])


def encodings() -> Iterator[tuple[str, bytes, str]]:
    for file in sorted((FOLDER / "html5lib-tests" / "encoding").glob("*.dat")):
        for number, test in enumerate(file.read_bytes().split(b"#data\n")[1:]):
            data, _, rest = test.partition(b"\n#encoding\n")
            if rest:
                yield f"{file.name} {number}", data, rest.split(b"\n", 1)[0].decode().strip().lower()


def test_bytes_become_the_text_that_the_encoding_suite_expects() -> None:
    missed = []
    total = 0
    for name, data, encoding in encodings():
        total += 1
        codec = {"windows-1252": "cp1252", "utf-8": "utf-8"}.get(encoding, encoding)
        expected = data.decode(codec, "replace").replace("\x00", "").removeprefix("\ufeff")
        if decode(data, None) != expected:
            missed.append(f"{name}: {encoding}")
    assert total > 50
    # The one step beyond the standard: bytes that are UTF-8 and no EUC-JP are read as what they are.
    assert missed == ["test-yahoo-jp.dat 0: euc-jp"]


def test_explaining_hostile_pages_breaks_no_sooner_than_reading_them() -> None:
    for _, page in list(trees())[::7]:
        try:
            found = explain(page + PROSE.encode(), URL)
        except Unreadable:
            continue
        assert all(piece.why for piece in found.pieces)
