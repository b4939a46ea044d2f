"""Notifications leave from the outbox: claim, send, mark.

    storage.due_channels -> a task for each | claim a few, send one after the other, mark | until nothing is due

At least once: a crash between sending and marking sends again, under the same key. Each channel is served by a task of
its own, which claims for itself alone: one that is slow or dead holds up no other. Within a channel one notification is
sent at a time, those of one release in their order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from presswatch import notify
from presswatch.delivered import Delivered
from presswatch.notify import (
    Channel,
    Message,
    NotSent,
    Sent,
    batch_message,
    compose,
    diff_path,
    digest_message,
    health_message,
    next_attempt,
)
from presswatch.notify.message import rfc3339
from presswatch.threads import Threads
from scraper.judge import Diff, compare
from scraper.model import Kind, Release
from storage import (
    BatchRow,
    ChangeRow,
    DatabaseDamaged,
    Delivery,
    DigestRow,
    LeaseLost,
    Storage,
    StorageError,
    Subject,
    Told,
    Unknown,
    Watchman,
)

__all__ = ["Deliverer", "Deliveries"]

_BATCH = 10
_MARGIN = 5.0
"""Seconds that a notification may take beside its channel's own timeout: the diff, the database, a full machine."""
_MISSES = 3
"""A channel that failed so often in a row is left alone for a while."""
_REST = timedelta(minutes=1)
"""For so long: else a long queue would beat on a receiver that is down, three times a second."""
_GRACE = 1.0
"""Seconds that the sending under way gets when the process ends."""

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
    timeout: float = 15.0
    """Seconds after which every channel has given up a notification."""
    watchman: Watchman | None = None
    """Who says whether a channel is stuck, and who is told; None: nobody minds."""
    pages: str | None = None
    """The address of this installation's pages, for links to them."""
    mute_link: Callable[[Subject], str | None] = lambda _: None
    """Where one asks to be told no more of what a notification is about."""
    _tasks: dict[str, asyncio.Task[Deliveries]] = field(default_factory=dict)
    _rests: dict[str, datetime] = field(default_factory=dict)
    """Until when channels are left alone."""
    _closing: bool = False

    async def tick(self) -> None:
        """Begin to serve the channels that have something due and are not being served; wait for none."""
        for task in await self._begin():
            task.add_done_callback(_told)

    async def round(self) -> Deliveries:
        """Send what is due now, to its end; what fails becomes due again later.

        A channel that fails three times in a row is left alone for a minute: the rest of its notifications stay due.
        What the others are to be told of a channel that is stuck, or works again, is sent in the same round.
        """
        await self._begin()
        first = await self._served()
        await self._begin(but={name for name, done in first.items() if done.failed})
        done = [*first.values(), *(await self._served()).values()]
        return Deliveries(sent=sum(each.sent for each in done), failed=sum(each.failed for each in done))

    async def _served(self) -> dict[str, Deliveries]:
        """What came of each channel that is being served; all are waited for before one raises what ended it."""
        tasks = dict(self._tasks)
        if tasks:
            await asyncio.wait(tasks.values())
        return {name: task.result() for name, task in tasks.items()}

    async def close(self) -> None:
        """End soon: what is being sent gets a second, what was sent is marked, the rest is the next process's."""
        self._closing = True
        tasks = list(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=_GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin(self, *, but: Collection[str] = ()) -> list[asyncio.Task[Deliveries]]:
        now = self.clock()
        # A rest that would be longer than one was begun by a clock that was ahead.
        resting = [name for name, until in self._rests.items() if timedelta() < until - now <= _REST]
        due = await self.run(self.storage.due_channels, now, but={*self._tasks, *resting, *but})
        return [self._start(name) for name in due if name not in self._tasks and not self._closing]

    def _start(self, name: str) -> asyncio.Task[Deliveries]:
        task = self._tasks[name] = asyncio.create_task(self._serve(name), name=f"deliver to {name}")
        task.add_done_callback(lambda _: self._tasks.pop(name, None))
        return task

    # --- one channel --------------------------------------------------------------------------------------------------

    async def _serve(self, name: str) -> Deliveries:
        """Send a channel what is due, a few under one lease after the other, until it fails too often in a row."""
        done, misses = Deliveries(), 0
        lease = self.lease
        while misses < _MISSES and not self._closing:
            now = self.clock()
            batch = await self.run(
                self.storage.claim_deliveries, now=now, owner=self.owner, lease=lease, limit=_BATCH, channel=name
            )
            if not batch:
                break
            misses = await self._send_all(self.channels.get(name), batch, done, misses=misses, until=now + lease)
        if misses >= _MISSES:
            self._rests[name] = self.clock() + _REST
        return done

    @property
    def lease(self) -> timedelta:
        """For how long notifications are taken at a time."""
        return _BATCH * self._longest

    @property
    def _longest(self) -> timedelta:
        return timedelta(seconds=self.timeout + _MARGIN)

    async def _send_all(
        self, channel: Channel | None, batch: list[Delivery], done: Deliveries, *, misses: int, until: datetime
    ) -> int:
        """Send what was claimed, as long as the lease covers it; give back the rest. Failures in a row at the end."""
        left, delivered = deque(batch), Delivered(self._mark)
        try:
            while left and misses < _MISSES and not self._closing:
                message = await self._made(left[0])
                # To find what is to be said takes its time; from here on the lease must cover the sending.
                if self._closing or self.clock() + self._longest > until:
                    break
                delivery = left.popleft()
                result = await self._try(channel, delivery, message)
                if isinstance(result, Sent):
                    done.sent, misses = done.sent + 1, 0
                    delivered.add(delivery.id)
                    continue
                done.failed += 1
                # Where the settings know no such channel, nobody is waited for: all of it is told at once.
                misses += channel is not None
                # In their order: a success that is written after this failure would end the outage that begins with it.
                await delivered.finish()
                await self._failed(delivery, result)
        finally:
            await delivered.finish()
        if left:
            await self.run(self.storage.free_deliveries, [each.id for each in left], owner=self.owner)
        return misses

    async def _mark(self, ids: list[int]) -> None:
        lost = await self.run(
            self.storage.delivered, ids, owner=self.owner, at=self.clock(), watchman=self.watchman
        )  # fmt: skip
        if lost:
            log.warning("deliveries taken over by another process", ids=lost)

    async def _failed(self, delivery: Delivery, result: NotSent) -> None:
        now = self.clock()
        retry = None if result.permanent else self._next_attempt(delivery, result, now)
        log.warning(
            "not delivered", channel=delivery.channel, key=delivery.key, error=result.error,
            again=retry and rfc3339(retry),
        )  # fmt: skip
        try:
            await self.run(
                self.storage.delivery_failed,
                delivery.id,
                owner=self.owner,
                at=now,
                error=result.error,
                next_attempt_at=retry,
                perhaps_taken=result.unsure,
                watchman=self.watchman,
            )
        except LeaseLost:
            log.warning("delivery taken over by another process", key=delivery.key)

    async def _made(self, delivery: Delivery) -> Message | NotSent:
        """What is to be said; NotSent: that can't be put into words, and counts as an attempt.

        Raises:
            StorageError: nothing is wrong with the notification; it is made again under the next lease.
        """
        try:
            return await self.run(self._message, delivery)
        except StorageError:
            raise
        except Exception as error:
            # One that can't be said must not come first for ever, and hold up all that its channel is to be told.
            log.exception("a message can't be made", channel=delivery.channel, key=delivery.key)
            return NotSent(error=f"it can't be put into words: {type(error).__name__}")

    async def _try(self, channel: Channel | None, delivery: Delivery, message: Message | NotSent) -> Sent | NotSent:
        """Send it; whatever a channel does, it took no longer than the lease reckons with."""
        if isinstance(message, NotSent):
            return message
        if channel is None:
            return NotSent(error=f'the settings have no channel "{delivery.channel}"')
        return await self.attempt(delivery.channel, message)

    async def attempt(self, name: str, message: Message) -> Sent | NotSent:
        """Send a message through one of the channels, in bounded time, outside of the outbox."""
        longest = self._longest.total_seconds()
        try:
            async with asyncio.timeout(longest):
                return await self.channels[name].send(message)
        except TimeoutError:
            return NotSent(error=f"the channel took longer than {longest:g} s", unsure=True)
        except Exception as error:
            # One notification that breaks its channel must not hold up the others. The message may hold an address.
            log.exception("sending failed", channel=name, key=message.key)
            return NotSent(error=f"sending failed: {type(error).__name__}", unsure=True)

    async def works(self, name: str) -> None:
        """A channel took what was sent outside of the outbox: if it was stuck, that is over."""
        if self.watchman is not None:
            await self.run(self.storage.channel_works, name, at=self.clock(), watchman=self.watchman)

    def _message(self, delivery: Delivery) -> Message:
        """What is to be said, with the way to be told no more of it."""
        return replace(self._said(delivery), mute=self.mute_link(delivery.subject))

    def _said(self, delivery: Delivery) -> Message:
        """What is to be said of a change, a batch, a digest or a trouble."""
        subject, key = delivery.subject, delivery.key
        match subject:
            case ChangeRow():
                is_new = subject.kind is Kind.NEW
                after = self._release(subject, subject.revision_to) if is_new else None
                link = self.pages and self.pages + diff_path(subject)
                text = after.text if after else ""
                return compose(notify.Delivery(key=key, change=subject, diff=self._diff(subject), text=text, link=link))
            case BatchRow():
                diff = self._diff(subject.changes[0]) if subject.changes else None
                return batch_message(subject, key=key, diff=diff, pages=self.pages)
            case DigestRow():
                return digest_message(subject, key=key, pages=self.pages)
            case Told():
                return health_message(subject, key=key, pages=self.pages)

    def _diff(self, change: ChangeRow) -> Diff | None:
        """What differs between a change's two revisions, where there are two that can be read."""
        if change.revision_from == change.revision_to:
            return None
        before = self._release(change, change.revision_from)
        after = self._release(change, change.revision_to) if before else None
        return compare(before, after) if before and after else None

    def _release(self, change: ChangeRow, number: int | None) -> Release | None:
        try:
            return None if number is None else self.storage.revision(change.release_id, number).release
        except (Unknown, DatabaseDamaged):
            log.exception("a revision can't be read", change=change.id, number=number)
            return None

    def _next_attempt(self, delivery: Delivery, result: NotSent, now: datetime) -> datetime | None:
        return next_attempt(delivery.attempts + 1, now=now, jitter=self.jitter(), retry_after=result.retry_after)


def _told(task: asyncio.Task[Deliveries]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("delivering failed", task=task.get_name(), exc_info=error)
