"""The health of a listing over recorded looks, kept as storage keeps it and judged by the product's own rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.judge import assess, listing_ailment
from scraper.model import Failed, KnownHealth, Listed, ListingOutcome, OpenTrouble, Patient, Role, Trouble

__all__ = ["Chart"]


@dataclass(slots=True)
class Chart:
    """What is known of the health of a source that has one listing."""

    url: str
    began: list[Trouble] = field(default_factory=list)
    """What its operator was told of, in order."""
    _patient: Patient | None = None
    _well_at: datetime | None = None
    _cleared_at: datetime | None = None
    _open: dict[int, OpenTrouble] = field(default_factory=dict)

    def note(self, found: Listed | Failed, outcome: ListingOutcome, at: datetime) -> None:
        """Take in one look at the listing."""
        self._patient = self._after(found, outcome, at)
        if self._patient is None:
            self._well_at = at
        known = KnownHealth(
            listings=1, releases=0, patients=(self._patient,) if self._patient else (), well_at=self._well_at,
            cleared_at=self._cleared_at, open=tuple(self._open.values()),
        )  # fmt: skip
        turn = assess(known, at)
        for trouble in turn.begins:
            self.began.append(trouble)
            number = len(self.began)
            self._open[number] = OpenTrouble(id=number, kind=trouble.kind, subject=trouble.subject, began_at=at)
        for number in turn.ends:
            del self._open[number]
            self._cleared_at = at

    def _after(self, found: Listed | Failed, outcome: ListingOutcome, at: datetime) -> Patient | None:
        ailment = listing_ailment(found, outcome)
        if ailment is None:
            return None
        before = self._patient
        if before is None:
            return Patient(
                url=self.url, role=Role.LISTING, kind=ailment.kind, detail=ailment.detail, since=at, at=at, looks=1,
                total=1, was_well=self._well_at is not None,
            )  # fmt: skip
        looks = before.looks + 1 if before.kind is ailment.kind else 1
        return replace(before, kind=ailment.kind, detail=ailment.detail, at=at, looks=looks, total=before.total + 1)
