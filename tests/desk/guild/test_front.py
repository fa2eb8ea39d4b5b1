"""A case's whole life, process after process, with customers at one end and agents at the other."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from sqlite3 import connect

from bot.domain.action import SurveyKind
from bot.domain.agent import Deed
from bot.domain.case import CaseState, Outcome
from bot.domain.deskwork import QueueFilter
from bot.domain.errors import ChannelRefused
from bot.domain.reading import Intent, Sentiment, Touchpoint
from bot.testing import reading
from tests.desk.guild.house import House, about
from tests.desk.guild.office import TOGETHER

DAY = timedelta(days=1)
GUILDS_ALONE = 1


async def test_of_five_who_take_two_hundred_cases_at_once_each_case_has_one_owner(house: House) -> None:
    office, people = house.office, ("ana", "leo", "jefa", "gema", "rut")
    office.stage.places = replace(office.stage.places, per_minute=10_000)
    async with house.open():
        for number in range(200):
            await house.accepts("llegó roto", who=f"cliente_{number}")
        await house.settles()
        cases = await office.bench.queue(QueueFilter(limit=500))
        owners = dict[int, str]()
        for case in cases:
            pressed = await asyncio.gather(*(office.press(who, house.card(case), "take") for who in people))
            won = [one for one in pressed if one.text == f"#{case.key} es tuyo."]
            lost = [one for one in pressed if f"#{case.key} lo tomó " in one.text]
            assert (len(won), len(lost)) == (1, 4)
            owners[case.key] = f"discord:{won[0].user.id}"
        await house.settles()
        kept = {case.key: case.assignee for case in await office.bench.queue(QueueFilter(limit=500))}

    assert len(owners) == 200
    assert kept == owners


async def test_a_mention_is_a_post_and_the_sent_answer_stands_in_it(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears("llegó roto y llevo dos días esperando")
        form = await office.press("ana", house.card(case), "reply")
        await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()
        told = house.told(case)
        state = (await house.now(case)).case.state

    assert "llegó roto" in told
    assert "Te mandamos otra hoy." in told
    assert house.said == ["Te mandamos otra hoy."]
    assert state is CaseState.WAITING
    assert house.server.gateway.identified[-1]["intents"] == GUILDS_ALONE


async def test_an_answer_that_the_channel_refuses_is_said_on_the_card(house: House) -> None:
    office = house.office
    house.channel.faults.append(ChannelRefused("the post was deleted"))
    async with house.open():
        case = await house.hears()
        await office.submit(await office.press("ana", house.card(case), "reply"), text="Te mandamos otra hoy.")
        await house.settles()
        card = str(house.card(case).extra["embeds"])

    assert house.said == []
    assert "the post was deleted" in card


async def test_a_form_opened_three_processes_ago_is_still_sent(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "reply")
    for _ in range(2):
        async with house.open():
            pass
    async with house.open():
        taken = await office.press("leo", house.card(case), "take")
        sent = await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()

    assert taken.text == f"#{case.key} es tuyo."
    assert "va de camino" in sent.text
    assert house.said == ["Te mandamos otra hoy."]


async def test_a_press_told_again_after_a_restart_is_still_one_deed(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "reply")
        sent = await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()
    async with house.open():
        house.server.people.again(sent)
        await asyncio.sleep(0.3)
        await house.settles()

    assert house.said == ["Te mandamos otra hoy."]


async def test_the_customer_writes_while_a_draft_waits_for_a_second_person(house: House) -> None:
    office = house.office
    office.rules = TOGETHER
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "reply")
        await office.submit(form, text="Te mandamos otra hoy.")
        await house.settles()
        await house.hears("¡da igual, ya llegó!")
        (draft,) = office.drafts()
        warned = await office.press("jefa", draft, "approve")
        before = list(house.said)
        sent = await house.server.people.press(office.people["jefa"], warned.messages[0], "v1:approve_anyway:").answer()
        await house.settles()

    assert "ya llegó" in warned.text
    assert "Te mandamos otra hoy." in warned.text
    assert before == []
    assert sent.text == "Aprobado: va de camino."
    assert house.said == ["Te mandamos otra hoy."]


async def test_a_draft_too_long_for_discord_comes_as_a_file_and_is_sent_whole_or_not_at_all(house: House) -> None:
    office, whole = house.office, "palabra " * 700 + "y fin"
    office.rules = replace(TOGETHER, elsewhere=replace(TOGETHER.elsewhere, limit=10_000))
    async with house.open():
        case = await house.hears()
        ana = office.agent(office.people["ana"])
        seen = (await house.now(case)).interactions[-1].key
        await office.letters.reply(case.key, whole, ana, seen=seen, press="by another desk")
        await house.hears("¡da igual, ya llegó!")
        (draft,) = office.drafts()
        edit = await office.press("jefa", draft, "edit")
        warned = await office.press("jefa", draft, "approve")
        await house.server.people.press(office.people["jefa"], warned.messages[0], "v1:approve_anyway:").answer()
        await house.settles()

    assert edit.text.startswith("No se ha hecho")
    assert "ya llegó" in warned.text
    assert [file["filename"] for file in warned.messages[0].attachments] == ["texto.txt"]
    assert house.said == [whole]


async def test_a_snooze_outlives_a_restart_and_ends_in_time(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        await office.submit(await office.press("ana", house.card(case), "snooze"), until=["tomorrow"])
        await house.settles()
        archived = house.post(case).archived
    async with house.open():
        asleep = await office.bench.queue(QueueFilter())
        await office.alarm.wake(datetime.now(UTC) + 2 * DAY)
        await house.settles()
        awake = await office.bench.queue(QueueFilter())
        again = house.post(case).archived

    assert (archived, asleep) == (True, [])
    assert [one.key for one in awake] == [case.key]
    assert not again


async def test_a_snooze_ends_with_the_customers_words(house: House) -> None:
    office = house.office
    async with house.open():
        case = await house.hears()
        await office.submit(await office.press("ana", house.card(case), "snooze"), until=["answer"])
        await house.settles()
    async with house.open():
        same = await house.hears("¿hola?")
        told, archived = house.told(case), house.post(case).archived

    assert same.key == case.key
    assert same.snooze is None
    assert "¿hola?" in told
    assert not archived


async def test_a_correction_changes_the_ledger_and_the_digest_and_keeps_what_was_read(house: House) -> None:
    office, now = house.office, datetime.now(UTC)
    async with house.open():
        case = await house.hears()
        before = await office.store.reports.tally(now - DAY, now + DAY)
        form = await office.press("ana", house.card(case), "correct")
        await office.submit(
            form, touchpoint=["returns_refunds"], stage=["after"], sentiment=["positive"], intents=["praise"]
        )
        after = await office.store.reports.tally(now - DAY, now + DAY)
        file = await house.now(case)
        (line,) = await office.bench.log(case.key)
        await house.settles()
        card = str(house.card(case).extra["embeds"])

    with closing(connect(house.file)) as ledger:
        rows = ledger.execute("SELECT touchpoint FROM experience ORDER BY rowid").fetchall()

    assert before != after
    assert rows == [("delivery",), ("returns_refunds",)], "what the model read is kept"
    assert [each.touchpoint for each in file.experiences] == [Touchpoint.RETURNS_REFUNDS]
    assert line.deed is Deed.CORRECT
    assert line.detail["touchpoint"] == ("delivery → returns_refunds",)
    assert "Devoluciones" in card


async def test_a_solved_case_asks_one_number_and_its_answer_says_how_it_ended(house: House) -> None:
    office = house.office
    office.survey = SurveyKind.CSAT
    async with house.open():
        case = await house.hears()
        form = await office.press("ana", house.card(case), "resolve")
        resolved = await office.submit(form, resolution=["solved"], fixed_by="otra unidad")
        await house.settles()
        house.read = reading(sentiment=Sentiment.POSITIVE, intents=(Intent.SMALLTALK,))
        await house.accepts("5")
        await house.settles()
        file, card = await house.now(case), house.told(case)

    assert "Se le pregunta al cliente" in resolved.text
    assert house.said == ["¿Qué nota nos das?"]
    assert file.score is not None
    assert file.score.answer == 5
    assert (file.case.state, file.case.outcome) == (CaseState.RESOLVED, Outcome.RECOVERED)
    assert "otra unidad" in card


async def test_an_older_case_that_becomes_part_of_a_newer_one_is_told_there(house: House) -> None:
    office = house.office
    async with house.open():
        first = await house.hears("llegó roto")
        await office.command("leo", "nota", {"texto": "llamar al transportista", "caso": first.key})
        await house.settles()
        house.read = about(Touchpoint.BILLING)
        second = await house.hears("y me cobrasteis dos veces")
        await office.command("leo", "nota", {"texto": "mirar el cargo", "caso": second.key})
        await house.settles()
        await office.command("ana", "unir", {"caso": first.key, "en": second.key})
        await house.settles()
        whole = house.told(second)

    assert "cobrasteis dos veces" in whole
    assert "llegó roto" in whole
    assert "llamar al transportista" in whole


async def test_two_cases_of_one_customer_become_one_and_a_closed_one_is_opened_again(house: House) -> None:
    office = house.office
    async with house.open():
        first = await house.hears("llegó roto")
        house.read = about(Touchpoint.BILLING)
        second = await house.hears("y me cobrasteis dos veces")
        merged = await office.command("ana", "unir", {"caso": second.key, "en": first.key})
        await house.settles()
        third = await house.hears("¿y bien?")
        whole = house.told(first)
        form = await office.press("ana", house.card(first), "resolve")
        await office.submit(form, resolution=["informed"], fixed_by="")
        await house.settles()
        opened = await office.press("leo", house.card(first), "reopen")
        file, part = await house.now(first), await house.now(second)

    assert first.key != second.key
    assert merged.text == f"#{second.key} es ahora parte de #{first.key}."
    assert third.key == first.key
    assert "cobrasteis dos veces" in whole
    assert opened.text == f"#{first.key} abierto de nuevo."
    assert file.case.is_open
    assert part.case.merged_into == first.id
