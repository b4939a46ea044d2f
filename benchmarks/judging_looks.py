"""A newsroom in memory: looks at its releases, one after the other, judged and learned from as the product does.

    answer | look | decide(found, known, now) | known after it

What storage would keep of a release between two looks is kept here in a :class:`Known`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from presswatch.learning import is_due
from presswatch.look import look, read_again
from scraper.judge import RECIPE, Rules, decide, digest
from scraper.model import Change, Fetched, Found, Known, Outcome, Release, Revision, Seen, Site, Source, State, Twin
from scraper.read import MOST_LOADS, Load, learn, version
from scraper.urls import identity

__all__ = ["START", "Newsroom", "answered", "seen"]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When a newsroom is first visited whose recording has no times."""
_MOST_CONFIRMING = 8
"""Confirming looks after one look; a doubt that lasts longer waits for the next ordinary one."""
_LOADS = 3
"""Of one release at the most, to learn from; as storage hands them out."""
_WEEK = timedelta(days=7)


def answered(html: bytes, url: str, at: datetime) -> Fetched:
    """The answer that a capture stands for."""
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Fetched(url=url, final_url=url, status=200, headers=headers, body=html, started_at=at, finished_at=at)


def seen(release: Release, url: str, at: datetime) -> Seen:
    """A look that read a release; for recordings that have its text only."""
    return Seen(
        at=at, url=url, final_url=url, permanent=False, release=release, digest=digest(release),
        evidence=answered(b"", url, at),
    )  # fmt: skip


@dataclass(slots=True)
class Newsroom:
    """A source whose releases were all there at its first visit, or came later."""

    home: str
    site: Site = field(default_factory=Site)
    learns: bool = True
    """Learn at the product's own occasions."""
    changes: list[Change] = field(default_factory=list)
    """Everything that was told, in order."""
    polls: int = 0
    _known: dict[str, Known] = field(default_factory=dict)
    _evidence: dict[str, list[Fetched]] = field(default_factory=dict)
    """Of each release's revisions, by its address."""

    @property
    def source(self) -> Source:
        """The source as the product reads it."""
        return Source(name=self.home, home=self.home)

    def known(self, url: str) -> Known | None:
        """What is known of a release, or None before its first look."""
        return self._known.get(url)

    def visit(
        self, load: Callable[[datetime], Fetched | Seen], url: str, at: datetime, *, quiet: bool = True
    ) -> datetime:
        """Look at a release, and again as often and as soon as the judge wants it; the time of the last look."""
        for _ in range(1 + _MOST_CONFIRMING):
            outcome = self.look(load(at), url, at, quiet=quiet)
            if outcome.look_again is None:
                break
            at += outcome.look_again
        return at

    def look(self, answer: Fetched | Seen, url: str, at: datetime, *, quiet: bool = True) -> Outcome:
        """One look, and what it comes to."""
        self.polls += 1
        found = look(answer, source=self.source, now=at, site=self.site) if isinstance(answer, Fetched) else answer
        known = self._known.get(url) or Known(url=url, key=identity(url), quiet=quiet)
        known = self._with_twin(self._up_to_date(known, url), found, at)
        outcome = decide(found, known, at, Rules())
        self._known[url] = _after(known, outcome)
        self.changes.extend(outcome.changes)
        if outcome.revision is not None and isinstance(found, Seen):
            self._evidence.setdefault(url, []).append(found.evidence)
            self._learn(outcome.revision.number)
        return outcome

    def _up_to_date(self, known: Known, url: str) -> Known:
        """The current revision, and the digests of the earlier ones, as the site is read by now."""
        current, evidence = known.current, self._evidence.get(url, [])
        present = version(self.site, self.source)
        if current is None or not evidence or (current.recipe, current.site) == (RECIPE, present):
            return known
        again = read_again(current, evidence[-1], self.source, self.site)
        times = {item.finished_at: item for item in evidence}
        recent = tuple(
            (read_again(current, times[at], self.source, self.site).digest if at in times else text, at)
            for text, at in known.recent
        )
        return replace(known, current=again, recent=recent)

    def _with_twin(self, known: Known, found: Found, at: datetime) -> Known:
        recent = tuple(item for item in known.recent if at - item[1] < _WEEK)
        if known.current and known.current.observed_at not in {item[1] for item in recent}:
            recent = ((known.current.digest, known.current.observed_at), *recent)
        twin = None
        if isinstance(found, Seen) and (known.current is None or known.current.digest != found.digest):
            twin = next((other for url, other in self._known.items() if _has(other, found) and url != known.url), None)
        return replace(known, recent=recent, same_text=None if twin is None else _twin(twin))

    def _learn(self, number: int) -> None:
        releases = sum(bool(answers) for answers in self._evidence.values())
        if not self.learns or not is_due(self.site, releases, number):
            return
        loads = [Load(a.body, a.final_url, a.header("content-type")) for a in self._loads()]
        self.site = replace(learn(loads), releases=releases)

    def _loads(self) -> Sequence[Fetched]:
        """What ``Storage.loads`` would give: the newest first, at most half of them further loads of one release."""
        rows = sorted((a for answers in self._evidence.values() for a in answers), key=lambda a: a.finished_at)
        count: Counter[str] = Counter()
        first: list[Fetched] = []
        further: list[Fetched] = []
        for answer in reversed(rows):
            count[answer.url] += 1
            if count[answer.url] == 1:
                first.append(answer)
            elif count[answer.url] <= _LOADS:
                further.append(answer)
        further = further[: MOST_LOADS // 2]
        return [*first[: MOST_LOADS - len(further)], *further]


def _has(known: Known, found: Seen) -> bool:
    return known.current is not None and known.current.digest == found.digest


def _twin(known: Known) -> Twin:
    return Twin(
        release_id=0, url=known.url, state=known.state, gone=known.state is State.WITHDRAWN, current=known.current
    )


def _after(known: Known, outcome: Outcome) -> Known:
    """What is known after an outcome, as storage would keep it."""
    recent = known.recent
    current: Revision | None = outcome.revision or outcome.refresh or known.current
    if outcome.revision is not None:
        recent = (*recent, (outcome.revision.digest, outcome.revision.observed_at))
    return replace(
        known, state=outcome.state, url=outcome.url, key=outcome.key, current=current, recent=recent,
        suspect=outcome.suspect, last_seen_at=outcome.seen_at or known.last_seen_at, same_text=None,
    )  # fmt: skip
