"""The judge: is it a change, of which kind, since when, how important, and is it to be believed yet."""

from scraper.judge.decide import decide, is_gone
from scraper.judge.diff import Diff, Op, Part, Segment, compare
from scraper.judge.digest import RECIPE, digest
from scraper.judge.identity import traits
from scraper.judge.listing import decide_listing
from scraper.judge.rules import Rules

__all__ = [
    "RECIPE",
    "Diff",
    "Op",
    "Part",
    "Rules",
    "Segment",
    "compare",
    "decide",
    "decide_listing",
    "digest",
    "is_gone",
    "traits",
]
