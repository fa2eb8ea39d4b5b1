"""The service on real threads: it listens, reads, answers and writes its digests, once each, and stops when told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import clock
from bot.app import open_house, standing
from bot.domain.action import Reply, ReplyKind
from bot.domain.case import CaseState
from bot.domain.digest import DigestText
from bot.domain.errors import ChannelUnavailable, ConfigError
from bot.domain.health import Condition
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import JobState, Receipt, Ruling, Verdict
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Language
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.domain.time import LiveWatch, RecordedWatch
from bot.insight.told import told_in
from bot.insight.wording import wording
from bot.service import days_due, publish, run_service, serve, told_to_stop
from bot.store import engine
from bot.store.sqlite import open_store
from bot.testing import ScriptedChannel, mention, reading
from config.home import Home
from config.settings import Settings, read_settings
from responders.dispatch import Dispatcher

DEMO = Path("config/demo")
SUNDAY = date(2026, 4, 26)


class NotingDesk:
    """A desk that remembers what it was shown."""

    name = "noting"

    def __init__(self) -> None:
        self.cases: list[str] = []
        self.alerts: list[str] = []
        self.texts: list[str] = []

    async def post(self, file: CaseFile, key: str) -> Receipt:
        del file
        self.cases.append(key)
        return Receipt(external_id=key, at=datetime.now(UTC))

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        del wakes
        self.alerts.append(key)
        self.texts.append(text)
        return Receipt(external_id=key, at=datetime.now(UTC))

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        del picture, described
        return await self.alert(text.whole, key)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    own = tmp_path / "vivencia.toml"
    own.write_text("[service]\noutbox_seconds = 0.1\n[digest]\nlanguages = ['es', 'en']\n")
    return read_settings(DEMO / "vivencia.toml", own)


def recent(tmp_path: Path) -> Path:
    """Three mentions of yesterday, one of them an answer of the brand."""
    day = datetime.now(UTC) - timedelta(days=1)
    rows = [
        {"id": "1", "text": "@zarapito el paquete llegó roto", "author": "ana", "created_at": day.isoformat()},
        {"id": "2", "text": "Te mandamos otro hoy mismo", "author": "zarapito", "in_reply_to": "1", "thread": "1"},
        {"id": "3", "text": "@zarapito ¿abrís el domingo?", "author": "luz", "created_at": day.isoformat()},
    ]
    file = tmp_path / "mentions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


async def test_what_is_heard_is_on_the_desk_and_a_restart_says_nothing_twice(
    tmp_path: Path, settings: Settings
) -> None:
    desk, home = NotingDesk(), Home(tmp_path)
    channels = {"exports": {"kind": "replay", "path": str(recent(tmp_path))}}

    for _ in range(2):
        async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:

            async def settled() -> None:
                while (await house.store.reports.counts()).brand_posts < 1 or await house.store.inbox.waiting():
                    await asyncio.sleep(0.05)
                while await house.store.outbox.pending():
                    await asyncio.sleep(0.05)

            await asyncio.wait_for(serve(house, until=settled()), 60)
            counts = await house.store.reports.counts()

    assert (counts.mentions, counts.brand_posts, counts.cases) == (2, 1, 2)
    assert sorted(desk.cases) == sorted(set(desk.cases))
    assert len(desk.cases) == 2


async def test_a_start_waits_for_a_database_that_somebody_else_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, home = tmp_path / "vivencia.toml", Home(tmp_path / "home")
    own.write_text(f"[channels.exports]\nkind = 'replay'\npath = '{recent(tmp_path)}'\n")
    monkeypatch.setattr(clock, "WHILE_STORE_IS_AWAY", 0.05)
    monkeypatch.setattr(engine, "_BUSY_MS", 50)
    async with open_store(home.database):
        pass

    with closing(sqlite3.connect(home.database, isolation_level=None)) as other, capture_logs() as logs:
        other.execute("BEGIN IMMEDIATE")
        starting = asyncio.create_task(run_service(home, read_settings(DEMO / "vivencia.toml", own)))

        async def said(event: str) -> None:
            while not starting.done() and event not in [each["event"] for each in logs]:
                await asyncio.sleep(0.02)

        await asyncio.wait_for(said("the database cannot be written; waiting"), 30)
        other.execute("ROLLBACK")
        await asyncio.wait_for(said("listening"), 60)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting


def thanks(situation: Situation) -> Decision:
    reply = Reply(to=situation.mention.id, kind=ReplyKind.THANKS, text="¡Gracias!", language=Language.ES)
    ruling = Ruling(verdict=Verdict.SEND, reason=because("policy.allowed"))
    return Decision(actions=(Decided(action=reply, responder="test", ruling=ruling),))


async def test_whoever_is_told_to_stop_says_what_is_being_said_to_its_end_and_nothing_more(
    tmp_path: Path, settings: Settings
) -> None:
    speaks = asyncio.Event()

    class Slow(ScriptedChannel):
        async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
            receipt = await super().say(reply, to, key)
            speaks.set()
            await asyncio.sleep(0.5)
            return receipt

    channel, desk, posts = Slow(can_look_up=False), NotingDesk(), (mention("1"), mention("2"))
    async with open_house(Home(tmp_path), settings, desk=standing(desk), watch=LiveWatch(), channels={}) as house:
        outbox, history = house.store.outbox, house.store.history
        await house.store.inbox.accept("test", Batch(mentions=posts, cursor=None), datetime.now(UTC))
        await history.settle([Heard(mention=post, reading=reading()) for post in posts], thanks, LiveWatch().now)
        dispatcher = Dispatcher(outbox, history, {"test": channel}, desk, watch=LiveWatch())
        await asyncio.wait_for(serve(replace(house, dispatcher=dispatcher), until=speaks.wait()), 60)
        states = {job.mention_id: job.state for job in await outbox.jobs()}

    assert states == {"test:1": JobState.SENT, "test:2": JobState.PENDING}


async def test_the_second_signal_is_the_systems() -> None:
    waiting = asyncio.create_task(told_to_stop())
    await asyncio.sleep(0)
    caught = signal.getsignal(signal.SIGTERM)

    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(waiting, 5)

    assert caught is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_a_backup_that_is_put_back_says_nothing_twice(tmp_path: Path) -> None:
    own, home = tmp_path / "vivencia.toml", Home(tmp_path / "home")
    own.write_text(
        "[brand.hours]\nopens = '00:00'\ncloses = '23:59'\nweekdays = [0, 1, 2, 3, 4, 5, 6]\n"
        "[policy]\nquiet_from = '00:00'\nquiet_until = '00:00'\n[service]\noutbox_seconds = 0.1\n"
    )
    settings, file = read_settings(DEMO / "vivencia.toml", own), tmp_path / "mentions.jsonl"
    channels = {"exports": {"kind": "replay", "path": str(file), "mode": "auto"}}

    async def run(mentions: int) -> list[str]:
        """Until so many are heard and answered; what was warned of."""
        async with open_house(
            home, settings, desk=standing(NotingDesk()), watch=LiveWatch(), channels=channels
        ) as house:

            async def answered() -> None:
                while (await house.store.reports.counts()).mentions < mentions or await house.store.inbox.waiting():
                    await asyncio.sleep(0.05)
                while await house.store.outbox.pending():
                    await asyncio.sleep(0.05)

            with capture_logs() as logs:
                await asyncio.wait_for(serve(house, until=answered()), 60)
        return [each["event"] for each in logs if "older" in each["event"]]

    def praise(number: int) -> str:
        text = "@zarapito me encanta la tienda, gracias por la atención, sois geniales"
        row = {"id": str(number), "text": text, "author": f"a{number}", "created_at": datetime.now(UTC).isoformat()}
        return json.dumps(row) + "\n"

    file.write_text(praise(1))
    first = await run(1)
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    with file.open("a") as more:
        more.write(praise(2))
    second = await run(2)
    (tmp_path / "backup.db").replace(home.database)
    restored, later = await run(2), await run(2)

    said = [json.loads(line)["key"] for line in (home.path / "said-exports.jsonl").read_text().splitlines()]
    assert sorted(said) == ["exports:1/reply", "exports:2/reply"]
    assert [len(warned) for warned in (first, second, restored, later)] == [0, 0, 1, 0]


async def test_how_channels_fare_is_kept_for_others_to_ask(tmp_path: Path, settings: Settings) -> None:
    desk, home = NotingDesk(), Home(tmp_path)
    channels = {
        "exports": {"kind": "replay", "path": str(recent(tmp_path))},
        "gone": {"kind": "replay", "path": str(tmp_path / "no-such-file.jsonl")},
    }
    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:

        async def noted() -> None:
            while {each.condition for each in await house.store.channels.health()} != {"ended", "down"}:
                await asyncio.sleep(0.05)

        await asyncio.wait_for(serve(house, until=noted()), 60)
        after = {each.channel: each.condition for each in await house.store.channels.health()}

    assert after == {"exports": Condition.ENDED, "gone": Condition.OFF}
    (told,) = [text for text in desk.texts if "Gone" in text]
    assert told.startswith("Gone: caído desde ")
    assert "no-such-file.jsonl" in told


async def test_a_line_that_cannot_be_read_is_told_and_heard_once_it_is_mended(
    tmp_path: Path, settings: Settings
) -> None:
    file = recent(tmp_path)
    good = file.read_text()
    bad = '{"id": "4", "text": "@zarapito no llega"\n[1]\n'
    channels = {"exports": {"kind": "replay", "path": str(file)}}

    async def run(lines: str, *, mentions: int, told: str) -> list[tuple[int, str]]:
        """Until so many mentions are kept and this is told of the channel; what the log says of lines meanwhile."""
        file.write_text(lines)
        async with open_house(
            Home(tmp_path), settings, desk=standing(NotingDesk()), watch=LiveWatch(), channels=channels
        ) as house:

            async def tells() -> str:
                return told_in(
                    wording(Language.ES), "".join([each.reason for each in await house.store.channels.health()])
                )

            async def ended() -> None:
                while (await house.store.reports.counts()).mentions < mentions or await tells() != told:
                    await asyncio.sleep(0.05)

            with capture_logs() as logs:
                await asyncio.wait_for(serve(house, until=ended()), 60)
        return [(each["line"], each["why"]) for each in logs if each["event"].startswith("a line of a recording")]

    no_comma = (4, "not JSON: expecting ',' delimiter at column 41")
    no_object = (5, 'not an object like {"id": "1", "text": "…"}')
    told = f"no se pueden leer 2 líneas de {file}; la primera es la 4: no es JSON: falta una coma en la columna 41"
    assert await run(good + bad, mentions=2, told=told) == [no_comma, no_object]
    half = bad.replace('llega"', 'llega"}')
    told = f'no se puede leer la línea 5 de {file}: no es un objeto como {{"id": "1", "text": "…"}}'
    assert await run(good + half, mentions=3, told=told) == [no_object]
    mended = half.replace("[1]", '{"id": "5", "text": "¿y el mío?"}')
    assert await run(good + mended, mentions=4, told="") == []


async def test_the_desk_hears_that_a_channels_money_gets_tight(tmp_path: Path) -> None:
    own = tmp_path / "vivencia.toml"
    own.write_text("[costs.replay]\nof = 2026-11-01\nwhen_spent = 'stop'\nprices = { line = 0.5 }\n")
    settings, desk = read_settings(DEMO / "vivencia.toml", own), NotingDesk()
    channels = {"exports": {"kind": "replay", "path": "x.jsonl", "budget_per_day": 1}}
    async with open_house(Home(tmp_path), settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:
        meter = house.tuned["exports"].meter
        await meter.spend("line")
        assert desk.texts == []
        await meter.spend("line")

    (told,) = desk.texts
    assert told == "Exports: 1,00 de 1,00 USD hoy (100\u00a0%); no se escucha hasta las 00:00"


async def test_a_desk_that_is_away_is_no_trouble_of_the_channels(tmp_path: Path, settings: Settings) -> None:
    class Away(NotingDesk):
        async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
            del wakes
            raise ChannelUnavailable("the desk is away")

    channels = {"gone": {"kind": "replay", "path": str(tmp_path / "no-such-file.jsonl")}}
    async with open_house(
        Home(tmp_path), settings, desk=standing(Away()), watch=LiveWatch(), channels=channels
    ) as house:

        async def noted() -> None:
            while [each.condition for each in await house.store.channels.health()] != ["down"]:
                await asyncio.sleep(0.05)

        await asyncio.wait_for(serve(house, until=noted()), 60)


async def test_on_x_no_machine_answers_before_the_approval_for_that_is_written_down(
    tmp_path: Path, settings: Settings
) -> None:
    table = {"kind": "x", "bearer_token": "a", "mode": "auto"}

    async def opened(table: dict[str, str]) -> None:
        channels = {"x": table}
        async with open_house(
            Home(tmp_path), settings, desk=standing(NotingDesk()), watch=LiveWatch(), channels=channels
        ):
            pass

    with pytest.raises(ConfigError, match=r'^\[channels.x\] mode = "auto" needs ai_approval: '):
        await opened(table)
    await opened({**table, "ai_approval": "X-2026-1187"})


async def test_a_budget_without_prices_is_a_mistake(tmp_path: Path, settings: Settings) -> None:
    channels = {"exports": {"kind": "replay", "path": "x.jsonl", "budget_per_day": 1}}
    with pytest.raises(ConfigError, match=r"\[channels.exports\] budget_per_day has no prices.*\[costs.replay\]"):
        async with open_house(
            Home(tmp_path), settings, desk=standing(NotingDesk()), watch=LiveWatch(), channels=channels
        ):
            pass


async def test_an_edition_stays_due_until_its_desk_can_be_reached(tmp_path: Path, settings: Settings) -> None:
    class Away(NotingDesk):
        async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
            raise ChannelUnavailable("the desk is away")

    desk = NotingDesk()
    async with open_house(Home(tmp_path), settings, desk=standing(desk), watch=LiveWatch(), channels={}) as house:
        with pytest.raises(ChannelUnavailable):
            await publish(house, Away(), SUNDAY)
        kept_while_away = await house.store.reports.digests()
        await publish(house, desk, SUNDAY)

    assert kept_while_away == []
    assert len(desk.alerts) == 4


async def test_a_day_stays_due_until_it_is_kept_in_every_language(tmp_path: Path, settings: Settings) -> None:
    class Tired(NotingDesk):
        async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
            if key == "en:Zarapito:daily:2026-04-26":
                raise ChannelUnavailable("the desk is away")
            return await super().alert(text, key, wakes=wakes)

    monday, desk = datetime(2026, 4, 27, 9, tzinfo=UTC), NotingDesk()
    async with open_house(Home(tmp_path), settings, desk=standing(desk), watch=LiveWatch(), channels={}) as house:
        heard = mention("1", posted_at=monday - timedelta(days=1))
        await house.store.inbox.accept("test", Batch(mentions=(heard,), cursor=None), monday)
        with pytest.raises(ChannelUnavailable):
            await publish(house, Tired(), SUNDAY)
        still_due = await days_due(house, monday)
        await publish(house, desk, SUNDAY)

        assert still_due == [SUNDAY]
        assert await days_due(house, monday) == []
    assert desk.alerts == ["en:Zarapito:daily:2026-04-26"]


async def test_after_days_off_the_clocks_ring_that_ran_out_meanwhile_and_not_those_that_the_brand_met(
    tmp_path: Path,
) -> None:
    own = tmp_path / "vivencia.toml"
    own.write_text(
        "[brand.hours]\nopens = '00:00'\ncloses = '23:59'\nweekdays = [0, 1, 2, 3, 4, 5, 6]\n"
        "[policy]\nquiet_from = '00:00'\nquiet_until = '00:00'\n[service]\noutbox_seconds = 0.1\n"
    )
    settings, desk, home = read_settings(DEMO / "vivencia.toml", own), NotingDesk(), Home(tmp_path / "home")
    friday = datetime.now(UTC) - timedelta(days=3)
    complaint = {"text": "@zarapito el paquete llegó roto y nadie contesta", "created_at": friday.isoformat()}
    answer = {"id": "3", "text": "Ya va otro", "author": "zarapito", "in_reply_to": "1", "thread": "1"}
    rows = [
        {"id": "1", "author": "ana", **complaint},
        {"id": "2", "author": "luz", **complaint},
        {**answer, "created_at": (friday + timedelta(minutes=20)).isoformat()},
    ]
    (file := tmp_path / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    channels = {"exports": {"kind": "replay", "path": str(file)}}
    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:
        heard = [
            mention(row["id"], row["text"], who=row["author"], channel="exports", posted_at=friday) for row in rows[:2]
        ]
        await house.store.inbox.accept("exports", Batch(mentions=tuple(heard), cursor=None), friday)
        await house.line.until_empty()
        await house.store.channels.note("exports", Condition.UP, friday)

        async def rung() -> None:
            while not [key for key in desk.alerts if "/clock/" in key] or await house.store.outbox.pending():
                await asyncio.sleep(0.05)

        await asyncio.wait_for(serve(house, until=rung()), 60)

    (told,) = [text for text in desk.texts if "venció el plazo de la primera respuesta" in text]
    assert "@luz" in told


async def test_after_weeks_off_no_case_is_closed_before_its_customer_was_heard(
    tmp_path: Path, settings: Settings
) -> None:
    desk, home, then = NotingDesk(), Home(tmp_path / "home"), datetime.now(UTC) - timedelta(days=10)
    answer = {"id": "2", "text": "sigue sin llegar, el pedido es el 12345", "author": "ana", "thread": "1"}
    (file := tmp_path / "mentions.jsonl").write_text(
        json.dumps({**answer, "in_reply_to": "1", "created_at": (then + timedelta(days=4)).isoformat()}) + "\n"
    )
    channels = {"exports": {"kind": "replay", "path": str(file)}}
    async with open_house(home, settings, desk=standing(desk), watch=RecordedWatch(), channels=channels) as house:
        told = mention("1", "@zarapito el paquete no llega", channel="exports", thread_id="1", posted_at=then)
        asked = replace(told, external_id="b", text="¿nos das tu pedido?", in_reply_to="1", by_brand=True)
        await house.store.inbox.accept("exports", Batch(mentions=(told, asked), cursor=None), then)
        await house.line.until_empty()
        before = await house.store.history.case(1001)

    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:

        async def settled() -> None:
            while (await house.store.reports.counts()).mentions < 2 or await house.store.inbox.waiting():
                await asyncio.sleep(0.05)
            await asyncio.sleep(3)

        await asyncio.wait_for(serve(house, until=settled()), 60)
        after = await house.store.history.case(1001)

    assert before is not None
    assert after is not None
    assert (before.case.state, after.case.is_open, after.case.reopened) == (CaseState.WAITING, True, 0)


class Newsstand(NotingDesk):
    """A desk that remembers what each edition says."""

    def __init__(self) -> None:
        super().__init__()
        self.editions: dict[str, str] = {}

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        self.editions[key] = text.whole
        return await super().digest(text, key, picture=picture, described=described)


async def test_after_a_night_off_the_edition_waits_until_the_evening_was_heard_and_read(tmp_path: Path) -> None:
    own = tmp_path / "vivencia.toml"
    own.write_text("[brand]\ntimezone = 'UTC'\n[digest]\nat = 00:00:00\nlanguages = ['en']\n")
    settings, desk, home = read_settings(DEMO / "vivencia.toml", own), Newsstand(), Home(tmp_path / "home")
    now = datetime.now(UTC)
    yesterday = (now - timedelta(days=1)).replace(hour=20, minute=0)
    rows = [
        {"id": str(n), "text": "@zarapito llegó roto", "author": f"a{n}", "created_at": yesterday.isoformat()}
        for n in range(40)
    ]
    (file := tmp_path / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    channels = {"exports": {"kind": "replay", "path": str(file)}}
    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:
        heard = mention("old", channel="exports", posted_at=yesterday - timedelta(hours=9))
        await house.store.inbox.accept("exports", Batch(mentions=(heard,), cursor=None), now - timedelta(hours=30))
        await house.line.until_empty()

        async def published() -> None:
            while not desk.editions:
                await asyncio.sleep(0.05)

        await asyncio.wait_for(serve(house, until=published()), 60)

    said = desk.editions[f"en:Zarapito:daily:{yesterday.date()}"]
    assert "41 mentions" in said


async def test_each_edition_is_shown_once_and_a_sunday_brings_the_week(tmp_path: Path, settings: Settings) -> None:
    desk, home = NotingDesk(), Home(tmp_path)
    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels={}) as house:
        for _ in range(2):
            await publish(house, desk, SUNDAY)

        assert await days_due(house, datetime.now(UTC)) == [], "a house that heard nothing owes nothing"
    assert sorted(desk.alerts) == [
        "en:Zarapito:daily:2026-04-26",
        "en:Zarapito:weekly:2026-04-20",
        "es:Zarapito:daily:2026-04-26",
        "es:Zarapito:weekly:2026-04-20",
    ]
    assert len(list(home.digests.glob("*.png"))) == 4


class Hanging(ScriptedChannel):
    async def say(self, reply: Reply, to: Mention, key: str) -> Receipt:
        await self.answers.wait()
        return await super().say(reply, to, key)

    def __init__(self, channel: str) -> None:
        super().__init__(channel=channel)
        self.answers = asyncio.Event()


async def test_a_channel_that_hangs_stops_no_answer_on_another(tmp_path: Path, settings: Settings) -> None:
    slow, fast = Hanging("slow"), ScriptedChannel(channel="fast")
    async with open_house(
        Home(tmp_path), settings, desk=standing(NotingDesk()), watch=LiveWatch(), channels={}
    ) as opened:
        store = opened.store
        voices = {"slow": slow, "fast": fast}
        house = replace(
            opened, dispatcher=Dispatcher(store.outbox, store.history, voices, opened.desk, watch=LiveWatch())
        )
        posts = [mention(number, channel=channel) for channel in ("slow", "fast", "gone") for number in "12"]
        await store.inbox.accept("test", Batch(mentions=tuple(posts), cursor=None), datetime.now(UTC))
        await store.history.settle([Heard(mention=post, reading=reading()) for post in posts], thanks, lambda at: at)

        async def said() -> None:
            while len(fast.spoken) < 2 or len(await store.outbox.jobs(JobState.DEAD)) < 2:
                await asyncio.sleep(0.02)
            waiting = [await store.outbox.jobs(state) for state in (JobState.SENDING, JobState.PENDING)]
            assert [[job.mention_id for job in jobs] for jobs in waiting] == [["slow:1"], ["slow:2"]]
            slow.answers.set()

        await asyncio.wait_for(serve(house, until=said()), 20)

    # it was being said when the service was told to stop
    assert [each.to.id for each in slow.spoken] == ["slow:1"]
