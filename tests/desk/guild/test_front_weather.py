"""Bad weather while people work: the gateway drops, Discord is away, the database is slow; nothing is done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.case import Case
from bot.domain.deskwork import QueueFilter
from bot.domain.errors import ChannelError
from tests.desk.guild.house import House
from tests.servers.discord.interactions import Outcome, Reply
from tests.servers.discord.state import Storm
from tests.servers.discord.world import Kind


async def until(fits: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not fits():
            await asyncio.sleep(0.02)


async def test_a_gateway_that_drops_and_resumes_loses_no_press(house: House) -> None:
    office, gateway = house.office, house.server.gateway
    async with house.open():
        case = await house.hears()
        card, notes = house.card(case), []
        for number in range(20):
            form = await office.press("ana", card, "note")
            if number % 2:
                gateway.cut()
            notes.append(house.server.people.submit(form.user, form, {"text": f"nota {number}"}))
            await notes[-1].answer()
        told = [line.text for line in (await house.now(case)).interactions]

    assert [one.text for one in notes] == [f"Anotado en #{case.key}."] * 20
    assert [line for line in told if line.startswith("nota")] == [f"nota {number}" for number in range(20)]


async def test_a_gateway_that_forgets_us_is_taken_up_anew_and_the_buttons_work(house: House) -> None:
    gateway = house.server.gateway
    async with house.open():
        case = await house.hears()
        for _ in range(2):
            before = len(gateway.identified)
            gateway.forget()
            gateway.cut()
            await _identified_again(house, before)
        taken = await _pressed_until_heard(house, case, "take")

    assert taken.text == f"#{case.key} es tuyo."


async def _identified_again(house: House, before: int) -> None:
    await until(lambda: len(house.server.gateway.identified) > before)


async def _pressed_until_heard(house: House, case: Case, deed: str) -> Outcome:
    """People press again when Discord says that the application did not answer."""
    for _ in range(5):
        pressed = await house.office.press("ana", house.card(case), deed)
        if not pressed.failed:
            return pressed
    raise AssertionError(deed)


async def test_a_token_that_is_revoked_stops_the_front_and_a_new_one_brings_it_back(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        old = house.server.state.token
        house.server.revoke_the_token()
        await house.accepts("¿hola?")
        with pytest.raises(ChannelError):
            await office.stage.desk.alert("algo", "k")
        await house.settles()
        unheard = await office.press("ana", house.card(case), "take")
    office.stage.clock.ahead = timedelta(minutes=5)
    async with house.open():
        await house.settles()
        taken = await office.press("ana", house.card(case), "take")
        lines = [line.content for line in office.stage.told(house.post(case))[1:]]

    assert house.server.state.token != old
    assert unheard.failed
    assert taken.text == f"#{case.key} es tuyo."
    assert len([line for line in lines if "¿hola?" in line]) == 1


async def test_a_post_that_somebody_deletes_comes_back_with_its_buttons(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        house.server.world.remove(house.post(case))
        await asyncio.sleep(0.2)
        await house.settles()
        taken = await office.press("ana", house.card(case), "take")

    assert taken.text == f"#{case.key} es tuyo."
    assert len(office.stage.posts()) == 1


async def test_a_deletion_that_cannot_be_noted_does_not_end_the_front(house: House) -> None:
    office, world = house.office, house.server.world
    async with house.open():
        case, other = await house.hears(), await house.hears("otra cosa", who="pedro")
        before = len(house.server.gateway.identified)
        with capture_logs() as logs:
            async with _busy(house, 30):
                world.remove(house.post(case))
                await until(lambda: [line for line in logs if "cannot be noted" in line["event"]])
        taken = await office.press("ana", house.card(other), "take")
        office.stage.clock.ahead = timedelta(minutes=15)
        await house.settles()
        names = sorted(room.name.partition(" ")[0] for room in office.stage.posts())

    assert len(house.server.gateway.identified) == before
    assert taken.text == f"#{other.key} es tuyo."
    assert names == ["#1001", "#1002"]


async def test_without_its_forum_the_desk_says_so_and_goes_on_in_a_new_one(house: House) -> None:
    office, world = house.office, house.server.world
    async with house.open():
        case = await house.hears()
        tags = list(office.stage.forum.tags)
        world.remove(office.stage.forum)
        await house.hears("otra cosa", who="pedro")
        troubles = await office.store.cards.troubles()
        noted = await office.command("ana", "nota", {"texto": "sin foro", "caso": case.key})
    forum = world.room(house.server.guild, "casos", Kind.FORUM, tags=tags)
    office.stage.forum, office.stage.places = forum, replace(office.stage.places, forum=int(forum.id))
    office.stage.clock.ahead = timedelta(minutes=20)
    async with house.open():
        for _ in range(3):
            await house.settles()
        names = sorted(room.name.partition(" ")[0] for room in office.stage.posts())

    assert troubles
    assert noted.text == f"Anotado en #{case.key}."
    assert names == ["#1001", "#1002"]


async def test_storms_on_answers_do_everything_once(house: House) -> None:
    office, state = house.office, house.server.state
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        for number, storm in enumerate(
            (
                Storm(method="POST", path=r"/interactions/.*", times=1, status=502),
                Storm(method="POST", path=r"/interactions/.*", times=1, status=503, stored=True),
                Storm(method="PATCH", path=r"/webhooks/.*", times=1, status=502),
                Storm(method="PATCH", path=r"/webhooks/.*", times=1, status=500, stored=True),
            )
        ):
            form = await office.press("ana", card, "note")
            state.storms.append(storm)
            noted = await office.submit(form, text=f"nota {number}")
            assert noted.text == f"Anotado en #{case.key}.", storm
            state.storms.clear()
        told = [line.text for line in (await house.now(case)).interactions if line.text.startswith("nota")]

    assert told == [f"nota {number}" for number in range(4)]


async def test_what_takes_long_is_answered_within_three_seconds_all_the_same(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        async with _busy(house, 2.5):
            loop = asyncio.get_running_loop()
            began = loop.time()
            pressed = house.server.people.press(office.people["ana"], card, "v1:take:")
            await pressed.acknowledged()
            acknowledged = loop.time() - began
            taken = await pressed.answer()

    assert pressed.reply is Reply.DEFERRED_MESSAGE
    assert acknowledged < 1
    assert taken.text == f"#{case.key} es tuyo."


async def test_a_form_that_cannot_be_filled_in_time_opens_empty_and_is_sent(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        office.thinks = 2.5
        form = await office.press("ana", card, "reply")
        office.thinks = 0
        sent = await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()

    assert not form.failed
    assert "value" not in _field(form)
    # opened without having seen the case, so all that was said counts as new
    assert "No se ha enviado" in sent.text
    assert "Te mandamos otra hoy." in sent.text
    assert house.said == []


def _field(form: Outcome) -> dict[str, Any]:
    assert form.modal is not None
    field = form.modal["components"][0]["component"]
    return {key: value for key, value in field.items() if value}


@asynccontextmanager
async def _busy(house: House, seconds: float) -> AsyncIterator[None]:
    """Somebody holds the database: whoever wants to write waits."""

    def hold() -> sqlite3.Connection:
        other = sqlite3.connect(house.file, check_same_thread=False, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return other

    other = hold()
    asyncio.get_running_loop().call_later(seconds, other.execute, "COMMIT")
    try:
        yield
    finally:
        if other.in_transaction:
            other.execute("COMMIT")
        other.close()


async def test_after_half_an_hour_without_discord_every_card_is_there_once_and_works(house: House) -> None:
    office, state = house.office, house.server.state
    async with house.open():
        await house.hears()
        state.storms.append(Storm(method="POST", path=r"/channels/.*", times=10_000, status=503))
        state.storms.append(Storm(method="PATCH", path=r"/channels/.*", times=10_000, status=503))
        for number in range(10):
            await house.accepts("llegó roto", who=f"cliente_{number}")
        await house.settles()
        during = len(office.stage.posts())
        state.storms.clear()
        office.stage.clock.ahead = timedelta(minutes=30)
        for _ in range(3):
            await house.settles()
        cases = await office.bench.queue(QueueFilter(limit=50))
        names = sorted(room.name.partition(" ")[0] for room in office.stage.posts())
        taken = [await office.press("leo", house.card(case), "take") for case in cases]

    assert during == 1
    assert names == sorted(f"#{case.key}" for case in cases)
    assert len(names) == 11
    assert [one.text for one in taken] == [f"#{case.key} es tuyo." for case in cases]
