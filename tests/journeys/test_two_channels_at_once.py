"""A recorded week in a minute, over two channels at once: heard once, settled, answered once, and one digest of it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import House, open_house, standing
from bot.domain.agent import Agent
from bot.domain.outbox import JobState
from bot.domain.time import RecordedWatch
from bot.insight.due import due_days
from bot.service import publish, serve
from config.home import Home
from config.settings import Settings, read_settings
from tests.test_service import NotingDesk

DEMO = Path("config/demo")
SPEED = 10_000
BAD_WEEK = (2026, 17)
NAMES = ("plaza", "mercado")
MAYA = Agent(id="maya", name="Maya")

pytestmark = pytest.mark.timeout(300)

OWN = """
[service]
outbox_seconds = 0.1
[digest]
languages = ["es"]
"""

Row = dict[str, Any]


def recorded_week() -> list[Row]:
    """The demo's bad week, oldest first."""
    lines = (DEMO / "stream.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    week = [row for row in rows if posted(row).isocalendar()[:2] == BAD_WEEK]
    return sorted(week, key=posted)


def posted(row: Row) -> datetime:
    return datetime.fromisoformat(row["created_at"])


def last_sunday(settings: Settings) -> date:
    """The newest one whose digest is due."""
    zone, long_ago = ZoneInfo(settings.brand.timezone), date(2026, 1, 1)
    days = due_days(datetime.now(UTC), zone=zone, at=settings.digest.at, kept=[], heard_since=long_ago)
    return next(day for day in reversed(days) if day.weekday() == 6)


def shared_out(week: list[Row], sunday: date, folder: Path) -> dict[str, Path]:
    """Two conversations on one channel, two on the other …, in the week to `sunday`, one line in ten told twice."""
    later = sunday - date.fromisocalendar(*BAD_WEEK, 7)
    files = {name: folder / f"{name}.jsonl" for name in NAMES}
    threads = {thread: number for number, thread in enumerate(dict.fromkeys(row["thread"] for row in week))}
    for number, name in enumerate(NAMES):
        rows = [row for row in week if threads[row["thread"]] // 2 % len(NAMES) == number]
        moved = [{**row, "created_at": (posted(row) + later).isoformat()} for row in rows]
        lines = [json.dumps(row) + "\n" for row in moved]
        files[name].write_text("".join(line * (2 if n % 10 == 0 else 1) for n, line in enumerate(lines)))
    return files


async def has_heard(house: House, files: dict[str, Path]) -> None:
    """Over when every line is delivered, read, settled and answered; a person lets every draft go as it comes."""
    inbox = house.store.inbox
    ends = {name: str(len(file.read_text().splitlines())) for name, file in files.items()}
    while ends != {name: await inbox.cursor(name) for name in files} or await inbox.waiting():
        await approve_all(house)
        await asyncio.sleep(0.1)
    await approve_all(house)
    while await is_owing(house):
        await asyncio.sleep(0.1)


async def is_owing(house: House) -> bool:
    """Whether something is to be said now: at night an alert that wakes nobody waits for the morning."""
    states = (JobState.PENDING, JobState.SENDING)
    jobs = [job for state in states for job in await house.store.outbox.jobs(state, limit=10_000)]
    return any(job.due_at <= datetime.now(UTC) for job in jobs)


async def approve_all(house: House) -> None:
    held, now = await house.store.outbox.jobs(JobState.HELD), datetime.now(UTC)
    await house.store.deeds.change(lambda papers: [papers.let_go(job, MAYA, now) for job in held])


async def test_a_week_in_a_minute_is_heard_answered_and_told_once(tmp_path: Path) -> None:
    own = tmp_path / "vivencia.toml"
    own.write_text(OWN)
    settings, home, desk = read_settings(DEMO / "vivencia.toml", own), Home(tmp_path / "home"), NotingDesk()
    home.path.mkdir()
    week, sunday = recorded_week(), last_sunday(settings)
    files = shared_out(week, sunday, tmp_path)
    channels = {
        name: {"kind": "replay", "path": str(file), "speed": SPEED, "mode": "auto", "must_be_summoned": True}
        for name, file in files.items()
    }
    began = asyncio.get_running_loop().time()

    async with open_house(home, settings, desk=standing(desk), watch=RecordedWatch(), channels=channels) as house:
        await asyncio.wait_for(serve(house, until=has_heard(house, files)), 200)
        first = await house.store.reports.counts()
    took = asyncio.get_running_loop().time() - began
    cards, said = sorted(desk.cases), answers(home)
    weekly = f"es:Zarapito:weekly:{sunday - timedelta(days=6)}"

    # another start: everything is there, the recordings are at their end, and the digests are due
    async with open_house(home, settings, desk=standing(desk), watch=RecordedWatch(), channels=channels) as house:

        async def told() -> None:
            while weekly not in await house.store.reports.digests():
                await asyncio.sleep(0.1)

        await asyncio.wait_for(serve(house, until=told()), 100)
        await publish(house, desk, sunday)
        again, jobs = await house.store.reports.counts(), await house.store.outbox.jobs(JobState.SENT, limit=10_000)
        kept = await house.store.reports.digests()

    pace = (posted(week[-1]) - posted(week[0])) / timedelta(seconds=SPEED)
    assert took >= pace * 0.95, "it was not played at its pace"
    brand = sum(row["author_role"] == "brand" for row in week)
    assert (first.mentions, first.brand_posts) == (len(week) - brand, brand)
    assert first.waiting == first.quarantined == 0
    assert (again.mentions, again.experiences, again.cases) == (first.mentions, first.experiences, first.cases)
    assert (again.replies, answers(home), sorted(desk.cases)) == (first.replies, said, cards)
    assert len(said) == len(set(said)) == first.replies > 0
    assert set(said) <= {job.key for job in jobs}
    assert {key.partition(":")[0] for key in said} == set(NAMES)
    assert len(cards) == len(set(cards)) > 0
    assert desk.alerts.count(weekly) == kept.count(weekly) == 1
    assert len(kept) == len(set(kept))


def answers(home: Home) -> list[str]:
    """The keys of everything that was said, one a line."""
    return [
        json.loads(line)["key"]
        for name in NAMES
        for line in (home.path / f"said-{name}.jsonl").read_text().splitlines()
    ]
