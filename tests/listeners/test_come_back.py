"""A server that says when to come back is taken at its word, however it puts it, and nonsense stops nobody's clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RateLimited
from listeners.come_back import bounded, number, retry_after, until

NOW = "Fri, 20 Nov 2026 12:00:00 GMT"
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "37"}, 37),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "-40"}, 1),
        ({"Retry-After": "14400"}, 14_400),
        ({"Retry-After": "99999999999"}, 86_400),
        ({"Retry-After": "Fri, 20 Nov 2026 12:02:00 GMT", "Date": NOW}, 120),
        ({"Retry-After": "Fri, 20 Nov 2026 12:02:00 -0000", "Date": NOW}, 120),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT", "Date": NOW}, 1),
        ({"Retry-After": "Fri, 20 Nov 2099 12:00:00 GMT", "Date": NOW}, 86_400),
        ({"Retry-After": "37", "Date": "yesterday"}, 37),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1e999"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_how_long_is_read_however_it_is_put(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_is_by_our_own_clock_where_the_server_does_not_tell_the_time() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)

    assert retry_after({"Retry-After": later}) == pytest.approx(600, abs=3)
    assert retry_after({"Retry-After": later, "Date": "yesterday"}) == pytest.approx(600, abs=3)


def test_a_moment_is_by_the_servers_clock() -> None:
    assert until(_NOW + 30, {"Date": NOW}) == 30
    assert until(_NOW - 30, {"Date": NOW}) == 1
    assert until(None, {"Date": NOW}) is None


@given(st.text(max_size=40))
def test_no_header_is_more_than_a_day_or_less_than_a_second(told: str) -> None:
    waits = retry_after({"Retry-After": told, "Date": told})

    assert waits is None or 1 <= waits <= 86_400
    assert number(told) is None or math.isfinite(number(told) or 0)


@given(st.floats())
def test_a_limit_is_always_a_length_of_time_that_a_clock_can_wait(told: float) -> None:
    error = RateLimited(told)

    assert 0 <= error.retry_after <= 86_400
    assert datetime.now(UTC) + timedelta(seconds=error.retry_after)
    assert bounded(told) is None or 1 <= (bounded(told) or 0) <= 86_400
