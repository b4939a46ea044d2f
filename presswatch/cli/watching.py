"""What the commands that watch do: add, check, deliver, notify-test."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import typer
from rich.text import Text

from config import ConfigError, asked_source
from presswatch.app import open_app
from presswatch.cli.context import emit, known_source, people, settings, tables, use_logs
from presswatch.cli.show import clean, listing_table, release_text
from presswatch.deliver import Deliveries
from presswatch.notify import Sent, trial
from presswatch.plans import Plan, planned
from presswatch.routing import check_rules
from presswatch.shapes import exploration_object
from presswatch.sources import NotAdded, add_configured, explore_home, store_plan
from presswatch.watch import Tally
from presswatch.words import counted
from scraper.discover import Exploration
from storage import StorageError

__all__ = ["FORESEEN", "add", "check", "deliver", "notify_test"]

FORESEEN = (ConfigError, StorageError, NotAdded)

_INDEX_STEPS = 20
"""Of a hundred revisions each, with which a round goes on with an index of words that is not complete: some seconds."""


def add(
    *, url: str, name: str | None, every: str | None, route: list[str] | None, time_zone: str, dry_run: bool, json: bool
) -> None:
    """Explore, show, store."""
    use_logs()
    chosen = settings()
    asked = asked_source(
        chosen, url=url if "://" in url else f"https://{url}", name=name, every=every,
        routes=tuple(route or ()) or None, time_zone=time_zone,
    )  # fmt: skip
    asyncio.run(_add(planned(asked), dry_run=dry_run, json=json))


async def _add(plan: Plan, *, dry_run: bool, json: bool) -> None:
    async with open_app(settings(), console=sys.stderr) as opened:
        with people.status(Text(f"looking at {clean(plan.url)} …")):
            found = await explore_home(opened, plan)
        if json:
            emit(exploration_object(found))
        else:
            _show(found)
        if dry_run:
            return
        source = await store_plan(opened, plan, found)
        people.print(f'"{clean(source.name)}" is watched from now on; what is there already is no news.')


def _show(found: Exploration) -> None:
    if found.single:
        people.print("This is one release; it will be watched by itself.")
        if found.release:
            tables.print(release_text(found.release), soft_wrap=True)
    for listing in found.listings:
        tables.print(f"{listing.listing.kind.value}  {clean(listing.listing.url)}", soft_wrap=True)
        if listing.entries:
            tables.print(listing_table(listing))
        else:
            people.print("It names no releases at present.")


# --- looking ----------------------------------------------------------------------------------------------------------


def check(*, everything: bool, source: str | None) -> None:
    """One round."""
    use_logs()
    code = asyncio.run(_check(everything=everything, source=source))
    if code:
        raise typer.Exit(code)


async def _check(*, everything: bool, source: str | None) -> int:
    async with open_app(settings(), console=sys.stderr) as opened:
        unwatched = await add_configured(opened)
        check_rules(opened.settings, opened.storage)
        if "console" not in opened.settings.told_of_health():
            for url, why in unwatched.items():
                people.print(f"{clean(url)} is configured and not watched: {clean(why, most=1_000)}", soft_wrap=True)
        if source is not None:
            known_source(opened.storage, source)
        with people.status("looking …") if people.is_terminal else contextlib.nullcontext():
            tally = await opened.watch.round(source=source, everything=everything)
        deliveries = await opened.deliverer.round()
        for _ in range(_INDEX_STEPS):
            if not await opened.run(opened.storage.index_revisions):
                break
        given_up = opened.storage.outbox_counts().get("dead", 0)
        code = 1 if tally.failed_first or deliveries.failed or given_up or unwatched else 0
        if people.is_terminal or code or tally.changes or tally.releases:
            # Under cron, what is printed is mailed: nothing is said of a round in which nothing happened.
            people.print(_told(tally, deliveries))
        if given_up:
            people.print(
                f"{counted(given_up, 'notification')} given up: presswatch status names them, and presswatch resend "
                "sends them again."
            )
        if not tally.polls and opened.storage.lease_owners(opened.clock()):
            people.print("Another process is looking at what is due.")
        return code


def _told(tally: Tally, deliveries: Deliveries) -> str:
    return (
        f"{counted(tally.polls, 'look')}, {tally.failed} failed; "
        f"{counted(tally.releases, 'entry', 'entries')} found, {counted(tally.changes, 'change')}; {_sent(deliveries)}"
    )


def _sent(deliveries: Deliveries) -> str:
    return f"{counted(deliveries.sent, 'notification')} sent, {deliveries.failed} failed"


def deliver() -> None:
    """One round of deliveries."""
    use_logs()
    if asyncio.run(_deliver()):
        raise typer.Exit(1)


async def _deliver() -> int:
    async with open_app(settings(), console=sys.stderr) as opened:
        done = await opened.deliverer.round()
    people.print(_sent(done))
    return done.failed


def notify_test(*, channel: str) -> None:
    """Send the trial and tell the outcome."""
    use_logs()
    if not asyncio.run(_notify_test(channel)):
        raise typer.Exit(1)


async def _notify_test(name: str) -> bool:
    async with open_app(settings(), console=sys.stderr) as opened:
        channel = opened.deliverer.channels.get(name)
        if channel is None:
            known = ", ".join(sorted(opened.deliverer.channels))
            raise ConfigError(f'there is no channel "{name}"; known are: {known}')
        message = trial(at=opened.clock(), link=opened.settings.pages)
        with people.status(f"sending to {name} …"):
            result = await opened.deliverer.attempt(name, message)
        if isinstance(result, Sent):
            await opened.deliverer.works(name)
    if isinstance(result, Sent):
        people.print(f"{name} took the test message.")
        return True
    people.print(f"{name} did not take the test message: {result.error}")
    return False
