"""The slash commands: what Discord is told of them, and what they do, in both languages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.guild.commands.ranks import DEEDS, RANKS
from bot.domain.agent import Deed
from bot.domain.mention import Batch
from bot.domain.reading import Urgency
from bot.pipeline.rights import needed
from bot.testing import NOON, mention
from tests.desk.guild.office import CLOCKS, Office, at_work
from tests.desk.guild.stage import ES, a_post
from tests.servers.discord.interactions import Outcome
from tests.servers.discord.people import Impossible
from tests.servers.discord.state import Storm
from tests.servers.discord.world import Permission

NAMES = [
    "asignar",
    "ayuda",
    "buscar",
    "cliente",
    "cola",
    "corregir",
    "estado",
    "historial",
    "modelo",
    "nota",
    "olvidar",
    "pausa",
    "plantilla",
    "posponer",
    "prioridad",
    "promesa",
    "reabrir",
    "resolver",
    "responder",
    "resumen",
    "soltar",
    "tomar",
    "unir",
    "voz",
]


# --- what Discord is told ---


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def _file(office: Office, told: Outcome) -> str:
    (attached,) = told.messages[0].attachments
    return office.stage.server.state.files[attached["url"].split("/")[-2]].content.decode()


async def test_every_command_option_and_choice_is_there_in_spanish_and_english(office: Office) -> None:
    async with at_work(office):
        told = list(_told(office))

    assert sorted(each["name"] for each in told) == NAMES
    for named in [each for command in told for each in _named(command)]:
        for key, longest in (("name", 100 if "value" in named else 32), ("description", 100)):
            if key not in named:
                continue
            spoken = named[f"{key}_localizations"]
            assert sorted(spoken) == ["en-GB", "en-US", "es-419", "es-ES"], named
            assert spoken["es-ES"] == spoken["es-419"] == named[key]
            assert spoken["en-GB"] == spoken["en-US"]
            assert all(0 < len(text) <= longest for text in spoken.values()), named
            if "value" not in named and key == "name":
                assert all(re.fullmatch(r"[-_\w]{1,32}", text) and text == text.lower() for text in spoken.values())


async def test_commands_are_for_the_guild_and_only_forgetting_is_hidden(office: Office) -> None:
    async with at_work(office):
        told = list(_told(office))
        shown = [each["name"] for each in office.stage.server.people.commands_for(office.people["ana"], office.lobby)]

    assert {each["name"] for each in told if each["default_member_permissions"] is not None} == {"olvidar"}
    assert "olvidar" not in shown
    assert len(shown) == len(NAMES) - 1


async def test_the_ranks_that_help_tells_of_are_those_that_the_house_asks_for() -> None:
    assert {key: needed(deed) for key, deed in DEEDS.items()} == {key: RANKS[key] for key in DEEDS}


async def test_without_the_right_to_show_commands_the_buttons_work(office: Office) -> None:
    office.stage.server.state.storms.append(_forbids_commands())
    async with at_work(office):
        case, card = await office.case()
        taken = await office.press("ana", card, "take")

    assert taken.text == f"#{case.key} es tuyo."


# --- which case ---


async def test_within_a_cases_post_no_number_is_needed_and_elsewhere_it_is_asked_for(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        nowhere = await office.command("ana", "tomar")
        here = await office.command("ana", "tomar", room=office.room_of(card))
        named = await office.command("ana", "soltar", {"caso": case.key})
        none = await office.command("ana", "tomar", {"caso": 9999})

    assert nowhere.text.startswith("No se ha hecho: no sé de qué caso hablas")
    assert here.text == f"#{case.key} es tuyo."
    assert named.text == f"#{case.key} queda libre."
    assert none.text == "No se ha hecho: no existe el caso #9999."


async def test_while_a_number_is_typed_cases_are_offered_in_the_typists_language(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case()
        people = office.stage.server.people
        offered = await people.complete(
            office.people["ana"], office.lobby, "tomar", "caso", "", locale="en-US"
        ).answer()
        by_name = await people.complete(office.people["ana"], office.lobby, "tomar", "caso", "marta").answer()
        office.stage.server.world.join(office.stage.server.guild, office.people["nadie"])
        nothing = await people.complete(office.people["nadie"], office.lobby, "tomar", "caso", "").answer()

    assert [choice["value"] for choice in offered.choices] == [str(case.key)]
    assert "Delivery" in offered.choices[0]["name"]
    assert [choice["value"] for choice in by_name.choices] == [str(case.key)]
    assert nothing.choices == []


# --- what they do ---


async def test_commands_do_what_the_buttons_do(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        room, key = office.room_of(card), {"caso": case.key}
        reply = await office.submit(await office.command("ana", "responder", key), text="Te mandamos otra.")
        noted = await office.command("ana", "nota", {"texto": "llamar mañana"}, room=room)
        form = await office.command("ana", "promesa", {"que": "otra unidad"}, room=room)
        promised = await office.submit(form, when="mañana")
        snoozed = await office.command("ana", "posponer", {"hasta": "mañana"}, room=room)
        voiced = await office.submit(await office.command("ana", "voz"), text="la web falla")
        corrected = await office.submit(await office.command("ana", "corregir", key), sentiment=["positive"])
        resolved = await office.submit(await office.command("ana", "resolver", key), resolution=["informed"])
        reopened = await office.command("ana", "reabrir", key)

    assert "va de camino" in reply.text
    assert noted.text == f"Anotado en #{case.key}."
    assert promised.text.startswith("Prometido")
    assert snoozed.text.startswith(f"#{case.key} vuelve el ")
    assert voiced.text == "Gracias. Ya está en el canal de voz."
    assert corrected.text.startswith("Corregido")
    assert "resuelto" in resolved.text
    assert "abierto de nuevo" in reopened.text
    assert len(await office.jobs()) == 1


async def test_leads_assign_and_prioritise_and_agents_do_not(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case()
        leo = {"persona": office.people["leo"], "caso": case.key}
        refused = await office.command("ana", "asignar", leo, locale="en-US")
        given = await office.command("jefa", "asignar", leo)
        urgent = await office.command("jefa", "prioridad", {"nivel": "high", "caso": case.key})
        office.stage.server.world.join(office.stage.server.guild, office.people["nadie"])
        nobody = await office.command("jefa", "asignar", {"persona": office.people["nadie"], "caso": case.key})
        refusals = [line for line in await office.bench.log(case.key) if line.refused is not None]

    assert refused.text.startswith("Not done: ")
    assert "lead" in refused.text
    assert [line.agent_name for line in refusals if line.deed is Deed.ASSIGN] == ["Ana"]
    assert given.text == f"#{case.key} es ahora de Leo."
    assert urgent.text == f"#{case.key} es ahora urgente."
    assert "no tiene ningún rol" in nobody.text
    assert (await office.now(case)).urgency is Urgency.HIGH
    assert (await office.now(case)).assignee == office.id_of("leo")


async def test_the_first_answer_of_a_case_that_a_lead_calls_urgent_is_due_in_an_hour_and_back_as_it_was(
    office: Office,
) -> None:
    now = office.stage.clock.now()
    (case,) = await office.stage.hears(a_post("1", "llegó roto", posted_at=now))
    await office.stage.desk.post(await office.stage.file(case), "route:1")
    (post,) = office.stage.posts()
    async with at_work(office):
        await office.command("jefa", "prioridad", {"nivel": "high", "caso": case.key})
        urgent = await office.now(case)
        await office.drawn()
        card = office.stage.card(post)["description"]
        await office.command("jefa", "prioridad", {"nivel": "low", "caso": case.key})
        back = await office.now(case)

    assert timedelta(hours=1) <= urgent.first_answer_due - now < timedelta(hours=1, minutes=1)
    assert f"respuesta: antes del {ES.figures.moment(urgent.first_answer_due)}" in card
    assert (back.urgency, back.first_answer_due) == (Urgency.LOW, CLOCKS.first_answer_due(now, Urgency.LOW))


async def test_an_escalated_case_is_on_the_urgent_clock_too(office: Office) -> None:
    now = office.stage.clock.now()
    (case,) = await office.stage.hears(a_post("1", "llegó roto", posted_at=now))
    async with at_work(office):
        await office.bench.escalate(case.key, "amenaza", office.agent(office.people["ana"]), press="e")

    assert (await office.now(case)).first_answer_due - now < timedelta(hours=1, minutes=1)


@pytest.mark.parametrize(("command", "deed"), [("prioridad", Deed.PRIORITISE), ("pausa", Deed.PAUSE)])
async def test_what_a_rank_does_not_open_leaves_a_line_and_what_it_opens_none(
    command: str, deed: Deed, office: Office, tmp_path: Path
) -> None:
    async with at_work(office):
        case, _ = await office.case()
        options = {} if command == "pausa" else {"caso": case.key}
        refused = await office.command("ana", command, options)
        opened = await office.command("rut", command, options)
        noted = await office.bench.log(case.key)
        with closing(sqlite3.connect(tmp_path / "v.db")) as connection:
            lines = connection.execute("SELECT agent_name, deed, refused IS NOT NULL FROM audit").fetchall()

    assert refused.text.startswith("No se ha hecho: ")
    assert "No se ha hecho" not in opened.text
    assert lines == [("Ana", deed, 1)]
    assert [line.deed for line in noted] == ([deed] if deed is Deed.PRIORITISE else [])


async def test_two_cases_of_different_customers_are_not_merged(office: Office) -> None:
    async with at_work(office):
        one, _ = await office.case()
        other, _ = await office.case("¿y mi reembolso?", who="pedro", number="2")
        refused = await office.command("ana", "unir", {"en": one.key, "caso": other.key})

    assert "clientes distintos" in refused.text


async def test_an_approved_text_opens_in_the_form_and_goes_nowhere_by_itself(office: Office) -> None:
    office.texts = [("thanks", "¡Gracias!"), ("receipt", "Lo tenemos.")]
    async with at_work(office):
        case, _ = await office.case()
        listed = await office.command("ana", "plantilla", {"caso": case.key})
        people = office.stage.server.people
        form = await people.choose(office.people["ana"], listed.messages[0], "p1:template:", ["receipt"]).answer()

    assert form.modal is not None
    assert "Lo tenemos." in str(form.modal["components"])
    assert await office.jobs() == []


# --- what people look up ---


async def test_the_queue_has_pages_and_opens_cases(office: Office) -> None:
    async with at_work(office):
        for number in range(30):
            await office.stage.hears(a_post(str(number), "roto", f"persona{number}"))
        first = await office.command("ana", "cola")
        people, ana = office.stage.server.people, office.people["ana"]
        second = await people.press(ana, first.messages[0], "v1:queue:").answer()
        (row,) = [each for each in second.messages[0].components if each["components"][0]["type"] == 3]
        options = [option["value"] for option in row["components"][0]["options"]]
        opened = await people.choose(ana, second.messages[0], "p1:open:", [options[0]]).answer()
        mine = await office.command("ana", "cola", {"cuales": "mine"}, locale="en-US")

    assert "página 1" in first.text
    assert len(options) == 5
    assert "https://" in opened.text
    assert any(post.name.startswith(f"#{options[0]} ") for post in office.stage.posts())
    assert mine.text == "There is no such case."


async def test_what_a_customer_lived_through_is_told_and_does_nothing(office: Office) -> None:
    hostile = "@everyone discord.gg/x https://evil.example <@1> ```"
    async with at_work(office):
        case, card = await office.case(f"llegó roto {hostile}")
        await office.bench.note(case.key, "llamar", office.agent(office.people["leo"]), press="n")
        customer = await office.command("ana", "cliente", room=office.room_of(card))
        history = await office.command("ana", "historial", {"caso": case.key}, locale="en-US")
        found = await office.command("ana", "buscar", {"palabras": "marta"})
        nobody = await office.command("ana", "cliente", {"quien": "nadie_asi"})

    answers = [call.body for call in office.stage.server.calls if "webhooks" in call.path and call.body]
    assert customer.text.startswith(r"Historia de marta\_g")
    assert history.text.startswith(f"History of #{case.key}")
    assert f"#{case.key}" in found.text
    assert "no existe ese cliente" in nobody.text
    for shown in (customer, history, found):
        assert "https://evil" not in shown.text
        assert "@everyone" not in shown.text
    assert all(
        body["allowed_mentions"]["parse"] == [] for body in answers if isinstance(body, dict) and "content" in body
    )


async def test_colleagues_are_told_of_by_name(office: Office) -> None:
    leo = office.agent(office.people["leo"])
    async with at_work(office):
        case, card = await office.case()
        await office.bench.note(case.key, "llamar", leo, press="n")
        told = [await office.command("ana", name, room=office.room_of(card)) for name in ("historial", "cliente")]

    for each in told:
        assert f"· {leo.name} · " in each.text
        assert leo.id not in each.text


async def test_a_name_with_marks_in_it_keeps_the_story_below_it_in_its_box(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case(who="``` *ana*")
        told = await office.command("ana", "cliente", room=office.room_of(card))

    title, _, box = told.text.partition("\n")
    assert title == r"Historia de \`\`\` \*ana\*"
    assert box == "" or box.startswith("```\n")


async def test_a_long_story_comes_as_a_file(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        for number in range(2, 12):
            await office.stage.hears(a_post(str(number), f"{number} " + "sigue roto " * 30))
        told = await office.command("ana", "historial", room=office.room_of(card))

    assert len(told.messages[0].content) < 2000
    assert [each["filename"] for each in told.messages[0].attachments] == ["texto.txt"]
    assert told.text == f"Historial de #{case.key}"


async def test_a_story_is_told_to_its_end_and_what_was_said_in_it_whole(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case("Llegó roto. " * 60 + "Lo recojo el viernes.")
        for number in range(2, 62):
            await office.stage.hears(a_post(str(number), f"{number} " + "sigue roto " * 20, posted_at=later(number)))
        told = [await office.command("ana", name, room=office.room_of(card)) for name in ("historial", "cliente")]

    files = [_file(office, each) for each in told]
    for text in files:
        assert "61 sigue roto" in text
    assert "Lo recojo el viernes." in files[0]


async def test_a_channel_that_serves_for_two_things_is_told_of_once(office: Office) -> None:
    office.stage.refuse(office.stage.alerts, Permission.ATTACH_FILES)
    async with at_work(office):
        closed = await office.command("ana", "estado")
        office.stage.server.world.remove(office.stage.alerts)
        lost = await office.command("ana", "estado")

    assert closed.text.count("al bot le faltan permisos en #alertas") == 1
    assert lost.text.count("no encuentro el canal de") == 1
    assert "desk.discord.alerts" in lost.text


async def test_the_state_of_the_house_is_told(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case()
        await office.store.cards.failed(case.id, "Discord refuses (403): Missing Access", office.stage.clock.now())
        office.stage.server.world.remove(office.stage.alerts)
        status = await office.command("ana", "estado")
        model = await office.command("ana", "modelo", locale="en-US")
        today = await office.command("ana", "resumen")
        past = await office.command("ana", "resumen", {"dia": "2026-05-12"})
        to_come = await office.command("ana", "resumen", {"dia": "2126-05-12"})
        helped = await office.command("ana", "ayuda", locale="en-US")

    assert "Los envíos están en marcha." in status.text
    assert f"#{case.key} no se puede dibujar: Discord no lo permite (403): Missing Access" in status.text
    assert "no encuentro el canal de desk.discord.alerts" in status.text
    assert model.text == "modelo@1 reads."
    assert "Resumen" in today.text
    assert "es 2026-05-12" in past.text
    assert "aún no ha llegado" in to_come.text
    assert "/take — Make a case yours" in helped.text
    assert "/forget" not in helped.text


# --- the brake, and forgetting ---


async def test_a_manager_stops_and_resumes_sending_and_means_it(office: Office) -> None:
    async with at_work(office):
        people, gema = office.stage.server.people, office.people["gema"]
        refused = await office.command("ana", "pausa")
        asked = await office.command("gema", "pausa")
        before = await office.store.outbox.paused()
        stopped = await people.press(gema, asked.messages[0], "v1:pause:").answer()
        paused = await office.store.outbox.paused()
        again = await office.command("gema", "pausa", locale="en-US")
        resumed = await people.press(gema, again.messages[0], "v1:resume:", locale="en-US").answer()

    assert "gerente" in refused.text
    assert before is None
    assert paused is not None
    assert stopped.text == "Parado: nada sale hacia los clientes."
    assert again.text.startswith("Sending is paused")
    assert resumed.text == "Resumed: sending goes on."
    assert await office.store.outbox.paused() is None


async def test_a_customer_is_forgotten_only_when_the_number_is_typed(office: Office) -> None:
    async with at_work(office):
        case, _ = await office.case()
        with pytest.raises(Impossible):
            await office.command("ana", "olvidar", {"caso": case.key})
        form = await office.command("rut", "olvidar", {"caso": case.key})
        wrong = await office.submit(form, text="7")
        kept = await office.store.history.case(case.key)
        forgotten = await office.submit(await office.command("rut", "olvidar", {"caso": case.key}), text=f"#{case.key}")
        await office.drawn()

    assert "no se ha borrado nada" in wrong.text
    assert kept is not None
    assert kept.customer.erased_at is None
    assert forgotten.text.startswith("Olvidado. Menciones: 1 · casos: 1. ")
    assert office.stage.posts() == []


async def test_somebody_whom_nobody_has_read_yet_is_forgotten_by_account(office: Office) -> None:
    post = mention("77501", "soy yo", who="zarapito")
    async with at_work(office):
        await office.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), post.posted_at)
        seen = await office.command("ana", "cliente", {"quien": "zarapito"})
        nobody = await office.command("rut", "olvidar", {"quien": "nadie_se_llama_asi"})
        form = await office.command("rut", "olvidar", {"quien": "zarapito"})
        wrong = await office.submit(form, text="@otra")
        waiting = await office.store.inbox.waiting()
        form = await office.command("rut", "olvidar", {"quien": "@zarapito"})
        forgotten = await office.submit(form, text="@Zarapito")

    assert "aún sin leer" in seen.text
    assert nobody.text
    assert "no se ha borrado nada" in wrong.text
    assert waiting == 1
    assert forgotten.text.startswith("Olvidado. Menciones: 1 · casos: 0. ")
    assert await office.store.history.customers("zarapito") == []
    assert await office.store.inbox.waiting() == 0


def _told(office: Office) -> Iterator[dict[str, Any]]:
    """The commands as they were sent, with all their languages."""
    (call,) = [each for each in office.stage.server.calls if each.method == "PUT" and each.path.endswith("/commands")]
    yield from call.body


def _named(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield option
        yield from option.get("choices", ())


def _forbids_commands() -> Storm:
    return Storm(method="PUT", path=r"/applications/.*/commands", times=1, status=403, stored=False)
