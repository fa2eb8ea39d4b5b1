"""Answers to interactions over plain HTTP: what is refused, by whom nothing needs to be logged in, and what is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.servers.discord.interactions import Kind, Outcome
from tests.servers.discord.server import API, DiscordServer, discord_server
from tests.servers.discord.views import Json

FIELD: Json = {"type": 4, "custom_id": "word", "style": 1}
LIST: Json = {"type": 3, "custom_id": "haste", "options": [{"label": "alta", "value": "alta"}]}


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as opened:
        yield opened


def done(server: DiscordServer, kind: Kind = Kind.COMMAND, **data: Any) -> Outcome:
    """Somebody has done something."""
    room = server.world.room(server.guild, "general")
    outcome = Outcome(server.state, server.person("ana"), room, kind, data, "es-ES")
    server.state.outcomes[outcome.token] = outcome
    return outcome


async def call(server: DiscordServer, method: str, path: str, body: Json) -> tuple[int, Json]:
    """Without a log-in."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{server.url}{API}{path}", json=body) as response,
    ):
        return response.status, await response.json() if response.status != 204 else {}


async def answer(server: DiscordServer, outcome: Outcome, kind: int, **data: Any) -> tuple[int, int]:
    """Status and code."""
    path = f"/interactions/{outcome.id}/{outcome.token}/callback"
    status, said = await call(server, "POST", path, {"type": kind, "data": data})
    return status, said.get("code", 0)


def label(component: Json, text: str = "Palabra", **more: Any) -> Json:
    return {"type": 18, "label": text, "component": component, **more}


async def test_a_modal_of_fields_and_lists_is_taken(server: DiscordServer) -> None:
    outcome = done(server)
    old = {"type": 1, "components": [{**FIELD, "custom_id": "old", "label": "Vieja"}]}

    said = await answer(server, outcome, 9, custom_id="m", title="T", components=[label(FIELD), label(LIST), old])

    assert said == (204, 0)
    assert outcome.modal is not None


@pytest.mark.parametrize(
    "modal",
    [
        {"title": "x" * 46},
        {"title": ""},
        {"custom_id": "x" * 101},
        {"components": []},
        {"components": [label({**FIELD, "custom_id": str(n)}) for n in range(6)]},
        {"components": [label(FIELD), label(FIELD)]},
        {"components": [label(FIELD, "x" * 46)]},
        {"components": [label(FIELD, description="x" * 101)]},
        {"components": [label({**FIELD, "style": 3})]},
        {"components": [label({**FIELD, "max_length": 4001})]},
        {"components": [label({**FIELD, "min_length": 5, "max_length": 4})]},
        {"components": [label({**FIELD, "max_length": 3, "value": "largo"})]},
        {"components": [label({**FIELD, "min_length": 3, "value": "a"})]},
        {"components": [label({**FIELD, "placeholder": "x" * 101})]},
        {"components": [label({**LIST, "max_values": 2})]},
        {"components": [label({"type": 2, "style": 1, "label": "a", "custom_id": "a"})]},
        {"components": [{"type": 1, "components": [LIST]}]},
        {"components": [{"type": 1, "components": [FIELD]}]},
    ],
)
async def test_a_modal_has_discords_limits(server: DiscordServer, modal: Json) -> None:
    usual: Json = {"custom_id": "m", "title": "T", "components": [label(FIELD)]}

    assert await answer(server, done(server), 9, **{**usual, **modal}) == (400, 50035)


async def test_each_kind_of_interaction_has_its_kinds_of_answer(server: DiscordServer) -> None:
    modal: Json = {"custom_id": "m", "title": "T", "components": [label(FIELD)]}

    assert await answer(server, done(server), 7, content="x") == (400, 50035)
    assert await answer(server, done(server), 8, choices=[]) == (400, 50035)
    assert await answer(server, done(server), 3, content="x") == (400, 50035)
    assert await answer(server, done(server, Kind.MODAL), 9, **modal) == (400, 50035)
    assert await answer(server, done(server, Kind.AUTOCOMPLETE), 4, content="x") == (400, 50035)
    assert await answer(server, done(server), 4, content="") == (400, 50006)
    assert await answer(server, done(server), 4, content="x" * 2001, flags=64) == (400, 50035)


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": str(n), "value": n} for n in range(26)],
        [{"name": "x" * 101, "value": 1}],
        [{"name": "uno", "value": "uno"}],
    ],
)
async def test_choices_fit_the_option_that_is_typed(server: DiscordServer, choices: list[Json]) -> None:
    typed = done(server, Kind.AUTOCOMPLETE, options=[{"name": "caso", "type": 4, "value": "1", "focused": True}])

    assert await answer(server, typed, 8, choices=choices) == (400, 50035)
    assert await answer(server, typed, 8, choices=[{"name": "uno", "value": 1}]) == (204, 0)


async def test_an_unknown_one_is_unknown_and_an_early_follow_up_too(server: DiscordServer) -> None:
    outcome = done(server)
    hook = f"/webhooks/{server.bot.id}/{outcome.token}"

    assert (await call(server, "POST", "/interactions/1/x/callback", {"type": 5}))[1]["code"] == 10062
    assert (await call(server, "POST", hook, {"content": "antes de tiempo"}))[1]["code"] == 10015
    assert await answer(server, outcome, 5) == (204, 0)
    assert (await call(server, "PATCH", f"{hook}/messages/1", {"content": "x"}))[1]["code"] == 10008


async def test_an_answer_to_one_person_has_the_limits_of_a_message_when_it_is_edited(server: DiscordServer) -> None:
    outcome = done(server)
    original = f"/webhooks/{server.bot.id}/{outcome.token}/messages/@original"
    assert await answer(server, outcome, 4, content="x", flags=64) == (204, 0)

    assert (await call(server, "PATCH", original, {"content": "x" * 2001}))[1]["code"] == 50035
    assert (await call(server, "PATCH", original, {"content": ""}))[1]["code"] == 50006
    assert (await call(server, "PATCH", original, {"embeds": [{"title": "y"}]}))[0] == 200
    assert outcome.text == "x\ny"
    assert server.world.history(outcome.room) == []


async def test_a_deferred_answer_is_the_first_that_follows_and_can_be_taken_back(server: DiscordServer) -> None:
    outcome = done(server)
    hook = f"/webhooks/{server.bot.id}/{outcome.token}"
    assert await answer(server, outcome, 5) == (204, 0)
    assert outcome.messages[0].loading

    await call(server, "POST", hook, {"content": "uno"})
    await call(server, "POST", hook, {"content": "dos", "flags": 64})
    in_the_room = [message.content for message in server.world.history(outcome.room)]
    assert (await call(server, "DELETE", f"{hook}/messages/@original", {}))[0] == 204

    assert in_the_room == ["uno"]
    assert outcome.text == "dos"
    assert server.world.history(outcome.room) == []


async def test_the_webhook_of_an_interaction_can_have_a_limit_of_its_own(server: DiscordServer) -> None:
    server.state.limits.routes["POST /webhooks/{application_id}/{token}"] = (1, 60.0)
    outcome = done(server)
    hook = f"/webhooks/{server.bot.id}/{outcome.token}"
    await answer(server, outcome, 4, content="hola")

    statuses = [(await call(server, "POST", hook, {"content": "más"}))[0] for _ in range(2)]

    assert statuses == [200, 429]
    assert server.state.count_invalid() == 1
