"""The first stage: requests out, complete answers or typed failures in. The only stage that touches the network."""

from scraper.fetch.client import Fetcher, FetchSettings, Posted
from scraper.fetch.status import failure_of

__all__ = ["FetchSettings", "Fetcher", "Posted", "failure_of"]
