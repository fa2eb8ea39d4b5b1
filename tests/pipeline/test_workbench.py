"""What agents do with cases: one owner, one deed a press, and everything in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.action import Alert, Ask, Reply, ReplyKind, Route, SurveyKind
from bot.domain.agent import Agent, Deed, Rank
from bot.domain.case import Case, CaseState, Outcome, Resolution
from bot.domain.deskwork import QueueFilter
from bot.domain.errors import NotDone
from bot.domain.mention import Batch
from bot.domain.outbox import Delivery, JobState, Receipt, Ruling, Verdict
from bot.domain.papers import Again, Deeds, Papers, Press, Work
from bot.domain.ports.record import CaseFile
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.reason import Reason, because
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.pipeline.alarm import Alarm
from bot.pipeline.workbench import Workbench
from bot.store.moments import micros
from bot.store.people import opt_out
from bot.store.sqlite import SqliteStore, open_store
from bot.testing import NOON, lived, memory_store, mention, new_case, reading
from nlp.pii import Recogniser
from responders.policy import ChannelRules, Mode, RuleBook, Rules
from tests.pipeline.writing import CLOCKS

MAYA, LEO = Agent(id="discord:1", name="Maya"), Agent(id="discord:2", name="Leo")
JEFA = Agent(id="discord:3", name="Jefa", rank=Rank.LEAD)
BOSS = Agent(id="discord:4", name="Gerente", rank=Rank.MANAGER)
T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = Rules(elsewhere=ChannelRules(mode=Mode.APPROVE, limit=200))
CALM = reading()
ROUTED = Ruling(verdict=Verdict.SEND, reason="ok")


@dataclass
class House:
    """A store, a clock that stands still, and quiet hours that end when a test says."""

    store: SqliteStore
    at: datetime = NOON
    quiet: timedelta = timedelta()
    rules: Rules = RULES
    survey: SurveyKind | None = SurveyKind.CSAT
    heard: int = field(default=0)

    def now(self, moment: datetime) -> datetime:
        del moment
        return self.at

    @property
    def bench(self) -> Workbench:
        return Workbench(
            deeds=self.store.deeds,
            policy=RuleBook(self.rules, personal_data=Recogniser(), disclosure=lambda _: "auto"),
            clocks=CLOCKS,
            question=self.question,
            rings_at=lambda now: now + self.quiet,
            alerts="alertas",
            watch=self,
        )

    @property
    def alarm(self) -> Alarm:
        return Alarm(deeds=self.store.deeds, rings_at=lambda now: now + self.quiet, alerts="alertas")

    def question(self, situation: Situation) -> Ask | None:
        if self.survey is None:
            return None
        return Ask(to=situation.mention.id, survey=self.survey, text="¿Qué nota nos das?", language=Language.ES)

    async def hears(
        self,
        text: str = "llegó roto",
        *,
        who: str = "ana",
        urgency: Urgency = Urgency.LOW,
        answers: int | None = None,
        read: Reading = CALM,
    ) -> Case | None:
        """A customer writes: into their open case, or a new one."""
        self.heard += 1
        post = mention(str(self.heard), text, who=who, posted_at=self.at)
        await self.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), self.at)

        def decide(situation: Situation) -> Decision:
            if answers is not None:
                return Decision(survey_answer=answers)
            known = next((case for case in situation.cases if case.is_open), None)
            begun = replace(new_case(situation, urgency=urgency), touchpoints=(Touchpoint.DELIVERY,))
            case = known.heard_again(post.posted_at, (), urgency) if known else begun
            route = Route(desk="casos", reason="r", urgency=urgency)
            return Decision(
                case=case,
                experiences=(lived(situation, Touchpoint.DELIVERY),),
                actions=(Decided(action=route, responder="r", ruling=ROUTED),),
            )

        (settled,) = await self.store.history.settle([Heard(mention=post, reading=read)], decide, lambda at: at)
        return settled.case

    async def case(self, **about: object) -> Case:
        opened = await self.hears(**about)  # type: ignore[arg-type]
        assert opened is not None
        return opened

    async def asks(self, case: Case) -> None:
        """An agent solves the case, and the question goes out."""
        await self.bench.resolve(case.key, Resolution.SOLVED, "envío nuevo", MAYA, press=f"solve {case.key}")
        claimed = await self.store.outbox.claim(10, self.at, HOUR)
        (ask,) = [errand.job for errand in claimed if isinstance(errand.job.action, Ask)]
        await self.store.outbox.sent([Delivery(job=ask, receipt=Receipt(external_id=f"q{case.key}", at=self.at))])
        self.at += HOUR

    async def answer(self, case: Case, text: str) -> None:
        """The brand answers in the case's thread, by its own account."""
        self.heard += 1
        to = case.opened_by.removeprefix("test:")
        post = mention(str(self.heard), text, who="brand", in_reply_to=to, posted_at=self.at, by_brand=True)
        await self.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), self.at)
        await self.store.history.settle([Heard(mention=post, reading=None)], lambda _: Decision(), lambda at: at)

    async def file(self, case: Case) -> CaseFile:
        file = await self.store.history.case(case.key)
        assert file is not None
        return file

    async def alerts(self) -> list[tuple[str, bool, datetime]]:
        jobs = await self.store.outbox.jobs()
        return [
            (str(job.action.reason.name) if isinstance(job.action.reason, Reason) else "", job.action.wakes, job.due_at)
            for job in jobs
            if isinstance(job.action, Alert)
        ]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with memory_store() as store:
        yield House(store)


