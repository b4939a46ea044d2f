"""The door of a real server: beyond loopback, with a password, behind a proxy, and open to the public."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import Newsroom, utc
from processes import Presswatch, eventually
from simulation import simulated
from typer.testing import CliRunner

from presswatch.cli import app
from presswatch.cli.errors import UserError
from presswatch.daemon import _bind, _web
from presswatch.web.access import NotGuarded
from presswatch.web.keys import digest, new_token
from presswatch.web.passwords import hashed

START = utc(2026, 3, 2, 8, 0)
PASSWORD = "a lighthouse keeper's tea"
PAGES = ["/", "/sources", "/releases/1", "/releases/1/revisions/1/evidence", "/feeds/changes.atom", "/manage"]


@asynccontextmanager
async def served(
    folder: Path, *, host: str = "0.0.0.0", password: str | None = None, **web: Any
) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """A client of a server that listens at a host, as a browser on this machine would be."""
    async with simulated(Newsroom().transport(), start=START, folder=folder, web=web) as world:
        if password:
            world.app.storage.set_password(hashed(password))
        listener = _bind(host, 0)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with _web(world.app, listener, here), httpx.AsyncClient(base_url=here, timeout=60) as client:
                yield client, world
        finally:
            listener.close()


async def log_in(client: httpx.AsyncClient, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return await client.post("/login", data={"password": password, "to": "/sources"}, headers=headers)


# --- the command ------------------------------------------------------------------------------------------------------


def test_beyond_loopback_it_starts_only_once_a_password_is_set(tmp_path: Path) -> None:
    presswatch = Presswatch(tmp_path)
    presswatch.configure(database='"sqlite:///kept.db"')
    refused = presswatch.run("run", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    assert "presswatch password" in refused.stderr
    assert "Traceback" not in refused.stderr
    for given, code in (("short\n", 2), (f"{PASSWORD}\n", 0)):
        done = subprocess.run(
            [sys.executable, "-m", "presswatch", "password"], cwd=tmp_path, env=presswatch.environment, input=given,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    with presswatch.daemon("--host", "0.0.0.0"):
        log = tmp_path / "presswatch.log"
        eventually(lambda: "presswatch runs" in log.read_text())
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        assert found
        assert httpx.get(found[0], timeout=60).headers["location"] == "/login"
        assert httpx.get(f"{found[0]}/health", timeout=60).status_code in (200, 503)
    assert PASSWORD.encode() not in (tmp_path / "kept.db").read_bytes()


def test_a_token_is_made_listed_and_revoked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_DATABASE", f"sqlite:///{tmp_path}/kept.db")

    def token(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["token", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    made = token("create", "newsbot").strip()
    assert re.fullmatch(r"pwt_[\w-]{43}", made)
    assert made not in (tmp_path / "kept.db").read_bytes().decode("latin-1")
    with pytest.raises(UserError, match="newsbot"):
        token("create", "newsbot")
    assert json.loads(token("list", "--json"))["name"] == "newsbot"
    token("revoke", "newsbot")
    assert token("list", "--json") == ""
    with pytest.raises(UserError, match="no token"):
        token("revoke", "newsbot")


# --- with a password --------------------------------------------------------------------------------------------------


async def test_nothing_is_seen_without_the_password_and_all_with_it_until_one_leaves(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD) as (client, world):
        for page in PAGES:
            turned_away = await client.get(page)
            assert (turned_away.status_code, turned_away.content) == (303, b""), page
        assert (await client.get("/api/v1/changes")).status_code == 401
        assert (await client.get("/login")).status_code == 200
        wrong = await log_in(client, "a lighthouse keeper's pea")
        assert (wrong.status_code, client.cookies.get("presswatch-session")) == (403, None)
        right = await log_in(client)
        assert (right.status_code, right.headers["location"]) == (303, "/sources")
        cookie = right.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        session = client.cookies["presswatch-session"]
        assert world.app.storage.has_session(digest(session), now=START)
        page = await client.get("/sources")
        token = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)
        assert token
        assert (await client.post("/logout", data={"token": "0" * 64})).status_code == 400
        assert (await client.post("/logout", data={"token": token[1]})).status_code == 303
        client.cookies.set("presswatch-session", session)
        assert (await client.get("/sources")).status_code == 303


async def test_another_password_ends_the_session(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD) as (client, world):
        await log_in(client)
        assert (await client.get("/")).status_code == 200
        world.app.storage.set_password(hashed("another one altogether"))
        assert (await client.get("/")).status_code == 303


async def test_a_session_is_over_in_its_time(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD) as (client, world):
        await log_in(client)
        await world.clock.sleep(31 * 86400)
        assert (await client.get("/")).status_code == 303


async def test_guessing_is_slowed_down_and_says_for_how_long(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD) as (client, world):
        answers = [await log_in(client, f"guess {n}") for n in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 5 + [429]
        assert (await log_in(client)).status_code == 429
        await world.clock.sleep(int(answers[-1].headers["retry-after"]))
        assert (await log_in(client)).status_code == 303


async def test_another_name_and_another_page_are_turned_away_even_on_loopback(tmp_path: Path) -> None:
    async with served(tmp_path, host="127.0.0.2", hosts=("desk.lan",)) as (client, _):
        client.base_url = httpx.URL(str(client.base_url).replace("127.0.0.1", "127.0.0.2"))
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/", headers={"host": "desk.lan"})).status_code == 200
        assert (await client.get("/", headers={"host": "rebound.example"})).status_code == 421
        assert (await client.get("/api/v1/changes", headers={"host": "rebound.example"})).status_code == 421
        forged = await client.post("/manage/add", data={"url": "x"}, headers={"origin": "https://evil.example"})
        assert forged.status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
async def test_it_is_not_served_unguarded(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotGuarded):
        async with served(tmp_path, host=host):
            raise AssertionError


# --- tokens, proxies, the public --------------------------------------------------------------------------------------


async def test_a_token_reads_the_api_and_nothing_else(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD) as (client, world):
        token = new_token()
        world.app.storage.add_token("newsbot", digest(token), now=START)
        client.headers["authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/changes")).status_code == 200
        assert (await client.get("/")).status_code == 303
        assert (await client.post("/manage/add", data={"url": "x"})).status_code == 303
        world.app.storage.revoke_token("newsbot")
        assert (await client.get("/api/v1/changes")).status_code == 401


async def test_a_proxy_is_believed_where_it_is_named_and_nobody_else(tmp_path: Path) -> None:
    named = {"proxy_user_header": "X-Forwarded-User", "trusted_proxies": ("127.0.0.1",)}
    async with served(tmp_path, **named) as (client, _):
        assert (await client.get("/")).status_code == 403
        assert (await client.get("/", headers={"x-forwarded-user": ""})).status_code == 403
        assert (await client.get("/", headers={"x-forwarded-user": "ada"})).status_code == 200
        twice = await client.get("/", headers=[("x-forwarded-user", "ada"), ("x-forwarded-user", "eve")])
        assert twice.status_code == 403
    async with served(tmp_path, **{**named, "trusted_proxies": ("10.0.0.0/8",)}) as (client, _):
        assert (await client.get("/", headers={"x-forwarded-user": "ada"})).status_code == 403


async def test_behind_a_proxy_with_tls_the_cookie_is_for_https_only(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD, trusted_proxies=("127.0.0.1",)) as (client, _):
        answer = await log_in(client, **{"x-forwarded-proto": "https"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-presswatch=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


async def test_each_client_behind_a_proxy_has_its_own_attempts(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD, trusted_proxies=("127.0.0.1",)) as (client, _):
        for n in range(6):
            last = await log_in(client, f"guess {n}", **{"x-forwarded-for": "203.0.113.1"})
        assert last.status_code == 429
        assert (await log_in(client, **{"x-forwarded-for": "203.0.113.2"})).status_code == 303


async def test_the_public_reads_and_changes_nothing(tmp_path: Path) -> None:
    async with served(tmp_path, password=PASSWORD, public=True) as (client, _):
        assert {(await client.get(page)).status_code for page in ("/", "/sources", "/api/v1/changes")} == {200}
        assert (await client.get("/releases/1/revisions/1/evidence")).status_code == 403
        assert (await client.get("/manage")).status_code == 403
        assert (await client.post("/manage/add", data={"url": "x"})).status_code == 403
        assert "<form class=" not in (await client.get("/sources")).text
