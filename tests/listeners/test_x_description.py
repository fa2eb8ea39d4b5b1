"""What the x channel asks, and what the server of these tests answers, is as X's own description says."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelError, ChannelRefused
from bot.domain.mention import Batch
from bot.domain.ports.channel import Surroundings
from bot.domain.reading import Language
from bot.testing import NOON, HandClock, memory_store
from listeners.registry import open_channel
from listeners.x import StreamedX, X
from listeners.x_place import Place
from listeners.x_round import Round
from tests.contracts.stage import Fault
from tests.servers.description import SPECS, Description
from tests.servers.x.server import BEARER, USER_KEYS, Call, XServer, x_server

FILE = SPECS / "x-openapi.json"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="X's description is not beside this project")


async def lived(server: XServer, home: Path) -> None:
    """A day on X: history, mentions, a search hit, an edit, a deletion, an answer, a refusal, a stream."""
    ana = server.world.account("ana")
    server.page = 5
    for n in range(12):
        server.post(ana, f"@zarapito historia {n}", at=time.time() - 3600 + n)
    table = {"kind": "x", **USER_KEYS, "bearer_token": BEARER, "stream": True, "keywords": ["lámpara", "a b"]}
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(memory_store())
        clock = HandClock()
        surroundings = Surroundings(home=home, accounts=("zarapito",), kept=store.inbox, clock=clock)
        table = {**table, "base_url": server.url, "recheck_hours": 1e-6}
        channel = await stack.enter_async_context(open_channel("x", table, surroundings))
        assert isinstance(channel, StreamedX)
        cursor = (await channel.poll(None)).cursor
        asking = server.post(ana, "@zarapito ¿dónde está mi lámpara?")
        server.post(ana, "vaya lámpara")
        server.world.edit(server.post(ana, "@zarapito una").id, "@zarapito dos")
        server.world.delete(server.post(ana, "@zarapito no").id)
        batch = await channel.poll(cursor)
        await store.inbox.accept("x", batch, datetime.now(UTC))
        to = next(mention for mention in batch.mentions if mention.external_id == asking.id)
        answer = Reply(to=to.id, kind=ReplyKind.ANSWER, text="Va en camino", language=Language.ES)
        clock.pass_on(600)
        await channel.said("key-1", to)
        await channel.say(answer, to, "key-1")
        await channel.said("key-2", to)
        server.world.delete(asking.id)
        with pytest.raises(ChannelRefused):
            await channel.say(answer, to, "key-3")
        place = Place.read(batch.cursor)
        assert place.round is not None
        assert asking.id in (await channel.poll(replace(place, round=Round(began=NOON, kept=1)).written())).deletions
        await _stream(channel, server)


async def _stream(channel: StreamedX, server: XServer) -> None:
    told: asyncio.Queue[Batch] = asyncio.Queue()
    listening = asyncio.create_task(channel.listen(None, told.put))
    await told.get()
    server.post(server.world.account("luz"), "@zarapito en directo")
    while not (await told.get()).mentions:
        pass
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_every_call_and_every_answer_is_as_described(tmp_path: Path) -> None:
    description = Description(FILE)
    async with x_server() as server:
        await lived(server, tmp_path)

    said = [complaint for call in server.calls for complaint in complaints(description, call)]
    assert list(dict.fromkeys(said)) == []
    assert {call.path for call in server.calls} >= {"/2/users/me", "/2/tweets", "/2/tweets/search/recent"}
    assert {call.status for call in server.calls} >= {200, 201, 403}


def complaints(description: Description, call: Call) -> list[str]:
    return description.complaints(
        call.method,
        call.path,
        query=call.query,
        body=call.body,
        status=call.status or 200,
        answer=call.answer if call.answer is not None else {},
    )


@pytest.mark.parametrize("fault", [Fault.NO_CREDIT, Fault.UNAUTHORIZED, Fault.FORBIDDEN])
async def test_refusals_are_worded_as_described(tmp_path: Path, fault: Fault) -> None:
    description = Description(FILE)
    async with x_server() as server:
        server.fault = fault
        surroundings = Surroundings(home=tmp_path, accounts=("zarapito",))
        async with open_channel("x", {"kind": "x", **USER_KEYS, "base_url": server.url}, surroundings) as channel:
            assert isinstance(channel, X)
            with pytest.raises(ChannelError):
                await channel.poll(None)

    assert [said for call in server.calls for said in complaints(description, call)] == []
