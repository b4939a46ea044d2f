"""Content codings undone within bounds."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.fetch.decode import Decoder
from scraper.fetch.problem import Problem
from scraper.model import Failure

TEXT = b"<p>The secretary-general will visit.</p>\n" * 400
NOISE = random.Random(1).randbytes(200_000)


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def decoded(data: bytes, coding: str, *, limit: int = 10_000_000, step: int = 65_536) -> bytes:
    decoder = Decoder(coding, limit=limit)
    pieces = [piece for start in range(0, len(data), step) for piece in decoder.feed(data[start : start + step])]
    decoder.finish()
    assert all(0 < len(piece) <= 65_536 for piece in pieces)
    return b"".join(pieces)


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
    ("deflate, gzip, identity", lambda data: gzip.compress(raw_deflate(data))),
    ("identity", bytes),
    ("", bytes),
]


@pytest.mark.parametrize(("coding", "encode"), CODINGS)
@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_what_was_encoded_comes_back(coding: str, encode: Callable[[bytes], bytes], step: int) -> None:
    assert decoded(encode(TEXT), coding, step=step) == TEXT


@given(st.binary(max_size=3_000), st.sampled_from(CODINGS), st.integers(1, 4_000))
@example(b"\0" * 65_536, CODINGS[0], 10)
@example(b"\0" * 65_537, CODINGS[4], 65_536)
@example(b"ab" * 500_000, CODINGS[5], 65_536)
@example(NOISE, CODINGS[6], 65_536)
def test_any_bytes_come_back_however_they_are_cut(
    data: bytes, coding: tuple[str, Callable[[bytes], bytes]], step: int
) -> None:
    assert decoded(coding[1](data), coding[0], step=step) == data


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 1_000_000])
@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_a_body_of_whole_pieces_is_no_truncated_one(size: int, encode: Callable[[bytes], bytes]) -> None:
    coding = "gzip" if encode is gzip.compress else "deflate"
    assert len(decoded(encode(b"a" * size), coding, step=11)) == size


@pytest.mark.parametrize("step", [1, 65_536])
def test_every_member_of_a_gzip_body_is_decoded(step: int) -> None:
    assert decoded(gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two"), "gzip", step=step) == b"one two"


@pytest.mark.parametrize("tail", [b"\0" * 512, b"\r\n", b"<!-- served by -->", b"\x1f", b"\x1f\0"])
def test_what_follows_the_last_member_and_is_none_is_passed_over(tail: bytes) -> None:
    assert decoded(gzip.compress(TEXT) + tail, "gzip", step=1) == TEXT


@pytest.mark.parametrize(("coding", "encode"), CODINGS[:7])
@pytest.mark.parametrize("kept", [0.99, 0.5, 0.01])
def test_a_truncated_body_is_broken(coding: str, encode: Callable[[bytes], bytes], kept: float) -> None:
    data = encode(NOISE)
    with pytest.raises(Problem) as caught:
        decoded(data[: max(1, int(len(data) * kept))], coding)
    assert caught.value.failure is Failure.BROKEN


def test_a_second_member_that_is_cut_off_is_broken() -> None:
    with pytest.raises(Problem, match="The gzip data stops before its end"):
        decoded(gzip.compress(TEXT) + gzip.compress(TEXT)[:-1], "gzip")


@pytest.mark.parametrize(
    ("data", "coding"),
    [
        pytest.param(TEXT, "gzip", id="plain text labelled gzip"),
        pytest.param(gzip.compress(TEXT)[:-8] + b"\0" * 8, "gzip", id="a wrong checksum"),
        pytest.param(zlib.compress(TEXT)[:-4] + b"\0" * 4, "deflate", id="a wrong Adler checksum"),
        pytest.param(b"\xff" * 50, "deflate", id="no deflate at all"),
        pytest.param(TEXT, "br", id="a coding that was not asked for"),
        pytest.param(TEXT, "zstd", id="another one"),
        pytest.param(TEXT, "gzip, br", id="one of them not asked for"),
        pytest.param(TEXT, "aws-chunked\x1b[2J", id="a coding that nobody knows"),
        pytest.param(gzip.compress(TEXT), "gzip, gzip, gzip, gzip", id="four codings"),
        pytest.param(gzip.compress(b"") * 3_000, "gzip", id="three thousand members"),
    ],
)
def test_damaged_data_is_broken(data: bytes, coding: str) -> None:
    with pytest.raises(Problem) as caught:
        decoded(data, coding)
    assert caught.value.failure is Failure.BROKEN
    assert caught.value.detail.isprintable()


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "deflate, gzip", "gzip, deflate"]))
def test_any_bytes_decode_or_are_broken(data: bytes, coding: str) -> None:
    failure = None
    try:
        decoded(data, coding, step=13)
    except Problem as problem:
        failure = problem.failure
    assert failure in (None, Failure.BROKEN)


def test_an_empty_body_has_no_coding() -> None:
    assert decoded(b"", "gzip") == b""


@pytest.mark.parametrize(
    ("bomb", "coding"),
    [
        pytest.param(gzip.compress(b"\0" * 50_000_000), "gzip", id="gzip"),
        pytest.param(zlib.compress(b"\0" * 50_000_000), "deflate", id="deflate"),
        pytest.param(gzip.compress(gzip.compress(b"\0" * 50_000_000)), "gzip, gzip", id="gzip in gzip"),
    ],
)
def test_a_bomb_stops_at_the_limit_in_little_memory(bomb: bytes, coding: str) -> None:
    decoder = Decoder(coding, limit=1_000_000)
    tracemalloc.start()
    with pytest.raises(Problem) as caught:
        for _ in decoder.feed(bomb):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.failure is Failure.TOO_LARGE
    assert peak < 2_000_000


def test_a_body_of_just_the_limit_is_not_too_large() -> None:
    assert decoded(gzip.compress(TEXT), "gzip", limit=len(TEXT)) == TEXT
