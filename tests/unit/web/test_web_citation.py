"""A citation says which version, seen when and kept where; its fields can't break out of their format."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from presswatch.web.citation import Citation
from scraper.model import Origin, Precision, Stamp

SEEN = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
# The parts of https://github.com/citation-style-language/schema's csl-data.json that are used here.
DATE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array", "minItems": 1, "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": ["string", "number"]}},
        },
    },
}  # fmt: skip
TEXTS = "genre title URL version archive archive_location note language".split()
CSL = Draft7Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["type", "id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": ["string", "number"]},
                "type": {"enum": ["webpage"]},
                "author": {
                    "type": "array",
                    "items": {
                        "type": "object", "additionalProperties": False, "properties": {"literal": {"type": "string"}},
                    },
                },
                "issued": DATE,
                "accessed": DATE,
                **{name: {"type": "string"} for name in TEXTS},
            },
        },
    }
)  # fmt: skip


def stamp(precision: Precision, *, day: date | None = None) -> Stamp:
    return Stamp(at=AT, precision=precision, raw="", origin=Origin.TEXT, day=day)


def cited(**given: object) -> Citation:
    values: dict[str, object] = {
        "institution": "Harbour Alliance",
        "title": "Ministers agree",
        "published": stamp(Precision.MINUTE),
        "url": "https://harbour.example/news_1.htm",
        "release_id": 1,
        "number": 2,
        "seen_at": SEEN,
        "kept_at": "https://watch.example/revisions/7",
        "sha256": "e" * 64,
    }
    return Citation(**(values | given))  # type: ignore[arg-type]  # the names are its own


def test_text_says_who_when_what_where_and_which_version() -> None:
    assert cited().text == (
        "Harbour Alliance. (2026, March 1). Ministers agree [Press release]. https://harbour.example/news_1.htm "
        "(Revision 2, seen 2 Mar 2026, 08:30:00 UTC; kept at https://watch.example/revisions/7, "
        f"SHA-256 of its bytes {'e' * 64})"
    )


@pytest.mark.parametrize(
    ("published", "told", "parts"),
    [
        (None, "(n.d.)", None),
        (stamp(Precision.MONTH), "(2026, March)", [2026, 3]),
        (stamp(Precision.DAY), "(2026, March 1)", [2026, 3, 1]),
        (stamp(Precision.SECOND, day=date(2026, 3, 2)), "(2026, March 2)", [2026, 3, 2]),
    ],
    ids=["unknown", "month", "day", "the day that the page itself gives"],
)
def test_publication_is_told_as_exactly_as_it_is_known(
    published: Stamp | None, told: str, parts: list[int] | None
) -> None:
    citation = cited(published=published)
    assert told in citation.text
    (item,) = json.loads(citation.csl)
    assert item.get("issued") == (None if parts is None else {"date-parts": [parts]})
    assert ("year = {2026}" in citation.bibtex) == (parts is not None)
    assert ("month = mar" in citation.bibtex) == (parts is not None)


def test_bibtex_escapes_what_tex_would_take_for_markup() -> None:
    entry = cited(title=r"50% of R&D_{x} cost $3 #1 ~ ^ \input{/etc/passwd}").bibtex
    assert (
        r"title = {{50\% of R\&D\_\{x\} cost \$3 \#1 \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{}input\{/etc/passwd\}}}"
    ) in entry
    assert entry.startswith("@misc{presswatch-1-2,\n")


def test_what_is_missing_is_left_out() -> None:
    citation = cited(title="", sha256=None)
    assert "[Untitled] [Press release]" in citation.text
    assert "SHA" not in citation.text + citation.bibtex + citation.csl


@given(st.text(), st.text(), st.text())
def test_no_text_ends_its_field(institution: str, title: str, url: str) -> None:
    citation = cited(institution=institution, title=title, url=url)
    assert "\n" not in citation.text
    items = json.loads(citation.csl)
    CSL.validate(items)
    assert len(citation.bibtex.splitlines()) == 11
    depth = 0
    for char in re.sub(r"\\[{}]", "", citation.bibtex):
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
