"""The judge: is it a change, of which kind, since when, how important, and is it to be believed yet."""

from scraper.judge.ailments import ailment, listing_ailment
from scraper.judge.decide import decide, is_gone
from scraper.judge.diff import Diff, Op, Part, Segment, compare
from scraper.judge.digest import RECIPE, digest
from scraper.judge.health import assess, unwatched
from scraper.judge.listing import decide_listing
from scraper.judge.rules import Rules

__all__ = [
    "RECIPE",
    "Diff",
    "Op",
    "Part",
    "Rules",
    "Segment",
    "ailment",
    "assess",
    "compare",
    "decide",
    "decide_listing",
    "digest",
    "is_gone",
    "listing_ailment",
    "unwatched",
]
