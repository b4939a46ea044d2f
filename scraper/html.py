"""The only module that knows selectolax: text in, a document tree out, in bounded time."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as Document
from selectolax.lexbor import LexborNode as Node
from selectolax.lexbor import SelectolaxError

from scraper.markup_cost import Costly, check_cost

__all__ = ["MAX_BYTES", "Document", "Node", "SelectolaxError", "Unparsable", "parse"]

MAX_BYTES = 10_000_000


class Unparsable(ValueError):
    """The markup would cost more than any page is worth; the message says why."""


def parse(markup: str, utf8: bytes | None = None) -> Document:
    """The document tree of decoded markup; ``utf8`` is the same in that encoding, where the caller has it.

    Raises:
        Unparsable: it is larger than 10 MB, would take seconds to parse (see :mod:`scraper.markup_cost`), or the
            parser gave up on it.

    """
    if len(markup) > MAX_BYTES:
        raise Unparsable(f"the page has {len(markup):,} characters, more than {MAX_BYTES:,}")
    utf8 = markup.encode(errors="ignore") if utf8 is None else utf8
    try:
        check_cost(utf8)
        return Document(utf8)
    except (Costly, SelectolaxError) as error:
        raise Unparsable(str(error)) from error
