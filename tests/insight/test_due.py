"""R6: each local day's digest once, and every day's in the end, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.insight.due import CATCH_UP_DAYS, due_days, due_since

MADRID = ZoneInfo("Europe/Madrid")
ZONES = ("Europe/Madrid", "America/Mexico_City", "UTC")
EIGHT = time(8)


def due(
    now: str, *, kept: Collection[str] = (), heard_since: str = "2026-01-01", at: time = EIGHT, zone: ZoneInfo = MADRID
) -> list[str]:
    """The days due at a local time, as text."""
    moment = datetime.fromisoformat(now).replace(tzinfo=zone).astimezone(UTC)
    days = due_days(
        moment,
        zone=zone,
        at=at,
        kept=[date.fromisoformat(day) for day in kept],
        heard_since=date.fromisoformat(heard_since),
    )
    return [day.isoformat() for day in days]


def test_yesterday_is_due_from_eight_in_the_morning() -> None:
    assert due("2026-05-12 07:59", kept=["2026-05-10"]) == []
    assert due("2026-05-12 08:00", kept=["2026-05-10"]) == ["2026-05-11"]


def test_a_day_that_is_kept_is_not_due_again() -> None:
    assert due("2026-05-12 23:00", kept=["2026-05-11"]) == []


def test_days_missed_are_caught_up_with_oldest_first() -> None:
    assert due("2026-05-12 09:00", kept=["2026-05-08"]) == ["2026-05-09", "2026-05-10", "2026-05-11"]


def test_after_a_long_absence_a_week_is_caught_up_with() -> None:
    days = due("2026-05-12 09:00", kept=["2026-02-01"])

    assert len(days) == CATCH_UP_DAYS == 7
    assert (days[0], days[-1]) == ("2026-05-05", "2026-05-11")


def test_days_before_the_first_mention_have_no_digest() -> None:
    assert due("2026-05-12 09:00", heard_since="2026-05-10") == ["2026-05-10", "2026-05-11"]
    assert due("2026-05-12 09:00", heard_since="2026-05-12") == []


def test_a_clock_that_was_set_back_does_not_ask_for_old_days_again() -> None:
    assert due("2026-05-02 09:00", kept=["2026-05-11"]) == []


def test_a_hole_before_the_newest_one_stays_a_hole() -> None:
    assert due("2026-05-12 09:00", kept=["2026-05-08", "2026-05-11"]) == []


@pytest.mark.parametrize(
    ("day", "zone", "at", "moment"),
    [
        ("2026-05-11", "Europe/Madrid", EIGHT, "2026-05-12T06:00"),
        ("2026-03-28", "Europe/Madrid", EIGHT, "2026-03-29T06:00"),  # the clocks went forward that night
        ("2026-10-24", "Europe/Madrid", EIGHT, "2026-10-25T07:00"),  # and back
        ("2026-05-11", "America/Mexico_City", EIGHT, "2026-05-12T14:00"),
        ("2028-02-28", "UTC", EIGHT, "2028-02-29T08:00"),
    ],
)
def test_the_moment_it_is_due_is_local(day: str, zone: str, at: time, moment: str) -> None:
    due_at = due_since(date.fromisoformat(day), zone=ZoneInfo(zone), at=at)

    assert due_at.astimezone(UTC) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2026-03-28", "2026-05-11", "2026-10-24", "2028-02-28", "2022-04-02", "2022-10-29"])
def test_a_day_is_asked_for_from_its_moment_on_and_not_before(zone: str, day: str) -> None:
    info, wanted = ZoneInfo(zone), date.fromisoformat(day)
    moment = due_since(wanted, zone=info, at=EIGHT).astimezone(UTC)
    kept = [wanted - timedelta(days=1)]

    def asked(now: datetime) -> list[date]:
        return due_days(now, zone=info, at=EIGHT, kept=kept, heard_since=date(2020, 1, 1))

    assert asked(moment - timedelta(seconds=1)) == []
    assert asked(moment) == [wanted]


# --- any walk of the wall clock ---

hops = st.lists(
    st.one_of(
        st.integers(1, 40).map(lambda hours: timedelta(hours=hours)),
        st.sampled_from([timedelta(hours=-1), timedelta(hours=1), timedelta(days=-10), timedelta(minutes=1)]),
    ),
    max_size=40,
)
starts = st.sampled_from(
    [
        datetime(2026, 3, 27, 22, tzinfo=UTC),  # Madrid springs forward on the 29th
        datetime(2026, 10, 23, 22, tzinfo=UTC),  # and falls back on the 25th
        datetime(2022, 4, 1, 5, tzinfo=UTC),  # so did Mexico City in 2022
        datetime(2022, 10, 28, 5, tzinfo=UTC),
        datetime(2028, 2, 27, 7, tzinfo=UTC),  # a leap day
        datetime(2026, 12, 30, 12, tzinfo=UTC),
    ]
)
times = st.sampled_from([time(0), time(2, 30), time(8), time(23, 59)])


@settings(deadline=None, max_examples=120)
@given(starts, hops, times, st.sampled_from(ZONES))
@example(
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    [timedelta(minutes=1)] * 3 + [timedelta(hours=1)] * 3,
    time(2, 30),
    "Europe/Madrid",
)
def test_each_local_day_is_published_once_and_every_day_once_time_passes_normally(
    start: datetime, walk: list[timedelta], at: time, zone: str
) -> None:
    info, now = ZoneInfo(zone), start
    published: list[date] = []

    def tick() -> None:
        heard = (start - timedelta(days=3)).astimezone(info).date()
        days = due_days(now, zone=info, at=at, kept=published, heard_since=heard)
        for day in days:
            assert due_since(day, zone=info, at=at).astimezone(UTC) <= now, "an early alarm"
        assert len(days) <= CATCH_UP_DAYS
        published.extend(days)

    tick()
    for hop in walk:
        now += hop
        tick()
    # and then the clock is right and goes on, hour by hour, past all it has seen
    begun = now = max(now, start + timedelta(days=1))
    while not published or now < begun + timedelta(days=3) or now.astimezone(info).date() <= published[-1]:
        now += timedelta(hours=1)
        tick()

    assert published == sorted(published)
    assert len(published) == len(set(published)), "a day was published twice"
    first, newest = begun.astimezone(info).date(), now.astimezone(info).date() - timedelta(days=2)
    wanted = {first + timedelta(days=offset) for offset in range((newest - first).days + 1)}
    assert wanted
    assert wanted <= set(published), "a day was never published"
