"""Every press is judged by what Discord says of the presser now, and no name of a button is believed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.store.sqlite import SqliteStore
from tests.desk.guild.house import House
from tests.servers.discord.interactions import Outcome
from tests.servers.discord.people import Impossible
from tests.servers.discord.world import EVERYBODYS, Kind

NOTHING_OF_OURS = (
    "v1:take:999999999999999",
    "v1:take:9999999999999999999999999999999999",
    "v1:take:12.5",
    "v1:take:abc",
    "v1:take:-1",
    "v1:take:0",
    "v1:take:１００１",
    "v1:take:1001:extra",
    "v1:take:",
    "v1:take",
    "v1:olvidar:1001",
    "v1:__class__:1001",
    "v0:take:x",
    "v99:take_over:1001",
    "v1:approve:1001",
    "v1:approve:x",
    "v1:approve_anyway:7",
    "v1:reject:zz",
    "v1:edit:424242",
    "v1:vote:1001",
    "v1:reply_anyway:1001",
    "v1:use:31337",
    "v1:picked_correct:1001",
    "v1:correct:1001.beef",
    "take",
    "\u202ev1:take:1001",
    "v1:take:1001\n",
    "v1:TAKE:1001",
)


async def deeds(store: SqliteStore) -> int:
    """How many lines the audit log has."""
    return await store.deeds.look(lambda papers: sum(len(papers.log(case, 1000)) for case in papers.find("#1001", 5)))


async def test_a_forged_name_does_nothing_and_gets_a_sentence_or_silence(house: House) -> None:
    office, people = house.office, house.server.people
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        answers = []
        for name in NOTHING_OF_OURS:
            card.extra["components"][0]["components"][-1]["custom_id"] = name
            answers.append(await _whatever(people.press(office.people["ana"], card, name, forged=True)))
        taken = await office.press("leo", card, "take")
        file = await house.now(case)

    assert taken.text == f"#{case.key} es tuyo."
    assert file.interactions[1:] == ()
    for name, answer in zip(NOTHING_OF_OURS, answers, strict=True):
        assert "es tuyo" not in answer, name
        assert "falla" not in answer, name
        assert "Ha fallado por dentro" not in answer, name


async def _whatever(outcome: Outcome) -> str:
    """What is said to it, if anything."""
    try:
        await outcome.answer(0.7)
    except TimeoutError:
        return ""
    return outcome.text


async def test_forged_fields_of_a_form_are_refused_and_what_was_typed_comes_back(house: House) -> None:
    office, people = house.office, house.server.people
    ana = office.people["ana"]
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        answers = list[tuple[str, dict[str, Any], Outcome]]()
        for deed, fields in (
            ("snooze", {"until": ["2020-01-01"]}),
            ("snooze", {"until": ["nunca jamás"]}),
            ("snooze", {"until": []}),
            ("resolve", {"resolution": ["vanished"], "fixed_by": "otra unidad"}),
            ("resolve", {"resolution": ["solved"], "fixed_by": ""}),
            ("correct", {"touchpoint": ["moon"], "stage": ["x"], "sentiment": ["furious"], "intents": ["win"]}),
            ("voice", {"text": "la web falla", "touchpoint": ["moon"], "named": ["x"]}),
            ("note", {"text": "   "}),
            ("note", {"text": "a" * 5000}),
            ("escalate", {"text": ""}),
            ("promise", {"what": "otra", "when": ""}),
        ):
            form = await office.press("ana", card, deed)
            answers.append((deed, fields, await people.submit(ana, form, fields, forged=True).answer()))
        file = await house.now(case)

    assert file.case.is_open
    for deed, fields, answer in answers:
        assert "Ha fallado por dentro" not in answer.text, (deed, fields)
        assert answer.text.startswith(("No se ha hecho", "Corregido", "Gracias", "#")), (deed, fields, answer.text)


async def test_a_press_from_another_guild_is_refused(house: House) -> None:
    office, world = house.office, house.server.world
    async with house.open():
        case = await house.hears()
        card = house.card(case)
        other = world.guild("Otra", world.user("forastera"))
        world.join(other, house.server.bot, world.role(other, "bot", EVERYBODYS))
        # a role of the desk's own id would be a forgery that Discord cannot make; the guild alone is enough
        world.join(other, office.people["ana"])
        room = world.room(other, "aqui", Kind.TEXT)
        there = house.server.say(room, house.server.bot, "hola", extra={"components": card.extra["components"]})
        refused = await house.server.people.press(office.people["ana"], there, f"v1:take:{case.key}").answer()
        file = await house.now(case)

    assert refused.text == "No se ha hecho: este puesto de atención está en otro servidor."
    assert file.case.assignee is None


async def test_a_role_taken_away_between_form_and_sending_counts(house: House) -> None:
    office, world = house.office, house.server.world
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "reply")
        world.join(house.server.guild, office.people["ana"])
        refused = await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()

    assert "ninguno de tus roles" in refused.text
    assert "Te mandamos otra hoy." in refused.text, "what was typed comes back"
    assert house.said == []


async def test_nobody_presses_on_what_only_somebody_else_sees(house: House) -> None:
    office, people = house.office, house.server.people
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "reply")
        await house.hears("¿hola?")
        warned = await office.submit(form, text="Te mandamos otra hoy.")
        shown = warned.messages[0]
        with pytest.raises(Impossible):
            people.press(office.people["leo"], shown, "v1:reply_anyway:")
        forged = people.press(office.people["nadie"], shown, f"v1:reply_anyway:{case.key}", forged=True)
        await _whatever(forged)
        await house.settles()

    assert shown.ephemeral
    assert house.said == []


async def test_every_kind_of_chat_stays_in_the_house(house: House) -> None:
    office, server = house.office, house.server
    world, places = server.world, office.stage.places
    async with house.open():
        case = await house.hears()
        post, card = house.post(case), house.card(case)
        rooms = [post, office.lobby, *(world.rooms[str(place)] for place in (places.alerts, places.approvals))]
        before = (await house.now(case)).interactions
        for room in rooms:
            for who in ("ana", "jefa", "rut", "nadie"):
                for text in (
                    "te mandamos otra",
                    f"{server.summons} envíalo al cliente",
                    f"#{case.key} te mandamos otra",
                    f"/responder {case.key} te mandamos otra",
                    "v1:reply:1001 te mandamos otra",
                    "@marta_g te mandamos otra",
                ):
                    said = server.say(room, office.people[who], text)
                    server.say(room, office.people[who], text, answers=said)
        for who in ("ana", "nadie"):
            server.say(post, office.people[who], "te mandamos otra", answers=card)
        edited = server.say(post, office.people["ana"], "nota")
        world.edit(edited, "te mandamos otra")
        world.delete(edited)
        await asyncio.sleep(0.3)
        await house.settles()
        jobs, after = await office.jobs(), (await house.now(case)).interactions

    assert house.said == []
    assert jobs == []
    assert after == before
    assert not server.gateway.identified[-1]["intents"] & ((1 << 1) | (1 << 8) | (1 << 15))
