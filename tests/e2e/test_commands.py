"""Every command of the contract, used as a person and as a script would use it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, utc
from standardwebhooks.webhooks import Webhook
from storage_room import Room, entry

from config import Settings
from presswatch.cli import app
from presswatch.cli.errors import explained
from scraper.model import HealthKind, Kind, Trouble, Turn
from storage import health as storage_health
from storage import open_storage

START = utc(2026, 3, 2, 8, 0)


@dataclass(slots=True)
class Shell:
    """Runs commands in a folder."""

    capture: pytest.CaptureFixture[str]
    newsroom: Newsroom
    base: str

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Standard output; the exit code must be as expected."""
        self.capture.readouterr()
        got = explained(lambda: app(list(arguments)))
        self.out, self.err = self.capture.readouterr()
        assert got == code, self.err or self.out
        assert "Traceback" not in self.out + self.err
        return self.out

    out: str = ""
    err: str = ""

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*arguments, "--json").splitlines()]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A folder with a newsroom of five releases beside it, not watched yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PRESSWATCH_FETCH__ALLOW_PRIVATE", "true")
    monkeypatch.setenv("PRESSWATCH_FETCH__DELAY_PER_HOST", "0")
    monkeypatch.setenv("COLUMNS", "200")
    newsroom = Newsroom()
    for n in range(5):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n + 1))
    with newsroom.served() as base:
        yield Shell(capsys, newsroom, base)


@pytest.fixture
def watched(shell: Shell) -> Shell:
    """The newsroom is watched, and one release was silently edited since the first visit."""
    shell("add", f"{shell.base}/feed.xml", "--name", "Harbour")
    shell("check")
    shell.newsroom.pages["/2026/02/r-0"].version += 1
    shell("check", "--all")
    return shell


def test_add_shows_what_it_found_and_stores_it(shell: Shell) -> None:
    out = shell("add", f"{shell.base}/feed.xml", "--every", "15m", "--time-zone", "Europe/Brussels")
    assert "feed.xml" in out
    assert "2026-03-01" in out
    assert "Release number 0" in out
    (source,) = shell.lines("sources")
    assert (source["every_seconds"], source["time_zone"], source["listings"]) == (900, "Europe/Brussels", 1)


def test_add_dry_run_stores_nothing(shell: Shell) -> None:
    shell("add", f"{shell.base}/feed.xml", "--dry-run")
    assert shell.lines("sources") == []


def test_add_says_what_was_looked_for_where_there_are_no_releases(shell: Shell) -> None:
    shell("add", f"{shell.base}/nothing", code=2)
    assert "leads to no press releases" in shell.err
    assert "404" in shell.err
    assert shell.err.count("\n") == 1


def test_add_refuses_what_is_watched_already(shell: Shell) -> None:
    shell("add", f"{shell.base}/feed.xml")
    shell("add", f"{shell.base}/feed.xml", code=2)
    assert "already" in shell.err


def test_add_takes_one_release_by_itself(shell: Shell) -> None:
    url = f"{shell.base}/2026/02/r-3"
    shell("add", url)
    assert "2026-02-26  Release number 3\n" in shell.out
    assert shell.out.splitlines()[1].strip(), "its first words"
    found = shell.lines("add", url, "--dry-run")[0]["release"]
    assert (found["title"], found["published_at"]) == ("Release number 3", "2026-02-26")
    shell("check")
    assert shell.lines("changes") == []
    shell.newsroom.pages["/2026/02/r-3"].version += 1
    shell("check", "--all")
    assert [change["kind"] for change in shell.lines("changes")] == ["silently-edited"]


def test_check_tells_by_its_exit_code_that_a_look_failed_for_the_first_time(watched: Shell) -> None:
    watched("check", "--all")
    watched.newsroom.pages["/2026/02/r-1"].status = 500
    watched("check", "--all", code=1)
    watched("check", "--all", code=0)