def why(raised: pytest.ExceptionInfo[NotDone]) -> str:
    reason = raised.value.why
    return reason.name if isinstance(reason, Reason) else reason


async def test_of_two_hundred_who_press_at_once_one_wins_and_the_others_see_whose_it_is(house: House) -> None:
    case = await house.case()
    agents = [Agent(id=f"discord:{n}", name=f"A{n}") for n in range(200)]

    taken = await asyncio.gather(*(house.bench.take(case.key, agent, press=f"p{n}") for n, agent in enumerate(agents)))

    assert sum(each.won for each in taken) == 1
    assert len({each.case.assignee for each in taken}) == 1
    assert taken[0].case.taken_at == NOON
    assert [line.deed for line in await house.bench.log(case.key)] == [Deed.TAKE]


async def test_five_agents_press_at_once_over_three_connections_and_one_owns_each_case(tmp_path: Path) -> None:
    """R13, through the workbench."""
    place = tmp_path / "v.db"
    async with open_store(place) as one, open_store(place) as two, open_store(place) as three:
        houses = [House(store) for store in (one, one, one, two, three)]
        for n in range(50):
            case = await houses[0].case(who=f"c{n}")
            agents = [Agent(id=f"discord:{seat}", name=f"A{seat}") for seat in range(5)]
            presses = [
                house.bench.take(case.key, agent, press=f"{case.key} {agent.id}")
                for house, agent in zip(houses, agents, strict=True)
            ]
            taken = await asyncio.gather(*presses)
            (owner,) = [agent.id for agent, answer in zip(agents, taken, strict=True) if answer.won]
            assert {answer.case.assignee for answer in taken} == {owner}


async def test_one_press_is_one_deed_however_often_it_is_delivered(house: House) -> None:
    case = await house.case()

    for _ in range(3):
        await house.bench.note(case.key, "llamar a almacén", MAYA, press="p1")

    file = await house.store.history.case(case.key)
    assert file is not None
    assert [line.text for line in file.interactions if line.actor == MAYA.id] == ["llamar a almacén"]
    assert len(await house.bench.log(case.key)) == 1


async def test_only_the_owner_or_a_lead_releases_and_only_a_lead_assigns(house: House) -> None:
    case = await house.case()
    await house.bench.take(case.key, MAYA, press="1")

    with pytest.raises(NotDone) as not_yours:
        await house.bench.release(case.key, LEO, press="2")
    with pytest.raises(NotDone) as no_rank:
        await house.bench.assign(case.key, LEO, MAYA, press="3")
    released = await house.bench.release(case.key, JEFA, press="4")
    given = await house.bench.assign(case.key, LEO, JEFA, press="5")

    assert (why(not_yours), why(no_rank)) == ("desk.not_yours", "desk.needs_rank")
    assert not_yours.value.why.values["who"] == "Maya"  # type: ignore[union-attr]
    assert (released.assignee, given.assignee) == (None, LEO.id)
    assert [line.refused is not None for line in await house.bench.log(case.key)] == [False, False, True, True, False]
    assert await house.bench.names([LEO.id, "nadie"]) == {LEO.id: "Leo", "nadie": "nadie"}


