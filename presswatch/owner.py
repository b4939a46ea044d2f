"""Who holds a lease: this process, told apart from any other, alive or dead."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["dead", "new_owner"]

_PROC = Path("/proc")
_ENDED = frozenset("ZX")
"""States of a process that only waits for its parent to ask how it ended (proc(5))."""


def new_owner(*, proc: Path = _PROC) -> str:
    """A name for this process, such as ``host:1234:889211:3f2a9c1b77aa.4026531836:9f3c``.

    Host, process id, start time in ticks since boot, boot id and process-id namespace, and a random part. A process id
    alone is used again, and in two containers it is the same. Where the system does not tell all this, a name without
    it: such an owner is never judged, and its leases run out by themselves.
    """
    place, token = _place(proc), secrets.token_hex(2)
    started = _started(proc, os.getpid()) if place else None
    if place is None or started is None:
        return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(6)}"
    return f"{socket.gethostname()}:{os.getpid()}:{started}:{place}:{token}"


def dead(owners: Iterable[str], *, me: str, proc: Path = _PROC) -> list[str]:
    """Those that were processes of this boot and namespace and run no more: their leases need not be waited for.

    Of an owner of another machine, container or boot nothing is known: it is not among them.
    """
    place = _place(proc)
    if place is None:
        return []
    return [owner for owner in owners if owner != me and (it := _parsed(owner)) and it.is_dead(place, proc)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process:
    pid: int
    started: str
    place: str

    def is_dead(self, place: str, proc: Path) -> bool:
        """True where that is certain."""
        if self.place != place:
            return False
        started = _started(proc, self.pid)
        return _is_gone(self.pid) if started is None else started != self.started


def _parsed(owner: str) -> _Process | None:
    parts = owner.split(":")
    if len(parts) != 5 or not (parts[1].isascii() and parts[1].isdigit()):
        return None
    return _Process(pid=int(parts[1]), started=parts[2], place=parts[3])


def _place(proc: Path) -> str | None:
    """This boot and process-id namespace; None where ``/proc`` is missing or another namespace's."""
    try:
        if (proc / "self").readlink().name != str(os.getpid()):
            return None
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")
        return f"{boot[:12]}.{(proc / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return None


def _started(proc: Path, pid: int) -> str | None:
    """When a process started; "ended" where it runs no more, None where there is none to be seen."""
    try:
        stat = (proc / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name in parentheses may itself hold spaces and parentheses; the start time is field 22 (proc(5)).
    fields = stat.rpartition(")")[2].split()
    if len(fields) < 20:
        return None
    return "ended" if fields[0] in _ENDED else fields[19]


def _is_gone(pid: int) -> bool:
    """No process has this id: mounted with ``hidepid``, /proc does not show those of other users."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False
