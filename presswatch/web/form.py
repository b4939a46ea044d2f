"""Forms as browsers send them, to plain values. Pure, and bounded before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from presswatch.web.page import BadRequest

__all__ = ["LARGEST", "Form", "read_form"]

LARGEST = 2_000_000
"""Bytes of a form: an OPML file with thousands of feeds has fewer."""
_MOST_FIELDS = 5_000
"""An import of a thousand feeds has four for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was filled in."""

    values: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The last value of a field, trimmed; empty where it has none."""
        return next((value.strip() for key, value in reversed(self.values) if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.values if key == name]


def read_form(content_type: str, body: bytes) -> Form:
    """The form of a request.

    Raises:
        BadRequest: it is none, or has too many fields.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if len(body) > LARGEST:
        raise BadRequest
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:  # too many fields, or no UTF-8
            raise BadRequest from None
        return Form(values=tuple(pairs))
    if kind == "multipart/form-data" and content_type.isascii() and content_type.isprintable():
        return _multipart(content_type, body)
    raise BadRequest


def _multipart(content_type: str, body: bytes) -> Form:
    """A form with a file (RFC 7578), which is MIME as mail has it."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not parts or len(parts) > _MOST_FIELDS:
        raise BadRequest
    values: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BadRequest
        if part.get_filename() is None:
            values.append((name, content.decode("utf-8", "replace")))
        else:
            files[name] = content
    return Form(values=tuple(values), files=files)
