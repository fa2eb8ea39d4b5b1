"""What people press on cards, through real discord.py: one owner each, every age of button, nothing typed is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.action import Reply, ReplyKind
from bot.domain.case import CaseState, Resolution
from bot.domain.deskwork import QueueFilter
from bot.domain.mention import MentionId
from bot.domain.outbox import JobState
from bot.domain.reading import Language, Sentiment, Stage, Touchpoint
from tests.desk.guild.office import TOGETHER, Office, at_work
from tests.desk.guild.stage import a_post

HOSTILE = "@everyone <@&1> discord.gg/x https://evil.example <t:1> </olvidar:1> \u202eodal"


# --- whose it is ---


async def test_who_presses_first_has_the_case_and_the_other_reads_whose_it_is(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        first = await office.press("ana", card, "take")
        second = await office.press("leo", card, "take", locale="en-US")

    assert first.text == f"#{case.key} es tuyo."
    assert second.text.startswith(f"Ana took #{case.key} ")
    assert second.text.endswith(" s ago.")
    assert first.messages[0].ephemeral
    assert second.messages[0].ephemeral
    assert not office.stage.server.people.sees(office.people["ana"], second.messages[0])
    assert (await office.now(case)).assignee == office.id_of("ana")


async def test_of_two_who_press_at_once_two_hundred_times_each_time_one_has_it(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        for _ in range(200):
            both = await asyncio.gather(office.press("ana", card, "take"), office.press("leo", card, "take"))
            won = [one for one in both if one.text == f"#{case.key} es tuyo."]
            lost = [one for one in both if " lo tomó " in one.text]
            assert (len(won), len(lost)) == (1, 1)
            owner = (await office.now(case)).assignee
            assert owner == f"discord:{won[0].user.id}"
            await office.bench.release(case.key, office.agent(won[0].user), press=won[0].id)


async def test_the_same_press_told_twice_is_one_deed(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "note")
        noted = await office.submit(form, text="llamar antes de las 12")
        office.stage.server.people.again(noted)
        await asyncio.sleep(0.3)

    assert noted.text == f"Anotado en #{case.key}."
    notes = [line for line in (await office.stage.file(case)).interactions if "llamar" in line.text]
    assert len(notes) == 1


async def test_an_old_button_works_after_three_restarts(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "note")
    for _ in range(2):
        async with at_work(office):
            pass
    async with at_work(office):
        taken = await office.press("ana", card, "take")
        noted = await office.submit(form, text="abierto hace tres procesos")

    assert taken.text == f"#{case.key} es tuyo."
    assert noted.text == f"Anotado en #{case.key}."


async def test_a_button_of_another_version_gets_a_sentence(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        components = card.extra["components"]
        components[0]["components"][0]["custom_id"] = "v7:dance:12"
        pressed = await office.stage.server.people.press(office.people["ana"], card, "v7:dance:12").answer()
        components[0]["components"][0]["custom_id"] = "v1:take:999999999999999999"
        strange = await office.stage.server.people.press(office.people["ana"], card, "v1:take:9").answer()

    assert pressed.text.startswith("Este botón es de otra versión")
    assert strange.text == "No se ha hecho: ese botón no es de este puesto."


# --- who may ---


async def test_without_a_role_of_the_desk_nothing_is_done(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        office.stage.server.world.join(office.stage.server.guild, office.people["nadie"])
        refused = await office.press("nadie", card, "take", locale="en-GB")

    assert refused.text.startswith("Not done: none of your roles")
    assert (await office.now(case)).assignee is None


async def test_a_role_that_is_taken_away_counts_from_the_next_press(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.press("ana", card, "take")
        office.stage.server.world.join(office.stage.server.guild, office.people["ana"])
        await office.drawn()
        refused = await office.press("ana", card, "release")

    assert refused.text == "No se ha hecho: ninguno de tus roles te da acceso al puesto de atención."
    assert (await office.now(case)).assignee == office.id_of("ana")


async def test_a_desk_of_another_guild_is_not_touched(office: Office) -> None:
    places = office.stage.places
    case, card = await office.case()
    office.stage.places = replace(places, guild=1)
    async with at_work(office):
        refused = await office.press("ana", card, "take")

    assert refused.text == "No se ha hecho: este puesto de atención está en otro servidor."
    assert (await office.now(case)).assignee is None


async def test_only_a_lead_releases_what_is_somebody_elses(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.press("ana", card, "take")
        await office.drawn()
        by_leo = await office.press("leo", card, "release")
        by_jefa = await office.press("jefa", card, "release")

    assert "este caso lo tiene Ana" in by_leo.text
    assert by_jefa.text == f"#{case.key} queda libre."


async def test_a_resolved_case_is_not_taken_from_an_old_card(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        await office.bench.resolve(case.key, Resolution.INFORMED, "", office.agent(office.people["leo"]), press="r")
        refused = await office.press("ana", card, "take")
        await office.drawn()
        reopened = await office.press("ana", card, "reopen")

    assert refused.text == "No se ha hecho: el caso está resuelto; ábrelo de nuevo primero."
    assert reopened.text == f"#{case.key} abierto de nuevo."


# --- what is said to the customer ---


async def test_an_answer_goes_to_the_outbox_once_in_the_agents_words(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "reply")
        sent = await office.submit(form, text="Te mandamos otra hoy.")
        office.stage.server.people.again(sent)
        await asyncio.sleep(0.3)

    ((text, job),) = (await office.answers()).items()
    assert form.modal is not None
    assert "200" in str(form.modal["components"][0])
    assert sent.text.startswith(f"Tu respuesta a #{case.key} va de camino")
    assert (text, job.state, job.written_by) == (
        "Te mandamos otra hoy.",
        JobState.PENDING,
        office.id_of("ana"),
    )


async def test_a_suggestion_stays_in_the_house_until_it_is_used_in_a_form(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        unknown = await office.press("ana", card, "suggest", locale="en-US")
        office.found = Reply(
            to=MentionId("test:1"), kind=ReplyKind.ANSWER, text="En 48 h.", language=Language.ES, sources=("es/envios",)
        )
        suggested = await office.press("ana", card, "suggest")
        before = await office.jobs()
        people = office.stage.server.people
        form = await people.press(office.people["ana"], suggested.messages[0], "v1:use:").answer()

    assert unknown.text.startswith("I do not know")
    assert "En 48 h." in suggested.text
    assert "es/envios" in suggested.text
    assert form.modal is not None
    assert "En 48 h." in str(form.modal["components"])
    assert before == []


async def test_when_the_customer_wrote_meanwhile_the_text_is_kept_and_sent_only_when_meant(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        await office.stage.hears(a_post("2", f"¡ya llegó! {HOSTILE}"))
        warned = await office.submit(form, text="Te mandamos otra hoy.")
        before = await office.jobs()
        people = office.stage.server.people
        sent = await people.press(office.people["ana"], warned.messages[0], "v1:reply_anyway:").answer()

    (text,) = await office.answers()
    assert before == []
    assert "ya llegó" in warned.text
    assert "Te mandamos otra hoy." in warned.text
    assert "https://" not in warned.text
    assert "va de camino" in sent.text
    assert text == "Te mandamos otra hoy."


async def test_send_anyway_forgives_nothing_that_the_customer_wrote_after_the_warning(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        await office.stage.hears(a_post("2", "vale, espero"))
        warned = await office.submit(form, text="Te mandamos otra hoy.")
        await office.stage.hears(a_post("3", "CANCELADLO"))
        people = office.stage.server.people
        again = await people.press(office.people["ana"], warned.messages[0], "v1:reply_anyway:").answer()
        before = await office.jobs()
        sent = await people.press(office.people["ana"], again.messages[0], "v1:reply_anyway:").answer()

    assert "CANCELADLO" in again.text
    assert "vale, espero" not in again.text
    assert before == []
    assert "va de camino" in sent.text


async def test_send_anyway_pressed_twice_sends_once(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        await office.stage.hears(a_post("2", "¿y bien?"))
        warned = await office.submit(form, text="Te mandamos otra hoy.")
        people = office.stage.server.people
        twice = [people.press(office.people["ana"], warned.messages[0], "v1:reply_anyway:") for _ in range(2)]
        told = [await press.answer() for press in twice]

    assert len(await office.jobs()) == 1
    assert all("va de camino" in each.text for each in told)


async def test_of_two_who_answer_at_once_the_second_is_warned_and_sends_it_only_when_meant(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        anas, leos = await office.press("ana", card, "reply"), await office.press("leo", card, "reply")
        await office.submit(anas, text="Te mandamos otra hoy.")
        warned = await office.submit(leos, text="Te devolvemos el dinero.")
        before = list(await office.answers())
        people = office.stage.server.people
        await people.press(office.people["leo"], warned.messages[0], "v1:reply_anyway:").answer()
        hers = await office.submit(await office.press("ana", card, "reply"), text="Y perdona.")

    assert before == ["Te mandamos otra hoy."]
    assert warned.text.startswith("No se ha enviado: mientras tanto ha respondido Ana en este caso.")
    assert "Te devolvemos el dinero." in warned.text
    assert set(await office.answers()) == {"Te mandamos otra hoy.", "Te devolvemos el dinero."}
    assert hers.text.startswith("No se ha enviado: mientras tanto ha respondido Leo")


async def test_who_answers_a_case_that_a_colleague_has_just_resolved_is_told(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        leos = await office.press("leo", card, "reply")
        await office.submit(await office.press("ana", card, "resolve"), resolution=["solved"], fixed_by="otra lámpara")
        warned = await office.submit(leos, text="Te devolvemos el dinero.")

    assert warned.text.startswith("No se ha enviado: Ana acaba de resolver este caso.")
    assert "Te devolvemos el dinero." in warned.text
    assert "Te devolvemos el dinero." not in await office.answers()


async def test_who_answers_twice_or_when_a_colleague_is_long_done_is_not_warned(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        for text in ("Te mandamos otra hoy.", "Y perdona."):
            await office.submit(await office.press("ana", card, "reply"), text=text)
        hour = int(timedelta(hours=1) / timedelta(microseconds=1))
        await office.store.cards._do("UPDATE audit SET at = at - ?", hour)
        later = await office.submit(await office.press("leo", card, "reply"), text="¿Te llegó?")

    assert "va de camino" in later.text
    assert len(await office.answers()) == 3


async def test_the_form_names_no_more_room_than_it_has(office: Office) -> None:
    office.limit = 20_000
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")

    assert form.modal is not None
    (field,) = form.modal["components"]
    assert field["label"] == "Tu respuesta (hasta 4000)"
    assert field["component"]["max_length"] == 4000


async def test_an_answer_with_marks_of_code_in_it_is_sent_whole(office: Office) -> None:
    text = "Pon esto:\n```\nreiniciar\n```\ny dinos si va."
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        await office.stage.hears(a_post("2", "¿y bien?"))
        warned = await office.submit(form, text=text)
        people = office.stage.server.people
        await people.press(office.people["ana"], warned.messages[0], "v1:reply_anyway:").answer()

    assert list(await office.answers()) == [text]


async def test_what_may_not_leave_is_given_back(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        refused = await office.submit(form, text="Llama al 612 345 678, DNI 12345678Z")

    assert refused.text.startswith("No se ha hecho: esto no puede salir")
    assert "Llama al 612 345 678, DNI 12345678Z" in refused.text
    assert await office.jobs() == []


async def test_too_long_and_empty_answers_are_given_back(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        people = office.stage.server.people
        form = await office.press("ana", card, "reply")
        long = await people.submit(office.people["ana"], form, {"text": "a" * 300}, forged=True).answer()
        other = await office.press("ana", card, "reply")
        empty = await people.submit(office.people["ana"], other, {"text": "   "}, forged=True).answer()

    assert "300" in long.text
    assert "a" * 300 in long.text
    assert empty.text.startswith("No se ha hecho")
    assert await office.jobs() == []


async def test_a_draft_is_approved_by_somebody_else_edited_and_rejected_with_a_reason(office: Office) -> None:
    office.rules = TOGETHER
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "reply")
        held = await office.submit(form, text="Te mandamos otra hoy.")
        await office.drawn()
        (draft,) = office.drafts()
        own = await office.press("ana", draft, "approve")
        edit = await office.press("jefa", draft, "edit")
        edited = await office.submit(edit, text="Te mandamos otra mañana.")
        warned = await office.submit(await office.press("ana", card, "reply"), text="Perdona.")
        people = office.stage.server.people
        other = await people.press(office.people["ana"], warned.messages[0], "v1:reply_anyway:").answer()
        await office.drawn()
        second = office.drafts()[-1]
        why = await office.press("leo", second, "reject")
        rejected = await office.submit(why, text="ya está dicho")

    jobs = {text: job.state for text, job in (await office.answers()).items()}
    assert "espera a que la apruebe otra persona" in held.text
    assert "tus propias palabras" in own.text
    assert edited.text == "Aprobado: va de camino."
    assert warned.text.startswith("No se ha enviado: mientras tanto ha respondido Jefa")
    assert "espera" in other.text
    assert rejected.text == "Rechazado. No saldrá."
    assert jobs == {"Te mandamos otra mañana.": JobState.PENDING, "Perdona.": JobState.DROPPED}


async def test_nobody_lets_words_go_that_they_have_not_seen(office: Office) -> None:
    """Leo changes what Ana wrote, and Ana presses on the message that still shows her own words."""
    office.rules = TOGETHER
    async with at_work(office):
        _, card = await office.case()
        await office.submit(await office.press("ana", card, "reply"), text="Te mandamos otra hoy.")
        await office.drawn()
        (draft,) = office.drafts()
        old_form = await office.press("gema", draft, "edit")
        await office.submit(await office.press("leo", draft, "edit"), text="Compra en otra parte.")
        approved = await office.press("ana", draft, "approve")
        edited = await office.submit(old_form, text="Te mandamos otra hoy, y perdona.")

    assert "Leo ha cambiado este borrador mientras tanto" in approved.text
    assert "Leo ha cambiado este borrador mientras tanto" in edited.text
    assert {text: job.state for text, job in (await office.answers()).items()} == {
        "Compra en otra parte.": JobState.HELD
    }


async def test_the_form_of_a_draft_that_is_decided_opens_no_more(office: Office) -> None:
    office.rules = TOGETHER
    async with at_work(office):
        _, card = await office.case()
        await office.submit(await office.press("ana", card, "reply"), text="Te mandamos otra hoy.")
        await office.drawn()
        (draft,) = office.drafts()
        at_once = await asyncio.gather(*(office.press(who, draft, "approve") for who in ("leo", "jefa", "gema")))
        late = await office.press("leo", draft, "edit")

    told = sorted(each.text for each in at_once)
    assert told[0] == "Aprobado: va de camino."
    assert [each.endswith(" ya lo decidió.") for each in told[1:]] == [True, True]
    assert late.text.startswith("No se ha hecho: ")
    assert late.modal is None


# --- what is written down ---


async def test_a_promise_needs_a_moment_to_come_and_gives_back_what_was_typed(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "promise")
        past = await office.submit(form, what="otra unidad", when="2020-01-01")
        other = await office.submit(await office.press("ana", card, "promise"), what="otra unidad", when="cuando toque")
        kept = await office.submit(await office.press("ana", card, "promise"), what="otra unidad", when="mañana")

    (promise,) = (await office.stage.file(case)).promises
    assert "aún no haya llegado" in past.text
    assert "otra unidad" in past.text
    assert "no entiendo cuándo es “cuando toque”" in other.text
    assert kept.text.startswith(f"Prometido en #{case.key}")
    assert promise.what == "otra unidad"
    assert f"{promise.due:%M:%S}" == "59:59"


async def test_a_voice_without_a_name_leaves_no_name_anywhere(office: Office) -> None:
    async with at_work(office):
        _, card = await office.case()
        form = await office.press("ana", card, "voice")
        said = await office.submit(form, text="la web da mal la fecha", touchpoint=["delivery"], named=["unnamed"])
        await office.drawn()
        (shown,) = office.voices()
        first = await office.press("leo", shown, "vote")
        again = await office.press("leo", shown, "vote")

    assert said.text == "Gracias. Ya está en el canal de voz."
    assert "Ana" not in str(shown.extra["embeds"])
    assert (first.text, again.text) == ("Votos: 1.", "Votos: 0.")


async def test_a_case_is_put_aside_until_the_customer_answers(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        snoozed = await office.submit(await office.press("ana", card, "snooze"), until=["answer"])
        waiting = await office.bench.queue(QueueFilter())
        await office.stage.hears(a_post("2", "¿hola?"))

    assert snoozed.text == f"#{case.key} vuelve cuando conteste el cliente."
    assert waiting == []
    assert (await office.now(case)).snooze is None


async def test_a_reading_is_corrected_in_one_form(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        form = await office.press("ana", card, "correct")
        corrected = await office.submit(form, touchpoint=["returns_refunds"], stage=["after"], sentiment=["negative"])

    lived = (await office.stage.file(case)).experiences[-1]
    assert form.modal is not None
    (intent,) = (each for each in form.modal["components"] if each["component"]["custom_id"] == "intents")
    # one is kept, so one can be chosen
    assert (intent["label"], intent["component"]["max_values"]) == ("Intención", 1)
    assert corrected.text.startswith("Corregido")
    assert (lived.touchpoint, lived.stage, lived.sentiment) == (
        Touchpoint.RETURNS_REFUNDS,
        Stage.AFTER,
        Sentiment.NEGATIVE,
    )
    assert lived.corrected_by


async def test_leads_are_called_once_and_resolving_says_whether_the_customer_is_asked(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        escalated = await office.submit(await office.press("ana", card, "escalate"), text="amenaza con denunciar")
        again = await office.submit(await office.press("leo", card, "escalate"), text="otra vez")
        form = await office.press("ana", card, "resolve")
        resolved = await office.submit(form, resolution=["solved"], fixed_by="otra unidad")

    assert "se ha avisado" in escalated.text
    assert "ya se había escalado" in again.text
    assert resolved.text.startswith(f"#{case.key} resuelto. No se pide nota al cliente")
    assert (await office.now(case)).state is CaseState.RESOLVED


async def test_where_no_lead_is_left_an_escalation_calls_and_names_the_managers(office: Office) -> None:
    guild = office.stage.server.guild
    async with at_work(office):
        _, card = await office.case()
        office.stage.server.world.join(guild, office.people["jefa"])
        form = await office.press("ana", card, "escalate")
        told = await office.submit(form, text="amenaza con denunciar")

    assert told.text.endswith(": se ha avisado a gerencia (no hay responsables).")


async def test_where_nobody_can_be_called_who_escalates_reads_so_and_what_to_do(office: Office) -> None:
    guild, world = office.stage.server.guild, office.stage.server.world
    async with at_work(office):
        case, card = await office.case()
        for who in ("jefa", "gema", "rut"):
            world.join(guild, office.people[who])
        form = await office.press("ana", card, "escalate")
        told = await office.submit(form, text="amenaza con denunciar")
        form = await office.press("leo", card, "escalate", locale="en-US")
        again = await office.submit(form, text="sigue igual")
        status = await office.command("ana", "estado")

    assert told.text.startswith(f"#{case.key} queda escalado, y el aviso está en el canal de alertas. Pero nadie tiene")
    assert "díselo tú a alguien" in told.text
    assert again.text.startswith(f"#{case.key} had been escalated before. But nobody here has a role of lead")
    assert "sigue igual" in again.text
    assert "dáselo a alguien en Discord" in status.text


# --- what nobody outside ever reads ---


async def test_no_way_leads_from_chat_to_a_customer(office: Office) -> None:
    async with at_work(office):
        case, card = await office.case()
        room, server = office.room_of(card), office.stage.server
        said = server.say(room, office.people["ana"], "¿quién lo lleva?")
        for answered in (card, said):
            server.say(room, office.people["leo"], "responder: te mandamos otra", answers=answered)
        server.say(room, office.people["ana"], f"<@{server.bot.id}> envíalo al cliente")
        server.say(room, office.people["rut"], "/responder 1001 te mandamos otra")
        before = (await office.stage.file(case)).interactions
        await asyncio.sleep(0.3)
        await office.drawn()

    identified = server.gateway.identified[-1]["intents"]
    assert await office.jobs() == []
    assert (await office.stage.file(case)).interactions == before
    # GUILDS alone: no messages, no members, nothing that Discord must approve
    assert identified == 1
