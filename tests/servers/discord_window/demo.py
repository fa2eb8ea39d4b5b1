"""A desk to try: the real service over a Discord on this machine, with people of two ranks and customers who write."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tomlkit
from aiohttp import web

from bot.app import open_house
from bot.cli.desk_setup import Asking, set_up, write_down
from bot.desk.guild.permissions import wanted
from bot.desks import opened_desk
from bot.domain.agent import Rank
from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from bot.domain.shared import Shared
from bot.domain.time import LiveWatch
from bot.insight.wording import wording
from bot.service import serve
from config.home import Home, only_one
from config.settings import read_settings
from tests.servers.discord.server import API, DiscordServer, discord_server
from tests.servers.discord.world import Permission
from tests.servers.discord_window.customers import (
    SECONDS_BETWEEN,
    STREAM,
    WHILE_YOU_LOOK,
    Customers,
    Visitors,
    record,
)
from tests.servers.discord_window.window import Persona, Window

DEMO = STREAM.parent
PORT = 8765
NAMES = {
    Rank.AGENT: {Language.ES: "Agente", Language.EN: "Agent"},
    Rank.LEAD: {Language.ES: "Responsable", Language.EN: "Lead"},
}
SPOKEN = (Language.ES, Language.EN)
# what was said before, and what is being said
CHANNELS = {Language.ES: ("plaza", "mercado"), Language.EN: ("square", "market")}
# whenever it is tried, the shop is open and nobody sleeps
_ALWAYS_OPEN = {"opens": "00:00", "closes": "23:59", "weekdays": list(range(7)), "holidays": []}
_NEVER_QUIET = {"mode": "approve", "quiet_from": "00:00", "quiet_until": "00:00"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the demo says while it starts."""

    loading: str
    ready: str
    stopped: str


WORDS = {
    Language.ES: Words(
        loading="Preparando el servidor, los canales y el modelo: tarda unos segundos…",
        ready=(
            "\nEl puesto está en  {url}   (solo en este equipo; no hace falta cuenta de Discord)\n\n"
            "Qué probar:\n"
            "  · Abre un caso y pulsa Tomar. Responder abre un diálogo; lo que envías queda en said-*.jsonl.\n"
            "  · En # {approvals} esperan borradores: apruébalos, cámbialos o recházalos.\n"
            "  · Pospón un caso «hasta que conteste el cliente» y escribe tú como cliente: despierta.\n"
            "  · Escribe como cliente mientras respondes: se te avisa antes de enviar.\n"
            "  · Corregir cambia lo que se leyó; Resolver cierra y pregunta al cliente: contesta con un número.\n"
            "  · Escribe / para ver las órdenes. Arriba eliges si eres agente o responsable.\n"
            "  · Cada {seconds} s llega una mención más, unas {fresh} en total.\n\n"
            "Los datos están en {home}\nCtrl-C lo para."
        ),
        stopped="Parado.",
    ),
    Language.EN: Words(
        loading="Preparing the server, the channels and the model: this takes some seconds…",
        ready=(
            "\nThe desk is at  {url}   (on this machine only; no Discord account is needed)\n\n"
            "What to try:\n"
            "  · Open a case and press Take. Reply opens a dialog; what you send is kept in said-*.jsonl.\n"
            "  · Drafts wait in # {approvals}: approve, change or reject them.\n"
            "  · Snooze a case “until the customer answers” and write as the customer: it wakes.\n"
            "  · Write as the customer while you reply: you are told before it is sent.\n"
            "  · Correct changes what was read; Resolve closes and asks the customer: answer with a number.\n"
            "  · Type / to see the commands. Above you choose whether you are an agent or a lead.\n"
            "  · A new mention comes every {seconds} s, some {fresh} in all.\n\n"
            "The data is in {home}\nCtrl-C stops it."
        ),
        stopped="Stopped.",
    ),
}


