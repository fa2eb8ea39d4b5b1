"""R3: whatever a platform does, it is one of the three errors, and nothing is lost once it has passed."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import ChannelError, ChannelUnavailable, RateLimited
from bot.domain.ports.channel import Listener
from tests.contracts.conftest import Needs
from tests.contracts.ear import Ear
from tests.contracts.stage import ERRORS, ODDITIES, RESET_SECONDS, Fault, Stage

SOON = 15.0
"""The time-out of an impatient channel is two seconds; a look that takes longer than this hangs."""


@pytest.mark.parametrize("fault", ERRORS)
async def test_a_fault_is_one_of_the_three_errors_and_nothing_is_lost(
    ear: Ear, stage: Stage, needs: Needs, fault: Fault
) -> None:
    needs(fault)
    expected = stage.errors.get(fault, ERRORS[fault])
    async with ear.open(**ear.impatient(fault)) as channel:
        await ear.begin(channel)
        before = await stage.write("antes")
        await stage.fail(fault)
        during = await stage.write("mientras tanto")

        with pytest.raises(ChannelError) as caught:
            async with asyncio.timeout(SOON):
                await ear.look_once(channel)

        assert isinstance(caught.value, expected), repr(caught.value)
        assert "\n" not in str(caught.value)
        await stage.mend()
        await ear.listen(channel, new=2)
        await ear.listen(channel)

    assert set(ear.mentions) == {before, during}
    assert ear.new == 2


async def test_a_rate_limit_lasts_as_long_as_the_platform_says(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Fault.RATE_LIMIT)
    async with ear.open() as channel:
        await stage.fail(Fault.RATE_LIMIT)

        with pytest.raises(RateLimited) as caught:
            await ear.look_once(channel)

    assert RESET_SECONDS - 3 <= caught.value.retry_after <= RESET_SECONDS + 5


async def test_a_rate_limit_without_a_word_is_some_wait(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Fault.RATE_LIMIT_WITHOUT_RESET)
    async with ear.open() as channel:
        await stage.fail(Fault.RATE_LIMIT_WITHOUT_RESET)

        with pytest.raises(RateLimited) as caught:
            await ear.look_once(channel)

    assert 1 <= caught.value.retry_after <= 900


@pytest.mark.parametrize("fault", ODDITIES)
async def test_an_odd_answer_loses_nothing_and_ends(ear: Ear, stage: Stage, needs: Needs, fault: Fault) -> None:
    needs(fault)
    async with ear.open() as channel:
        await ear.begin(channel)
        posts = {await stage.write(f"número {number}") for number in range(stage.many)}
        await stage.fail(fault)

        async with asyncio.timeout(SOON):
            for _ in range(2):
                try:
                    # a stream that bears it has no end
                    await (ear.look_once(channel) if isinstance(channel, Listener) else ear.listen(channel))
                except ChannelUnavailable:
                    continue
        await stage.mend()
        if ear.new < stage.many:
            await ear.listen(channel, new=stage.many - ear.new)

    assert set(ear.mentions) == posts
    assert ear.new == stage.many


@pytest.mark.parametrize("fault", [Fault.UNKNOWN_FIELDS, Fault.MISSING_FIELDS])
async def test_fields_that_come_and_go_do_not_keep_a_post_from_being_heard(
    ear: Ear, stage: Stage, needs: Needs, fault: Fault
) -> None:
    needs(fault)
    async with ear.open() as channel:
        await ear.begin(channel)
        await stage.fail(fault)
        post = await stage.write("hola")
        await ear.listen(channel, new=1)

    assert "hola" in ear.mentions[post].text
    assert ear.mentions[post].author.account_id
