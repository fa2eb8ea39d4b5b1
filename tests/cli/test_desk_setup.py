"""`vivencia init discord` and `vivencia doctor` against a guild on loopback, as an owner runs them."""

from __future__ import annotations

import asyncio
import json
import stat
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Vivencia
from tests.servers.discord.server import DiscordServer, discord_server
from tests.servers.discord.world import EVERYBODYS, Kind, Permission, Room

SETTING_UP = EVERYBODYS | Permission.MANAGE_CHANNELS | Permission.MANAGE_THREADS | Permission.MENTION_EVERYONE
ALL_OF_THEM = 292058024976


@dataclass
class Guild:
    """A guild whose server lives in a thread of its own: the command line has its own loop."""

    server: DiscordServer
    vivencia: Vivencia
    home: Path
    more: dict[str, str] = field(default_factory=dict)

    def init(self, *more: str) -> Ran:
        return self.vivencia("init", "discord", "--non-interactive", "--config", str(self.file), *more)

    @property
    def file(self) -> Path:
        return self.home / "vivencia.toml"

    @property
    def written(self) -> dict[str, Any]:
        return dict(tomllib.loads(self.file.read_text(encoding="utf-8"))["desk"]["discord"])

    def room(self, name: str) -> Room:
        return next(room for room in self.server.world.rooms.values() if room.name == name)

    def names(self) -> list[str]:
        return [room.name for room in self.server.world.rooms.values()]


@pytest.fixture
def guild(vivencia: Vivencia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guild]:
    """The bot may do what the invitation says; there is a role for agents."""
    ready, over = threading.Event(), threading.Event()
    opened: list[DiscordServer] = []

    async def serve() -> None:
        async with discord_server() as server:
            server.bots_role.permissions = SETTING_UP
            server.world.role(server.guild, "Agente", Permission(0))
            opened.append(server)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(10)
    monkeypatch.setenv("VIVENCIA_DESK__DISCORD__TOKEN", opened[0].state.token)
    home = tmp_path / "desk"
    home.mkdir()
    text = f'# ours\n[brand]\nname = "Zarapito" # the shop\n\n[desk.discord]\nbase_url = "{opened[0].url}"\n'
    (home / "vivencia.toml").write_text(text, encoding="utf-8")
    try:
        yield Guild(opened[0], vivencia, home)
    finally:
        over.set()
        thread.join(10)


def test_the_first_run_makes_everything_and_the_second_changes_nothing(guild: Guild) -> None:
    first = guild.init()
    after_first, calls = guild.file.read_text(encoding="utf-8"), len(guild.server.calls)
    second = guild.init()

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert str(ALL_OF_THEM) in first.out
    assert "scope=bot+applications.commands" in first.out
    assert {"casos", "alertas", "aprobaciones", "voz"} <= set(guild.names())
    assert len(guild.room("casos").tags) == 13
    assert guild.written["forum"] == guild.room("casos").id
    assert guild.file.read_text(encoding="utf-8") == after_first
    assert after_first.startswith('# ours\n[brand]\nname = "Zarapito" # the shop\n')
    assert [call.method for call in guild.server.calls[calls:] if call.method != "GET"] == []
    assert second.out.count("ya estaba") == 6


def test_nobody_but_the_desks_people_and_the_bot_sees_its_channels(guild: Guild) -> None:
    guild.init()

    stranger = guild.server.person("curioso")
    agent = guild.server.person("ana")
    role = next(one for one in guild.server.guild.roles.values() if one.name == "Agente")
    guild.server.world.join(guild.server.guild, agent, role)
    for name in ("casos", "alertas", "aprobaciones", "voz"):
        assert not guild.server.world.sees(stranger, guild.room(name))
        assert guild.server.world.sees(agent, guild.room(name))
        assert guild.server.world.sees(guild.server.bot, guild.room(name))


def test_what_is_there_already_is_adopted_in_either_language(guild: Guild) -> None:
    forum = guild.server.world.room(guild.server.guild, "cases", Kind.FORUM)
    guild.server.world.room(guild.server.guild, "alerts")

    ran = guild.init("--lang", "en", "--json")

    told = json.loads(ran.out)
    assert told["places"]["forum"] == forum.id
    assert {step["what"]: step["done"] for step in told["steps"]}["tags"] == "mended"
    assert {step["what"]: step["done"] for step in told["steps"]}["approvals"] == "made"
    assert told["permissions"] == ALL_OF_THEM
    assert "casos" not in guild.names()


def test_roles_are_named_by_name_or_id_and_a_wrong_one_changes_nothing(guild: Guild) -> None:
    chefs = guild.server.world.role(guild.server.guild, "Jefas", Permission(0))

    wrong = guild.init("--role", "lead=Nadie")
    made_by_the_wrong_one = guild.names()
    right = guild.init("--role", "agent=Agente", "--role", f"lead={chefs.id}")

    assert (wrong.code, right.code) == (2, 0)
    assert "Nadie" in wrong.err
    assert "casos" not in made_by_the_wrong_one
    assert guild.written["roles"]["lead"] == [chefs.id]


