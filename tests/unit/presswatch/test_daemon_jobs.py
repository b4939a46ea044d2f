"""What fails in the daemon's jobs ends none of them, and is told as often as it is news."""

from __future__ import annotations

import pytest
import structlog
from structlog.testing import capture_logs

from presswatch.daemon import kept_alive
from storage import DatabaseFull

FULL = DatabaseFull("there is no space left for the database")


async def test_what_the_database_says_is_told_once_without_a_traceback_until_it_is_over() -> None:
    structlog.reset_defaults()
    errors: list[Exception | None] = [FULL, FULL, FULL, None, None, FULL]

    async def job() -> None:
        if error := errors.pop(0):
            raise error

    run = kept_alive("look", job)
    with capture_logs() as said:
        for _ in range(6):
            await run()
    assert [(entry["event"], entry.get("why")) for entry in said] == [
        ("job failed", str(FULL)),
        ("job works again", None),
        ("job failed", str(FULL)),
    ]
    assert not any("exc_info" in entry for entry in said)


@pytest.mark.parametrize("times", [1, 3])
async def test_what_should_not_happen_is_told_each_time_with_its_place(times: int) -> None:
    structlog.reset_defaults()

    async def job() -> None:
        raise ZeroDivisionError

    run = kept_alive("look", job)
    with capture_logs() as said:
        for _ in range(times):
            await run()
    assert [entry.get("exc_info") for entry in said] == [True] * times
