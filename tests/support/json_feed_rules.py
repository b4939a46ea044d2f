"""JSON Feed 1.1 as a JSON Schema, written from https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from typing import Any

__all__ = ["SCHEMA"]

_TEXT = {"type": "string"}
_WORDS = {"type": "string", "pattern": r"\S"}
_URL = {"type": "string", "pattern": r"^https?://[^\s<>\"\\^`{|}]+$"}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_EXTENSIONS: dict[str, Any] = {"^_[A-Za-z]": {"type": "object"}}
"""What begins with an underscore is anybody's, and an object."""
_AUTHORS = {
    "type": "array",
    "items": {
        "type": "object", "properties": {"name": _WORDS, "url": _URL, "avatar": _URL}, "minProperties": 1,
        "additionalProperties": False, "patternProperties": _EXTENSIONS,
    },
}  # fmt: skip
_LANGUAGE = {"type": "string", "pattern": r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"}
_ITEM = {
    "type": "object",
    "properties": {
        "id": _WORDS, "url": _URL, "external_url": _URL, "title": _TEXT, "content_html": _TEXT, "content_text": _TEXT,
        "summary": _TEXT, "image": _URL, "banner_image": _URL, "date_published": _DATE, "date_modified": _DATE,
        "authors": _AUTHORS, "tags": {"type": "array", "items": _WORDS}, "language": _LANGUAGE,
    },
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
    "patternProperties": _EXTENSIONS,
}  # fmt: skip

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"}, "title": _WORDS, "home_page_url": _URL,
        "feed_url": _URL, "description": _TEXT, "user_comment": _TEXT, "next_url": _URL, "icon": _URL, "favicon": _URL,
        "authors": _AUTHORS, "language": _LANGUAGE, "expired": {"type": "boolean"},
        "hubs": {
            "type": "array",
            "items": {"type": "object", "properties": {"type": _WORDS, "url": _URL}, "required": ["type", "url"]},
        },
        "items": {"type": "array", "items": _ITEM},
    },
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "patternProperties": _EXTENSIONS,
}  # fmt: skip
"""Of the optional parts, attachments are left out: we have none."""
