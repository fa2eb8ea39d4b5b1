"""What an author changes afterwards: the new form counts, history tells both, and no machine answers an edit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.action import Reply, ReplyKind, Route
from bot.domain.mention import Accepted, Batch, Form, Mention
from bot.domain.outbox import JobState, Ruling, Verdict
from bot.domain.reading import Intent, Language, Reading, Sentiment, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decided, Decision, Heard, Settled, Situation
from bot.pipeline.edited import of_the_edit
from bot.store.sqlite import SqliteStore
from bot.testing import NOON, lived, mention, new_case, reading

Tell = Callable[..., Awaitable[list[Settled]]]
LATER = NOON + timedelta(minutes=10)
ANGRY = reading(sentiment=Sentiment.NEGATIVE, urgency=Urgency.HIGH, intents=(Intent.COMPLAINT,))
GLAD = reading(sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,))


async def edited(store: SqliteStore, *posts: Mention) -> Accepted:
    return await store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=posts), LATER)


async def read_again(store: SqliteStore, read: Reading, decide: Callable[[Situation], Decision]) -> list[Settled]:
    claimed = await store.inbox.claim(10, LATER, timedelta(minutes=1))
    heard = [Heard(mention=post, reading=None if post.by_brand else read) for post in claimed]
    return await store.history.settle(heard, as_the_house(decide), lambda moment: moment)


def as_the_house(decide: Callable[[Situation], Decision]) -> Callable[[Situation], Decision]:
    def decided(situation: Situation) -> Decision:
        decision = decide(situation)
        return of_the_edit(decision, situation) if situation.edited else decision

    return decided


def thanks(situation: Situation) -> Decision:
    reply = Reply(to=situation.mention.id, kind=ReplyKind.THANKS, text="gracias", language=Language.ES)
    return Decision(actions=(sent(reply),), experiences=(lived(situation, None),))


def helps(situation: Situation) -> Decision:
    """A case, the desk, and an answer."""
    reply = Reply(to=situation.mention.id, kind=ReplyKind.ANSWER, text="lo miramos", language=Language.ES)
    route = Route(desk="casos", reason="delivery: complaint", urgency=Urgency.HIGH)
    case = situation.cases[0] if situation.cases else new_case(situation, urgency=Urgency.HIGH)
    return Decision(
        case=case,
        experiences=(lived(situation, Touchpoint.DELIVERY),),
        actions=(sent(route), sent(reply)),
    )


def sent(action: Reply | Route) -> Decided:
    return Decided(action=action, responder="thank", ruling=Ruling(verdict=Verdict.SEND, reason="why not"))


async def lines(store: SqliteStore) -> list[tuple[str, str, bool]]:
    customer = await store.history.customer("@ana")
    assert customer is not None
    journey = await store.history.journey(customer.id)
    return [(line.key, line.text, line.is_edit) for line in journey.interactions]


async def test_who_addresses_us_in_the_end_has_addressed_us(store: SqliteStore) -> None:
    said = (mention("1", "¿y mi lámpara?"), mention("2", "¿nadie contesta?"))
    await store.inbox.accept("test", Batch(mentions=said, cursor="1"), NOON)

    by_an_edit = mention("1", "@zarapito ¿y mi lámpara?", summoned=True)
    in_another_listing = mention("2", "¿nadie contesta?", summoned=True)
    await edited(store, by_an_edit)
    await store.inbox.accept("test", Batch(mentions=(in_another_listing,), cursor="2"), LATER)
    await store.inbox.accept("test", Batch(mentions=said, cursor="3"), LATER)

    claimed = await store.inbox.claim(10, LATER, timedelta(minutes=1))
    assert [(heard.text, heard.summoned) for heard in claimed] == [(by_an_edit.text, True), ("¿nadie contesta?", True)]


async def test_what_was_edited_before_it_was_read_is_read_in_its_new_form(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", "llegó rotoo"),), cursor="1"), NOON)

    assert await edited(store, mention("1", "llegó roto")) == Accepted(new=0, duplicates=0, edited=1)
    (settled,) = await read_again(store, ANGRY, helps)

    assert settled.mention.text == "llegó roto"
    assert await lines(store) == [("test:1", "llegó rotoo", False), ("test:1/edit/1", "llegó roto", True)]
    assert (await store.reports.counts()).jobs == {"pending": 2}


async def test_the_decision_about_an_edit_sees_how_the_form_before_was_read(store: SqliteStore, tell: Tell) -> None:
    seen: list[Situation] = []

    def looks(situation: Situation) -> Decision:
        seen.append(situation)
        return Decision()

    await tell(mention("1", "gracias"), read=GLAD, decide=looks)
    await edited(store, mention("1", "gracias por nada"))
    await read_again(store, ANGRY, looks)

    assert [(one.edited, one.before) for one in seen] == [(False, None), (True, GLAD)]


async def test_an_edit_nobody_heard_of_before_is_new(store: SqliteStore) -> None:
    assert await edited(store, mention("1", "hola")) == Accepted(new=1, duplicates=0)
    assert await edited(store, mention("1", "hola")) == Accepted(new=0, duplicates=0)
    assert await store.inbox.waiting() == 1


async def test_an_older_edit_that_comes_late_changes_nothing(store: SqliteStore, tell: Tell) -> None:
    def form(text: str, minute: int) -> Mention:
        return mention("1", text, edited_at=NOON + timedelta(minutes=minute))

    await tell(mention("1", "uno"))

    assert (await edited(store, form("tres", 3))).edited == 1
    assert (await edited(store, form("dos", 2))).edited == 0
    assert (await edited(store, form("tres", 5))).edited == 0
    assert (await edited(store, form("cuatro", 4))).edited == 0, "what stood again at five past is newer"
    assert (await edited(store, form("seis", 6))).edited == 1
    [again] = await store.inbox.claim(10, LATER, timedelta(minutes=1))
    assert (again.text, again.edited_at) == ("seis", NOON + timedelta(minutes=6))


async def test_edits_of_a_platform_that_does_not_tell_when_count_as_they_come(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "uno"))

    assert (await edited(store, mention("1", "dos"))).edited == 1
    assert (await edited(store, mention("1", "uno"))).edited == 1


async def test_an_edit_told_twice_is_one_edit(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "hola"))

    for _ in range(2):
        await edited(store, mention("1", "hola otra vez"))
        await read_again(store, reading(), lambda _: Decision())

    assert [text for _, text, _ in await lines(store)] == ["hola", "hola otra vez"]


async def test_a_worker_that_holds_the_old_form_settles_nothing(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", "bien"),), cursor=None), NOON)
    (held,) = await store.inbox.claim(1, NOON, timedelta(minutes=1))
    await edited(store, mention("1", "mal"))

    assert await store.history.settle([Heard(mention=held, reading=GLAD)], thanks, lambda moment: moment) == []
    (settled,) = await read_again(store, ANGRY, helps)

    assert settled.mention.text == "mal"


async def test_an_angry_afterthought_reaches_people_and_is_not_answered_by_the_machine(
    store: SqliteStore, tell: Tell
) -> None:
    await tell(mention("1", "gracias"), read=GLAD)
    await edited(store, mention("1", "gracias por nada, llegó roto"))

    (settled,) = await read_again(store, ANGRY, helps)

    assert settled.case is not None
    assert settled.case.first_answer_due == LATER + timedelta(days=1), "its clock runs from the change"
    jobs = {job.key: (job.state, job.ruling.reason) for job in await store.outbox.jobs()}
    assert jobs["test:1/edit/1/route"] == (JobState.PENDING, "why not")
    assert jobs["test:1/edit/1/reply"][0] is JobState.HELD
    assert jobs["test:1/edit/1/reply"][1] == because("edit.a_person_answers")


async def test_a_harmless_edit_disturbs_nobody(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "llegó rotoo"), read=ANGRY, decide=helps)
    before = {job.key: job.state for job in await store.outbox.jobs() if isinstance(job.action, Route)}
    await edited(store, mention("1", "llegó roto"))

    (settled,) = await read_again(store, ANGRY, helps)

    assert (settled.case, settled.jobs) == (None, 0)
    assert {job.key: job.state for job in await store.outbox.jobs() if isinstance(job.action, Route)} == before
    explained = await store.history.explain("test:1")
    assert explained is not None
    assert explained.case is not None, "it stays in its case"
    assert explained.forms == (Form(text="llegó rotoo", until=LATER),)


async def test_an_answer_to_the_old_form_waits_for_a_person(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "gracias"), read=GLAD, decide=thanks)

    await edited(store, mention("1", "gracias por nada"))

    (job,) = await store.outbox.jobs()
    assert job.state is JobState.HELD
    assert job.error == because("outbox.post_changed")
    assert await store.outbox.claim(10, LATER, timedelta(minutes=1)) == []


async def test_a_new_draft_takes_the_place_of_the_old_one(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "gracias"), read=GLAD, decide=thanks)
    await edited(store, mention("1", "gracias por nada"))

    await read_again(store, ANGRY, helps)

    states = {job.key: job.state for job in await store.outbox.jobs()}
    assert states["test:1/reply"] is JobState.DROPPED
    assert states["test:1/edit/1/reply"] is JobState.HELD


async def test_the_figures_count_the_last_form_once(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "gracias"), read=GLAD, decide=thanks)
    await edited(store, mention("1", "gracias por nada, llegó roto"))
    await read_again(store, ANGRY, helps)

    tally = await store.reports.tally(NOON, LATER)

    assert (tally.mentions, tally.negative, tally.positive) == (1, 1, 0)
    assert tally.by_touchpoint[Touchpoint.DELIVERY].mentions == 1
    customer = await store.history.customer("@ana")
    assert customer is not None
    (experience,) = (await store.history.journey(customer.id)).experiences
    assert experience.sentiment is Sentiment.NEGATIVE
    assert experience.at == NOON
    assert (await store.reports.counts()).experiences == 2, "the ledger only grows"


async def test_every_form_is_told_in_order(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "uno"))
    for minute, text in enumerate(("dos", "tres"), start=1):
        later = NOON + timedelta(minutes=minute)
        await store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=(mention("1", text),)), later)
    await read_again(store, reading(), lambda _: Decision())

    assert [text for _, text, _ in await lines(store)] == ["uno", "dos", "tres"]


async def test_a_quarantined_mention_gets_three_more_tries_in_its_new_form(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", "boom"),), cursor=None), NOON)
    now = NOON
    for _ in range(5):
        now += timedelta(minutes=2)
        await store.inbox.claim(1, now, timedelta(minutes=1))
    assert await store.inbox.waiting() == 0

    await edited(store, mention("1", "hola"))

    assert await store.inbox.waiting() == 1


async def test_the_brands_own_edit_is_a_line_of_history(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "¿abrís?"))
    post = mention("2", "sí, a las 9", who="brand", by_brand=True, in_reply_to="1")
    await tell(post)
    await edited(store, replace(post, text="sí, a las 10"))

    await read_again(store, reading(), lambda _: Decision())

    assert [text for _, text, _ in await lines(store)] == ["¿abrís?", "sí, a las 9", "sí, a las 10"]


async def test_words_that_cannot_be_stored_do_not_stop_an_edit(store: SqliteStore, tell: Tell) -> None:
    await tell(mention("1", "hola"))

    assert (await edited(store, mention("1", "hola \ud800"))).edited == 1
    assert (await edited(store, mention("1", "hola \ud800"))).edited == 0


async def test_what_only_a_shadow_would_say_to_a_new_form_is_no_draft(store: SqliteStore, tell: Tell) -> None:
    def shadowed(situation: Situation) -> Decision:
        reply = Reply(to=situation.mention.id, kind=ReplyKind.ANSWER, text="lo miramos", language=Language.ES)
        noted = Decided(action=reply, responder="answer", ruling=Ruling(verdict=Verdict.SHADOW, reason="shadow"))
        return Decision(case=new_case(situation), actions=(noted,))

    await tell(mention("1", "gracias"), read=GLAD)
    await edited(store, mention("1", "gracias por nada"))
    await read_again(store, ANGRY, shadowed)

    assert await store.outbox.jobs(JobState.HELD) == []


async def test_a_new_form_is_forgiven_what_the_old_one_brought_down(store: SqliteStore) -> None:
    await store.inbox.accept("test", Batch(mentions=(mention("1", "uno"),), cursor="1"), NOON)
    for _ in range(3):
        await store.inbox.claim(1, NOON, timedelta(minutes=1))
        await store.inbox.release()

    await edited(store, mention("1", "dos"))

    for _ in range(3):
        assert len(await store.inbox.claim(1, LATER, timedelta(minutes=1))) == 1
        await store.inbox.release()