async def test_a_snooze_ends_when_its_time_has_come_and_when_the_customer_writes(house: House) -> None:
    case, other = await house.case(), await house.case(who="luz")
    await house.bench.snooze(case.key, NOON + HOUR, MAYA, press="1")
    await house.bench.snooze(other.key, None, MAYA, press="2")
    with pytest.raises(NotDone) as past:
        await house.bench.snooze(case.key, NOON - HOUR, MAYA, press="3")

    before = await house.bench.queue(QueueFilter())
    assert await house.alarm.wake(NOON + HOUR / 2) == 0
    assert await house.alarm.wake(NOON + HOUR) == 1
    assert await house.alarm.wake(NOON + HOUR) == 0
    woken = await house.bench.queue(QueueFilter())
    await house.hears("¿hola?", who="luz")

    assert (before, why(past)) == ([], "desk.snooze_when")
    assert [each.key for each in woken] == [case.key]
    assert {each.key for each in await house.bench.queue(QueueFilter())} == {case.key, other.key}


@dataclass(frozen=True)
class Between:
    """The deeds of a store; after each look, and before what follows, somebody does something."""

    deeds: Deeds
    meanwhile: Callable[[], Awaitable[object]]

    async def do(self, press: Press, work: Work[T], again: Again[T]) -> T:
        return await self.deeds.do(press, work, again)

    async def change(self, work: Callable[[Papers], T]) -> T:
        return await self.deeds.change(work)

    async def look(self, work: Callable[[Papers], T]) -> T:
        found = await self.deeds.look(work)
        await self.meanwhile()
        return found


async def test_who_puts_a_case_aside_anew_as_it_wakes_is_obeyed(house: House) -> None:
    case = await house.case()
    await house.bench.snooze(case.key, NOON + HOUR, MAYA, press="1")
    house.at = NOON + HOUR
    anew = Between(house.store.deeds, lambda: house.bench.snooze(case.key, NOON + 5 * HOUR, MAYA, press="2"))

    await replace(house.alarm, deeds=anew).wake(house.at)

    assert await house.bench.queue(QueueFilter()) == []
    assert await house.alarm.wake(NOON + 5 * HOUR) == 1


async def test_a_clock_that_ran_out_while_a_case_was_put_aside_rings_when_it_wakes(house: House) -> None:
    case = await house.case()
    await house.bench.snooze(case.key, case.first_answer_due + 5 * DAY, MAYA, press="1")
    await house.alarm.ring(case.first_answer_due + HOUR)
    before = await house.alerts()

    await house.alarm.wake(case.first_answer_due + 5 * DAY)

    assert before == []
    assert [name for name, _, _ in await house.alerts()] == ["alert.first_answer"]


async def test_a_snooze_outlives_a_restart(tmp_path: Path) -> None:
    async with open_store(tmp_path / "v.db") as store:
        case = await House(store).case()
        await House(store).bench.snooze(case.key, NOON + HOUR, MAYA, press="1")
    async with open_store(tmp_path / "v.db") as store:
        asleep = await House(store).bench.queue(QueueFilter())
        woken = await House(store).alarm.wake(NOON + HOUR)
        awake = await House(store).bench.queue(QueueFilter())
        log = await House(store).bench.log(case.key)

    assert (asleep, woken, [each.key for each in awake]) == ([], 1, [case.key])
    assert [(line.agent_id, line.deed) for line in log] == [("vivencia", Deed.WAKE), (MAYA.id, Deed.SNOOZE)]


