"""What was said before the command: which settings file, how much to log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config import Settings

__all__ = ["Options", "options"]


@dataclass(slots=True)
class Options:
    """The options of ``presswatch`` itself."""

    file: Path | None = None
    verbose: bool = False
    read: Settings | None = None
    """The settings, once a command asked for them."""


options = Options()
