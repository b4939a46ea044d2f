"""What the stages hand each other: frozen values, named by their moment.

The path, in the order of the data:

    DuePage -> Request | fetch -> Fetched or Failed | look -> Found | decide(found, known, now) -> Outcome -> storage

A file is a moment of it: ``due``, ``fetch``, ``release``, ``listing``, ``look``, ``known``, ``outcome``;
``site`` and ``health`` are what is known of a source. All are imported from here.

Every datetime is aware and in UTC. A time that a page gives only to the day or the month is kept as midnight UTC
of its first day with its :class:`Precision` beside it: it is a calendar date and is never converted between zones.
Nothing here reads a clock, a file or a network, and nothing here imports another module of the product.
"""

from scraper.model.due import UNSPENT, DuePage, Habits, Pulse, Rhythm, Role, Source, Spent, Why
from scraper.model.fetch import LONGEST_PAUSE, Failed, Failure, Fetched, Redirect, Request, Validators
from scraper.model.health import (
    Ailment,
    HealthKind,
    HealthPhase,
    KnownHealth,
    OpenTrouble,
    Patient,
    Standstill,
    Trouble,
    Turn,
)
from scraper.model.known import Doubt, Known, KnownListing, Revision, State, Suspect, Twin
from scraper.model.listing import Entry, Listed, Listing, ListingKind
from scraper.model.look import Found, Missing, Seen, Unmodified
from scraper.model.noise import Lesson
from scraper.model.outcome import Batching, Change, Kind, ListingOutcome, Outcome
from scraper.model.release import Block, BlockKind, Claim, Link, Origin, Precision, Release, Signal, Stamp
from scraper.model.site import Profile, Render, Site

__all__ = [
    "LONGEST_PAUSE",
    "UNSPENT",
    "Ailment",
    "Batching",
    "Block",
    "BlockKind",
    "Change",
    "Claim",
    "Doubt",
    "DuePage",
    "Entry",
    "Failed",
    "Failure",
    "Fetched",
    "Found",
    "Habits",
    "HealthKind",
    "HealthPhase",
    "Kind",
    "Known",
    "KnownHealth",
    "KnownListing",
    "Lesson",
    "Link",
    "Listed",
    "Listing",
    "ListingKind",
    "ListingOutcome",
    "Missing",
    "OpenTrouble",
    "Origin",
    "Outcome",
    "Patient",
    "Precision",
    "Profile",
    "Pulse",
    "Redirect",
    "Release",
    "Render",
    "Request",
    "Revision",
    "Rhythm",
    "Role",
    "Seen",
    "Signal",
    "Site",
    "Source",
    "Spent",
    "Stamp",
    "Standstill",
    "State",
    "Suspect",
    "Trouble",
    "Turn",
    "Twin",
    "Unmodified",
    "Validators",
    "Why",
]
