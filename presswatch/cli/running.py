"""What the commands that go on until a signal do: run, demo."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import timedelta

from config import ConfigError, Settings, SourceSettings
from presswatch import logs
from presswatch.app import open_app
from presswatch.cli.context import people, settings, use_logs
from presswatch.daemon import PortTaken, serve
from presswatch.demo import Demo
from presswatch.routing import check_rules
from presswatch.web.access import NotGuarded
from scraper.model import Source
from storage import StorageError, open_storage

__all__ = ["FORESEEN", "demo", "run"]

FORESEEN = (ConfigError, StorageError, NotGuarded, PortTaken)


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