async def test_an_escalation_calls_the_leads_once_and_after_quiet_hours(house: House) -> None:
    case = await house.case()
    house.quiet = 3 * HOUR

    first = await house.bench.escalate(case.key, "amenaza con denunciar", MAYA, press="1")
    again = await house.bench.escalate(case.key, "otra vez", LEO, press="2")

    assert (first.first, first.rings_at, again.first) == (True, NOON + 3 * HOUR, False)
    assert first.case.urgency is Urgency.HIGH
    assert await house.alerts() == [("alert.escalated", True, NOON + 3 * HOUR)]


async def test_an_escalation_is_over_when_the_case_is_and_whoever_presses_reads_when_the_leads_are_called(
    house: House,
) -> None:
    case = await house.case()
    house.quiet = 3 * HOUR
    first = await house.bench.escalate(case.key, "amenaza con irse", MAYA, press="1")
    house.at += HOUR

    delivered_twice = await house.bench.escalate(case.key, "amenaza con irse", MAYA, press="1")
    later = await house.bench.escalate(case.key, "yo también", LEO, press="2")
    await house.bench.resolve(case.key, Resolution.NO_REPLY, "", MAYA, press="3")
    reopened = await house.bench.reopen(case.key, MAYA, press="4")
    anew = await house.bench.escalate(case.key, "ha vuelto", LEO, press="5")

    assert (delivered_twice.first, delivered_twice.rings_at) == (True, first.rings_at)
    assert (later.first, later.rings_at) == (False, first.rings_at)
    assert (reopened.escalated_at, anew.first) == (None, True)
    assert len(await house.alerts()) == 2


async def test_each_clock_that_runs_out_rings_once(house: House) -> None:
    case = await house.case()
    late = case.first_answer_due + HOUR
    house.at = late

    assert await house.alarm.ring(late) == 1
    assert await house.alarm.ring(late + HOUR) == 0
    assert await house.alarm.ring(case.solve_due) == 1
    assert [name for name, _, _ in await house.alerts()] == ["alert.solve", "alert.first_answer"]


async def test_a_snoozed_or_long_forgotten_clock_does_not_ring(house: House) -> None:
    case, old = await house.case(), await house.case(who="luz")
    await house.bench.snooze(case.key, None, MAYA, press="1")

    assert await house.alarm.ring(old.first_answer_due + 2 * DAY) == 0


async def test_nobody_is_called_to_answer_whom_nobody_may_answer(house: House) -> None:
    case = await house.case()
    await house.store.deeds._engine.write(
        lambda connection: opt_out(connection, case.customer_id, micros(house.at + HOUR))
    )

    assert await house.alarm.ring(case.first_answer_due + HOUR) == 0


async def test_a_clock_that_ran_out_while_nobody_looked_rings_at_the_next_look(house: House) -> None:
    case = await house.case()
    friday, monday = case.first_answer_due - HOUR, case.first_answer_due + 2 * DAY
    house.at = monday

    assert await house.alarm.ring(monday, looked=monday + HOUR) == 0
    assert await house.alarm.ring(monday, looked=friday) == 1
    assert await house.alarm.ring(monday, looked=friday) == 0


async def test_resolving_asks_one_number_and_only_the_answer_says_how_it_ended(house: House) -> None:
    case = await house.case()

    await house.asks(case)
    asked = (await house.file(case)).case
    await house.hears("5", answers=5)
    answered = (await house.file(case)).case

    assert (asked.outcome, asked.resolution, asked.fixed_by) == (None, Resolution.SOLVED, "envío nuevo")
    assert (answered.outcome, answered.state) == (Outcome.RECOVERED, CaseState.RESOLVED)


@pytest.mark.parametrize(
    ("survey", "score", "outcome"),
    [
        (SurveyKind.CSAT, 4, Outcome.RECOVERED),
        (SurveyKind.CSAT, 3, None),
        (SurveyKind.CSAT, 2, Outcome.NOT_RECOVERED),
        (SurveyKind.NPS, 9, Outcome.RECOVERED),
        (SurveyKind.NPS, 7, None),
        (SurveyKind.NPS, 6, Outcome.NOT_RECOVERED),
        (SurveyKind.CES, 5, Outcome.RECOVERED),
        (SurveyKind.CES, 4, None),
        (SurveyKind.CES, 3, Outcome.NOT_RECOVERED),
    ],
)
async def test_each_scale_has_its_own_middle_that_proves_nothing(
    house: House, survey: SurveyKind, score: int, outcome: Outcome | None
) -> None:
    house.survey = survey
    case = await house.case()
    await house.asks(case)

    await house.hears(str(score), answers=score)

    assert (await house.file(case)).case.outcome is outcome


