"""What agents write, approve and reject, over the real store, the real rule book and the real dispatcher."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.action import Ask, Reply, ReplyKind, SurveyKind
from bot.domain.agent import Agent
from bot.domain.case import CaseId, CaseState
from bot.domain.deskwork import Reread
from bot.domain.errors import NotDone
from bot.domain.interaction import BRAND, Direction
from bot.domain.mention import Batch, MentionId
from bot.domain.outbox import Job, JobId, JobState, Ruling, Verdict
from bot.domain.papers import Papers
from bot.domain.promise import Pledge, PromiseState
from bot.domain.reading import Intent, Language, Sentiment, Touchpoint, Urgency
from bot.domain.reason import Reason, because
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.testing import NOON, mention, new_case, reading
from responders.policy import ChannelRules, Mode, Rules, SecondPerson
from tests.pipeline.writing import ADA, LEO, MAYA, MINUTE, OPEN, House

DRAFT = "Te mandamos otra."


def name_of(refused: pytest.ExceptionInfo[NotDone]) -> str:
    assert isinstance(refused.value.why, Reason)
    return refused.value.why.name


# --- suggestions ---


async def test_a_suggestion_has_its_sources_and_the_customers_language(house: House) -> None:
    post = mention("1", "where is my parcel?")
    key = await house.hears(post, language=Language.EN)
    house.found = Reply(
        to=post.id, kind=ReplyKind.ANSWER, text="Within 48 hours.", language=Language.EN, sources=("en/delivery",)
    )

    letter = await house.letters.suggest(key, MAYA, press="p1")

    assert letter is not None
    assert (letter.draft, letter.sources, letter.language) == ("Within 48 hours.", ("en/delivery",), Language.EN)
    assert (letter.limit, letter.ruling.verdict) == (200, Verdict.SEND)


async def test_when_nothing_fits_nothing_is_suggested(house: House) -> None:
    key = await house.hears(mention("1"))

    assert await house.letters.suggest(key, MAYA, press="p1") is None
    assert (await house.letters.letter(key, MAYA)).draft == ""


async def test_the_machines_own_draft_comes_first(house: House) -> None:
    key = await house.hears(mention("1"), draft=DRAFT)
    house.found = Reply(to=MentionId("test:1"), kind=ReplyKind.ANSWER, text="other", language=Language.ES)

    letter = await house.letters.suggest(key, MAYA, press="p1")

    assert letter is not None
    assert letter.draft == DRAFT


async def test_nobody_begins_a_letter_where_nobody_may_answer(house: House) -> None:
    key = await house.hears(mention("1"))
    house.rules = Rules(elsewhere=ChannelRules(mode=Mode.SHADOW))

    with pytest.raises(NotDone) as refused:
        await house.letters.letter(key, MAYA)

    assert refused.value.why == because("desk.may_not_leave", why=because("policy.shadow_for_people", channel="test"))


# --- answers ---


async def test_an_answer_leaves_under_the_name_of_who_wrote_it_and_stops_the_clock(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))

    sending = await house.writes(key, "Ya sale otra")

    assert sending.job is not None
    assert (sending.job.state, sending.job.responder, sending.job.written_by) == (JobState.PENDING, "agent", MAYA.id)
    assert sending.job.ruling == Ruling(verdict=Verdict.SEND, reason=because("policy.a_person_writes", who="Maya"))
    assert await house.sends() == ["Ya sale otra"]
    file = await house.file(key)
    assert file.case.state is CaseState.WAITING
    assert file.case.assignee is None
    [_, said] = file.interactions
    assert (said.direction, said.actor, said.text) == (Direction.OUTBOUND, MAYA.id, "Ya sale otra")


async def test_an_answer_goes_to_the_customers_newest_post(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.hears(mention("2", "¿hola?", posted_at=NOON + MINUTE))

    await house.writes(key)
    await house.sends()

    [said] = house.channel.spoken
    assert said.to.external_id == "2"


async def test_an_answer_keeps_a_promised_word(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    house.at = NOON
    await house.writes(key, "Mañana te decimos algo", press="p0")
    await house.sends()
    house.at = NOON + timedelta(hours=2)

    await house.writes(key, "Ya ha salido")
    await house.sends()

    [promise] = (await house.file(key)).promises
    assert (promise.who, promise.state) == ("Maya", PromiseState.KEPT)


async def test_what_was_noted_by_hand_is_not_kept_by_telling_the_customer_of_it(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    house.at = NOON
    await house.letters.promise(key, "Otra taza", NOON + timedelta(days=4), MAYA, press="p0")
    house.at = NOON + 5 * MINUTE

    await house.writes(key, "Ya la hemos pedido")
    await house.sends()

    [promise] = (await house.file(key)).promises
    assert promise.state is PromiseState.OPEN


async def test_an_answer_that_was_written_before_a_promise_does_not_keep_it(house: House) -> None:
    """Who answers that they will call, and then notes the promise down, has not called yet."""
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, "Te llamamos mañana")
    house.at += MINUTE
    await house.letters.promise(key, "Te llamamos", NOON + timedelta(days=1), MAYA, press="p0")
    house.at += MINUTE

    await house.sends()

    [promise] = (await house.file(key)).promises
    assert promise.state is PromiseState.OPEN


async def test_an_answer_that_was_written_before_a_word_was_promised_does_not_keep_it(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    house.at = NOON + MINUTE / 6
    await house.writes(key, "Lo miramos")
    word = Pledge(what="luego te decimos algo", due=NOON + timedelta(hours=5), a_word=True)
    ours = mention("9", "luego te decimos algo", who="zarapito", by_brand=True, in_reply_to="1")
    ours = replace(ours, posted_at=NOON + MINUTE / 2)
    await house.store.inbox.accept("test", Batch(mentions=(ours,), cursor=None), NOON)
    heard = [Heard(mention=ours, reading=None, pledges=(word,))]
    await house.store.history.settle(heard, lambda _: Decision(), lambda moment: moment)
    house.at = NOON + 2 * MINUTE

    await house.sends()

    [promise] = (await house.file(key)).promises
    assert promise.state is PromiseState.OPEN


async def test_a_promise_is_that_of_who_wrote_it_and_not_of_who_let_it_go(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    key = await house.hears(mention("1", "no llega"))
    sending = await house.writes(key, "Te llamamos mañana")
    assert sending.job is not None
    await house.letters.approve(sending.job.id, LEO, press="p2")

    await house.sends()

    [promise] = (await house.file(key)).promises
    assert promise.who == "Maya"


@pytest.mark.parametrize("hours", [0, 2])
async def test_what_is_noted_by_hand_takes_the_place_of_no_other_note_nor_of_what_was_said_hours_ago(
    house: House, hours: int
) -> None:
    key = await house.hears(mention("1", "no llega"))
    tomorrow = NOON + timedelta(days=1)
    if hours:
        await house.writes(key, "Te llamamos mañana")
        await house.sends()
        house.at += timedelta(hours=hours)
    else:
        await house.letters.promise(key, "Te llamamos", tomorrow, LEO, press="p0")

    await house.letters.promise(key, "Enviar la factura", tomorrow, MAYA, press="p2")

    assert len((await house.file(key)).promises) == 2


async def test_the_same_press_twice_is_one_answer(house: House) -> None:
    key = await house.hears(mention("1"))
    seen = (await house.letters.letter(key, MAYA)).seen

    sendings = await asyncio.gather(*(house.letters.reply(key, "Va", MAYA, seen=seen, press="p1") for _ in range(5)))

    assert {sending.job.id for sending in sendings if sending.job} == {1}
    assert len(await house.store.outbox.jobs()) == 1


async def test_whoever_wrote_meanwhile_is_shown_first(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    letter = await house.letters.letter(key, MAYA)
    await house.hears(mention("2", "ya llegó, gracias", posted_at=NOON + MINUTE))

    warned = await house.letters.reply(key, "Va otra", MAYA, seen=letter.seen, press="p1")

    assert warned.job is None
    assert [line.text for line in warned.newer] == ["ya llegó, gracias"]
    sent = await house.letters.reply(key, "Va otra", MAYA, seen=letter.seen, press="p1", anyway=True)
    assert sent.job is not None
    assert await house.sends() == ["Va otra"]


async def test_an_agents_own_words_take_the_place_of_the_machines_draft(house: House) -> None:
    key = await house.hears(mention("1"), draft=DRAFT)

    await house.writes(key)

    [dropped] = await house.store.outbox.jobs(JobState.DROPPED)
    assert dropped.error == because("desk.answered_otherwise", who="Maya")
    assert await house.sends() == ["Ya sale otra"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [("escribe a ana@example.org", "policy.personal_data"), ("a" * 201, "policy.too_long"), (" ", "policy.empty")],
)
async def test_what_may_not_leave_is_refused_with_the_rule_and_audited(house: House, text: str, rule: str) -> None:
    key = await house.hears(mention("1"))

    for _ in range(2):
        with pytest.raises(NotDone) as refused:
            await house.writes(key, text)
        assert isinstance(refused.value.why, Reason)
        assert isinstance(refused.value.why.values["why"], Reason)
        assert refused.value.why.values["why"].name == rule

    assert await house.store.outbox.jobs() == []


async def test_what_a_person_wrote_is_no_automatic_reply(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.writes(key)
    seen: list[Situation] = []

    def decide(situation: Situation) -> Decision:
        seen.append(situation)
        return Decision()

    post = mention("2", posted_at=NOON + MINUTE)
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), NOON)
    await house.store.history.settle([Heard(mention=post, reading=reading())], decide, lambda moment: moment)

    assert seen[0].facts.auto_replies_today == 0


# --- drafts that wait ---


async def test_a_draft_that_is_let_go_leaves(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()

    sending = await house.letters.approve(job.id, MAYA, press="p1")

    assert sending.job is not None
    assert sending.job.approved_by == MAYA.id
    assert await house.sends() == [DRAFT]


async def test_of_several_who_decide_at_once_the_first_does(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()
    agents = [Agent(id=f"discord:{n}", name=f"Agent {n}") for n in range(20)]

    outcomes = await asyncio.gather(
        *(house.letters.approve(job.id, agent, press=agent.id) for agent in agents), return_exceptions=True
    )

    refused = [each for each in outcomes if isinstance(each, NotDone)]
    assert len(refused) == len(agents) - 1
    assert {each.why for each in refused if not isinstance(each.why, Reason)} == set()
    assert {str(each) for each in refused} == {"desk.already_decided (who=Agent 0)"}
    assert await house.sends() == [DRAFT]


async def test_an_edited_draft_keeps_its_earlier_text_and_is_its_editors(house: House) -> None:
    key = await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()

    await house.letters.approve(job.id, MAYA, press="p1", text="Sale hoy.")

    draft = await house.letters.draft(job.id)
    assert draft is not None
    assert [(form.text, form.by) for form in draft.forms] == [(DRAFT, "bot"), ("Sale hoy.", MAYA.id)]
    assert await house.sends() == ["Sale hoy."]
    assert (await house.file(key)).interactions[-1].actor == MAYA.id


async def test_edited_words_pass_the_policy_again(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()

    with pytest.raises(NotDone) as refused:
        await house.letters.approve(job.id, MAYA, press="p1", text="escribe a ana@example.org")

    assert name_of(refused) == "desk.may_not_leave"
    assert (await house.held()).id == job.id


async def test_a_draft_to_somebody_who_wrote_since_warns_first(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    await house.hears(mention("2", "olvidadlo, ya está", posted_at=NOON + MINUTE))
    job = await house.held()

    warned = await house.letters.approve(job.id, MAYA, press="p1")

    assert (warned.job, [line.text for line in warned.newer]) == (None, ["olvidadlo, ya está"])
    [draft] = await house.letters.held()
    assert draft.newer == warned.newer
    assert (await house.letters.approve(job.id, MAYA, press="p1", anyway=True)).job is not None


async def test_a_question_that_waits_is_let_go_too(house: House) -> None:
    ask = Ask(to=MentionId("test:1"), survey=SurveyKind.CSAT, text="¿Del 1 al 5?", language=Language.ES)
    await house.hears(mention("1"), draft=ask)
    job = await house.held()

    await house.letters.approve(job.id, MAYA, press="p1")

    assert await house.sends() == ["¿Del 1 al 5?"]


async def test_a_rejected_draft_never_leaves_and_says_why(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()
    with pytest.raises(NotDone) as refused:
        await house.letters.reject(job.id, "  ", MAYA, press="p0")
    assert name_of(refused) == "desk.nothing_written"

    rejected = await house.letters.reject(job.id, "ya no procede", MAYA, press="p1")

    assert rejected.job.state is JobState.DROPPED
    assert rejected.job.error == because("desk.rejected", who="Maya", why="ya no procede")
    with pytest.raises(NotDone, match="dropped_already"):
        await house.letters.approve(job.id, LEO, press="p2")
    assert await house.letters.reject(job.id, "ya no procede", MAYA, press="p1") == rejected
    assert await house.sends() == []


async def test_a_draft_of_no_number_is_said_so(house: House) -> None:
    with pytest.raises(NotDone, match="no_draft"):
        await house.letters.approve(JobId(99), MAYA, press="p1")


async def test_what_the_command_line_decided_is_decided(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()
    root = replace(MAYA, id="cli:root", name="root")
    await house.letters.approve(job.id, root, press="cli:1", text="Sale hoy.")

    with pytest.raises(NotDone) as refused:
        await house.letters.approve(job.id, MAYA, press="p1")

    assert refused.value.why == because("desk.already_decided", who="root")
    draft = await house.letters.draft(job.id)
    assert draft is not None
    assert [form.text for form in draft.forms] == [DRAFT, "Sale hoy."]


# --- two who look ---


async def test_an_answer_may_need_a_second_person_and_never_its_writer(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.AGENTS)
    key = await house.hears(mention("1"))

    sending = await house.writes(key)

    assert sending.job is not None
    assert (sending.job.state, sending.job.ruling.verdict) == (JobState.HELD, Verdict.APPROVE)
    with pytest.raises(NotDone, match="own_words"):
        await house.letters.approve(sending.job.id, MAYA, press="p2")
    assert await house.sends() == []
    await house.letters.approve(sending.job.id, LEO, press="p3")
    assert await house.sends() == ["Ya sale otra"]
    assert (await house.file(key)).interactions[-1].actor == MAYA.id


async def test_whoever_edits_becomes_the_writer_and_needs_another(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()

    sending = await house.letters.approve(job.id, MAYA, press="p1", text="Sale hoy.")

    assert sending.job is not None
    assert (sending.job.state, sending.job.written_by) == (JobState.HELD, MAYA.id)
    with pytest.raises(NotDone, match="own_words"):
        await house.letters.approve(job.id, MAYA, press="p2")
    await house.letters.approve(job.id, LEO, press="p3")
    assert await house.sends() == ["Sale hoy."]


async def test_an_answer_that_waits_warns_when_the_customer_wrote_since(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    key = await house.hears(mention("1"))
    sending = await house.writes(key)
    assert sending.job is not None
    assert (await house.letters.held())[0].newer == ()

    await house.hears(mention("2", "¿hola?", posted_at=NOON + MINUTE))

    assert [line.text for line in (await house.letters.held())[0].newer] == ["¿hola?"]
    assert (await house.letters.approve(sending.job.id, LEO, press="p2")).job is None


# --- promises ---


async def test_a_promise_stands_in_journey_and_report(house: House) -> None:
    key = await house.hears(mention("1"))
    due = house.at + timedelta(days=1)

    promise = await house.letters.promise(key, " Te llamamos mañana ", due, MAYA, press="p1")

    assert (promise.what, promise.due, promise.state) == ("Te llamamos mañana", due, PromiseState.OPEN)
    assert await house.letters.promise(key, "Te llamamos mañana", due, MAYA, press="p1") == promise
    file = await house.file(key)
    assert file.promises == (promise,)
    journey = await house.store.history.journey(file.customer.id)
    assert journey.promises == (promise,)
    [told] = await house.store.reports.promises(NOON, NOON + timedelta(days=2))
    assert (told.what, told.who, told.case_key) == ("Te llamamos mañana", "Maya", key)


async def test_what_an_answer_promises_is_in_the_ledger(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, "Hola, te llamamos mañana sin falta.")

    await house.sends()

    [promise] = (await house.file(key)).promises
    assert (promise.who, promise.what, promise.state) == ("Maya", "te llamamos mañana sin falta", PromiseState.OPEN)
    assert promise.due > house.at


async def test_an_answer_that_promises_anew_renegotiates(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    house.at = NOON
    await house.letters.promise(key, "Lo entregamos", NOON + timedelta(days=1), MAYA, press="p0")
    house.at = NOON + timedelta(hours=2)

    await house.writes(key, "Lo sentimos: lo entregamos el viernes.")
    await house.sends()

    first, second = (await house.file(key)).promises
    assert (first.state, second.state) == (PromiseState.RENEGOTIATED, PromiseState.OPEN)


@pytest.mark.parametrize("noted_first", [True, False])
async def test_what_is_said_and_noted_for_one_day_is_one_promise(house: House, noted_first: bool) -> None:
    key = await house.hears(mention("1", "no llega"))
    tomorrow = NOON + timedelta(days=1)

    await house.writes(key, "Te llamamos mañana")
    house.at += MINUTE
    if not noted_first:
        await house.sends()
    await house.letters.promise(key, "Llamar con el estado", tomorrow, MAYA, press="p0")
    house.at += MINUTE
    await house.sends()

    [promise] = (await house.file(key)).promises
    assert (promise.what, promise.due, promise.state) == ("Llamar con el estado", tomorrow, PromiseState.OPEN)


@pytest.mark.parametrize(("what", "after", "rule"), [("Va", -MINUTE, "promise_past"), (" ", MINUTE, "nothing_written")])
async def test_a_promise_needs_words_and_a_moment_to_come(house: House, what: str, after: timedelta, rule: str) -> None:
    key = await house.hears(mention("1"))

    with pytest.raises(NotDone, match=rule):
        await house.letters.promise(key, what, house.at + after, MAYA, press="p1")

    assert (await house.file(key)).promises == ()


async def test_a_case_nobody_has_is_said_so(house: House) -> None:
    with pytest.raises(NotDone, match="no_case"):
        await house.letters.promise(7, "Va", house.at + MINUTE, MAYA, press="p1")


async def test_who_asks_for_peace_a_second_time_has_it(house: House) -> None:
    key = await house.hears(mention("1"))
    await _asks_for_peace(house, "2", NOON + MINUTE)
    await house.hears(mention("3", "¿y mi paquete?", posted_at=NOON + 2 * MINUTE))
    assert (await house.letters.letter(key, MAYA)).ruling.verdict is Verdict.SEND

    await _asks_for_peace(house, "4", NOON + 3 * MINUTE)

    with pytest.raises(NotDone) as refused:
        await house.letters.letter(key, MAYA)
    assert refused.value.why == because("desk.may_not_leave", why=because("policy.opted_out"))


async def _asks_for_peace(house: House, number: str, at: datetime) -> None:
    post = mention(number, "no me escribáis más", posted_at=at)
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), house.at)
    heard = [Heard(mention=post, reading=reading())]
    await house.store.history.settle(heard, lambda _: Decision(opts_out=True), lambda moment: moment)


async def test_who_asked_for_peace_since_gets_no_draft(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()
    await _asks_for_peace(house, "2", NOON + MINUTE)

    with pytest.raises(NotDone) as refused:
        await house.letters.approve(job.id, MAYA, press="p1", anyway=True)

    assert refused.value.why == because("desk.may_not_leave", why=because("outbox.opted_out"))
    assert await house.sends() == []


# --- several drafts, several people ---


async def test_who_lets_one_answer_go_leaves_that_to_another_question(house: House) -> None:
    await house.hears(mention("1", "¿dónde está?"), draft="Sale hoy.")
    await house.hears(mention("2", "¿y cómo devuelvo?", posted_at=NOON + MINUTE), draft="En la web.")
    second, first = [draft.job for draft in await house.letters.held()][::-1]

    await house.letters.approve(second.id, MAYA, press="p1", anyway=True)

    assert [draft.job.id for draft in await house.letters.held()] == [first.id]


async def test_of_two_answers_to_one_post_the_other_gives_way_and_says_to_whom(house: House) -> None:
    key = await house.hears(mention("1", "¿dónde está?"), draft="Sale hoy.")
    file = await house.file(key)

    def another(papers: Papers) -> None:
        situation = papers.situation(file.case, house.at)
        assert situation is not None
        ruling = Ruling(verdict=Verdict.APPROVE, reason=because("policy.approve_mode"))
        reply = Reply(to=MentionId("test:1"), kind=ReplyKind.ANSWER, text="Mañana.", language=Language.ES)
        papers.write("other", reply, replace(situation, case=file.case), ruling, LEO)

    await house.store.deeds.change(another)
    leos = await house.store.deeds.look(lambda papers: papers.job_with_key("other"))
    assert leos is not None

    await house.letters.approve(leos.id, MAYA, press="p1")

    [machines] = await house.store.outbox.jobs(JobState.DROPPED)
    assert machines.error == because("desk.another_sent", who="Maya")
    with pytest.raises(NotDone, match=r"dropped_already.*another_sent"):
        await house.letters.approve(machines.id, ADA, press="p2")


async def test_an_answer_on_the_channel_itself_warns_who_lets_a_draft_go(house: House) -> None:
    await house.hears(mention("1", "no llega"), draft=DRAFT)
    job = await house.held()
    ours = mention("9", "Ya salió ayer.", who="zarapito", by_brand=True, in_reply_to="1", posted_at=NOON + 2 * MINUTE)
    await house.store.inbox.accept("test", Batch(mentions=(ours,), cursor=None), NOON)
    await house.store.history.settle([Heard(mention=ours, reading=None)], lambda _: Decision(), lambda moment: moment)

    warned = await house.letters.approve(job.id, MAYA, press="p1")

    assert (warned.job, warned.answered_by) == (None, BRAND)
    sent = await house.letters.approve(job.id, MAYA, press="p1", anyway=True)
    assert sent.job is not None
    assert sent.job.state is JobState.PENDING


async def test_an_authors_edit_throws_away_no_words_of_a_person(house: House) -> None:
    post = mention("1", "no llega")
    key = await house.hears(post)
    sending = await house.writes(key)
    assert sending.job is not None
    edited = replace(post, text="no llega y sois unos ladrones")
    await house.store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=(edited,)), NOON)
    [again] = await house.store.inbox.claim(5, NOON, MINUTE)
    draft = Reply(to=post.id, kind=ReplyKind.ANSWER, text=DRAFT, language=Language.ES)
    held = Ruling(verdict=Verdict.APPROVE, reason=because("policy.approve_mode"))
    decision = Decision(actions=(Decided(action=draft, responder="answer", ruling=held),))
    angry = reading(intents=(Intent.COMPLAINT,), sentiment=Sentiment.NEGATIVE, urgency=Urgency.HIGH)
    await house.store.history.settle([Heard(mention=again, reading=angry)], lambda _: decision, lambda moment: moment)

    mine = await house.letters.draft(sending.job.id)

    assert mine is not None
    assert (mine.job.state, mine.job.error) == (JobState.HELD, because("outbox.post_changed"))


async def test_new_words_have_nobodys_word_yet(house: House) -> None:
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()

    def held_again(papers: Papers) -> Job:
        return papers.reword(papers.let_go(job, LEO, house.at), "Otras palabras", job.ruling, MAYA, house.at)

    reworded = await house.store.deeds.change(held_again)

    assert (reworded.written_by, reworded.approved_by) == (MAYA.id, None)


async def test_who_only_answers_has_a_name_too(house: House) -> None:
    await house.writes(await house.hears(mention("1")))

    assert await house.store.deeds.look(lambda papers: papers.names([MAYA.id])) == {MAYA.id: "Maya"}


async def test_a_form_begins_with_an_answer_and_not_with_what_is_out_of_date(house: House) -> None:
    key = await house.hears(mention("1", "no llega"), draft=DRAFT)
    await house.hears(mention("2", "olvidadlo, ya llegó", posted_at=NOON + MINUTE))

    assert (await house.letters.letter(key, MAYA)).draft == ""


async def test_a_person_who_reads_a_post_anew_is_in_no_doubt_and_says_nothing_of_its_tone(house: House) -> None:
    post = mention("1", "el paquete, en fin")
    await house.hears(post, sentiment=Sentiment.NEGATIVE, abstained=True)
    [read] = await house.store.deeds.look(lambda papers: papers.experiences(post.id))

    await house.letters.correct(post.id, {read.id: Reread(touchpoint=Touchpoint.STORE)}, MAYA, press="p1")

    tally = await house.store.reports.tally(NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert (tally.abstained, tally.negative) == (0, 1)


async def test_what_is_written_in_a_case_that_was_merged_meanwhile_is_filed_where_all_of_it_is(house: House) -> None:
    first = await house.hears(mention("1", "no llega"))
    file = await house.file(first)
    second = mention("2", "ni contesta nadie", thread_id="t2", posted_at=NOON + MINUTE)

    def another(situation: Situation) -> Decision:
        return Decision(case=replace(new_case(situation), id=CaseId("other")))

    await house.store.inbox.accept("test", Batch(mentions=(second,), cursor=None), NOON)
    [settled] = await house.store.history.settle(
        [Heard(mention=second, reading=reading())], another, lambda moment: moment
    )
    kept = settled.case
    assert kept is not None

    def merge(papers: Papers) -> None:
        papers.move(file.case, kept)
        papers.keep(replace(file.case.resolved(NOON, None), merged_into=kept.id))

    await house.store.deeds.change(merge)

    promise = await house.letters.promise(first, "Te llamamos", NOON + timedelta(days=1), MAYA, press="p1")
    sending = await house.letters.reply(first, "Vamos", MAYA, seen="", press="p2", anyway=True)

    assert promise.case_id == kept.id
    assert sending.job is not None
    assert sending.job.case_id == kept.id


async def test_who_sends_what_the_form_began_with_lets_the_draft_go_with_its_sources(house: House) -> None:
    key = await house.hears(mention("1", "no llega"), draft=DRAFT)
    held = await house.held()
    letter = await house.letters.letter(key, MAYA)

    sending = await house.letters.reply(key, letter.draft, MAYA, seen=letter.seen, press="p1")
    again = await house.letters.reply(key, letter.draft, MAYA, seen=letter.seen, press="p1")

    assert sending.job is not None
    assert again.job == sending.job
    assert (sending.job.id, sending.job.written_by, sending.job.approved_by) == (held.id, None, MAYA.id)
    assert await house.sends() == [DRAFT]
    assert await house.store.outbox.jobs(JobState.DROPPED) == []


async def test_what_came_after_a_warning_is_told_before_a_draft_leaves_all_the_same(house: House) -> None:
    await house.hears(mention("1", "no llega"), draft=DRAFT)
    job = await house.held()
    await house.hears(mention("2", "vale, espero", posted_at=NOON + MINUTE))
    warned = await house.letters.approve(job.id, MAYA, press="p1")
    await house.hears(mention("3", "CANCELADLO", posted_at=NOON + 2 * MINUTE))

    again = await house.letters.approve(job.id, MAYA, press="p2", anyway=True, shown=warned.newer[-1].key)
    sent = await house.letters.approve(job.id, MAYA, press="p3", anyway=True, shown=again.newer[-1].key)

    assert again.job is None
    assert [line.text for line in again.newer] == ["CANCELADLO"]
    assert sent.job is not None


async def test_a_draft_that_is_sent_as_it_stands_waits_for_a_second_person_where_two_must_look(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    key = await house.hears(mention("1", "no llega"), draft=DRAFT)
    letter = await house.letters.letter(key, MAYA)

    sending = await house.letters.reply(key, letter.draft, MAYA, seen=letter.seen, press="p1")

    assert sending.job is not None
    assert (sending.job.state, sending.job.written_by) == (JobState.HELD, MAYA.id)
    assert await house.sends() == []


async def test_the_words_of_a_draft_to_an_earlier_post_answer_the_newest_one(house: House) -> None:
    key = await house.hears(mention("1", "¿dónde está?"), draft=DRAFT)
    await house.hears(mention("2", "¿y la otra?", posted_at=NOON + MINUTE))

    await house.writes(key, DRAFT)

    assert await house.sends() == [DRAFT]
    [said] = house.channel.spoken
    assert said.to.external_id == "2"


@pytest.mark.parametrize(("words", "answered"), [("Sale hoy.", True), (None, False)])
async def test_a_receipt_stops_the_clock_only_in_the_words_of_a_person(
    house: House, words: str | None, answered: bool
) -> None:
    heard = Reply(to=MentionId("test:1"), kind=ReplyKind.RECEIPT, text="Recibido.", language=Language.ES)
    key = await house.hears(mention("1", "no llega"), draft=heard)

    await house.letters.approve((await house.held()).id, MAYA, press="p1", text=words)

    assert await house.sends() == [words or "Recibido."]
    assert ((await house.file(key)).case.first_answered_at is not None) is answered


async def test_who_rewords_a_draft_has_read_what_was_said_until_then(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    await house.hears(mention("1"), draft=DRAFT)
    job = await house.held()
    await house.hears(mention("2", "¿hola?", posted_at=NOON + MINUTE))

    await house.letters.approve(job.id, MAYA, press="p1", text="Sale hoy.", anyway=True)

    [draft] = await house.letters.held()
    assert draft.newer == ()
    assert (await house.letters.approve(job.id, LEO, press="p2")).job is not None


# --- what colleagues did meanwhile ---


@pytest.mark.parametrize(("minutes", "warned"), [(14, "Leo"), (16, None)])
async def test_a_colleague_who_answered_while_a_form_was_open_is_named_and_not_one_of_long_ago(
    house: House, minutes: int, warned: str | None
) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, by=LEO, press="p0")
    house.at += minutes * MINUTE

    sending = await house.writes(key, "Va otra")

    assert (sending.answered_by, sending.job is None) == (warned, warned is not None)


async def test_a_colleagues_answer_to_what_was_said_before_is_none_to_these_words(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, by=LEO, press="p0")
    await house.hears(mention("2", "¿y el abono?", posted_at=NOON + 2 * MINUTE))
    house.at = NOON + 3 * MINUTE

    assert (await house.writes(key)).answered_by is None


async def test_what_the_machine_said_since_is_no_colleagues_answer_to_who_lets_a_draft_go(house: House) -> None:
    question = Ask(to=MentionId("test:1"), survey=SurveyKind.CSAT, text="¿Del 1 al 5?", language=Language.ES)
    await house.hears(mention("1", "no llega"), draft=DRAFT)
    job = await house.held()

    def ask_too(papers: Papers) -> None:
        draft = papers.draft(job.id)
        assert draft is not None
        assert draft.case is not None
        allowed = Ruling(verdict=Verdict.SEND, reason=because("policy.approve_mode"))
        papers.ask(draft.case, question, allowed, key="q", by=LEO, now=house.at, due=house.at)

    await house.store.deeds.change(ask_too)
    assert await house.sends() == ["¿Del 1 al 5?"]

    assert (await house.letters.approve(job.id, MAYA, press="p1")).answered_by is None


async def test_ones_own_answer_is_no_colleagues_to_who_lets_a_draft_go(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key)
    await house.hears(mention("2", "¿y el abono?", posted_at=NOON + MINUTE / 2), draft=DRAFT)
    assert await house.sends() == ["Ya sale otra"]

    assert (await house.letters.approve((await house.held()).id, MAYA, press="p2")).answered_by is None


async def test_who_lets_two_drafts_go_is_not_told_that_they_answered_themselves(house: House) -> None:
    await house.hears(mention("1", "¿dónde está?"), draft="Sale hoy.")
    await house.hears(mention("2", "¿y el abono?", posted_at=NOON + MINUTE / 2), draft="En la web.")
    first, second = sorted(draft.job.id for draft in await house.letters.held())
    await house.letters.approve(first, MAYA, press="p1", anyway=True)

    assert (await house.letters.approve(second, MAYA, press="p2")).answered_by is None


async def test_ones_own_words_are_nobody_elses_answer_whoever_let_them_go(house: House) -> None:
    house.rules = replace(OPEN, second_person=SecondPerson.ALWAYS)
    own = (await house.writes(await house.hears(mention("1", "no llega")))).job
    await house.hears(mention("2", "¿y el abono?", posted_at=NOON + MINUTE / 2), draft=DRAFT)
    assert own is not None
    await house.letters.approve(own.id, LEO, press="p2", anyway=True)

    [draft] = await house.letters.held()
    assert (await house.letters.approve(draft.job.id, MAYA, press="p3")).answered_by is None


async def test_who_let_a_draft_go_and_writes_more_is_not_told_that_they_answered_themselves(house: House) -> None:
    key = await house.hears(mention("1", "no llega"), draft=DRAFT)
    await house.letters.approve((await house.held()).id, MAYA, press="p0")

    assert (await house.writes(key, "Y os abonamos el envío.")).answered_by is None


@pytest.mark.parametrize(
    ("draft", "words", "contacted"),
    [("Recibido.", None, 0), ("Recibido.", "Sale hoy.", 1), ("¿Del 1 al 5?", None, 0), (DRAFT, None, 1)],
    ids=["heard", "reworded", "asked", "answered"],
)
async def test_that_they_were_heard_or_asked_is_no_contact_with_who_is_unhappy(
    house: House, draft: str, words: str | None, contacted: int
) -> None:
    kind = ReplyKind.RECEIPT if draft == "Recibido." else ReplyKind.ANSWER
    to, spanish = MentionId("test:1"), Language.ES
    said: Reply | Ask = Reply(to=to, kind=kind, text=draft, language=spanish)
    if draft.startswith("¿"):
        said = Ask(to=to, survey=SurveyKind.CSAT, text=draft, language=spanish)
    await house.hears(mention("1", "no llega"), draft=said, sentiment=Sentiment.NEGATIVE)
    await house.letters.approve((await house.held()).id, MAYA, press="p", text=words)

    await house.sends()

    loops = await house.store.reports.loops(NOON, NOON + timedelta(days=1))
    assert (loops.detractors, loops.contacted) == (1, contacted)
