"""Discovery: what a page leads to. Feeds, sitemaps, list pages and JSON become entries; an address becomes listings."""

from scraper.discover.entries import NotAListing
from scraper.discover.explore import Candidate, Exploration, explore
from scraper.discover.listing import read_listing
from scraper.discover.walk import Walk, walk

__all__ = ["Candidate", "Exploration", "NotAListing", "Walk", "explore", "read_listing", "walk"]