async def test_the_question_leaves_when_quiet_hours_are_over_and_never_to_who_wants_peace(house: House) -> None:
    case, other = await house.case(), await house.case(text="no me escribáis más", who="luz")
    house.quiet = 3 * HOUR

    resolved = await house.bench.resolve(case.key, Resolution.SOLVED, "envío nuevo", MAYA, press="1")
    left_alone = await house.bench.resolve(other.key, Resolution.SOLVED, "baja", MAYA, press="2")

    dues = [job.due_at for job in await house.store.outbox.jobs(JobState.PENDING) if isinstance(job.action, Ask)]
    assert (resolved.question.verdict, dues) == (Verdict.SEND, [NOON + 3 * HOUR])
    assert left_alone.question == Ruling(verdict=Verdict.BLOCK, reason=because("policy.opted_out"))


async def test_a_score_for_a_case_that_goes_on_does_not_end_it(house: House) -> None:
    case = await house.case()
    await house.asks(case)
    await house.bench.reopen(case.key, MAYA, press="2")

    await house.hears("1", answers=1)

    assert (await house.file(case)).case.outcome is None


async def test_a_past_day_does_not_know_what_the_customer_said_later(house: House) -> None:
    case = await house.case(read=reading(sentiment=Sentiment.NEGATIVE))
    await house.asks(case)
    house.at += 2 * DAY
    await house.hears("5", answers=5)

    then = await house.store.reports.loops(NOON, NOON + DAY)
    now = await house.store.reports.loops(NOON, NOON + 3 * DAY)

    assert (then.detractors, then.recovered, then.not_recovered, then.unclosed) == (1, 0, 0, ())
    assert (now.detractors, now.recovered, now.not_recovered, now.unclosed) == (1, 1, 0, ())


async def test_a_press_delivered_again_reads_why_nobody_was_asked(house: House) -> None:
    case = await house.case()
    house.survey = None

    first = await house.bench.resolve(case.key, Resolution.SOLVED, "pésame y abono", MAYA, press="1")
    again = await house.bench.resolve(case.key, Resolution.SOLVED, "pésame y abono", MAYA, press="1")

    assert first.question == Ruling(verdict=Verdict.BLOCK, reason=because("desk.tactless"))
    assert again == first


async def test_who_took_a_case_took_it_however_often_the_press_is_delivered(house: House) -> None:
    case = await house.case()
    await house.bench.take(case.key, MAYA, press="1")
    await house.bench.release(case.key, MAYA, press="2")

    again = await house.bench.take(case.key, MAYA, press="1")

    assert (again.won, again.case.assignee) == (True, None)


async def test_nobody_is_asked_where_nothing_was_done_or_the_policy_forbids(house: House) -> None:
    case, other = await house.case(), await house.case(who="luz")
    house.rules = Rules(elsewhere=ChannelRules(mode=Mode.OFF))

    not_ours = await house.bench.resolve(case.key, Resolution.NOT_OURS, "", MAYA, press="1")
    silent = await house.bench.resolve(other.key, Resolution.SOLVED, "cambio", MAYA, press="2")
    with pytest.raises(NotDone) as over:
        await house.bench.take(case.key, MAYA, press="3")

    assert isinstance(not_ours.question.reason, Reason)
    assert not_ours.question.reason.name == "desk.not_asked"
    assert silent.question.verdict is Verdict.BLOCK
    assert why(over) == "desk.resolved"


