"""What was made of a change is kept for the next request: feeds are asked for again and again, and change little."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from storage import FeedRow

__all__ = ["kept"]

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 500
_LARGEST = 50_000
"""Bytes of packed texts; two of 600 words take 5,000. So what is kept stays small whatever newsrooms publish."""


def kept(make: Callable[Concatenate[FeedRow, P], T]) -> Callable[Concatenate[FeedRow, P], T]:
    """Keep what a pure function made of the last changes that it was asked for."""
    keeping = lru_cache(maxsize=_MOST)(make)

    @wraps(make)
    def inner(row: FeedRow, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if row.size > _LARGEST:
            return make(row, *args, **kwargs)
        return keeping(row, *args, **kwargs)  # type: ignore[arg-type]  # what is asked with is hashable

    return inner
