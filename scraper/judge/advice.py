"""What an operator can do about each kind of trouble, and how many there are of something, in words."""

from __future__ import annotations

from scraper.model import HealthKind

__all__ = ["ADVICE", "count"]

ADVICE = {
    HealthKind.FAILING: (
        "Open it in a browser. If it works there, its server may refuse this machine: set fetch.contact and look less "
        "often; if it has moved, add the new address."
    ),
    HealthKind.UNREADABLE: (
        "Open it in a browser without being signed in. If a login, a consent box or a robot check stands there, ask "
        'the newsroom for access or set render = "always"; if it reads well, a profile may help.'
    ),
    HealthKind.GONE: "The newsroom may have moved its list: presswatch add with its home page finds the new one.",
    HealthKind.EMPTY: (
        "The list may be drawn by a script now, or have moved: presswatch add with its home page shows what is found."
    ),
    HealthKind.ALL_NEW: (
        "The newsroom probably moved its pages. Look at a few of its releases: those that moved should go on under "
        "their new addresses."
    ),
    HealthKind.CHURN: (
        "Nothing new can be told from this listing; presswatch add with the home page may find a better one."
    ),
    HealthKind.DUPLICATES: (
        "Releases may be missing from this listing: compare it with the newsroom's own pages, and add a list that "
        "gives each release an address of its own."
    ),
    HealthKind.SILENT: (
        "Compare with the newsroom's own pages: if there are newer releases, the list has moved, and presswatch add "
        "finds it."
    ),
    HealthKind.FROZEN: (
        "This listing is not kept up any more, or a cache serves an old copy. The other listings go on being watched."
    ),
    HealthKind.UNWATCHED: "Correct its address in the settings, or remove it there; presswatch doctor asks again.",
}


def count(number: int, noun: str, plural: str = "s") -> str:
    """Such as ``1 listing`` or ``3 listings``."""
    return f"{number} {noun}{'' if number == 1 else plural}"
