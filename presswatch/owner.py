"""Who holds a lease: this process, told apart from any other, alive or dead."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable

__all__ = ["dead", "new_owner"]


def new_owner() -> str:
    """A name for this process: machine, process id and a random part, since process ids are used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def dead(owners: Iterable[str], *, me: str) -> list[str]:
    """Those that were processes of this machine and run no more, so that their leases need not be waited for.

    A process with our own id is dead, too: ids are used again, in a container always.
    """
    return [owner for owner in owners if owner != me and _is_dead(owner)]


def _is_dead(owner: str) -> bool:
    machine, _, rest = owner.rpartition(":")[0].rpartition(":")
    if machine != socket.gethostname() or not rest.isdigit():
        return False
    if int(rest) == os.getpid():
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