@pytest.mark.parametrize(
    ("resolution", "owed"), [(Resolution.SOLVED, []), (Resolution.NOT_OURS, ["Otra taza"])], ids=["solved", "not ours"]
)
async def test_who_resolves_a_case_is_told_what_stays_promised(
    house: House, resolution: Resolution, owed: list[str]
) -> None:
    case = await house.case()
    promise = Promise(
        id="p",
        customer_id=case.customer_id,
        case_id=case.id,
        case_key=case.key,
        who="Maya",
        what="Otra taza",
        made_at=house.at,
        due=house.at + timedelta(days=2),
        source="p",
        state=PromiseState.OPEN,
    )
    await house.store.deeds.change(lambda papers: papers.promise(promise, case))

    resolved = await house.bench.resolve(case.key, resolution, "otra unidad", MAYA, press="1")
    again = await house.bench.resolve(case.key, resolution, "otra unidad", MAYA, press="1")

    assert [each.what for each in resolved.owed] == owed
    assert again == resolved


async def test_a_resolved_case_is_taken_up_again(house: House) -> None:
    case = await house.case()
    await house.bench.resolve(case.key, Resolution.NO_REPLY, "", MAYA, press="1")

    reopened = await house.bench.reopen(case.key, LEO, press="2")
    with pytest.raises(NotDone) as already:
        await house.bench.reopen(case.key, LEO, press="3")

    assert (reopened.is_open, reopened.reopened, reopened.resolution) == (True, 1, None)
    assert why(already) == "desk.is_open"


async def test_a_merged_case_is_filed_in_the_other_and_the_customers_next_words_too(house: House) -> None:
    first = await house.case()
    await house.bench.resolve(first.key, Resolution.NO_REPLY, "", MAYA, press="1")
    second, strange = await house.case(), await house.case(who="luz")
    with pytest.raises(NotDone) as other:
        await house.bench.merge(first.key, strange.key, MAYA, press="2")

    kept = await house.bench.merge(first.key, second.key, MAYA, press="3")

    file = await house.store.history.case(kept.key)
    gone = await house.store.history.case(first.key)
    assert file is not None
    assert gone is not None
    assert (len(file.interactions), gone.interactions, gone.case.merged_into) == (2, (), second.id)
    assert why(other) == "desk.other_customer"


async def test_a_merged_case_waits_for_us_as_long_as_one_of_its_parts_does(house: House) -> None:
    waiting = await house.case()
    await house.answer(waiting, "¿nos das el número de pedido?")
    await house.bench.resolve(waiting.key, Resolution.NO_REPLY, "", MAYA, press="1")
    house.at += HOUR
    late = await house.case(urgency=Urgency.HIGH)
    await house.bench.resolve(late.key, Resolution.NO_REPLY, "", MAYA, press="2")
    await house.bench.reopen(waiting.key, MAYA, press="3")
    await house.answer(waiting, "¿hola?")
    await house.bench.reopen(late.key, MAYA, press="4")

    kept = await house.bench.merge(late.key, waiting.key, MAYA, press="5")

    assert (kept.state, kept.urgency) == (CaseState.IN_PROGRESS, Urgency.HIGH)
    assert kept.first_answer_due == min(late.first_answer_due, waiting.first_answer_due)
    assert kept.first_answered_at == NOON


async def test_an_answer_from_before_a_case_began_is_none_to_it(house: House) -> None:
    old = await house.case()
    await house.answer(old, "gracias por avisar")
    await house.bench.resolve(old.key, Resolution.INFORMED, "", MAYA, press="1")
    house.at += DAY
    case = await house.case()

    kept = await house.bench.merge(old.key, case.key, MAYA, press="2")

    assert (kept.state, kept.first_answered_at) == (CaseState.NEW, None)
    assert kept.first_answer_due == case.first_answer_due


async def test_the_queue_shows_urgent_cases_first_and_cases_are_found_by_words(house: House) -> None:
    await house.case(who="ana")
    urgent = await house.case(text="me han cobrado dos veces", who="luz", urgency=Urgency.HIGH)
    await house.bench.take(urgent.key, MAYA, press="1")

    queue = await house.bench.queue(QueueFilter())
    mine = await house.bench.queue(QueueFilter(assignee=MAYA.id))
    free = await house.bench.queue(QueueFilter(unassigned=True))

    assert [case.key for case in queue] == [urgent.key, 1001]
    assert ([case.key for case in mine], [case.key for case in free]) == ([urgent.key], [1001])
    assert [case.key for case in await house.bench.find("cobrado dos")] == [urgent.key]
    assert [case.key for case in await house.bench.find("@luz")] == [urgent.key]
    assert [case.key for case in await house.bench.find("#1001")] == [1001]
    assert await house.bench.find("100%_") == []


