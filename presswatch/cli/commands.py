"""Every command as it is asked for: its name, its options, its help.

What a command does stands in the module that it names, under its own name and with the same parameters. That module is
imported when the command is run: help, completion and a mistyped option need no database, network or web server.
"""

from __future__ import annotations

import base64
import functools
import gc
import importlib
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from presswatch import __version__
from presswatch.cli.errors import UserError
from presswatch.cli.options import options
from scraper.model import Kind

__all__ = ["ACTIONS", "app"]

ACTIONS: dict[str, tuple[str, Callable[..., None]]] = {}
"""Of each command the module that does it, and the command as it is declared here."""
_LARGEST_ID = 999_999_999_999_999
"""What every database takes for one, and the addresses of the pages do."""


class _Commands(TyperGroup):
    """Says in our own words what is wrong with a value."""

    def invoke(self, ctx: Any) -> object:  # noqa: ANN401  # the class of contexts is no public name of typer's
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValueError) and hasattr(error.__cause__, "errors"):
                from config.mistakes import plainly  # noqa: PLC0415 - the settings are loaded where something is wrong

                error.message = plainly(error.__cause__.errors()[0])
            raise


app = typer.Typer(
    name="presswatch",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]
SourceOption = Annotated[str | None, typer.Option(help="Only this source.")]
NameArgument = Annotated[str, typer.Argument(help="Name of the source.")]
ReleaseArgument = Annotated[str, typer.Argument(metavar="URL", help="Address of the release, in any spelling.")]
MutedArgument = Annotated[
    str, typer.Argument(metavar="SOURCE|URL", help="Name of a source, or the address of a release.")
]
PortOption = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes a free one.")]


