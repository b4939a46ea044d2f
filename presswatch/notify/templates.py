"""Messages to text and HTML, by the product's templates or by those of the user: the only module here that knows Jinja.

Both run in Jinja's sandbox and see a message and nothing else. Scraped text is a value and never a template. A user's
template that fails is replaced by the product's; the message says so.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from presswatch.notify.compose import Message
from presswatch.notify.message import printable
from presswatch.words import clock, moment, same_stamp, stamped, web_link
from scraper.judge import Op, Segment

__all__ = ["CHAT", "HTML", "SUBJECT", "TEMPLATES", "TEXT", "Rendered", "Templates"]

SUBJECT, TEXT, HTML, CHAT = TEMPLATES = ("mail-subject.txt", "mail.txt", "mail.html", "chat.txt")
"""The templates that there are; a file of such a name in the user's folder goes before the product's."""

_MOST = 500_000
"""Characters that a template may make of a message."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a template made of a message."""

    text: str
    note: str = ""
    """What the reader should know of how it was made: the user's own template failed."""


class Templates:
    """The templates of this installation.

    Args:
        folder: of the user's own; None: there are none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        product = PackageLoader("presswatch.notify")
        self._product = _environment(product)
        self._folder = folder
        own = {name for name in TEMPLATES if folder and (folder / name).is_file()}
        self._users = _environment(ChoiceLoader([FileSystemLoader(folder), product])) if folder and own else None
        self._own = frozenset(own)

    def problems(self) -> list[str]:
        """What is wrong with the user's templates as far as it can be told without a message, a sentence each."""
        found = self._unused()
        for name in sorted(self._own):
            try:
                self._template(name)
            except Exception as error:  # noqa: BLE001  # a template is a program: anything may come of it
                found.append(_said(name, error))
        return found

    def _unused(self) -> list[str]:
        """A folder that is none, and files that are hardly meant to be what they are: another may be included."""
        if self._folder is None:
            return []
        if not self._folder.is_dir():
            return [f"delivery.templates: there is no folder {self._folder}"]
        others = sorted(path.name for path in self._folder.iterdir() if path.name not in TEMPLATES)
        meant = ((name, difflib.get_close_matches(name, TEMPLATES, 1, cutoff=0.8)) for name in others)
        return [f'{name} is no template of a message; did you mean "{close[0]}"?' for name, close in meant if close]

    def render(self, name: str, message: Message, *, note: str = "", unsubscribe: str = "") -> Rendered:
        """What a template makes of a message; the product's where the user's own fails.

        Args:
            name: one of ``TEMPLATES``.
            message: what is to be told.
            note: what the reader should know of how the message was made.
            unsubscribe: where one asks to get no more, if anywhere.
        """
        values: dict[str, object] = {"message": message, "note": note, "unsubscribe": unsubscribe}
        if name in self._own:
            try:
                return Rendered(text=_bounded(self._template(name).generate(values)), note=note)
            except Exception as error:  # noqa: BLE001  # as above
                failure = _said(name, error)
                log.warning("a template failed", template=name, error=failure, key=message.key)
                values["note"] = note = f"{note} {failure}".strip()
        return Rendered(text=self._product.get_template(name).render(values), note=note)

    def _template(self, name: str) -> Any:  # noqa: ANN401  # jinja2.Template, which no other module knows
        return (self._users or self._product).get_template(name)


def _environment(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader, autoescape=lambda name: name is not None and name.endswith(".html"), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    environment.filters.update(
        clock=clock, moment=moment, stamped=stamped, web_link=web_link, marked=marked, folded=folded
    )
    environment.tests["same_stamp_as"] = same_stamp
    return environment


def _bounded(pieces: Iterable[str]) -> str:
    made, length = [], 0
    for piece in pieces:
        made.append(piece)
        length += len(piece)
        if length > _MOST:
            raise ValueError(f"it makes more than {_MOST} characters of one message")
    return "".join(made)


def marked(segments: Iterable[Segment]) -> str:
    """Runs of words with ``[-removed-]`` and ``{+added+}``, as wdiff marks them: for text without colours."""
    marks: Mapping[Op, str] = {Op.ADDED: "{+%s+}", Op.REMOVED: "[-%s-]"}
    return "".join(_around(marks[each.op], each.text) if each.op in marks else each.text for each in segments)


def _around(mark: str, text: str) -> str:
    """White space at the ends of a run stays outside of its marks."""
    bare = text.strip()
    if not bare:
        return text
    head, _, tail = text.partition(bare)
    return head + mark.replace("%s", bare) + tail


def folded(text: str, width: int = 72, indent: int = 0, hang: int = 0) -> str:
    """Text in lines of at most so many characters, the later ones ``hang`` further in; no word is broken."""
    lines = textwrap.TextWrapper(
        width, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang), break_long_words=False,
        break_on_hyphens=False, drop_whitespace=True,
    )  # fmt: skip
    return lines.fill(text)


def _said(name: str, error: Exception) -> str:
    """What is wrong with a template, in a clause."""
    line = getattr(error, "lineno", None)
    where = f"{name}, line {line}" if isinstance(error, TemplateError) and line else name
    return f"{where}: {printable(str(error) or type(error).__name__, most=200)}"
