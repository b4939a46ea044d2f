"""Notifications leave from the outbox: claim, send, mark.

At least once: a crash between sending and marking sends again, under the same key. One broken channel holds up no
other: channels are served side by side, each in its own order.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from presswatch import notify
from presswatch.notify import Channel, NotSent, Sent, next_attempt
from presswatch.threads import Threads
from scraper.judge import Diff, compare
from storage import ChangeRow, Delivery, LeaseLost, Storage

__all__ = ["Deliverer", "Deliveries"]

_LEASE = timedelta(minutes=2)
_BATCH = 100

log = structlog.get_logger()


@dataclass(slots=True)
class Deliveries:
    """What a round of deliveries did."""

    sent: int = 0
    failed: int = 0


@dataclass(slots=True, kw_only=True)
class Deliverer:
    """Sends what the outbox holds."""

    storage: Storage
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    owner: str
    run: Threads

    async def round(self) -> Deliveries:
        """Send everything that is due now; what fails becomes due again later."""
        done = Deliveries()
        while batch := await self.run(
            self.storage.claim_deliveries, now=self.clock(), owner=self.owner, lease=_LEASE, limit=_BATCH
        ):
            batch.sort(key=lambda item: item.channel)
            groups = [(name, list(items)) for name, items in itertools.groupby(batch, key=lambda item: item.channel)]
            await asyncio.gather(*(self._serve(name, items, done) for name, items in groups))
        return done

    async def _serve(self, name: str, deliveries: Sequence[Delivery], done: Deliveries) -> None:
        """Send one channel's share of a batch, in order. The first failure leaves the rest for the next round."""
        for delivery in deliveries:
            try:
                await self._send(self.channels.get(name), delivery, done)
            except LeaseLost:
                log.warning("delivery taken over by another process", key=delivery.key)

    async def _send(self, channel: Channel | None, delivery: Delivery, done: Deliveries) -> None:
        result = await self._try(channel, delivery)
        now = self.clock()
        if isinstance(result, Sent):
            done.sent += 1
            await self.run(self.storage.delivered, delivery.id, owner=self.owner, at=now)
            return
        done.failed += 1
        retry = None if result.permanent else self._next_attempt(delivery, result, now)
        log.warning(
            "not delivered", channel=delivery.channel, key=delivery.key, error=result.error, again=retry and str(retry)
        )
        await self.run(
            self.storage.delivery_failed,
            delivery.id,
            owner=self.owner,
            at=now,
            error=result.error,
            next_attempt_at=retry,
        )

    async def _try(self, channel: Channel | None, delivery: Delivery) -> Sent | NotSent:
        if channel is None:
            return NotSent(error=f'the settings have no channel "{delivery.channel}"')
        diff = await self.run(self._diff, delivery.change)
        return await channel.send(notify.Delivery(key=delivery.key, change=delivery.change, diff=diff))

    def _diff(self, change: ChangeRow) -> Diff | None:
        """Between the change's two revisions, where there are two."""
        if change.revision_from is None or change.revision_to in (None, change.revision_from):
            return None
        before = self.storage.revision(change.release_id, change.revision_from)
        after = self.storage.revision(change.release_id, change.revision_to)
        return compare(before.release, after.release)

    def _next_attempt(self, delivery: Delivery, result: NotSent, now: datetime) -> datetime | None:
        return next_attempt(delivery.attempts + 1, now=now, jitter=self.jitter(), retry_after=result.retry_after)
