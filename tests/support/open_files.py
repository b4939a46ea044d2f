"""How many files and sockets this process has open, where the system tells."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

__all__ = ["come_down_to", "needs_proc", "open_files"]

_OPEN = Path("/proc/self/fd")
needs_proc = pytest.mark.skipif(not _OPEN.is_dir(), reason="no /proc to count open files in")


def open_files() -> int:
    """All of them."""
    return len(list(_OPEN.iterdir()))


async def come_down_to(most: int) -> bool:
    """True as soon as there are no more; a transport closes a turn of the loop after it is told to."""
    for _ in range(200):
        if open_files() <= most:
            return True
        await asyncio.sleep(0.05)
    return False
