"""Clocks that people understand: hours when somebody works, days that are 23 or 25 hours long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.time import BusinessHours, LiveWatch, RecordedWatch, local_day

MADRID, MEXICO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Mexico_City")
HOUR = timedelta(hours=1)


def office(zone: ZoneInfo = MADRID, **changes: Any) -> BusinessHours:
    known: dict[str, Any] = {"opens": time(9), "closes": time(19), "weekdays": frozenset(range(5))}
    return BusinessHours(zone=zone, **(known | changes))


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-05-12 10:00", 4, "2026-05-12 14:00"),  # within the day
        ("2026-05-12 17:00", 4, "2026-05-13 11:00"),  # over night
        ("2026-05-12 23:30", 1, "2026-05-13 10:00"),  # asked in the evening
        ("2026-05-12 03:00", 1, "2026-05-12 10:00"),  # asked before dawn
        ("2026-05-15 18:00", 2, "2026-05-18 10:00"),  # Friday to Monday
        ("2026-05-16 12:00", 1, "2026-05-18 10:00"),  # asked on Saturday
        ("2026-05-12 09:00", 10, "2026-05-12 19:00"),  # exactly the whole day
        ("2026-05-12 19:00", 1, "2026-05-13 10:00"),  # asked as the door closes
        ("2026-05-11 09:00", 150, "2026-05-29 19:00"),  # fifteen working days
    ],
)
def test_only_hours_at_work_count(since: str, hours: int, until: str) -> None:
    assert office().after(at(since), hours * HOUR) == at(until)


def test_holidays_do_not_count() -> None:
    may = office(holidays=frozenset({date(2026, 5, 1)}))

    assert may.after(at("2026-04-30 18:00"), 2 * HOUR) == at("2026-05-04 10:00")
    assert not may.is_open(at("2026-05-01 12:00"))


@pytest.mark.parametrize("moment", ["2026-05-12 09:00", "2026-05-12 18:59"])
def test_the_door_opens_on_the_minute(moment: str) -> None:
    assert office().is_open(at(moment))


@pytest.mark.parametrize("moment", ["2026-05-12 08:59", "2026-05-12 19:00", "2026-05-16 12:00"])
def test_the_door_closes_on_the_minute(moment: str) -> None:
    assert not office().is_open(at(moment))


@pytest.mark.parametrize(
    ("since", "until", "zone"),
    [
        ("2026-03-27 18:00", "2026-03-30 10:00", MADRID),  # spring: the weekend is an hour shorter
        ("2026-10-23 18:00", "2026-10-26 10:00", MADRID),  # autumn: an hour longer
        ("2022-04-01 18:00", "2022-04-04 10:00", MEXICO),  # Mexico still changed its clocks in 2022
        ("2022-10-28 18:00", "2022-10-31 10:00", MEXICO),
        ("2026-04-03 18:00", "2026-04-06 10:00", MEXICO),  # and does no longer
    ],
)
def test_opening_hours_are_local_when_the_clocks_change(since: str, until: str, zone: ZoneInfo) -> None:
    assert office(zone).after(at(since, zone), 2 * HOUR) == at(until, zone)


@pytest.mark.parametrize(("day", "worked"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_somebody_who_works_through_the_change_works_its_real_hours(day: str, worked: int) -> None:
    always = office(opens=time(0), closes=time(23, 59, 59), weekdays=frozenset(range(7)))

    assert always.after(at(f"{day} 00:00"), worked * HOUR - timedelta(seconds=1)) == at(f"{day} 23:59:59")


def test_a_calendar_without_a_working_day_counts_plain_time() -> None:
    never = office(weekdays=frozenset())

    assert never.after(at("2026-05-12 10:00"), HOUR) == at("2026-05-12 11:00")


def test_the_nth_working_day_ends_when_the_door_closes() -> None:
    may = office(holidays=frozenset({date(2026, 5, 1)}))

    assert may.end_of_working_day(at("2026-04-29 03:00"), 1) == at("2026-04-30 19:00")
    assert may.end_of_working_day(at("2026-04-29 23:00"), 2) == at("2026-05-04 19:00")
    assert office(weekdays=frozenset()).end_of_working_day(at("2026-05-12 10:00"), 3) == at("2026-05-15 10:00")


moments = st.datetimes(min_value=datetime(2021, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


@settings(deadline=None, max_examples=60)
@given(moments, st.integers(0, 60 * 60), st.integers(0, 60 * 60), st.sampled_from([MADRID, MEXICO]))
def test_waiting_in_two_parts_is_waiting_once(moment: datetime, one: int, two: int, zone: ZoneInfo) -> None:
    hours = office(zone)
    first, second = timedelta(minutes=one + 1), timedelta(minutes=two + 1)

    assert hours.after(hours.after(moment, first), second) == hours.after(moment, first + second)


@settings(deadline=None, max_examples=60)
@given(moments, st.integers(1, 3_000), st.sampled_from([MADRID, MEXICO]))
def test_no_clock_rings_while_the_door_is_shut(moment: datetime, minutes: int, zone: ZoneInfo) -> None:
    due = office(zone).after(moment, timedelta(minutes=minutes))

    assert due >= moment + timedelta(minutes=minutes)
    assert office(zone).is_open(due - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-05-12", MADRID, 24),
        ("2026-03-29", MADRID, 23),
        ("2026-10-25", MADRID, 25),
        ("2022-04-03", MEXICO, 23),
        ("2022-10-30", MEXICO, 25),
        ("2026-04-05", MEXICO, 24),
        ("2028-02-29", MADRID, 24),
    ],
)
def test_a_local_day_is_as_long_as_it_was_lived(day: str, zone: ZoneInfo, hours: int) -> None:
    start, end = local_day(date.fromisoformat(day), zone)

    assert end - start == hours * HOUR
    assert start.astimezone(zone).time() == end.astimezone(zone).time() == time(0)
    assert start.tzinfo is UTC


def test_a_recording_is_decided_in_its_own_time_and_the_service_in_the_present() -> None:
    then = at("2026-04-23 12:00")

    assert RecordedWatch().now(then) == then
    assert abs(LiveWatch().now(then) - datetime.now(UTC)) < timedelta(minutes=1)
