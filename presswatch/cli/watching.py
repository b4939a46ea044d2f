"""What the commands that watch do: add, sources, check, run, demo, deliver, notify-test."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from datetime import timedelta

import typer
from rich.text import Text

from config import ConfigError, Settings, SourceSettings, asked_source
from presswatch import logs
from presswatch.app import check_rules, open_app, utc_now
from presswatch.cli.context import emit, known_source, people, settings, store, tables, use_logs
from presswatch.cli.show import clean, listing_table, sources_table
from presswatch.daemon import PortTaken, serve
from presswatch.deliver import Deliveries
from presswatch.demo import Demo
from presswatch.notify import Sent, trial
from presswatch.shapes import exploration_object, source_object
from presswatch.sources import NotAdded, Plan, add_configured, explore_home, not_watched, planned, store_plan
from presswatch.watch import Tally
from presswatch.web.access import NotGuarded
from scraper.discover import Exploration
from scraper.model import Source
from storage import StorageError, open_storage

__all__ = ["FORESEEN", "add", "check", "deliver", "demo", "notify_test", "pause", "remove", "resume", "run", "sources"]

FORESEEN = (ConfigError, StorageError, NotAdded, NotGuarded, PortTaken)

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
    asyncio.run(_add(planned(asked, chosen.routes), dry_run=dry_run, json=json))


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
    for listing in found.listings:
        tables.print(f"{listing.listing.kind.value}  {clean(listing.listing.url)}", soft_wrap=True)
        tables.print(listing_table(listing))


# --- sources ----------------------------------------------------------------------------------------------------------


def sources(*, json: bool) -> None:
    """List them."""
    with store() as storage:
        rows = storage.sources()
    if json:
        for row in rows:
            emit(source_object(row))
    elif rows:
        tables.print(sources_table(rows, utc_now()))
    else:
        people.print("Nothing is watched yet: presswatch add URL")


def pause(*, name: str) -> None:
    """Pause a source."""
    with store() as storage:
        storage.pause_source(name)
    people.print(f'"{name}" is paused; presswatch sources resume goes on.')


def resume(*, name: str) -> None:
    """Resume a source."""
    with store() as storage:
        storage.resume_source(name)
    people.print(f'"{name}" is watched again.')


def remove(*, name: str) -> None:
    """Remove a source."""
    with store() as storage:
        missing = not_watched(settings(), storage.sources())
        storage.remove_source(name, now=utc_now())
        configured = not_watched(settings(), storage.sources()) != missing
    people.print(f'"{name}" is watched no more; its history stays.')
    if configured:
        people.print("It stands in the settings, too: remove it there, or it is watched again.")


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
        if "console" not in opened.settings.told_of_health(opened.settings.routes):
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
        stuck = deliveries.failed or opened.storage.outbox_counts().get("dead", 0)
        code = 1 if tally.failed_first or stuck or unwatched else 0
        if people.is_terminal or code or tally.changes or tally.releases:
            # Under cron, what is printed is mailed: nothing is said of a round in which nothing happened.
            people.print(_told(tally, deliveries))
        if not tally.polls and opened.storage.lease_owners(opened.clock()):
            people.print("Another process is looking at what is due.")
        return code


def _told(tally: Tally, deliveries: Deliveries) -> str:
    return (
        f"{tally.polls} looks, {tally.failed} failed; {tally.releases} entries found, {tally.changes} changes; "
        f"{deliveries.sent} notifications sent, {deliveries.failed} failed"
    )


def deliver() -> None:
    """One round of deliveries."""
    use_logs()
    if asyncio.run(_deliver()):
        raise typer.Exit(1)


async def _deliver() -> int:
    async with open_app(settings(), console=sys.stderr) as opened:
        done = await opened.deliverer.round()
    people.print(f"{done.sent} notifications sent, {done.failed} failed")
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


def run(*, host: str | None, port: int | None, demo_if_empty: bool) -> None:
    """Serve until a signal."""
    use_logs(quiet_by_default=False)
    chosen = settings()
    if demo_if_empty and not chosen.sources and _is_empty(chosen):
        people.print("No source is watched yet, so this is the demo; presswatch add URL watches a real newsroom.")
        _demo(chosen, host=host, port=port)
        return
    with logs.apart():
        asyncio.run(_run(chosen, host=host, port=port))


def _is_empty(chosen: Settings) -> bool:
    storage = open_storage(chosen.database)
    try:
        return not storage.sources()
    finally:
        storage.close()


async def _run(chosen: Settings, *, host: str | None, port: int | None) -> None:
    async with open_app(chosen, console=sys.stderr) as opened:
        check_rules(chosen, opened.storage)
        await serve(
            opened, host=host or chosen.web.host, port=chosen.web.port if port is None else port, ready=_announce
        )


def _announce(url: str) -> None:
    people.print(f"presswatch runs; what happens is told here and at {url}  (Ctrl-C ends it)")


def demo(*, host: str | None, port: int | None) -> None:
    """Serve the demo until a signal."""
    use_logs()
    _demo(settings(), host=host, port=port)


def _demo(chosen: Settings, *, host: str | None, port: int | None) -> None:
    with tempfile.TemporaryDirectory(prefix="presswatch-demo-") as folder, Demo() as newsrooms:
        hurried = chosen.model_copy(
            update={
                "database": f"sqlite:///{folder}/demo.db",
                "routes": ("console",),
                "channels": {},
                "rules": (),
                "fetch": chosen.fetch.model_copy(update={"allow_private": True, "delay_per_host": 0.0}),
                "watch": chosen.watch.model_copy(update={"confirm_after": timedelta(seconds=2)}),
                "pace": chosen.pace.model_copy(
                    update={"fastest": timedelta(seconds=1), "slowest": timedelta(seconds=3)}
                ),
                "sources": tuple(_configured(source) for source in newsrooms.sources()),
            }
        )
        logs.set_up(verbose=False, quiet_by_default=True)
        people.print("Three made-up newsrooms run on this machine; the first silent edit comes within half a minute.")
        with logs.apart():
            asyncio.run(_run(hurried, host=host, port=port))
    people.print("The demo has ended and left nothing behind; presswatch add URL watches a real newsroom.")


def _configured(source: Source) -> SourceSettings:
    return SourceSettings(
        url=source.home, name=source.name, every=source.every, time_zone=source.time_zone, language=source.language
    )
