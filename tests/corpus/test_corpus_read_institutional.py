"""Real pages of institutions, checked by eye: published, visible stamp and declared stamp of each.

``truth/institutional.json`` was written from the pages' text, not from what the reader says of them. A day is the
one that the page gives; null is for what the page does not tell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from corpora import CORPORA

from scraper.model import Precision, Release, Stamp
from scraper.read import extract

pytestmark = pytest.mark.corpus

FOLDER = CORPORA / "institutional"
TRUTH: dict[str, dict[str, str | None]] = json.loads(
    (Path(__file__).parent / "truth" / "institutional.json").read_text()
)

if not FOLDER.is_dir():
    pytest.skip(f"no corpus at {FOLDER}", allow_module_level=True)

PAGES: list[dict[str, Any]] = json.loads((FOLDER / "MANIFEST.json").read_text())


def read(page: dict[str, Any]) -> Release:
    return extract((FOLDER / page["file"]).read_bytes(), page["url"] or f"https://{page['file']}")


def day(stamp: Stamp | None) -> str | None:
    """The calendar day, or the month, that a stamp tells."""
    if stamp is None:
        return None
    told = (stamp.day or stamp.at.date()).isoformat()
    return told[:7] if stamp.precision is Precision.MONTH else told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["file"])
def test_dates_of_an_institution_s_page_are_read(page: dict[str, Any]) -> None:
    release, truth = read(page), TRUTH[page["file"]]
    visible = next((stamp for stamp in release.stamps if stamp.origin.is_visible), None)
    declared = next((stamp for stamp in release.stamps if not stamp.origin.is_visible), None)
    assert {"published": day(release.published), "stamp": day(visible), "modified": day(declared)} == {
        name: truth[name] for name in ("published", "stamp", "modified")
    }


def test_each_page_has_a_truth_and_each_belief_a_reason() -> None:
    assert {page["file"] for page in PAGES} == set(TRUTH)
    for page in PAGES:
        release = read(page)
        believed = [claim.stamp for claim in release.claims if claim.believed]
        assert len(release.claims) <= 40
        assert all(claim.why for claim in release.claims)
        assert {(stamp.at, stamp.origin) for stamp in believed} == {
            (stamp.at, stamp.origin) for stamp in (release.published, *release.stamps) if stamp
        }
