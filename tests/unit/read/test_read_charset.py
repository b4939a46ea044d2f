"""Bytes to text as browsers do it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.charset import decode, decoded


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=latin-1", "café"),
        ("café".encode("latin-1"), "text/html; charset=ISO-8859-1", "café"),
        ("<meta charset=windows-1251>Обновлено".encode("cp1251"), None, "<meta charset=windows-1251>Обновлено"),
        ("café".encode(), None, "café"),
        ("café au lait".encode("cp1252"), None, "café au lait"),
        ("price: 5 €".encode("cp1252"), "text/html; charset=iso-8859-1", "price: 5 €"),
        ("更新".encode("shift_jis"), "text/html; charset=Shift_JIS", "更新"),
        ("café".encode("utf-16"), None, "café"),
        ("café".encode(), "text/html; charset=no-such-thing", "café"),
        ("café".encode(), "text/html; charset=hex", "café"),
        (b"<meta charset=utf-16>caf\xc3\xa9", None, "<meta charset=utf-16>café"),
    ],
    ids=[
        "a byte order mark beats the header",
        "the header",
        "a declaration in the markup",
        "UTF-8 without any",
        "windows-1252 as the last resort",
        "latin-1 means windows-1252",
        "a Japanese header",
        "a mark of UTF-16",
        "an unknown name is ignored",
        "a codec that is no encoding is ignored",
        "a declaration of UTF-16 that could be read means UTF-8",
    ],
)
def test_encoding_is_the_one_of_browsers(body: bytes, content_type: str | None, expected: str) -> None:
    assert decode(body, content_type) == expected


def test_converted_page_with_its_old_declaration_is_utf8() -> None:
    text = "<meta charset=gb2312>" + "促进航天技术更好惠及人民" * 3
    assert decode(text.encode(), None) == text


def test_nothing_unseen_remains() -> None:
    assert decode(b"a\x00b\xed\xa0\x80", "text/html; charset=utf-8") == "ab\ufffd\ufffd\ufffd"


HEADERS = [None, "", "text/html", "text/html; charset=utf-16", "x; charset=\x00"]


@given(st.binary(max_size=400), st.sampled_from(HEADERS))
def test_any_bytes_give_the_same_clean_text(body: bytes, content_type: str | None) -> None:
    text = decode(body, content_type)
    assert text == decode(body, content_type)
    assert "\x00" not in text
    text.encode()


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)), st.sampled_from(HEADERS))
def test_bytes_are_handed_on_only_where_they_are_the_text_in_utf8(body: bytes, content_type: str | None) -> None:
    text, utf8 = decoded(body, content_type)
    assert utf8 is None or utf8 == text.encode()


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_a_page_in_utf8_is_not_encoded_again(mark: bytes, content_type: str | None) -> None:
    page = "«Les ministres se sont réunis» – le communiqué, à Évian, où l’été est déjà terminé".encode()
    assert decoded(mark + page, content_type).utf8 == page


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("café".encode("latin-1"), None),
        (b"caf\xc3\xa9 \xff", "text/html; charset=utf-8"),
        ("café\x00".encode(), None),
        ("café ".encode() * 30 + b"\xc3", None),
    ],
    ids=["another encoding", "bytes that are no character", "a NUL", "a character that is cut off"],
)
def test_bytes_that_are_another_text_are_not_handed_on(body: bytes, content_type: str | None) -> None:
    assert decoded(body, content_type).utf8 is None
