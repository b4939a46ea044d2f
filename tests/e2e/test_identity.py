"""Which release is which over time: whole newsrooms that move, addresses that are used again, texts that diverge."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, Page, utc
from simulation import Simulation, simulated

from scraper.model import State

pytestmark = pytest.mark.long

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SYLLABLES = "har bour pi er fer ry lan tern ma ri ner bas in quay lo dge ten sor vel um".split()


def text_of(n: int) -> list[str]:
    """The text of the n-th release; no two have much in common."""
    chance = random.Random(n)
    words = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(45)]
    return [
        f"The council heard of {' '.join(words[:15])} and asked for more.",
        f"{' '.join(words[15:30])} were spoken of before they voted {n + 3} to {n % 4}.",
        f"“It took {n + 5} years of {' '.join(words[30:])},” said the keeper.",
    ]


class Article(Page):
    """A release whose text is given."""

    text: list[str]
    is_bare: bool = False

    def body(self) -> list[str]:
        """As it is given."""
        return self.text

    def markup(self, base: str, load: int, canonical: str | None = None) -> str:
        """As any other, or with nothing that a release would have."""
        if self.is_bare:
            return f"<html><h1>{self.title}</h1><p>The text follows.</p></html>"
        return super().markup(base, load, canonical)


def publish(newsroom: Newsroom, path: str, n: int, published: datetime, **more: Any) -> Article:
    """The n-th release at an address."""
    page = Article(path=path, title=f"{text_of(n)[0].split()[4].title()} is voted for", published=published, **more)
    page.text = text_of(n)
    newsroom.pages[path] = page
    return page


def harbour(pages: int) -> Newsroom:
    newsroom = Newsroom(validators=False)
    for n in range(pages):
        publish(newsroom, f"/news_{n}.htm", n, START - (n + 1) * DAY)
    return newsroom


def migrate(newsroom: Newsroom, *, title: str = "{}") -> None:
    """Every release at an address that follows from none it had, none at the old ones, each text a little other."""
    for n, old in enumerate(list(newsroom.pages.values())):
        del newsroom.pages[old.path]
        page = Article(path=f"/en/articles/{old.published:%Y/%m/%d}/a-{n}", title=title.format(old.title),
                       published=old.published)  # fmt: skip
        page.text = [" ".join(old.body()).replace("“", '"').replace("”", '"').replace("asked for", "wished for")]
        newsroom.pages[page.path] = page


def texts(world: Simulation) -> list[str]:
    """The text of every revision of every release."""
    storage = world.app.storage
    return [
        storage.revision(row.id, revision.number).release.text
        for row in storage.releases(states=list(State))
        for revision in storage.revisions(row.id)
    ]


async def test_a_newsroom_that_moves_as_a_whole_is_known_again_by_its_texts(tmp_path: Path) -> None:
    """No redirect, no address in common, another suffix and a corrected word: moved and edited; only one is new."""
    newsroom = harbour(30)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        assert world.kinds() == []
        migrate(newsroom, title="{} | Harbour")
        moved_at = world.clock.now
        publish(newsroom, "/en/articles/2026/03/03/fresh", 77, moved_at - HOUR)
        await world.until(START + 9 * DAY)
        kinds = Counter(kind for kind, _ in world.kinds())
        assert kinds == {"moved": 30, "silently-edited": 30, "new": 1}
        assert ("new", "/en/articles/2026/03/03/fresh") in world.kinds()
        rows = world.app.storage.releases()
        assert len(rows) == 31
        assert sorted(row.revisions for row in rows) == [1] + [2] * 30
        for change in world.app.storage.changes():
            assert change.not_after >= moved_at
            assert change.not_before is not None
            assert change.not_before <= moved_at


async def test_a_release_that_stays_where_it_is_beside_a_near_copy_are_two(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        copy = publish(newsroom, "/copy", 1, newsroom.pages["/news_1.htm"].published)
        copy.text = [*text_of(1), "This is the version for schools."]
        await world.until(START + 2 * DAY)
        assert world.kinds() == [("new", "/copy")]
        assert len(world.app.storage.releases()) == 4


async def test_a_new_release_at_an_old_address_has_a_history_of_its_own(tmp_path: Path) -> None:
    newsroom = harbour(4)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        (first,) = [row for row in world.app.storage.releases() if row.url.endswith("/news_2.htm")]
        publish(newsroom, "/news_2.htm", 9, world.clock.now)
        await world.until(START + 4 * DAY)
        assert world.kinds() == [("withdrawn", "/news_2.htm"), ("new", "/news_2.htm")]
        gone, new = world.app.storage.changes()
        assert gone.release_id == first.id != new.release_id
        assert "is voted for”" in gone.reason
        assert (gone.not_before, gone.not_after) == (new.not_before, new.not_after)
        assert [r.number for r in world.app.storage.revisions(new.release_id)] == [1]
        assert [row.id for row in world.app.storage.formers(new.release_id)] == [first.id]
        newsroom.pages["/news_2.htm"].text[0] += " It was amended."  # type: ignore[attr-defined]
        await world.until(START + 8 * DAY)
        assert world.kinds()[2:] == [("silently-edited", "/news_2.htm")]
        assert len(set(texts(world))) == len(texts(world)) == 6


async def test_an_address_that_always_shows_the_newest_text_is_edited_from_the_third_on(tmp_path: Path) -> None:
    newsroom = harbour(3)
    publish(newsroom, "/latest", 20, START - HOUR)
    async with simulated(
        newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}, pace={"slowest": 21_600}
    ) as world:
        await world.watch(newsroom.base)
        for day in range(1, 9):
            world.at(START + day * DAY, lambda day=day: publish(newsroom, "/latest", 20 + day, START + day * DAY))  # type: ignore[misc]
        await world.until(START + 9 * DAY)
        kinds = Counter(kind for kind, path in world.kinds() if path == "/latest")
        assert kinds["new"] == kinds["withdrawn"] == 2
        assert kinds["edited"] + kinds["silently-edited"] == 6
        assert len(set(texts(world))) == len(texts(world))


async def test_a_text_that_comes_back_to_its_address_is_restored_and_not_kept_twice(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        old = newsroom.pages["/news_1.htm"]
        publish(newsroom, "/news_1.htm", 9, world.clock.now)
        await world.until(START + 4 * DAY)
        newsroom.pages["/news_1.htm"] = old
        await world.until(START + 8 * DAY)
        assert [kind for kind, _ in world.kinds()] == ["withdrawn", "new", "withdrawn", "restored"]
        assert len(set(texts(world))) == len(texts(world)) == 4


async def test_two_addresses_of_one_text_that_diverge_are_two_releases_from_then_on(tmp_path: Path) -> None:
    newsroom = harbour(3)
    one = newsroom.pages["/news_1.htm"]
    other = publish(newsroom, "/other", 1, one.published)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        assert len(world.app.storage.releases()) == 3
        other.title, other.text = "Of something else", text_of(40)
        await world.until(START + 3 * DAY)
        assert len(world.app.storage.releases()) == 4
        other.text[1] += " They voted again."
        await world.until(START + 7 * DAY)
        assert world.kinds() == [("silently-edited", "/other")]


async def test_two_rounds_at_once_withdraw_nothing(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        newsroom.pages["/news_1.htm"].status = 404
        for _ in range(3):
            await world.app.watch.round(everything=True)
            world.clock.now += timedelta(seconds=10)
        assert world.kinds() == []
        await world.until(START + 2 * DAY)
        assert world.kinds() == [("withdrawn", "/news_1.htm")]


async def test_a_text_that_follows_after_days_is_read_where_the_listing_says_so(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        feed = newsroom.feed
        title = "Soon"
        item = "<item><title>{}</title><link>{}/soon</link></item></channel>"
        newsroom.feed = lambda: feed().replace("</channel>", item.format(title, newsroom.base))  # type: ignore[method-assign]
        publish(newsroom, "/soon", 50, START + DAY, listed=False).is_bare = True
        await world.until(START + 6 * DAY)
        assert world.kinds() == []
        publish(newsroom, "/soon", 50, world.clock.now, listed=False)
        title = "Of the quay, with its text"
        await world.until(START + 7 * DAY)
        assert world.kinds() == [("new", "/soon")]
