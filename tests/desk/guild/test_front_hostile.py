"""Hostile words in every field that a person or a customer can fill: they are read, and do nothing, wherever shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.action import Reply, ReplyKind
from bot.domain.mention import MentionId
from bot.domain.reading import Language
from tests.desk.guild.house import House
from tests.desk.guild.office import TOGETHER, Office
from tests.desk.guild.stage import assert_harmless
from tests.desk.guild.test_defang import HOSTILE
from tests.servers.discord.server import Call


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_do_nothing_wherever_they_are_shown(text: str, house: House) -> None:
    office, people = house.office, house.server.people
    office.rules = TOGETHER
    office.found = Reply(
        to=MentionId("test:1"), kind=ReplyKind.ANSWER, text=text, language=Language.ES, sources=(text, text)
    )
    typed = text[:400]
    for user in office.people.values():
        user.username = typed[:30].replace("\n", " ").strip() or "x"
    house.server.calls.clear()
    async with house.open():
        case = await house.hears(text, who=text[:60].replace("\n", " ").strip() or "x")
        card = house.card(case)
        await office.press("ana", card, "take")
        await office.press("leo", card, "take")
        suggested = await office.press("ana", card, "suggest")
        await people.press(office.people["ana"], suggested.messages[0], "v1:use:").answer()
        form = await office.press("ana", card, "reply")
        held = await people.submit(office.people["ana"], form, {"text": typed[:200]}, forged=True).answer()
        again = await office.press("ana", card, "reply")
        await house.hears(text * 2, who=text[:60].replace("\n", " ").strip() or "x")
        await people.submit(office.people["ana"], again, {"text": typed[:200]}, forged=True).answer()
        for deed, fields in (
            ("note", {"text": typed}),
            ("promise", {"what": typed, "when": typed[:60]}),
            ("promise", {"what": typed, "when": "mañana"}),
            ("voice", {"text": typed, "touchpoint": ["delivery"], "named": ["named"]}),
            ("escalate", {"text": typed}),
            ("escalate", {"text": typed}),
        ):
            form = await office.press("ana", card, deed)
            await people.submit(office.people["ana"], form, fields, forged=True).answer()
        await house.settles()
        for draft in office.drafts():
            await office.press("jefa", draft, "edit")
            form = await office.press("jefa", draft, "reject")
            await people.submit(office.people["jefa"], form, {"text": typed}, forged=True).answer()
        form = await office.press("ana", card, "resolve")
        await people.submit(
            office.people["ana"], form, {"resolution": ["solved"], "fixed_by": typed}, forged=True
        ).answer()
        await office.press("ana", card, "correct")
        await house.settles()

    assert held.text
    shown = [call for call in house.server.calls if call.method in {"POST", "PATCH"}]
    assert len([call for call in shown if call.path.startswith(("/interactions", "/webhooks"))]) > 20
    assert_harmless(shown, pings=_calls_the_leads)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_do_nothing_in_answers_to_commands(text: str, house: House) -> None:
    office, people, line = house.office, house.server.people, text.replace("\n", " ").strip()
    who, words = line[:60] or "x", line[:100] or "x"
    office.texts = [("thanks", text)]
    async with house.open():
        case = await house.hears(text, who=who)
        await office.submit(await office.press("ana", house.card(case), "note"), text=words)
        house.server.calls.clear()
        for name, options in (
            ("cola", {}),
            ("cliente", {"caso": case.key}),
            ("cliente", {"quien": who}),
            ("historial", {"caso": case.key}),
            ("buscar", {"palabras": who}),
            ("buscar", {"palabras": words}),
            ("estado", {}),
            ("resumen", {"dia": words}),
            ("nota", {"texto": words, "caso": words}),
            ("nota", {"texto": words, "caso": case.key}),
            ("posponer", {"hasta": words, "caso": case.key}),
            ("promesa", {"que": words, "cuando": words, "caso": case.key}),
            ("voz", {"texto": words}),
            ("responder", {"texto": words, "caso": case.key}),
            ("plantilla", {"caso": case.key}),
            ("resolver", {"caso": case.key}),
            ("unir", {"en": words, "caso": case.key}),
            ("tomar", {"caso": words}),
            ("ayuda", {}),
        ):
            for locale in ("es-ES", "en-US"):
                await people.command(
                    office.people["rut"], office.lobby, name, _known(office, name, options), locale=locale, forged=True
                ).answer()
        for typed in ("", who[:5], str(case.key)):
            await people.complete(office.people["ana"], office.lobby, "tomar", focused="caso", typed=typed).answer()

    assert_harmless(house.server.calls)


def _known(office: Office, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the command has."""
    offered = office.stage.server.people.commands_for(office.people["rut"], office.lobby)
    (command,) = [one for one in offered if one["name"] == name]
    has = {option["name"] for option in command.get("options") or []}
    assert set(options) <= has, (name, has)
    return dict(options)


def _calls_the_leads(call: Call) -> bool:
    return isinstance(call.body, dict) and "🚨" in str(call.body.get("content"))
