"""What was sent is written down while the next is being sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

__all__ = ["Delivered"]


class Delivered:
    """Writes down what was sent while the next is being sent: one transaction for all that came together meanwhile.

    A crash repeats what was sent during one transaction.
    """

    def __init__(self, write: Callable[[list[int]], Awaitable[None]]) -> None:
        self._write = write
        self._ids: list[int] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, delivery_id: int) -> None:
        """Write it down soon; raises what writing the ones before raised."""
        self._ids.append(delivery_id)
        if self._task is None or self._task.done():
            if self._task is not None:
                self._task.result()
            self._task = asyncio.create_task(self._work(), name="write down what was sent")

    async def finish(self) -> None:
        """All is written down."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _work(self) -> None:
        while self._ids:
            ids, self._ids = self._ids, []
            await self._write(ids)
