"""How often a password may be tried: by each address, and by all together. Pure but for what it remembers.

    the first few at once, then one in a while

An attempt is spent before the password is looked at, so that many at once are no way around, and given back where it
was right. What is remembered is bounded: of an IPv6 client it is the
network of 64 bits, which one subscriber has, and when too many addresses have come, those whose attempts are the oldest
are forgotten. Then the bound over all still holds.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Attempts", "Bucket"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """So many attempts at once, and one more after each while."""

    size: int
    refill: timedelta

    def wait(self, spent_until: datetime | None, now: datetime) -> timedelta:
        """How long until there is one; ``spent_until`` is when all will be there again."""
        return max(self._debt(spent_until, now) - self.refill * (self.size - 1), timedelta())

    def spend(self, spent_until: datetime | None, now: datetime) -> datetime:
        """When all will be there again after one more was spent."""
        return now + min(self._debt(spent_until, now) + self.refill, self._longest)

    def _debt(self, spent_until: datetime | None, now: datetime) -> timedelta:
        """How long until all are there; nothing where that is longer than it ever takes: the clock was set back."""
        debt = (spent_until or now) - now
        return debt if timedelta() < debt <= self._longest else timedelta()

    @property
    def _longest(self) -> timedelta:
        return self.refill * self.size


class Attempts:
    """The attempts of late."""

    def __init__(
        self,
        *,
        each: Bucket = Bucket(size=5, refill=timedelta(seconds=30)),
        together: Bucket = Bucket(size=30, refill=timedelta(seconds=5)),
        most: int = 1_000,
    ) -> None:
        self._each, self._together, self._most = each, together, most
        self._spent: OrderedDict[str, datetime] = OrderedDict()
        self._all: datetime | None = None

    def wait(self, client: str, now: datetime) -> timedelta:
        """How long a client must wait before it may try; nothing where it may now."""
        own = self._each.wait(self._spent.get(_subscriber(client)), now)
        return max(own, self._together.wait(self._all, now))

    def spend(self, client: str, now: datetime) -> None:
        """Remember an attempt."""
        key = _subscriber(client)
        self._spent[key] = self._each.spend(self._spent.get(key), now)
        self._spent.move_to_end(key)
        self._all = self._together.spend(self._all, now)
        while len(self._spent) > self._most:
            self._spent.popitem(last=False)

    def forgive(self, client: str) -> None:
        """Forget a client that knew the password."""
        self._spent.pop(_subscriber(client), None)

    def __len__(self) -> int:
        return len(self._spent)


def _subscriber(client: str) -> str:
    try:
        found = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
