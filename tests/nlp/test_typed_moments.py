"""A date that somebody types means one moment in the brand's zone, in both languages and in numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.due import due_in

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("viernes", "2026-11-27T22:59:59"),
        ("tomorrow at 10", "2026-11-26T09:00:00"),
        ("2026-12-01", "2026-12-01T22:59:59"),
        ("2026-12-01 18:30", "2026-12-01T17:30:00"),
        ("1/12", "2026-12-01T22:59:59"),
        ("1/2", "2027-02-01T22:59:59"),
        ("01/12/26 a las 9:00", "2026-12-01T08:00:00"),
        ("24.12.2026", "2026-12-24T22:59:59"),
    ],
)
def test_a_typed_moment_is_understood(typed: str, due: str) -> None:
    assert due_in(typed, NOON, ZoneInfo("Europe/Madrid")) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "pronto", "31/2", "40/13/2026", "2026-13-01", "29/2"])
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert due_in(typed, NOON, ZoneInfo("Europe/Madrid")) is None