def test_history_says_what_the_last_look_saw_and_another_is_to_confirm(watched: Shell) -> None:
    url = f"{watched.base}/2026/02/r-1"
    assert "In doubt" not in watched("history", url)
    watched.newsroom.pages["/2026/02/r-1"].status = 404
    watched("check", "--all")
    assert "\nIn doubt: the page was gone at the last look, first " in watched("history", url)
    assert len(watched.lines("changes")) == 1
    watched.newsroom.pages["/2026/02/r-1"].status = 200
    watched("check", "--all")
    assert "In doubt" not in watched("history", url)


def test_check_prints_nothing_on_standard_output(watched: Shell) -> None:
    watched.newsroom.pages["/2026/02/r-2"].version += 1
    assert watched("check", "--all") == ""
    assert "silently edited" in watched.err


def test_changes_have_the_fields_of_the_contract(watched: Shell) -> None:
    (change,) = watched.lines("changes")
    assert {
        "id", "kind", "url", "source", "title", "detected_at", "not_before", "not_after", "stamp_before",
        "stamp_after", "revision_from", "revision_to", "importance",
    } <= change.keys()  # fmt: skip
    assert (change["kind"], change["source"], change["revision_from"]) == ("silently-edited", "Harbour", 1)
    assert change["stamp_before"] == change["stamp_after"] == "2026-03-01T08:00:00Z"
    assert change["detected_at"].endswith("Z")
    assert change["not_before"] <= change["not_after"] <= change["detected_at"]


def test_changes_are_narrowed_down(watched: Shell) -> None:
    assert len(watched.lines("changes", "--since", "1h")) == 1
    assert watched.lines("changes", "--since", "2100-01-01") == []
    assert watched.lines("changes", "--kind", "new") == []
    assert len(watched.lines("changes", "--kind", "new", "--kind", "silently-edited", "--source", "Harbour")) == 1


def test_history_show_and_diff_have_the_fields_of_the_contract(watched: Shell) -> None:
    url = f"{watched.base}/2026/02/r-0"
    first, second = watched.lines("history", url)
    assert {
        "number", "observed_at", "title", "published_at", "published_precision", "updated_at", "updated_precision",
        "updated_raw", "sha256", "words", "change",
    } <= first.keys()  # fmt: skip
    assert (first["change"], second["change"]) == (None, "silently-edited")
    assert (first["published_at"], first["published_precision"]) == ("2026-03-01", "day")
    assert first["updated_raw"] == "Last updated: 01 Mar. 2026 08:00"

    (shown,) = watched.lines("show", url, "--revision", "1")
    assert (shown["url"], shown["language"], shown["updated_precision"]) == (url, "en", "minute")
    assert shown["body"][1].endswith("It will cost 1000 million, in version 0 of the plan.")

    (diff,) = watched.lines("diff", url)
    words = [(segment["op"], segment["text"]) for segment in diff["parts"][0]["segments"]]
    assert ("removed", "1000 million") in words
    assert ("added", "1007 million") in words
    assert watched.lines("diff", url, "1", "2") == [diff]


def test_explain_says_of_every_block_and_date_why_it_was_taken_or_not(watched: Shell) -> None:
    url = f"{watched.base}/2026/02/r-0"
    (found,) = watched.lines("explain", url)
    (shown,) = watched.lines("show", url)
    taken = [block["text"] for block in found["blocks"] if block["taken"]]
    assert taken == [shown["title"], *shown["body"]]
    assert all(block["why"] for block in found["blocks"])
    believed = {claim["claims"]: claim["raw"] for claim in found["dates"] if claim["believed"]}
    assert believed["update"] == shown["updated_raw"]
    out = watched("explain", url, "--revision", "1")
    assert f"+ {shown['title']}" in out
    assert "it is the headline" in out
    watched("explain", f"{watched.base}/nothing", code=2)
    assert "is no release that is known" in watched.err


