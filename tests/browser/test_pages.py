"""The pages in a real Chromium: what a person sees, no errors, nothing loaded from elsewhere, nothing executed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, utc
from processes import Presswatch, eventually

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START = utc(2026, 3, 2, 8, 0)
EVIL = '<img src=x onerror="document.title=\'pwned\'"><script>document.title="pwned"</script>'


def browse(url: str, profile: Path) -> tuple[str, str]:
    """The page's tree after everything ran, and what the browser had to say."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--enable-logging=stderr",
            f"--user-data-dir={profile}", "--virtual-time-budget=2000", "--dump-dom", url,
        ],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of a daemon that saw a silent edit, and a release whose headline is an attack."""
    folder = tmp_path_factory.mktemp("daemon")
    newsroom = Newsroom()
    for n in range(3):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n + 1))
    newsroom.pages["/2026/02/r-2"].title = EVIL
    with newsroom.served() as base:
        presswatch = Presswatch(folder)
        presswatch.configure(
            database='"sqlite:///kept.db"', fetch__allow_private="true", fetch__delay_per_host="0",
            pace__fastest='"1s"', pace__slowest='"1s"', pace__slowest_listing='"5s"', watch__confirm_after='"1s"',
        )  # fmt: skip
        assert presswatch.run("add", f"{base}/feed.xml").returncode == 0
        assert presswatch.run("check").returncode == 0
        for page in newsroom.pages.values():
            page.version += 1
        with presswatch.daemon():
            log = folder / "presswatch.log"
            eventually(lambda: log.read_text().count("silently edited") == 3)
            found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
            assert found
            yield found[0]


def links(tree: str, pattern: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in dict.fromkeys(re.findall(rf'href="({pattern})"', tree))]


def test_the_changes_are_labelled_silently_edited(site: str, tmp_path: Path) -> None:
    tree, said = browse(site, tmp_path)
    assert len(re.findall(r'class="kind kind-silently-edited">silently edited<', tree)) == 3
    assert "<ins>1007 million</ins>" in tree
    assert said == ""


def test_every_page_that_is_linked_shows_without_an_error_and_executes_nothing(site: str, tmp_path: Path) -> None:
    tree, _ = browse(site, tmp_path)
    pages = [
        *links(tree, r"/releases/\d+"),
        *links(tree, r"/releases/\d+/diff[^\"]*"),
        "/sources",
        "/sources/1",
        "/status",
    ]
    assert len(pages) == 9
    for number, page in enumerate(pages):
        tree, said = browse(site + page, tmp_path / str(number))
        assert "<h1" in tree
        assert said == "", page
        assert "<title>pwned" not in tree
        ours = {f'<script src="/static/{name}.js" defer="">' for name in ("reader", "stream")}
        assert set(re.findall("<script[^>]*>[^<]*", tree)) <= ours
        assert "onerror=" not in re.sub(r">[^<]*<", "><", tree), "the attack is text and no markup"