async def test_many_cases_leave_in_the_order_of_their_urgency(house: House) -> None:
    levels = [Urgency.LOW, Urgency.HIGH, Urgency.MEDIUM]
    for n in range(500):
        await house.hears(who=f"c{n}", urgency=levels[n % 3])

    claimed = await house.store.outbox.claim(500, house.at, HOUR)

    urgencies = [errand.job.action.urgency for errand in claimed if isinstance(errand.job.action, Route)]
    assert urgencies == sorted(urgencies, key=lambda each: -each.rank)
    assert len(urgencies) == 500


async def test_the_brake_needs_a_rank_and_stops_what_goes_to_customers(house: House) -> None:
    with pytest.raises(NotDone) as too_low:
        await house.bench.pause(JEFA, press="1")

    await house.bench.pause(BOSS, press="2")
    paused = await house.store.outbox.paused()
    await house.bench.resume(BOSS, press="3")

    assert paused is not None
    assert too_low.value.why == because("desk.needs_rank", rank="manager")
    assert (paused.values["who"], await house.store.outbox.paused()) == ("Gerente", None)


async def test_a_case_put_aside_until_a_day_is_not_closed_before_it(house: House) -> None:
    case = await house.case()
    await house.answer(case, "te escribimos cuando vuelva a haber")
    await house.bench.snooze(case.key, NOON + 20 * DAY, MAYA, press="1")

    assert await house.store.history.close_quiet(NOON + 19 * DAY, 7 * DAY) == 0
    assert await house.alarm.wake(NOON + 20 * DAY) == 1
    assert await house.store.history.close_quiet(NOON + 26 * DAY, 7 * DAY) == 0
    assert await house.store.history.close_quiet(NOON + 27 * DAY, 7 * DAY) == 1


@pytest.mark.parametrize("by_whom", ["customer", "agent"])
async def test_nobody_is_asked_how_it_went_once_it_goes_on(house: House, by_whom: str) -> None:
    house.quiet = 10 * HOUR
    case = await house.case()
    await house.bench.resolve(case.key, Resolution.SOLVED, "envío nuevo", MAYA, press="1")
    if by_whom == "agent":
        await house.bench.reopen(case.key, LEO, press="2")
    else:
        # the same customer, in the thread of the case
        post = mention("again", "sigue roto", posted_at=house.at)
        await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), house.at)
        await house.store.history.settle(
            [Heard(mention=post, reading=CALM)],
            lambda situation: Decision(case=replace(case, state=CaseState.IN_PROGRESS, reopened=1)),
            lambda at: at,
        )

    claimed = await house.store.outbox.claim(10, house.at + DAY, HOUR)

    assert not [errand for errand in claimed if isinstance(errand.job.action, Ask)]
    (ask,) = [job for job in await house.store.outbox.jobs() if isinstance(job.action, Ask)]
    assert (ask.state, ask.error) == (JobState.DROPPED, because("outbox.case_goes_on"))


async def test_a_question_that_may_have_been_heard_is_not_called_dropped_when_the_case_goes_on(house: House) -> None:
    case = await house.case()
    await house.bench.resolve(case.key, Resolution.SOLVED, "envío nuevo", MAYA, press="1")
    await house.store.outbox.claim(10, house.at, HOUR)
    await house.store.outbox.release()
    errands = await house.store.outbox.claim(10, house.at, HOUR)
    (ask,) = [errand.job for errand in errands if isinstance(errand.job.action, Ask)]
    await house.store.outbox.postpone(ask, house.at + HOUR, "the look-up was rate limited")

    await house.bench.reopen(case.key, LEO, press="2")

    (ask,) = [job for job in await house.store.outbox.jobs() if isinstance(job.action, Ask)]
    assert ask.state is JobState.PENDING


