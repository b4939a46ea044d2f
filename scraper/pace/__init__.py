"""When to look next.

    age            when a release came to be
      | rhythm, rates  what is expected: the source's week, the page's rate of changes
      | wait       how long until a look is worth its price
      | budget     the price at which a budget of requests is kept
      | next_look  the same on datetimes, within the limits
    simulate       all of it on a history that is known

A page is looked at as soon as the delay that we expect to have piled up since the last look is worth one request, at
one price for all pages. No function here reads a clock or draws at random.
"""

from scraper.pace.age import born, placed
from scraper.pace.budget import Spending, first_pace, pace_of, price, promised, spent
from scraper.pace.next_look import Context, Look, Pace, hours, hours_of, noted, plan
from scraper.pace.rates import ENTRIES, NOTHING, Beat, Outlook, Prior, Tally, listed, prior, release, seen, visited
from scraper.pace.rhythm import FLAT, Week, ahead, pooled, told
from scraper.pace.simulate import Brought, Watched, simulate
from scraper.pace.wait import wait
from scraper.pace.weeks import Weeks

__all__ = [
    "ENTRIES",
    "FLAT",
    "NOTHING",
    "Beat",
    "Brought",
    "Context",
    "Look",
    "Outlook",
    "Pace",
    "Prior",
    "Spending",
    "Tally",
    "Watched",
    "Week",
    "Weeks",
    "ahead",
    "born",
    "first_pace",
    "hours",
    "hours_of",
    "listed",
    "noted",
    "pace_of",
    "placed",
    "plan",
    "pooled",
    "price",
    "prior",
    "promised",
    "release",
    "seen",
    "simulate",
    "spent",
    "told",
    "visited",
    "wait",
]  # fmt: skip