def test_without_a_role_for_agents_or_a_permission_the_owner_is_told_first(guild: Guild) -> None:
    guild.server.bots_role.permissions &= ~Permission.MANAGE_CHANNELS
    no_permission = guild.init()
    guild.server.bots_role.permissions |= Permission.MANAGE_CHANNELS
    next(one for one in guild.server.guild.roles.values() if one.name == "Agente").name = "Otra"
    no_role = guild.init("--lang", "en")

    assert (no_permission.code, no_role.code) == (2, 2)
    assert "Gestionar canales" in no_permission.err
    assert "@Otra" in no_role.err
    assert no_role.err.count("\n") == 1


def test_a_bot_that_is_nowhere_and_a_wrong_token_are_said(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    guild.server.guild.members.pop(guild.server.bot.id)
    nowhere = guild.init()
    monkeypatch.setenv("VIVENCIA_DESK__DISCORD__TOKEN", "not.a.token")
    wrong, wrong_in_english = guild.init(), guild.init("--lang", "en")
    monkeypatch.delenv("VIVENCIA_DESK__DISCORD__TOKEN")
    missing = guild.init()

    assert (nowhere.code, wrong.code, missing.code) == (2, 1, 2)
    assert "oauth2/authorize" in nowhere.err
    assert "not.a.token" not in wrong.err + wrong.out
    assert "desk.discord: Discord no acepta el token" in wrong.err
    assert "desk.discord: Discord refuses the bot's token" in wrong_in_english.err
    assert "VIVENCIA_DESK__DISCORD__TOKEN" in missing.err


def test_the_doctor_finds_what_is_missing_and_nothing_when_all_is_well(guild: Guild) -> None:
    guild.init()
    well = guild.vivencia("doctor", "--config", str(guild.file))
    guild.server.world.remove(guild.room("alertas"))
    guild.room("casos").tags.pop()
    ill = guild.vivencia("doctor", "--config", str(guild.file), "--lang", "en", "--json")

    found = {(each["part"], each["grade"]) for each in json.loads(ill.out)["findings"]}
    assert ("✔ puesto de atención" in well.out) or ("▲ puesto de atención" in well.out), well.out
    assert ("desk", "broken") in found
    assert ("desk", "watch") in found
    assert ill.code == 1


def test_the_doctor_misses_a_role_and_a_permission_that_were_taken_away(guild: Guild) -> None:
    guild.init()
    agents = next(one for one in guild.server.guild.roles.values() if one.name == "Agente")
    guild.server.world.remove_role(guild.server.guild, agents)
    guild.server.bots_role.permissions &= ~Permission.MANAGE_THREADS
    ill = guild.vivencia("doctor", "--config", str(guild.file))
    guild.server.world.remove(guild.room("casos"))
    worse = guild.vivencia("doctor", "--config", str(guild.file), "--lang", "en")

    assert (ill.code, worse.code) == (1, 1)
    assert agents.id in ill.out
    assert "Gestionar hilos" in ill.out
    assert "desk.discord.forum" in worse.out


def test_the_doctor_says_that_the_token_or_the_guild_is_lost(guild: Guild, monkeypatch: pytest.MonkeyPatch) -> None:
    guild.init()
    monkeypatch.setenv("VIVENCIA_DESK__DISCORD__TOKEN", "not.a.token")
    revoked = guild.vivencia("doctor", "--config", str(guild.file))
    monkeypatch.setenv("VIVENCIA_DESK__DISCORD__TOKEN", guild.server.state.token)
    guild.server.guild.members.pop(guild.server.bot.id)
    expelled = guild.vivencia("doctor", "--config", str(guild.file))

    assert (revoked.code, expelled.code) == (1, 1)
    assert "✖ puesto de atención" in revoked.out
    assert "✖ puesto de atención" in expelled.out
    assert "not.a.token" not in revoked.out + revoked.err


def test_of_several_guilds_one_must_be_named(guild: Guild) -> None:
    world = guild.server.world
    other = world.guild("Otra", world.user("forastera"))
    world.join(other, guild.server.bot, world.role(other, "bot", SETTING_UP))
    unclear = guild.init()
    named = guild.init("--guild", guild.server.guild.id)
    nobodys = guild.init("--guild", "123456789012345678")

    assert (unclear.code, named.code, nobodys.code) == (2, 0, 2)
    assert f"Otra ({other.id})" in unclear.err
    assert guild.server.guild.id in unclear.err
    assert guild.written["guild"] == guild.server.guild.id


def test_the_integer_of_the_invitation_is_the_sum_of_what_is_listed(guild: Guild) -> None:
    from bot.desk.guild.permissions import NEEDS, wanted

    ran = guild.init("--lang", "en")

    assert len([name for name, has in wanted() if has]) == len(NEEDS)
    assert f"permissions={ALL_OF_THEM}" in ran.out
    assert wanted().value == ALL_OF_THEM
    assert not wanted().administrator


def test_a_token_that_was_typed_is_kept_for_its_owner_only(guild: Guild, tmp_path: Path) -> None:
    from bot.cli.desk_setup import Report, write_down
    from bot.desk.guild.setup import Prepared, Spot

    prepared = Prepared(guild=1, places={Spot.FORUM: 2}, roles={}, steps=())
    report = Report(guild_name="G", invitation="i", permissions=1, prepared=prepared, steps=())
    write_down(guild.file, tmp_path / "secrets", report, token="a.secret.token")  # noqa: S106 - nobody's

    kept = tmp_path / "secrets" / "desk__discord__token"
    assert kept.read_text(encoding="utf-8") == "a.secret.token"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "a.secret.token" not in guild.file.read_text(encoding="utf-8")
