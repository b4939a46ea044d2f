"""The commands that watch: add, sources, check, run, demo, deliver."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from datetime import timedelta
from typing import Annotated

import typer
from rich.text import Text

from config import Settings, SourceSettings
from config.settings import asked_source
from presswatch import logs
from presswatch.app import open_app, utc_now
from presswatch.cli.context import JsonOption, app, emit, people, settings, store, tables, use_logs
from presswatch.cli.errors import known_source
from presswatch.cli.show import clean, listing_table, sources_table
from presswatch.daemon import serve
from presswatch.demo import Demo
from presswatch.shapes import exploration_object, source_object
from presswatch.sources import Plan, add_configured, explore_home, not_watched, planned, store_plan
from scraper.discover import Exploration
from scraper.model import Source
from storage import open_storage

__all__: list[str] = []

UrlArgument = Annotated[
    str, typer.Argument(help="Home page, list page, feed or sitemap of a newsroom, or one release.")
]
SourceOption = Annotated[str | None, typer.Option(help="Only this source.")]


@app.command()
def add(
    url: UrlArgument,
    name: Annotated[str | None, typer.Option(help="What to call it; else the site's own name.")] = None,
    every: Annotated[str | None, typer.Option(help="Look at its listings exactly so often, such as 15m.")] = None,
    route: Annotated[list[str] | None, typer.Option(help="A channel to tell; may be repeated.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA zone of times that name none, such as Europe/Brussels.")] = "UTC",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was found.")] = False,
    json: JsonOption = False,
) -> None:
    """Watch a newsroom, or one release: finds its feeds, sitemaps and list pages by itself."""
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

sources = typer.Typer(
    help="What is watched and how it fares; pause, resume or remove a source.", invoke_without_command=True
)
app.add_typer(sources, name="sources")
NameArgument = Annotated[str, typer.Argument(help="Name of the source.")]


@sources.callback(invoke_without_command=True)
def list_sources(context: typer.Context, json: JsonOption = False) -> None:
    """What is watched and how it fares; pause, resume or remove a source."""
    if context.invoked_subcommand:
        return
    with store() as storage:
        rows = storage.sources()
    if json:
        for row in rows:
            emit(source_object(row))
    elif rows:
        tables.print(sources_table(rows, utc_now()))
    else:
        people.print("Nothing is watched yet: presswatch add URL")


@sources.command()
def pause(name: NameArgument) -> None:
    """Look at it no more, for now."""
    with store() as storage:
        storage.pause_source(name)
    people.print(f'"{name}" is paused; presswatch sources resume goes on.')


@sources.command()
def resume(name: NameArgument) -> None:
    """Look at it again."""
    with store() as storage:
        storage.resume_source(name)
    people.print(f'"{name}" is watched again.')


@sources.command()
def remove(name: NameArgument) -> None:
    """Watch it no more. Its history stays and can be read."""
    with store() as storage:
        storage.remove_source(name, now=utc_now())
        configured = not_watched(settings(), storage.sources(removed=True)) != not_watched(
            settings(), storage.sources()
        )
    people.print(f'"{name}" is watched no more; its history stays.')
    if configured:
        people.print("It stands in the settings, too: remove it there, or it is watched again.")


# --- looking ----------------------------------------------------------------------------------------------------------


@app.command()
def check(
    everything: Annotated[bool, typer.Option("--all", help="Look at every page, due or not.")] = False,
    source: SourceOption = None,
) -> None:
    """One round, for cron: look at what is due, record, deliver, and exit.

    Exit code 0: done. 1: done, but some looks failed for the first time or a delivery is stuck. 2: could not work.
    """
    use_logs()
    code = asyncio.run(_check(everything=everything, source=source))
    if code:
        raise typer.Exit(code)


async def _check(*, everything: bool, source: str | None) -> int:
    async with open_app(settings(), console=sys.stderr) as opened:
        if source is not None:
            known_source(opened.storage, source)
        await add_configured(opened)
        with people.status("looking …") if people.is_terminal else contextlib.nullcontext():
            tally = await opened.watch.round(source=source, everything=everything)
        deliveries = await opened.deliverer.round()
        people.print(
            f"{tally.polls} looks, {tally.failed} failed; {tally.releases} entries found, {tally.changes} changes;"
            f" {deliveries.sent} notifications sent, {deliveries.failed} failed"
        )
        stuck = deliveries.failed or opened.storage.status(opened.clock()).outbox.get("dead", 0)
        return 1 if tally.failed_first or stuck else 0


@app.command()
def deliver() -> None:
    """Send what waits in the outbox and is due. Exit code 1 where something could not be sent."""
    use_logs()
    if asyncio.run(_deliver()):
        raise typer.Exit(1)


async def _deliver() -> int:
    async with open_app(settings(), console=sys.stderr) as opened:
        done = await opened.deliverer.round()
    people.print(f"{done.sent} notifications sent, {done.failed} failed")
    return done.failed


@app.command()
def run(
    host: Annotated[str | None, typer.Option(help="Address of the pages; else that of the settings.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes a free one.")] = None,
    demo_if_empty: Annotated[
        bool, typer.Option("--demo-if-empty", help="Start the demo where no source is watched or configured.")
    ] = False,
) -> None:
    """The daemon: looks, deliveries and pages in one process, until SIGTERM or Ctrl-C."""
    use_logs(quiet_by_default=False)
    chosen = settings()
    if demo_if_empty and not chosen.sources and _is_empty(chosen):
        people.print("No source is watched yet, so this is the demo; presswatch add URL watches a real newsroom.")
        _demo(chosen, host=host, port=port)
        return
    asyncio.run(_run(chosen, host=host, port=port))


def _is_empty(chosen: Settings) -> bool:
    storage = open_storage(chosen.database)
    try:
        return not storage.sources()
    finally:
        storage.close()


async def _run(chosen: Settings, *, host: str | None, port: int | None) -> None:
    async with open_app(chosen, console=sys.stderr) as opened:
        await serve(
            opened, host=host or chosen.web.host, port=chosen.web.port if port is None else port, ready=_announce
        )


def _announce(url: str) -> None:
    people.print(f"presswatch runs; what happens is told here and at {url}  (Ctrl-C ends it)")


@app.command()
def demo(
    host: Annotated[str | None, typer.Option(help="Address of the pages.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes a free one.")] = None,
) -> None:
    """Three synthetic newsrooms on this machine that publish, edit and withdraw, and the daemon watching them."""
    use_logs()
    _demo(settings(), host=host, port=port)


def _demo(chosen: Settings, *, host: str | None, port: int | None) -> None:
    with tempfile.TemporaryDirectory(prefix="presswatch-demo-") as folder, Demo() as newsrooms:
        hurried = chosen.model_copy(
            update={
                "database": f"sqlite:///{folder}/demo.db",
                "routes": ("console",),
                "channels": {},
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
        asyncio.run(_run(hurried, host=host, port=port))


def _configured(source: Source) -> SourceSettings:
    return SourceSettings(
        url=source.home, name=source.name, every=source.every, time_zone=source.time_zone, language=source.language
    )