def test_diff_reads_without_colour(watched: Shell) -> None:
    out = watched("diff", f"{watched.base}/2026/02/r-0")
    assert "It will cost [-1000 million-]{+1007 million+}, in version [-0-]{+1+} of the plan." in out.replace("\n", " ")


def test_a_release_is_found_by_any_spelling_of_its_address(watched: Shell) -> None:
    url = f"{watched.base}/2026/02/r-0/?utm_source=mail#top"
    assert len(watched.lines("history", url)) == 2


def test_a_release_that_another_one_followed_is_found_behind_its_address(
    watched: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSWATCH_WATCH__CONFIRM_AFTER", "1s")
    monkeypatch.setattr("scraper.judge.rules._SHARE", 0)
    page = watched.newsroom.pages["/2026/02/r-0"]
    monkeypatch.setattr(
        type(page), "body", lambda self: [f"Terns nest under {self.title.lower()} and nowhere else."] * 4
    )
    page.title, page.published = "A lighthouse full of birds", START
    watched("check", "--all")
    watched("check", "--all")
    url = f"{watched.base}/2026/02/r-0"
    assert [each["change"] for each in watched.lines("history", url)] == ["new"]
    watched("history", url)
    (former,) = re.findall(r"presswatch history '(\S+)'", watched.err)
    assert [each["title"] for each in watched.lines("history", former)] == ["Release number 0", "Release number 0"]
    assert "Release number 0" in watched("show", former)


def test_a_source_is_paused_resumed_and_removed_with_its_history_kept(watched: Shell) -> None:
    watched("sources", "pause", "Harbour")
    watched.newsroom.requests.clear()
    watched("check", "--all")
    assert watched.newsroom.requests == []
    watched("sources", "resume", "Harbour")
    watched("check", "--all")
    assert watched.newsroom.requests
    watched("sources", "remove", "Harbour")
    assert watched.lines("sources") == []
    assert len(watched.lines("changes")) == 1


def test_status_and_doctor_say_what_fails(watched: Shell) -> None:
    for page in watched.newsroom.pages.values():
        page.status = 503
    for _ in range(3):
        explained(lambda: app(["check", "--all"]))
    (status,) = watched.lines("status")
    assert len(status["failing"]) == 5
    assert "503" in status["failing"][0]["error"]
    out = watched("doctor", code=1)
    assert "Harbour: 5 of 6 pages failed at their last look, such as" in out
    assert "no contact is set" in out


def test_status_says_what_waits_for_a_channel_and_what_it_answered(
    watched: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_storage("sqlite:///presswatch.db") as storage:
        room = Room(storage, now=datetime(2026, 3, 2, 8, tzinfo=UTC))
        room.watch()
        room.list(entry("a"), entry("b"))
        for path in "ab":
            room.read(f"https://news.example/{path}", "one", kinds=[Kind.NEW], channels=("desk",))
        (first, _) = storage.claim_deliveries(now=room.now, owner="w", lease=timedelta(minutes=1))
        storage.delivery_failed(first.id, owner="w", at=room.now, error="503 \x1b[2J", next_attempt_at=room.now)
    gone = "the settings have no channel of that name"
    (line,) = (line for line in watched("status").splitlines() if line.startswith("waiting"))
    assert line.endswith(gone)
    assert f"2 notifications for desk: {gone}" in watched("doctor", code=1)
    monkeypatch.setenv("PRESSWATCH_CHANNELS", '{"desk": {"type": "console"}}')
    assert "2 notifications for desk refused: 503" in watched("doctor", code=1)
    (line,) = (line for line in watched("status").splitlines() if line.startswith("waiting"))
    assert line.startswith("waiting    2 for desk, the oldest from ")
    (waiting,) = watched.lines("status")[0]["waiting"]
    assert (waiting["channel"], waiting["pending"]) == ("desk", 2)
    assert "; refused: 503 " in line
    assert line.endswith("; presswatch notify-test desk tries the channel")
    assert "\x1b" not in line


def test_doctor_says_what_fails_from_the_first_failure_on(watched: Shell) -> None:
    watched.newsroom.pages["/2026/02/r-0"].status = 503
    watched("check", "--all", code=1)
    assert "Harbour: 1 of 6 pages failed at their last look, such as" in watched("doctor", code=1)


def test_status_and_doctor_name_open_troubles_with_advice(watched: Shell) -> None:
    trouble = Trouble(kind=HealthKind.GONE, subject="newsroom", detail="1 of 1 listing: 404", advice="Look elsewhere.")
    with open_storage("sqlite:///presswatch.db") as storage, storage._database.transaction(writes=True) as connection:
        storage_health._keep_turn(connection, 1, Turn(begins=(trouble,)), (), now=datetime(2026, 3, 2, 8, tzinfo=UTC))
    said = "Harbour is gone since 2 Mar 2026, 08:00:00 UTC: 1 of 1 listing: 404"
    assert said in watched("status")
    assert f"{said}. Look elsewhere." in watched("doctor", code=1)
    (status,) = watched.lines("status")
    assert [row["kind"] for row in status["health"]] == ["gone"]
    assert '"type": "health"' in watched("export")


def test_verify_finds_a_changed_byte(watched: Shell) -> None:
    watched("verify")
    with sqlite3.connect("presswatch.db") as connection:
        (body,) = connection.execute("select body from evidence where id = 1").fetchone()
        connection.execute("update evidence set body = ? where id = 1", (body[:-1] + bytes([body[-1] ^ 1]),))
    assert "evidence" in watched("verify", code=1)


def test_backup_makes_a_database_that_works_and_writes_over_nothing(
    watched: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched("backup", "copy.db")
    assert "PRESSWATCH_DATABASE=sqlite:///copy.db\n" in watched.err
    watched("backup", "copy.db", code=2)
    assert "exists already" in watched.err
    monkeypatch.setenv("PRESSWATCH_DATABASE", "sqlite:///copy.db")
    assert len(watched.lines("changes")) == 1


def test_export_is_json_lines_of_everything(watched: Shell) -> None:
    rows = [json.loads(line) for line in watched("export").splitlines()]
    kinds = [row["type"] for row in rows]
    assert (kinds.count("source"), kinds.count("revision"), kinds.count("change")) == (1, 6, 1)


def test_prune_keeps_revisions(watched: Shell) -> None:
    watched("prune", "--older-than", "1s")
    assert "0 hosts that redirects led to." in watched.err
    assert len(watched.lines("history", f"{watched.base}/2026/02/r-0")) == 2


def test_a_configured_source_that_is_not_watched_is_named_and_doctor_says_why(shell: Shell) -> None:
    Path("presswatch.toml").write_text(
        f'[[sources]]\nurl = "{shell.base}/nothing"\n\n[[sources]]\nurl = "{shell.base}/feed.xml"\nname = "Harbour"\n'
    )
    shell("check", code=1)
    assert f"unwatched        {shell.base}/nothing: leads to no" in shell.err
    assert "It answered with status 404. Correct its address" in shell.err
    shell("check")
    assert "unwatched" not in shell.err, "it is told once"
    assert [source["name"] for source in shell.lines("sources")] == ["Harbour"]
    assert f"configured but not watched: {shell.base}/nothing" in shell("status")
    assert shell.lines("status")[0]["not_watched"] == [f"{shell.base}/nothing"]
    (finding,) = [line for line in shell("doctor", code=1).splitlines() if "not watched" in line]
    assert finding.startswith(f"• configured but not watched: {shell.base}/nothing: leads to no")
    assert finding.count("/nothing") == 1
    shell("sources", "remove", "Harbour")
    assert "It stands in the settings, too" in shell.err


def test_a_source_that_is_configured_is_changed_by_the_next_check(shell: Shell) -> None:
    source = f'[[sources]]\nurl = "{shell.base}/feed.xml"\nname = "Harbour"\n'
    Path("presswatch.toml").write_text(source)
    shell("check")
    Path("presswatch.toml").write_text(f'{source}every = "1h"\ntime_zone = "Europe/Brussels"\n')
    shell("check")
    (row,) = shell.lines("sources")
    assert (row["every_seconds"], row["time_zone"]) == (3600, "Europe/Brussels")


def test_what_a_page_says_is_printed_as_it_is(shell: Shell) -> None:
    title = "The council [sic] met [bold]twice[/bold] [/] :warning: [red"
    shell.newsroom.add("/2026/02/brackets", title, START)
    shell("add", f"{shell.base}/feed.xml", "--name", "Harbour [x] :bug:")
    assert title in shell.out
    assert '"Harbour [x] :bug:" is watched' in shell.err
    shell("check")
    url = f"{shell.base}/2026/02/brackets"
    for command in ("history", "show"):
        assert title in shell(command, url)


def test_the_settings_file_may_be_named_by_the_environment(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("elsewhere.toml").write_text('database = "sqlite:///elsewhere.db"\n')
    monkeypatch.setenv("PRESSWATCH_CONFIG", "elsewhere.toml")
    shell("status")
    assert Path("elsewhere.db").exists()


def test_an_error_that_nobody_foresaw_is_a_sentence_that_says_how_to_see_more(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("of nothing")

    assert explained(fail) == 2
    assert "PRESSWATCH_DEBUG=1 shows where" in shell.capture.readouterr().err
    monkeypatch.setenv("PRESSWATCH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        explained(fail)
    shell("status")


def test_the_last_two_versions_are_those_with_the_highest_numbers(watched: Shell) -> None:
    """After a merge of two releases the current one need not have the highest number."""
    url = f"{watched.base}/2026/02/r-0"
    watched.newsroom.pages["/2026/02/r-0"].version += 1
    watched("check", "--all")
    with sqlite3.connect("presswatch.db") as connection:
        (release,) = connection.execute("select release_id from revision where number = 3").fetchone()
        connection.execute(
            "update release set current_revision_id = (select id from revision where number = 1 and release_id = ?)"
            " where id = ?", (release, release),
        )  # fmt: skip
    assert [(d["revision_from"], d["revision_to"]) for d in watched.lines("diff", url)] == [(2, 3)]
    assert [(d["revision_from"], d["revision_to"]) for d in watched.lines("diff", url, "1")] == [(1, 3)]


@pytest.mark.parametrize(
    "since", ["20200301", "0001-01-01", "2020-03-01", "2020-03-01T12:00Z", "2020-03-01T12:00+01:00", "7d", "1h30m"]
)
def test_a_time_may_be_written_in_many_ways(watched: Shell, since: str) -> None:
    assert watched.lines("changes", "--since", since)


MISTAKES = {
    "an unknown release": (("show", "https://nowhere.example/1"), "is no release that is known"),
    "a revision that is not there": (("show", "{base}/2026/02/r-0", "--revision", "9"), "no revision 9"),
    "a zone that is none": (("add", "{base}/feed.xml", "--time-zone", "Foo/Bar"), '"Foo/Bar" is no time zone'),
    "looking all the time": (("add", "{base}/feed.xml", "--every", "0"), "every: it must be longer than nothing"),
    "an address that is none": (("add", "ftp://a.example"), '"ftp://a.example" is no web address'),
    "an age beyond the calendar": (("changes", "--since", "9999999d"), '"9999999d"'),
    "an age without a unit": (("changes", "--since", "2026"), '"2026" is no time'),
    "polls older than the calendar": (("prune", "--older-than", "9999999d"), '"9999999d"'),
    "a revision that is not there to compare": (("diff", "{base}/2026/02/r-0", "1", "9"), "no revision 9"),
    "a search for nothing": (("search", "!!!"), "Name at least one word"),
    "a search elsewhere": (("search", "x", "--where", "there"), '"there" is none of text, appeared, vanished'),
    "a time that is none": (("changes", "--since", "lately"), '"lately" is no time'),
    "a duration that is none": (("add", "{base}/feed.xml", "--every", "often"), '"often" is no duration'),
    "a route to nowhere": (("add", "{base}/feed.xml", "--route", "desk"), 'no channel "desk"'),
    "an unknown source": (("check", "--source", "Harber"), 'nothing by the name "Harber"'),
    "the name of a source in another spelling": (("sources", "pause", "harbor"), 'is watched; did you mean "Harbour"?'),
    "a name like no other": (("sources", "remove", "Quay 17"), "is watched; known are: Harbour"),
    "an address that is empty": (("history", ""), '"" is no release that is known'),
    "a settings file that is not there": (("--config", "none.toml", "status"), "no such settings file"),
    "one revision only": (("diff", "{base}/2026/02/r-3"), "one revision only"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_and_exit_code_2(watched: Shell, arguments: tuple[str, ...], sentence: str) -> None:
    watched(*(argument.format(base=watched.base) for argument in arguments), code=2)
    assert sentence in watched.err
    assert watched.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("changes", "--kind", "foo"), "'--kind': 'foo' is not one of 'new', 'edited'"),
        (("run", "--port", "http"), "'--port': it must be a whole number"),
        (("run", "--port", "65536"), "'--port': it must be 65535 or less"),
        (("mark", "9999999999999999"), "'ID': it must be 999999999999999 or less"),
        (("sources", "--nope"), "No such option: --nope"),
    ],
)
def test_a_value_that_is_none_is_refused_in_our_own_words(
    shell: Shell, arguments: tuple[str, ...], sentence: str
) -> None:
    shell(*arguments, code=2)
    assert sentence in shell.err


def test_a_file_that_is_no_database_is_refused_with_a_sentence(shell: Shell) -> None:
    Path("presswatch.db").write_bytes(b"this is no database at all" * 100)
    shell("status", code=2)
    assert "presswatch.db" in shell.err
    assert shell.err.count("\n") == 1


def test_a_database_of_a_later_presswatch_is_refused_with_a_sentence(watched: Shell) -> None:
    with sqlite3.connect("presswatch.db") as connection:
        connection.execute("update schema_version set version_num = '9999'")
    watched("status", code=2)
    assert "later" in watched.err or "newer" in watched.err


def test_a_secret_is_one_that_the_standard_webhooks_library_takes(shell: Shell) -> None:
    assert Webhook(shell("secret").strip())


def test_a_token_for_feeds_is_one_that_the_settings_take(shell: Shell) -> None:
    token = shell("secret", "--feeds").strip()
    assert Settings(web={"feed_token": token}).web.feed_token == token  # type: ignore[arg-type]


def test_help_names_every_command(shell: Shell) -> None:
    out = shell("--help")
    commands = "add check run demo sources status doctor changes search history show explain diff export prune verify"
    commands += " backup deliver"
    assert [name for name in commands.split() if f"  {name} " not in out] == []


def test_search_finds_words_and_the_edit_by_which_they_came(watched: Shell) -> None:
    (hit,) = watched.lines("search", "1007", "million", "--where", "appeared")
    assert (hit["revision"], hit["revision_before"], hit["change"], hit["current"]) == (2, 1, "silently-edited", True)
    assert "1007 million" in hit["passages"][0]
    assert watched.lines("search", "1007", "--where", "vanished") == []
    assert watched.lines("search", "nowhereatall") == []
    assert "1007 million" in watched("search", "1007")


def test_history_tells_what_happened_also_where_the_text_stayed(watched: Shell) -> None:
    watched.newsroom.pages["/2026/02/r-0"].stamp = START + timedelta(days=30)
    watched("check", "--all")
    out = watched("history", f"{watched.base}/2026/02/r-0")
    assert "What happened:" in out
    assert "only the stamp moved" in out


def test_tables_are_not_folded_where_there_is_no_terminal(watched: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (line,) = [line for line in watched("changes").splitlines() if "silently edited" in line]
    assert line.endswith(f"{watched.base}/2026/02/r-0")


def test_changes_are_listed_with_the_ids_by_which_they_are_marked(watched: Shell) -> None:
    (change_id,) = [line.split()[0] for line in watched("changes").splitlines() if "silently edited" in line]
    watched("mark", change_id, "--starred")
    assert watched.lines("changes")[0]["id"] == int(change_id)


def test_what_is_marked_as_noise_says_where_it_teaches_nothing(watched: Shell) -> None:
    change_id = str(watched.lines("changes")[0]["id"])
    assert "teaches nothing: more than whole passages" in watched("mark", change_id, "--noise")
    assert "teaches" not in watched("mark", change_id, "--no-noise")
    assert watched.lines("mark", change_id)[0]["teaches"] == 0


def test_brackets_in_a_headline_are_printed_as_they_are(shell: Shell) -> None:
    shell.newsroom.pages["/2026/02/r-0"].title = "A harbor [sic] and [bold]more[/bold]"
    shell("add", f"{shell.base}/feed.xml")
    shell("check")
    assert "A harbor [sic] and [bold]more[/bold]" in shell("show", f"{shell.base}/2026/02/r-0")


@pytest.mark.parametrize("url", ["http://[::1", "file:///etc/passwd", "https://"])
def test_what_is_no_web_address_is_refused_in_a_sentence(shell: Shell, url: str) -> None:
    shell("add", url, code=2)
    assert "no web address" in shell.err
    assert "should not happen" not in shell.err


def test_a_round_in_which_nothing_happened_says_nothing_to_cron(watched: Shell) -> None:
    assert watched("check", "--all") == ""
    assert watched.err == ""


def test_a_profile_that_can_t_be_applied_is_refused_with_the_settings(shell: Shell) -> None:
    Path("presswatch.toml").write_text(f'[[sources]]\nurl = "{shell.base}/feed.xml"\nprofile = {{ body = "div[[" }}\n')
    shell("status", code=2)
    assert 'the profile\'s body "div[[" is no CSS selector' in shell.err


def test_show_says_why_a_page_was_not_taken(shell: Shell) -> None:
    shell("add", f"{shell.base}/feed.xml")
    url = f"{shell.base}/2026/02/r-1"
    shell.newsroom.pages["/2026/02/r-1"].status = 500
    shell("check", code=1)
    shell("show", url, code=2)
    assert "not taken" in shell.err
    assert "500" in shell.err


def test_notify_test_tries_a_channel_and_says_what_came_of_it(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text(
        '[channels.log]\ntype = "file"\npath = "out.jsonl"\n'
        '[channels.nowhere]\ntype = "webhook"\nurl = "http://127.0.0.1:1/s3cr3t"\n'
        'secret = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="\n'
    )
    shell("notify-test", "console")
    assert "A test of presswatch" in shell.err
    shell("notify-test", "log")
    assert shell.err.strip() == "log took the test message."
    assert json.loads((tmp_path / "out.jsonl").read_text())["type"] == "test"
    shell("notify-test", "nowhere", code=1)
    assert "nowhere did not take the test message: " in shell.err
    assert "s3cr3t" not in shell.err
    shell("notify-test", "fax", code=2)
    assert 'there is no channel "fax"; known are: console, log, nowhere' in shell.err


def test_a_chat_that_apprise_does_not_know_is_a_mistake_of_the_settings(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text('[channels.chat]\ntype = "apprise"\nurl = "nosuch://s3cr3t"\n')
    shell("notify-test", "chat", code=2)
    assert "the channel chat: Apprise knows no such address" in shell.err
    assert "s3cr3t" not in shell.err


def test_a_source_and_a_release_are_muted_and_told_of_again(watched: Shell) -> None:
    watched("mute", "Harbour", "--for", "7d")
    assert "Nobody is told of Harbour until " in watched.err
    url = f"{watched.base}/2026/02/r-1"
    watched("mute", url)
    source, release = watched.lines("status")[0]["mutes"]
    assert (source["source"], source["url"], release["url"], release["until"]) == ("Harbour", None, url, None)
    shown = watched("status")
    assert f"{url} is muted; presswatch unmute {url} ends it" in shown
    assert re.search(
        r"^Harbour is muted until 2\S+ \d\d:\d\d UTC; presswatch unmute Harbour ends it$", shown, re.MULTILINE
    )
    watched.newsroom.pages["/2026/02/r-2"].version += 1
    watched("check", "--all")
    assert "0 notifications sent" in watched.err
    watched("unmute", "Harbour")
    watched("unmute", url)
    assert watched.lines("status")[0]["mutes"] == []
    watched("unmute", "Harbour")
    assert "was not muted" in watched.err
    watched("mute", "Harbor", code=2)
    assert 'neither a source nor the address of a release; did you mean "Harbour"?' in watched.err
    watched("mute", "Harbour", "--for", "7", code=2)
    assert "write it like 7d or 12h" in watched.err


def test_a_rehearsal_says_who_would_have_been_told_of_what_and_why_and_writes_nothing(
    watched: Shell, tmp_path: Path
) -> None:
    before = watched.lines("status")[0]["outbox"]
    (told,) = watched.lines("notify", "--dry-run")
    assert (told["kind"], told["channel"], told["how"], told["rule"]) == (
        "silently-edited", "console", "message", "routes",
    )  # fmt: skip
    path = tmp_path / "rules.toml"
    path.write_text(
        '[[rules]]\nname = "big news"\nwords = ["war"]\nroutes = ["console"]\n'
        '[[rules]]\nsources = ["harb*"]\nkinds = ["silently-edited"]\ndigest = "daily"\nat = "07:00"\n'
    )
    (told,) = watched.lines("--config", str(path), "notify", "--dry-run", "--since", "1d")
    assert (told["how"], told["rule"], told["digest"]) == ("digest", "rule 2", "daily at 07:00, UTC")
    assert told["at"].endswith("T07:00:00Z")
    out = watched("--config", str(path), "notify", "--dry-run")
    assert "rule 2" in out
    assert "digests: 1 (changes: 1)" in watched.err
    path.write_text('[[rules]]\nname = "quiet"\ndrop = true\n')
    (told,) = watched.lines("--config", str(path), "notify", "--dry-run")
    assert (told["channel"], told["how"], told["rule"]) == (None, "dropped", "quiet")
    path.write_text('[[rules]]\nsources = ["Harbor"]\ndrop = true\n')
    watched("--config", str(path), "notify", "--dry-run", code=2)
    assert 'did you mean "Harbour"?' in watched.err
    watched("notify", code=2)
    assert "--dry-run" in watched.err
    assert watched.lines("notify", "--dry-run", "--since", "2099-01-01") == []
    assert watched.lines("status")[0]["outbox"] == before


def test_a_rule_may_name_a_source_before_it_is_added_and_is_refused_by_what_tells(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text('[[rules]]\nsources = ["Harbour"]\ndrop = true\n')
    shell("check", code=2)
    assert 'a rule names the source "Harbour", and there is none' in shell.err
    shell("run", "--port", "0", code=2)
    assert 'a rule names the source "Harbour", and there is none' in shell.err
    shell("add", f"{shell.base}/feed.xml", "--name", "Harbour")
    shell("check")


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("nope.invalid", "nope.invalid: there is no such host; choose another with --host"),
        (
            "192.0.2.1",
            "192.0.2.1:0: Cannot assign requested address; choose another with --port, or end what uses it",
        ),
    ],
    ids=["a host that there is not", "an address of another machine"],
)
def test_where_the_pages_cannot_be_served_is_one_sentence(shell: Shell, host: str, said: str) -> None:
    shell("run", "--host", host, "--port", "0", code=2)
    assert shell.err.splitlines()[-1] == f"presswatch: can't listen at {said}"