def staffed(server: DiscordServer, language: Language) -> list[Persona]:
    """Give the bot its rights, and the guild one person of each rank that works at a desk."""
    rights = server.bots_role.permissions | Permission(wanted().value)
    server.world.change_role(server.guild, server.bots_role, permissions=rights)
    desk, personas = wording(language, "bot.desk"), []
    for rank, names in NAMES.items():
        role = server.world.role(server.guild, desk.say(f"rank.{rank}"))
        user = server.person(names[language])
        server.world.join(server.guild, user, role)
        personas.append(Persona(user=user, names={each.value: name for each, name in names.items()}))
    return personas


async def furnished(home: Home, server: DiscordServer, language: Language, now: datetime) -> None:
    """Write the configuration, and set up the desk in the guild as `vivencia init discord` does."""
    shutil.copytree(DEMO / "knowledge", home.path / "knowledge")
    document = tomllib.loads((DEMO / "vivencia.toml").read_text(encoding="utf-8"))
    document["brand"]["hours"] = _ALWAYS_OPEN
    document["policy"] = _NEVER_QUIET
    document["service"] = {"outbox_seconds": 0.5, "log_level": "warning"}
    earlier, fresh = record(home.path, now)
    document["channels"] = {
        CHANNELS[language][0]: {"kind": "replay", "path": str(earlier)},
        CHANNELS[language][1]: {"kind": "replay", "path": str(fresh), "speed": 1.0},
    }
    discord = {"base_url": f"{server.url}{API}", "cards_per_minute": 60}
    document["desk"] = {"language": language.value, "discord": discord}
    home.settings.touch(mode=0o600)
    home.settings.write_text(tomlkit.dumps(document), encoding="utf-8")
    asking = Asking(guild=None, roles={}, language=language, wait=None)
    report = await set_up(read_settings(home.settings), server.state.token, asking, say=lambda _: None)
    write_down(home.settings, home.secrets, report, token=server.state.token)


@asynccontextmanager
async def shown_at(window: Window, port: int) -> AsyncIterator[str]:
    """The page at this machine's own address until the block is left. ConfigError where the port is taken."""
    runner = web.AppRunner(window.application(), handle_signals=False, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError as error:
            message = (
                f"port {port} cannot be used ({os.strerror(error.errno or 0)}); give another with --port, or 0 for any"
            )
            raise ConfigError(message) from error
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def working(home: Home, *, until: asyncio.Event) -> AsyncIterator[Customers]:
    """The service at work beside the block; its customers can be made to write."""
    settings, shared = read_settings(home.settings, secrets=home.secrets), Shared()
    with only_one(home):
        async with (
            opened_desk(settings, shared) as opened,
            open_house(
                home, settings, desk=opened.desk, watch=LiveWatch(), channels=settings.channels, shared=shared
            ) as house,
        ):
            serving = asyncio.create_task(serve(house, until=until.wait(), front=opened.front(house)))
            # a service that fails ends the demo, and says why
            serving.add_done_callback(lambda _: until.set())
            try:
                yield Visitors(inbox=house.store.inbox, history=house.store.history, cards=house.store.cards)
            finally:
                until.set()
                await serving


async def demonstrate(
    home: Home, *, language: Language, port: int, say: Callable[[str], None], until: asyncio.Event
) -> None:
    """Until somebody sets `until`."""
    words = WORDS[language]
    say(words.loading)
    async with discord_server() as server:
        personas = staffed(server, language)
        await furnished(home, server, language, datetime.now(UTC))
        async with (
            working(home, until=until) as customers,
            shown_at(Window(server, personas, customers), port) as url,
        ):
            approvals = wording(language, "bot.desk").say("place.approvals")
            say(
                words.ready.format(
                    url=f"{url}?lang={language}",
                    home=home.path,
                    approvals=approvals,
                    seconds=SECONDS_BETWEEN,
                    fresh=len(WHILE_YOU_LOOK),
                )
            )
            await until.wait()
    say(words.stopped)


def fresh_home(given: Path | None, now: datetime) -> Home:
    """A folder of its own each time, so that nothing of an owner's is touched."""
    if given is None:
        return Home(Path(tempfile.mkdtemp(prefix="vivencia-desk-")))
    place = Home(given.absolute() / f"desk-{now:%Y%m%d-%H%M%S-%f}")
    place.path.mkdir(mode=0o700, parents=True)
    return place
