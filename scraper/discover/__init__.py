"""Discovery: what a page leads to. Feeds, sitemaps and list pages become entries; an address becomes listings."""

from scraper.discover.entries import NotAListing
from scraper.discover.explore import Candidate, Exploration, explore
from scraper.discover.listing import read_listing

__all__ = ["Candidate", "Exploration", "NotAListing", "explore", "read_listing"]
