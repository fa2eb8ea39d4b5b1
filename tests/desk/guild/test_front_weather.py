"""The gateway is lost and the token revoked: who presses afterwards is answered, and every card arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import ChannelRefused, ChannelUnavailable
from bot.testing import memory_store
from listeners.discord_session import Login, open_session
from tests.desk.guild.office import Office, an_office, at_work
from tests.desk.guild.stage import a_post


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with memory_store() as store, an_office(store) as opened:
        yield opened


async def until_heard_again(office: Office, before: int) -> None:
    gateway = office.stage.server.gateway
    async with asyncio.timeout(10):
        while len(gateway.resumed) + len(gateway.identified) == before:
            await asyncio.sleep(0.01)


async def test_a_gateway_that_is_cut_is_resumed_and_the_next_press_is_answered(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        gateway = office.stage.server.gateway
        before = len(gateway.resumed) + len(gateway.identified)
        gateway.cut()
        await until_heard_again(office, before)
        taken = await office.stage.server.people.press(office.people["ana"], card, "Tomar").answer()

    assert gateway.resumed
    assert taken.text == f"#{case.key} es tuyo."


async def test_a_session_that_cannot_be_resumed_is_lost_out_loud_and_begun_anew(office: Office) -> None:
    async with at_work(office) as front:
        case, card = await office.case()
        gateway = office.stage.server.gateway
        gateway.forget()
        gateway.cut()
        with pytest.raises(ChannelUnavailable):
            # beside the one that listens already: it hears the same loss
            await asyncio.wait_for(front.stay(), 10)
    async with at_work(office):
        taken = await office.stage.server.people.press(office.people["ana"], card, "Tomar").answer()

    assert taken.text == f"#{case.key} es tuyo."


async def test_a_revoked_token_is_said_and_what_came_meanwhile_arrives_with_the_new_one(office: Office) -> None:
    stage = office.stage
    old = stage.server.state.token
    fresh = stage.server.revoke_the_token()
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    with pytest.raises((ChannelRefused, ChannelUnavailable)):
        await stage.desk.post(await stage.file(case), "route:1")
    login = Login(token=old, base_url=stage.server.url, timeout_seconds=5, silence_seconds=60)
    async with open_session(login) as session:
        with pytest.raises(ChannelRefused, match="token"):
            await session.logged_in()

    assert fresh != old
    assert stage.posts() == []
    login = Login(token=fresh, base_url=stage.server.url, timeout_seconds=5, silence_seconds=60)
    async with open_session(login) as session:
        stage.session = session
        desk = stage.new_desk()
        for _ in range(2):
            await desk.post(await stage.file(case), "route:1")

    assert len(stage.posts()) == 1
