"""A stream tells by itself, is lost out loud, and is taken up again without a gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.domain.ports.channel import Listener, Stream
from listeners.following import Follow, Pulse
from listeners.polling import Poll
from tests.contracts.conftest import Needs
from tests.contracts.ear import PATIENCE, Channel, Ear
from tests.contracts.stage import Fault, Stage

NEVER = 3600.0


@dataclass
class Service:
    """The errands of one channel, wound by hand: a follower, and a poll where the channel can be asked."""

    ear: Ear
    channel: Channel
    follow: Follow
    poll: Poll | None

    async def heard(self, number: int) -> None:
        """Wait until so many mentions are in the inbox."""
        async with asyncio.timeout(PATIENCE):
            while await self.ear.store.inbox.waiting() < number:
                await asyncio.sleep(0.02)

    async def run(self) -> None:
        """Follow for ever, without the pauses."""
        while True:
            pause = await self.follow()
            await asyncio.sleep(0.05 if pause is not None else 0.2)


@asynccontextmanager
async def service(ear: Ear) -> AsyncIterator[Service]:
    async with ear.open() as channel:
        if not isinstance(channel, Stream):
            pytest.skip(f"{ear.kind}: is no stream")
        inbox = ear.store.inbox
        poll = Poll(channel, inbox, every=NEVER, ring=_nobody) if isinstance(channel, Listener) else None
        if poll is not None:
            await poll()

        polls: set[asyncio.Task[float | None]] = set()

        def fill() -> None:
            if poll is not None:
                polls.add(asyncio.create_task(poll()))

        made = Service(ear, channel, Follow(channel, inbox, ring=_nobody, fill=fill), poll)
        running = asyncio.create_task(made.run())
        await asyncio.sleep(0.3)
        yield made
        running.cancel()
        await asyncio.gather(running, *polls, return_exceptions=True)


def _nobody() -> None:
    """Nobody listens to this bell."""


async def test_a_stream_tells_without_being_asked(ear: Ear, stage: Stage) -> None:
    async with service(ear) as running:
        await stage.write("hola")
        await running.heard(1)


async def test_what_is_written_while_the_stream_is_cut_is_found(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Fault.CUT)
    async with service(ear) as running:
        await stage.write("antes")
        await running.heard(1)
        await stage.fail(Fault.CUT)
        await asyncio.sleep(0.3)
        await stage.write("mientras tanto")
        await stage.mend()
        await stage.write("después")
        await running.heard(3)


async def test_a_stream_that_has_fallen_silent_is_lost(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Fault.SILENCE)
    async with ear.open(**ear.impatient(Fault.SILENCE)) as channel:
        if not isinstance(channel, Stream):
            pytest.skip(f"{ear.kind}: is no stream")
        assert isinstance(channel, Pulse)
        await ear.begin(channel)
        await stage.fail(Fault.SILENCE)
        async with asyncio.timeout(PATIENCE):
            assert await Follow(channel, ear.store.inbox, ring=_nobody)() is not None
