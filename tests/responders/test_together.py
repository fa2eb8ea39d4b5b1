"""One customer's story through the real decider, store, policy and dispatcher; only the reading is given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desk.reasons import reason_in
from bot.domain.action import ReplyKind
from bot.domain.case import Case, CaseState
from bot.domain.digest import DigestText
from bot.domain.mention import Batch, Mention
from bot.domain.outbox import JobState, Receipt
from bot.domain.ports.reader import PersonalData
from bot.domain.ports.record import CaseFile
from bot.domain.ports.store import Store
from bot.domain.reading import Intent, Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Heard
from bot.domain.time import BusinessHours, LiveWatch, RecordedWatch, Watch
from bot.insight.wording import wording
from bot.pipeline.casework import Clocks
from bot.pipeline.decide import Decider
from bot.testing import ScriptedChannel, memory_store, mention, reading
from responders.dispatch import Dispatcher
from responders.optout import wants_out
from responders.policy import ChannelRules, Mode, RuleBook, Rules
from responders.registry import Kit, open_responders
from responders.templates import open_templates

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPLIES = Path(__file__).parents[2] / "config" / "replies"
CLOCKS = Clocks(
    hours=BusinessHours(zone=ZoneInfo("Europe/Madrid"), opens=time(9), closes=time(19), weekdays=frozenset(range(5))),
    first_answer=dict.fromkeys(Urgency, timedelta(hours=4)),
    solve_working_days=15,
)
LATE = reading(
    intents=(Intent.COMPLAINT,),
    sentiment=Sentiment.NEGATIVE,
    urgency=Urgency.MEDIUM,
    touchpoints=(Touchpoint.DELIVERY,),
)
HAPPY = reading(intents=(Intent.PRAISE,), sentiment=Sentiment.POSITIVE)


class CardTable:
    """A desk that lays out what it is shown."""

    name = "table"

    def __init__(self) -> None:
        self.cases: list[int] = []
        self.alerts: list[str] = []

    async def post(self, file: CaseFile, key: str) -> Receipt:
        self.cases.append(file.case.key)
        return Receipt(external_id=key, at=MONDAY)

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        del wakes
        self.alerts.append(text)
        return Receipt(external_id=key, at=MONDAY)

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        del picture, described
        return await self.alert(text.whole, key)


@dataclass
class Story:
    """What happens, hour by hour."""

    store: Store
    decider: Decider
    channel: ScriptedChannel
    desk: CardTable
    dispatcher: Dispatcher
    dispatcher_at: Callable[[Watch], Dispatcher]
    hour: int = 0

    async def ana(self, text: str, read: Reading) -> None:
        """Ana writes, the house decides and acts."""
        self.hour += 1
        heard = mention(str(self.hour), text, posted_at=self._now(), thread_id="t1", summoned=True)
        await self._settle(heard, replace(read, language=Language.ES))

    async def brand(self, text: str) -> None:
        """Somebody of the brand answers in the thread."""
        self.hour += 1
        ours = mention(str(self.hour), text, who="brand", posted_at=self._now(), thread_id="t1", by_brand=True)
        await self._settle(ours, None)

    async def _settle(self, heard: Mention, read: Reading | None) -> None:
        await self.store.inbox.accept("test", Batch(mentions=(heard,), cursor=None), self._now())
        await self.store.history.settle([Heard(mention=heard, reading=read)], self.decider, lambda moment: moment)
        await self.dispatcher.run_until_idle()

    def _now(self) -> datetime:
        return MONDAY + timedelta(hours=self.hour)

    async def case(self) -> Case:
        """The first case as it stands."""
        file = await self.store.history.case(1001)
        assert file is not None
        return file.case

    def kinds_said(self) -> list[ReplyKind]:
        return [said.reply.kind for said in self.channel.spoken]


ORDER = ("hush", "thank", "answer", "escalate", "route", "ask")


@pytest.fixture
async def story(personal_data: PersonalData) -> AsyncIterator[Story]:
    async with told(personal_data, ORDER) as begun:
        yield begun


@asynccontextmanager
async def told(personal_data: PersonalData, order: Sequence[str], **changes: Any) -> AsyncIterator[Story]:
    """A story with these responders; the rules but for the channel are changed by keyword."""
    phrasebook = open_templates(REPLIES, brand="Zarapito", language=Language.ES)
    rules = Rules(elsewhere=ChannelRules(mode=Mode.AUTO, must_be_summoned=True), **changes)
    policy = RuleBook(rules, personal_data=personal_data, disclosure=phrasebook.disclosure)
    kit = Kit(
        phrasebook=phrasebook,
        policy=policy,
        limit_of=rules.limit_of,
        desk="casos",
        alerts="alertas",
        hours=CLOCKS.hours,
    )
    responders = open_responders(order, kit)
    decider = Decider(responders=responders, policy=policy, clocks=CLOCKS, wants_out=wants_out)
    channel, desk = ScriptedChannel(), CardTable()
    async with memory_store() as store:
        words = partial(reason_in, wording(Language.ES, "bot.desk"))

        def dispatcher_at(watch: Watch) -> Dispatcher:
            return Dispatcher(store.outbox, store.history, {"test": channel}, desk, watch=watch, words=words)

        yield Story(
            store=store,
            decider=decider,
            channel=channel,
            desk=desk,
            dispatcher=dispatcher_at(RecordedWatch()),
            dispatcher_at=dispatcher_at,
        )


async def test_a_complaint_is_shown_once_answered_and_its_thanks_met_with_one_question(story: Story) -> None:
    await story.ana("@zarapito el paquete llegó roto", LATE)
    await story.ana("¿nadie contesta?", LATE)
    await story.brand("¡Hola, Ana! Te mandamos otro hoy.")
    await story.ana("¡Llegó, gracias!", HAPPY)
    await story.ana("5", reading(intents=(Intent.SMALLTALK,)))

    assert story.desk.cases == [1001]
    assert story.kinds_said() == [ReplyKind.SURVEY]
    assert all("Respuesta automática" in said.reply.text for said in story.channel.spoken)
    customer = await story.store.history.customer("ana")
    assert customer is not None
    journey = await story.store.history.journey(customer.id)
    assert [survey.answer for survey in journey.surveys] == [5]
    assert [case.is_open for case in journey.cases] == [False]


@pytest.mark.parametrize(
    ("told", "topic"),
    [
        ("pido la baja del contador de mi padre, que falleció, y le llega una carta de bienvenida", "death"),
        ("no me deja hacer la compra, la comida llevaba cacahuetes y mi hija tiene alergia", "health"),
        ("Hoy pongo la hoja de reclamaciones y mañana voy a la OCU, son 640 € en muebles", "legal"),
    ],
)
async def test_after_something_delicate_no_machine_is_cheerful_and_none_asks_for_a_number(
    story: Story, told: str, topic: str
) -> None:
    await story.ana(told, LATE)
    await story.brand("Lo sentimos mucho. Está hecho, y te llamamos hoy.")
    await story.ana("Ya está resuelto, gracias", HAPPY)

    assert story.channel.spoken == []
    customer = await story.store.history.customer("ana")
    assert customer is not None
    journey = await story.store.history.journey(customer.id)
    assert [case.is_open for case in journey.cases] == [False]
    [held] = await story.store.outbox.jobs(JobState.HELD)
    assert held.ruling.reason == because("policy.delicate", topic=topic)


async def test_praise_is_thanked_once_by_the_machine_and_then_by_people(story: Story) -> None:
    await story.ana("¡Qué botas!", HAPPY)
    await story.ana("¡De verdad, qué botas!", HAPPY)

    assert story.kinds_said() == [ReplyKind.THANKS]
    [held] = await story.store.outbox.jobs(JobState.HELD)
    assert held.ruling.reason == because("policy.conversation_cap", n=1)


async def test_who_opts_out_hears_nothing_more(story: Story) -> None:
    await story.ana("dejad de escribirme", reading(sentiment=Sentiment.NEGATIVE, intents=(Intent.REQUEST,)))
    await story.ana("Bonitas botas, eso sí", HAPPY)

    assert story.channel.spoken == []
    assert story.desk.cases == []
    customer = await story.store.history.customer("ana")
    assert customer is not None
    assert customer.opted_out


async def test_the_word_of_the_disclosure_line_brings_a_person(story: Story) -> None:
    await story.ana("¡Qué botas!", HAPPY)
    await story.ana("persona", reading(intents=(Intent.SMALLTALK,), about_brand=False))

    [alert] = story.desk.alerts
    assert alert.startswith("pide hablar con una persona")


async def test_an_emergency_is_shown_and_alerted_once(story: Story) -> None:
    urgent = replace(LATE, urgency=Urgency.HIGH)
    await story.ana("Me han robado la cuenta, salgo de viaje hoy", urgent)
    await story.ana("¿Hola? ¡Salgo en una hora!", urgent)

    assert len(story.desk.alerts) == 1
    assert story.desk.cases == [1001]


async def test_who_opens_a_case_is_told_its_number_once_and_the_clock_runs_on(personal_data: PersonalData) -> None:
    kinds = frozenset({ReplyKind.RECEIPT})
    async with told(personal_data, (*ORDER, "acknowledge"), auto_kinds=kinds) as story:
        await story.ana("@zarapito el paquete llegó roto", LATE)
        await story.ana("¿nadie contesta?", LATE)

        assert story.kinds_said() == [ReplyKind.RECEIPT]
        assert "#1001" in story.channel.spoken[0].reply.text
        waiting = await story.case()
        assert waiting.first_answered_at is None
        assert waiting.state is CaseState.NEW

        await story.brand("Ya lo miramos, Ana.")

        assert (await story.case()).first_answered_at is not None


async def test_no_receipt_waits_for_a_person_beside_the_answer(personal_data: PersonalData) -> None:
    async with told(personal_data, (*ORDER, "acknowledge")) as story:
        await story.ana("@zarapito el paquete llegó roto", LATE)

        assert await story.store.outbox.jobs(JobState.HELD) == []


@pytest.mark.parametrize("meanwhile", ["answered", "late"])
async def test_a_receipt_that_says_nothing_true_any_more_does_not_leave(
    personal_data: PersonalData, meanwhile: str
) -> None:
    kinds = frozenset({ReplyKind.RECEIPT})
    async with told(personal_data, (*ORDER, "acknowledge"), auto_kinds=kinds) as story:
        await story.store.outbox.pause("maya", MONDAY)
        await story.ana("@zarapito el paquete llegó roto", LATE)
        if meanwhile == "answered":
            await story.brand("Ya lo miramos, Ana.")
        else:
            story.dispatcher = story.dispatcher_at(LiveWatch())
        await story.store.outbox.resume()
        await story.dispatcher.run_until_idle()

        assert story.channel.spoken == []
        [withheld] = await story.store.outbox.jobs(JobState.WITHHELD)
        assert withheld.error == because(f"outbox.receipt_{meanwhile}")
