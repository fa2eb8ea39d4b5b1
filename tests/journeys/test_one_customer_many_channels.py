"""Who writes on X, then on Discord, then by mail is answered on each, and is one story once they have agreed to it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.app import House, open_house, standing
from bot.desk.console import ConsoleDesk
from bot.domain.reading import Language
from bot.domain.time import LiveWatch
from bot.service import serve
from config.home import Home
from config.settings import read_settings
from tests.contracts.stage import Stage, open_stage

DEMO = Path("config/demo/vivencia.toml")
X, DISCORD, MAIL = "x", "discord_guild", "mailbox"
PATIENCE = 30.0

pytestmark = pytest.mark.timeout(180)


@dataclass
class Shop:
    """A running service over three platforms, and a person of the team at the command line."""

    home: Path
    stages: dict[str, Stage]
    house: House
    written: list[str] = field(default_factory=list)

    async def write(self, channel: str, text: str) -> str:
        """@ana writes there, a while after the last that happened: a mail's date has no fractions of a second."""
        await asyncio.sleep(1.1)
        return await self.stages[channel].write(text, who="ana")

    async def answer(self, channel: str, text: str) -> None:
        """Once the draft waits, a person lets it go with words of their own; over when it can be read out there."""
        held: list[dict[str, Any]] = []

        async def drafted() -> bool:
            listed = await self.tell("outbox", "list", "--state", "held", "--json")
            held[:] = [job for job in json.loads(listed) if job["mention_id"].startswith(f"{channel}:")]
            return bool(held)

        await until(drafted)
        await self.tell("outbox", "approve", str(held[0]["id"]), "--text", text)

        async def arrived() -> bool:
            return len(await self.stages[channel].posted()) > 0 and await self.house.store.outbox.pending() == 0

        await until(arrived)

    async def tell(self, *words: str) -> str:
        """One command of a person, as they would type it."""
        command = [sys.executable, "-m", "bot", *words, "--home", str(self.home)]
        running = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, complaint = await running.communicate()
        assert running.returncode == 0, complaint.decode()
        return out.decode()


async def until(enough: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await enough():
            await asyncio.sleep(0.1)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with AsyncExitStack() as stack:
        stages = {}
        for kind in (X, DISCORD, MAIL):
            folder = tmp_path / kind
            folder.mkdir()
            stages[kind] = await stack.enter_async_context(open_stage(kind, folder))
        yield await stack.enter_async_context(_running(tmp_path / "home", stages))


@asynccontextmanager
async def _running(folder: Path, stages: dict[str, Stage]) -> AsyncIterator[Shop]:
    folder.mkdir()
    own = folder / "vivencia.toml"
    own.write_text("[service]\noutbox_seconds = 0.1\npoll_seconds = 0.3\n")
    settings, home = read_settings(DEMO, own), Home(folder)
    desk = ConsoleDesk(Console(), Language.ES, quiet=True)
    channels = {kind: {"kind": kind, **stage.table()} for kind, stage in stages.items()}
    async with open_house(home, settings, desk=standing(desk), watch=LiveWatch(), channels=channels) as house:
        done = asyncio.Event()
        serving = asyncio.create_task(serve(house, until=done.wait()))

        async def placed() -> bool:
            return None not in [await house.store.inbox.cursor(kind) for kind in stages]

        # what was there before a first start is history, and is not answered
        await until(placed)
        yield Shop(home=folder, stages=stages, house=house)
        done.set()
        await serving


async def test_each_is_answered_where_it_was_asked_and_history_tells_it_in_order(shop: Shop) -> None:
    on_x = "¿cuánto tarda en llegar el reembolso?"
    on_discord = "¿a qué hora abrís la tienda el sábado?"
    by_mail = "¿puedo devolver una lámpara sin el tique?"

    await shop.write(X, on_x)
    await shop.answer(X, "Entre tres y cinco días hábiles.")
    await shop.write(DISCORD, on_discord)
    await shop.answer(DISCORD, "El sábado, de nueve a ocho.")
    accounts = json.loads(await shop.tell("customer", f"{X}:@ana", "--json"))["customer"]["handles"]
    assert len(accounts) == 1, "the same name elsewhere may be somebody else"
    agreed = "en Discord, por privado: «sí, soy la misma de X»"
    await shop.tell("customer", f"{X}:@ana", "--merge", f"{DISCORD}:@ana", "--consent", agreed)
    await shop.write(MAIL, by_mail)
    await shop.answer(MAIL, "Sí: con la tarjeta del club nos basta.")
    agreed = "en su correo: «os escribí por X»"
    journey = await shop.tell(
        "customer", f"{X}:@ana", "--merge", f"{MAIL}:ana@correo.example", "--consent", agreed, "--json"
    )

    story = json.loads(journey)
    assert [(line["channel"], line["direction"]) for line in story["interactions"]] == [
        (channel, direction) for channel in (X, DISCORD, MAIL) for direction in ("inbound", "outbound")
    ]
    for line, words in zip(
        story["interactions"],
        [on_x, "tres y cinco", on_discord, "de nueve a ocho", by_mail, "la tarjeta del club"],
        strict=True,
    ):
        assert words in line["text"]
    assert len(story["merges"]) == 2
    assert {kind: len(await stage.posted()) for kind, stage in shop.stages.items()} == dict.fromkeys(shop.stages, 1)
    assert (await shop.house.store.reports.counts()).customers == 1
