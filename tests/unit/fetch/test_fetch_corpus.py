"""Compression bombs and thousands of real robots.txt files."""

from __future__ import annotations

import tarfile
import time
import tracemalloc

import pytest
from corpora import corpus

from scraper.fetch.decode import Decoder
from scraper.fetch.problem import Problem
from scraper.fetch.robots import _bounded, read
from scraper.model import Failure

pytestmark = pytest.mark.corpus
LIMIT = 1_000_000


def decoded(data: bytes, coding: str) -> bytes:
    decoder = Decoder(coding, limit=LIMIT)
    body = b"".join(decoder.feed(data))
    decoder.finish()
    return body


@pytest.mark.parametrize(
    ("name", "coding", "failure"),
    [
        ("bomb-gzip.bin", "gzip", Failure.TOO_LARGE),
        ("bomb-deflate.bin", "deflate", Failure.TOO_LARGE),
        ("bomb-br.bin", "br", Failure.BROKEN),
        ("bomb-zstd.bin", "zstd", Failure.BROKEN),
        ("truncated-crc-error.gz", "gzip", Failure.BROKEN),
        ("truncated-crc-error-short.gz", "gzip", Failure.BROKEN),
        ("unexpected-eof.gz", "gzip", Failure.BROKEN),
    ],
)
def test_a_hostile_body_fails_in_little_memory(name: str, coding: str, failure: Failure) -> None:
    data = corpus("conformance", "compression-bombs", name).read_bytes()
    tracemalloc.start()
    with pytest.raises(Problem) as caught:
        decoded(data, coding)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.failure is failure
    assert peak < LIMIT * 2


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("html-gzip.bin", "gzip"),
        ("html-zlibdeflate.bin", "deflate"),
        ("html-rawdeflate.bin", "deflate"),
        ("html-gzip-deflate.bin", "gzip, deflate"),
        ("html-gzip-deflate-gzip.bin", "gzip, deflate, gzip"),
    ],
)
def test_every_way_of_encoding_a_page_gives_the_page(name: str, coding: str) -> None:
    body = decoded(corpus("conformance", "compression-bombs", name).read_bytes(), coding)
    assert body.startswith(b"<!DOCTYPE H")
    assert body.endswith(b"</html>\n")


def _seconds(body: bytes) -> float:
    began = time.process_time()
    read(200, body, final_url="https://example.org/robots.txt")
    return time.process_time() - began


def test_real_robots_files_are_read_whole_and_fast() -> None:
    archive = corpus("conformance", "robots", "robots-txt-4231.tar.xz")
    count = 0
    slow: list[bytes] = []
    with tarfile.open(archive) as tar:
        bodies = [file.read() for member in tar if member.isfile() and (file := tar.extractfile(member))]
    began = time.process_time()
    for body in bodies:
        each = time.process_time()
        known = read(200, body, final_url="https://example.org/robots.txt")
        assert known.allows("https://example.org/robots.txt", "presswatch")
        known.allows("https://example.org/news/2012/09/release.html?id=1", "presswatch")
        delay = known.crawl_delay("presswatch")
        assert delay is None or 0 <= delay <= 60
        assert known.text == _bounded(known.text), "a real file is not cut"
        if time.process_time() - each > 0.25:
            slow.append(body)
        count += 1
    assert count > 4_000
    # A collection of garbage may fall on any file; one that is slow by itself is slow each time.
    assert [body for body in slow if min(_seconds(body) for _ in range(5)) > 0.25] == []
    assert time.process_time() - began < 30
