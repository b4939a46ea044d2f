"""Frames come back byte for byte, and an edited page costs next to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.compress import difference, pack, unpack
from storage.errors import DatabaseDamaged


@given(st.binary())
def test_a_body_comes_back(body: bytes) -> None:
    assert unpack(pack(body)) == body


@given(st.binary(), st.binary())
def test_a_difference_comes_back_with_its_base(body: bytes, base: bytes) -> None:
    frame = difference(body, base)
    assert (frame is None) == (len(base) < 8)
    if frame is not None:
        assert unpack(frame, base) == body


def test_an_edit_of_a_large_page_is_a_small_frame() -> None:
    page = b"".join(b"<p>paragraph %d of %d words</p>" % (number, number * 7919 % 1000) for number in range(2_000))
    edited = page.replace(b"paragraph 1000", b"another paragraph 1000")
    frame = difference(edited, page)
    assert frame is not None
    assert len(frame) < 200 < len(pack(edited))


@pytest.mark.parametrize("frame", [b"", b"no frame", pack(b"x" * 100)[:-4]], ids=["empty", "junk", "cut off"])
def test_what_is_no_frame_is_damage(frame: bytes) -> None:
    with pytest.raises(DatabaseDamaged):
        unpack(frame)
