"""The judge: is it a change, of which kind, since when, how important, and is it to be believed yet."""

from scraper.judge.decide import decide, is_gone
from scraper.judge.diff import Diff, LinkChange, Op, Part, Segment, compare
from scraper.judge.digest import RECIPE, digest, same_words
from scraper.judge.identity import traits
from scraper.judge.importance import weigh
from scraper.judge.listing import decide_listing
from scraper.judge.rules import Rules
from scraper.judge.touched import Touch, Touched, touches

__all__ = [
    "RECIPE",
    "Diff",
    "LinkChange",
    "Op",
    "Part",
    "Rules",
    "Segment",
    "Touch",
    "Touched",
    "compare",
    "decide",
    "decide_listing",
    "digest",
    "is_gone",
    "same_words",
    "touches",
    "traits",
    "weigh",
]