def _done_by(
    module: str, group: typer.Typer = app, name: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose body stands elsewhere; ``name`` where that of its function can't be the command's."""

    def register(declared: Callable[..., None]) -> Callable[..., None]:
        ACTIONS[declared.__name__] = module, declared

        @group.command(name)
        @functools.wraps(declared)
        def run(**values: object) -> None:
            _do(module, declared.__name__, **values)

        return run

    return register


def _do(module: str, action: str, /, **values: object) -> None:
    """Run an action; what its module foresees to go wrong is a mistake of the user's."""
    # Modules are no garbage: to look for some among what they make takes a seventh of a command's time.
    gc.disable()
    try:
        actions = importlib.import_module(f"presswatch.cli.{module}")
    finally:
        gc.enable()
    try:
        getattr(actions, action)(**values)
    except actions.FORESEEN as error:
        raise UserError(str(error)) from error


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it
    if wanted:
        sys.stdout.write(f"presswatch {__version__}\n")
        raise typer.Exit


@app.callback()
def _main(
    config: Annotated[
        Path | None,
        typer.Option(
            help="Settings file; else $PRESSWATCH_CONFIG, ./presswatch.toml, or the one in your config directory."
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every poll, as run does anyway.")] = False,
    version: Annotated[  # noqa: ARG001  # acted upon by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watches newsrooms: finds every press release, keeps every version, says what changed."""
    options.file, options.verbose, options.read = config, verbose, None


# --- watching ---------------------------------------------------------------------------------------------------------


@_done_by("watching")
def add(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="Home page, list page, feed or sitemap of a newsroom, or one release."),
    ],
    name: Annotated[str | None, typer.Option(help="What to call it; else the site's own name.")] = None,
    every: Annotated[str | None, typer.Option(help="Never look at its listings later than that, such as 15m.")] = None,
    route: Annotated[list[str] | None, typer.Option(help="A channel to tell; may be repeated.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA zone of times that name none, such as Europe/Brussels.")] = "UTC",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was found.")] = False,
    json: JsonOption = False,
) -> None:
    """Watch a newsroom, or one release: finds its feeds, sitemaps and list pages by itself."""


@_done_by("watching")
def check(
    everything: Annotated[bool, typer.Option("--all", help="Look at every page, due or not.")] = False,
    source: SourceOption = None,
) -> None:
    """One round, for cron: look at what is due, record, deliver, and exit.

    Exit code 0: done. 1: done, but a look failed for the first time, a channel refused a notification, one was given up
    or a configured source is not watched. 2: could not work.
    """


@_done_by("watching")
def deliver() -> None:
    """Send what waits in the outbox and is due. Exit code 1 where something could not be sent."""


@_done_by("watching")
def notify_test(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Name of the channel, from the settings.")],
) -> None:
    """Send a test message to a channel and say what came of it. Exit code 1 where it was not taken."""


@_done_by("running")
def run(
    host: Annotated[str | None, typer.Option(help="Address of the pages; else that of the settings.")] = None,
    port: PortOption = None,
    demo_if_empty: Annotated[
        bool, typer.Option("--demo-if-empty", help="Start the demo where no source is watched or configured.")
    ] = False,
) -> None:
    """The daemon: looks, deliveries and pages in one process, until SIGTERM or Ctrl-C."""


@_done_by("running")
def demo(
    host: Annotated[str | None, typer.Option(help="Address of the pages.")] = None, port: PortOption = None
) -> None:
    """Three synthetic newsrooms on this machine that publish, edit and withdraw, and the daemon watching them."""


@_done_by("telling")
def mute(
    what: MutedArgument,
    span: Annotated[str | None, typer.Option("--for", help="For how long, such as 7d; else for good.")] = None,
) -> None:
    """Tell nobody of a source or a release; it is watched and kept as before."""


@_done_by("telling")
def unmute(what: MutedArgument) -> None:
    """Tell of a source or a release again that was muted."""


@_done_by("telling")
def notify(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The only thing that it can do.")] = False,
    since: Annotated[
        str, typer.Option(help="A time (2026-03-01, 2026-03-01T12:00Z) or how long ago (7d, 12h).")
    ] = "7d",
    json: JsonOption = False,
) -> None:
    """Who would have been told of what happened, by the present rules, and which rule says so; nothing is sent."""


# --- reading ----------------------------------------------------------------------------------------------------------


@_done_by("reading")
def changes(
    since: Annotated[
        str | None, typer.Option(help="A time (2026-03-01, 2026-03-01T12:00Z) or how long ago (7d, 12h).")
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only of this kind; may be repeated.")] = None,
    source: SourceOption = None,
    json: JsonOption = False,
) -> None:
    """What happened, oldest first."""


@_done_by("telling")
def mark(
    change: Annotated[
        int, typer.Argument(metavar="ID", min=1, max=_LARGEST_ID, help="Id of a change, from presswatch changes.")
    ],
    reviewed: Annotated[
        bool | None, typer.Option("--reviewed/--not-reviewed", help="Somebody has seen it.", show_default=False)
    ] = None,
    starred: Annotated[
        bool | None, typer.Option("--starred/--not-starred", help="It matters.", show_default=False)
    ] = None,
    noise: Annotated[
        bool | None,
        typer.Option(
            "--noise/--no-noise", help="It says nothing; what is like it later is told to nobody.", show_default=False
        ),
    ] = None,
    note: Annotated[str | None, typer.Option(help="What is to be remembered of it; empty: nothing.")] = None,
    json: JsonOption = False,
) -> None:
    """Mark a change, or show how it is marked."""


@_done_by("searching")
def search(
    words: Annotated[list[str], typer.Argument(help='Words, "a phrase", begin*; after -- also -without.')],
    where: Annotated[
        str, typer.Option(help="In a text, or with which edit the words came or went: text, appeared or vanished.")
    ] = "text",
    since: Annotated[str | None, typer.Option(help="Seen from then on: 2026-03-01, or 7d.")] = None,
    until: Annotated[str | None, typer.Option(help="Seen before.")] = None,
    source: SourceOption = None,
    kind: Annotated[Kind | None, typer.Option(help="Revisions that came by this kind of change.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as en, which finds en-GB.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    json: JsonOption = False,
) -> None:
    """Which releases say certain words, in any of their revisions, the newest first."""


@_done_by("reading")
def history(url: ReleaseArgument, json: JsonOption = False) -> None:
    """A release's life: every revision of it."""


@_done_by("reading")
def show(
    url: ReleaseArgument,
    revision: Annotated[int | None, typer.Option(help="Number of the revision; else the present one.")] = None,
    json: JsonOption = False,
) -> None:
    """One version of a release, as it was read."""


@_done_by("explaining")
def explain(
    url: ReleaseArgument,
    revision: Annotated[int | None, typer.Option(help="Number of the revision; else the present one.")] = None,
    json: JsonOption = False,
) -> None:
    """Why a release was read as it was: each block taken or dropped, each date believed or not, and why."""


@_done_by("reading")
def diff(
    url: ReleaseArgument,
    a: Annotated[int | None, typer.Argument(help="Earlier revision; else the last but one.")] = None,
    b: Annotated[int | None, typer.Argument(help="Later revision; else the last.")] = None,
    json: JsonOption = False,
) -> None:
    """What differs between two versions of a release, by default the last two."""


# --- keeping ----------------------------------------------------------------------------------------------------------


@_done_by("keeping")
def status(json: JsonOption = False) -> None:
    """How it all fares: what is due, what fails, what waits in the outbox."""


@_done_by("examining")
def doctor(json: JsonOption = False) -> None:
    """What is wrong, and what to do about it. Exit code 1 where anything is.

    Only for sources that are configured but not watched the network is asked.
    """


@_done_by("simulating")
def simulate(
    per_day: Annotated[
        list[int] | None, typer.Option(min=24, help="A budget of looks a day to try; may be repeated.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """What another budget would have brought: the pace on your own recorded history."""


@_done_by("keeping")
def resend(
    ids: Annotated[
        list[int], typer.Argument(min=1, max=_LARGEST_ID, help="Numbers of given-up notifications, from status.")
    ],
) -> None:
    """Send notifications again that were given up; their keys stay, so that a receiver knows them."""


@_done_by("keeping")
def verify() -> None:
    """Check that every stored revision and its evidence is what was written. Exit code 1 where one is not."""


@_done_by("keeping")
def backup(file: Annotated[Path, typer.Argument(help="Where to; it must not exist.")]) -> None:
    """Copy the database, also while the daemon runs."""


@_done_by("keeping")
def prune(older_than: Annotated[str, typer.Option(help="How old, such as 90d.")] = "90d") -> None:
    """Throw away the log of polls and delivered notifications of old. Revisions and evidence are never pruned.

    Hosts that only redirects led to are forgotten after a day.
    """


@_done_by("keeping")
def export() -> None:
    """Everything as JSON Lines on standard output: sources, releases with all revisions, changes."""


@app.command()
def secret(
    feeds: Annotated[bool, typer.Option("--feeds", help="Make a token for the address of feeds instead.")] = False,
) -> None:
    """Make a secret for a webhook (Standard Webhooks), or a token for feeds."""
    if feeds:
        sys.stdout.write(secrets.token_urlsafe(24) + "\n")
        return
    sys.stdout.write("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode() + "\n")


# --- access -----------------------------------------------------------------------------------------------------------


@_done_by("access")
def password(
    remove: Annotated[bool, typer.Option("--remove", help="Ask for none any more.")] = False,
) -> None:
    """Set the password of the pages, asked for on the terminal or read from standard input. Every session ends."""


token = typer.Typer(help="Tokens with which programs read the API.", no_args_is_help=True)
app.add_typer(token, name="token")

TokenArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for, such as newsbot.")]


@_done_by("access", token)
def create(
    name: TokenArgument,
    writes: Annotated[bool, typer.Option("--writes", help="It may mark changes, too; else it only reads.")] = False,
) -> None:
    """Make one and print it; it is shown this once."""


@_done_by("access", token)
def revoke(name: TokenArgument) -> None:
    """Let it in no more."""


@_done_by("access", token, "list")
def list_tokens(json: JsonOption = False) -> None:
    """Their names, and since when they are there."""


# --- sources ----------------------------------------------------------------------------------------------------------

sources = typer.Typer(
    help="What is watched and how it fares; pause, resume or remove a source.", invoke_without_command=True
)
app.add_typer(sources, name="sources")


@sources.callback(invoke_without_command=True)
def _sources(context: typer.Context, json: JsonOption = False) -> None:
    """What is watched and how it fares; pause, resume or remove a source."""
    if not context.invoked_subcommand:
        _do("watched", "sources", json=json)


@_done_by("watched", sources)
def pause(name: NameArgument) -> None:
    """Look at it no more, for now."""


@_done_by("watched", sources)
def resume(name: NameArgument) -> None:
    """Look at it again."""


@_done_by("watched", sources)
def remove(name: NameArgument) -> None:
    """Watch it no more. Its history stays and can be read."""