async def test_whoever_has_a_case_has_it_when_they_press_again(house: House) -> None:
    case = await house.case()
    await house.bench.take(case.key, MAYA, press="1")

    assert (await house.bench.take(case.key, MAYA, press="2")).won


async def test_a_case_may_be_put_aside_from_the_next_moment_on_for_ninety_days(house: House) -> None:
    case = await house.case()
    moment = timedelta(microseconds=1)

    for press, until in (("1", NOON), ("2", NOON + 90 * DAY + moment)):
        with pytest.raises(NotDone, match="snooze_when"):
            await house.bench.snooze(case.key, until, MAYA, press=press)
    for press, until in (("3", NOON + moment), ("4", NOON + 90 * DAY)):
        snooze = (await house.bench.snooze(case.key, until, MAYA, press=press)).snooze
        assert snooze is not None
        assert snooze.until == until


async def test_who_resolves_a_case_lets_no_draft_of_it_wait(house: House) -> None:
    case = await house.case()

    def draft(papers: Papers) -> None:
        situation = papers.situation(case, house.at)
        assert situation is not None
        reply = Reply(to=case.opened_by, kind=ReplyKind.ANSWER, text="Sale hoy", language=Language.ES)
        held = Ruling(verdict=Verdict.APPROVE, reason="two look")
        papers.write("d", reply, replace(situation, case=case), held, LEO)

    await house.store.deeds.change(draft)

    await house.bench.resolve(case.key, Resolution.INFORMED, "", MAYA, press="1")

    (dropped,) = await house.store.outbox.jobs(JobState.DROPPED)
    assert dropped.error == because("desk.ended_unsent", who="Maya")


async def test_where_the_machine_only_watches_nobody_is_asked_how_it_went(house: House) -> None:
    house.rules = Rules(elsewhere=ChannelRules(mode=Mode.SHADOW))
    case = await house.case()

    resolved = await house.bench.resolve(case.key, Resolution.SOLVED, "cambio", MAYA, press="1")

    assert resolved.question.verdict is Verdict.SHADOW
    assert not [job for job in await house.store.outbox.jobs() if isinstance(job.action, Ask)]


async def test_a_case_is_merged_once_into_another_and_what_was_merged_is_not_taken_up(house: House) -> None:
    first = await house.case()
    await house.bench.resolve(first.key, Resolution.NO_REPLY, "", MAYA, press="1")
    second = await house.case()

    with pytest.raises(NotDone, match="same_case"):
        await house.bench.merge(second.key, second.key, MAYA, press="2")
    await house.bench.merge(first.key, second.key, MAYA, press="3")
    with pytest.raises(NotDone, match="was_merged"):
        await house.bench.merge(first.key, second.key, MAYA, press="4")
    with pytest.raises(NotDone, match="was_merged"):
        await house.bench.reopen(first.key, MAYA, press="5")


async def test_who_was_won_back_by_their_own_word_is_not_lost_by_a_score_for_what_was_before(house: House) -> None:
    case = await house.case()
    await house.asks(case)

    def won_back(papers: Papers) -> None:
        known = papers.case(case.key)
        assert known is not None
        papers.keep(known.reopened_at(house.at).resolved(house.at, Outcome.RECOVERED))

    await house.store.deeds.change(won_back)
    await house.hears("1", answers=1)

    assert (await house.file(case)).case.outcome is Outcome.RECOVERED


async def test_of_what_stays_promised_the_next_due_is_told_first(house: House) -> None:
    case = await house.case()

    def promised(number: int) -> Promise:
        return Promise(
            id=f"p{number}",
            customer_id=case.customer_id,
            case_id=case.id,
            case_key=case.key,
            who="Maya",
            what=str(number),
            made_at=house.at,
            due=house.at + (5 - number) * DAY,
            source=f"p{number}",
            state=PromiseState.OPEN,
        )

    def note(papers: Papers) -> None:
        for number in (1, 2, 3):
            papers.promise(promised(number), case)

    await house.store.deeds.change(note)

    resolved = await house.bench.resolve(case.key, Resolution.NOT_OURS, "", MAYA, press="1")

    assert [each.what for each in resolved.owed] == ["3", "2", "1"]
