"""What is wrong with settings, in sentences for the person who wrote them.

Works on pydantic's error details as plain mappings and repeats none of its internals, nor a value that may be secret.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["all_mistakes", "nearest", "plainly"]

Mistake = Mapping[str, Any]
"""``type``, ``loc``, ``msg`` and ``ctx``, as ``ValidationError.errors()`` has them."""

_MOST = 20
_INTERNAL = re.compile(r"[\[(]")
"""A branch of a union, such as ``function-after[_zone(), str]``, is no part of a key."""

_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "it is missing",
    "greater_than": lambda ctx: f"it must be more than {ctx['gt']:.15g}",
    "greater_than_equal": lambda ctx: f"it must be {ctx['ge']:.15g} or more",
    "less_than_equal": lambda ctx: f"it must be {ctx['le']:.15g} or less",
    "literal_error": lambda ctx: f"it must be {ctx['expected']}".replace("'", '"'),
    "string_too_short": lambda ctx: f"it must have {ctx['min_length']} characters or more",
    "string_too_long": lambda ctx: f"it must have {ctx['max_length']} characters or less",
    "string_pattern_mismatch": lambda _: "it may have printable ASCII characters only",
    "string_type": lambda _: 'it must be text, in quotation marks: "…"',
    "path_type": lambda _: 'it must be a path, in quotation marks: "…"',
    "bool_type": lambda _: "it must be true or false",
    "bool_parsing": lambda _: "it must be true or false",
    "int_type": lambda _: "it must be a whole number",
    "int_parsing": lambda _: "it must be a whole number",
    "int_from_float": lambda _: "it must be a whole number",
    "float_type": lambda _: "it must be a number",
    "float_parsing": lambda _: "it must be a number",
    "finite_number": lambda _: "it must be a number",
    "tuple_type": lambda _: 'it must be a list: ["…", "…"]',
    "dict_type": lambda _: "it must be a table",
    "model_type": lambda _: "it must be a table",
    "time_delta_type": lambda _: 'it must be a duration, such as "90s", "15m", "1h30m" or "7d"',
}


def all_mistakes(mistakes: Sequence[Mistake], *, where: str, known: Collection[str]) -> str:
    """Every mistake, a line each, in the order of the keys' declaration; of each key the first one.

    ``known`` has the dotted keys that there are, ``*`` standing for a name or a place in a list.
    """
    told: dict[str, str] = {}
    for mistake in mistakes:
        told.setdefault(".".join(_path(mistake)), _sentence(mistake, known))
    lines = [f"{where}: {sentence}" for sentence in list(told.values())[:_MOST]]
    if len(told) > _MOST:
        lines.append(f"{where}: and {len(told) - _MOST} more mistakes")
    return "\n".join(lines)


def plainly(mistake: Mistake) -> str:
    """What is wrong, without the key."""
    word = _WORDS.get(mistake["type"])
    return word(mistake.get("ctx", {})) if word else str(mistake["msg"]).removeprefix("Value error, ")


def nearest(dotted: str, known: Iterable[str]) -> str | None:
    """The known key that an unknown one was most likely meant to be."""
    return next(iter(difflib.get_close_matches(dotted, sorted(known), n=1, cutoff=0.5)), None)


def _path(mistake: Mistake) -> list[str]:
    """The parts of the key; places in a list are counted from 1, as a person counts them."""
    parts = [part + 1 if isinstance(part, int) else part for part in mistake["loc"]]
    return [str(part) for part in parts if not _INTERNAL.search(str(part))]


def _sentence(mistake: Mistake, known: Collection[str]) -> str:
    path = _path(mistake)
    if mistake["type"] == "extra_forbidden":
        return f'unknown key "{".".join(path)}"{_hint(path, known)}'
    if mistake["type"] == "tuple_type" and any(key.startswith(f"{'.'.join(path)}.*.") for key in known):
        return f"{'.'.join(path)}: each is a table of its own, below [[{'.'.join(path)}]] in two pairs of brackets"
    return f"{'.'.join(path)}: {plainly(mistake)}" if path else plainly(mistake)


def _hint(path: Iterable[str], known: Collection[str]) -> str:
    close = nearest(".".join(re.sub(r"^\d+$", "*", part) for part in path), known)
    return f'; did you mean "{close.replace(".*", "")}"?' if close else f"; known are: {', '.join(sorted(known))}"
