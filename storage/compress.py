"""The only module that knows zstd: bytes to a frame and back, alone or as the difference to an earlier version.

A frame with a base takes the earlier version as a raw prefix dictionary (zstd manual, "reference prefix"): an edited
page of 40 kB comes to about 100 bytes.
"""

from __future__ import annotations

import sys

from storage.errors import DatabaseDamaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["difference", "pack", "unpack"]

_LEVEL = 3
_LEAST_BASE = 8
"""Bytes; zstd takes no shorter dictionary."""


def pack(body: bytes) -> bytes:
    """A frame that stands alone."""
    return zstd.compress(body, level=_LEVEL)


def difference(body: bytes, base: bytes) -> bytes | None:
    """A frame that needs ``base`` to be read; None where ``base`` is too short to help."""
    if len(base) < _LEAST_BASE:
        return None
    return zstd.compress(body, level=_LEVEL, zstd_dict=_prefix(base))


def unpack(frame: bytes, base: bytes | None = None) -> bytes:
    """The body of a frame, with the base that it was made against.

    Raises:
        DatabaseDamaged: the frame is none, or not of this base.
    """
    try:
        return zstd.decompress(frame, zstd_dict=None if base is None else _prefix(base))
    except (zstd.ZstdError, TypeError) as exc:  # SQLite hands out text where somebody wrote text
        raise DatabaseDamaged(f"a stored body can't be unpacked: {exc}") from exc


def _prefix(base: bytes) -> tuple[zstd.ZstdDict, int]:
    return zstd.ZstdDict(base, is_raw=True).as_prefix
