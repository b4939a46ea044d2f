"""The judge: is it a change, of which kind, since when, how important, and is it to be believed yet."""

from scraper.judge.ailments import ailment, listing_ailment
from scraper.judge.blame import Passage, blame
from scraper.judge.decide import decide, is_gone
from scraper.judge.diff import Diff, LinkChange, Op, Part, Segment, compare
from scraper.judge.digest import RECIPE, digest, same_words
from scraper.judge.health import assess, unwatched
from scraper.judge.identity import traits
from scraper.judge.importance import weigh
from scraper.judge.listing import decide_listing
from scraper.judge.noise import Places, may_be_noise, noise_of, passage_key, settled_places, taught
from scraper.judge.rules import Rules
from scraper.judge.touched import Touch, Touched, touches

__all__ = [
    "RECIPE",
    "Diff",
    "LinkChange",
    "Op",
    "Part",
    "Passage",
    "Places",
    "Rules",
    "Segment",
    "Touch",
    "Touched",
    "ailment",
    "assess",
    "blame",
    "compare",
    "decide",
    "decide_listing",
    "digest",
    "is_gone",
    "listing_ailment",
    "may_be_noise",
    "noise_of",
    "passage_key",
    "same_words",
    "settled_places",
    "taught",
    "touches",
    "traits",
    "unwatched",
    "weigh",
]
