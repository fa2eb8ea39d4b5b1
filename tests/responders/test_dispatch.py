"""Nothing is said twice, nothing is lost: the dispatcher over the real store, a scripted channel and a noting desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Action, Alert, Ask, Close, Reply, ReplyKind, Route, Silence, SurveyKind
from bot.domain.agent import Agent
from bot.domain.case import Case, CaseId, CaseState
from bot.domain.digest import DigestText
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable, RateLimited
from bot.domain.mention import Batch, Mention, MentionId
from bot.domain.outbox import Job, JobState, Lane, Receipt, Ruling, Verdict
from bot.domain.papers import Papers
from bot.domain.ports.record import CaseFile
from bot.domain.ports.store import Store
from bot.domain.reading import Language, Urgency
from bot.domain.reason import Why, because
from bot.domain.situation import Decided, Decision, Heard, Situation
from bot.testing import NOON, ScriptedChannel, memory_store, mention, reading
from responders.dispatch import Dispatcher, Pace

LEASE = timedelta(minutes=2)
MAYA = Agent(id="maya", name="Maya")
PAUSE_FILE = because("paused.file", file="PAUSE")
PACE = Pace(lease=LEASE, tries=4, first_wait=timedelta(seconds=10), longest_wait=timedelta(seconds=60))


@dataclass
class Watch:
    """A watch that a test sets."""

    at: datetime = NOON

    def now(self, moment: datetime) -> datetime:
        del moment
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


class NotingDesk:
    """Remembers what it was shown; a key it has seen makes no second post."""

    name = "noting"

    def __init__(self) -> None:
        self.posts: dict[str, Case] = {}
        self.alerts: dict[str, str] = {}
        self.calls = 0
        self.faults: list[ChannelError] = []
        self.hangs: asyncio.Event | None = None

    async def post(self, file: CaseFile, key: str) -> Receipt:
        if self.hangs is not None:
            await self.hangs.wait()
        self._called()
        self.posts.setdefault(key, file.case)
        return Receipt(external_id=f"post-{key}", at=NOON)

    async def alert(self, text: str, key: str, *, wakes: bool = False) -> Receipt:
        del wakes
        self._called()
        self.alerts.setdefault(key, text)
        return Receipt(external_id=f"alert-{key}", at=NOON)

    async def digest(self, text: DigestText, key: str, *, picture: Path | None = None, described: str = "") -> Receipt:
        del picture, described
        return await self.alert(text.whole, key)

    def _called(self) -> None:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)


class Crash(BaseException):
    """The process dies."""


@dataclass
class House:
    """A store, a channel, a desk, and the hand that works between them."""

    store: Store
    channel: ScriptedChannel
    desk: NotingDesk
    watch: Watch
    dispatcher: Dispatcher

    async def decide(self, mentioned: Mention, *actions: Action, case: Case | None = None, **more: Any) -> None:
        """A mention is heard and these actions are decided for it."""
        ruling = Ruling(verdict=more.get("verdict", Verdict.SEND), reason="test: said so")

        def decision(situation: Situation) -> Decision:
            own = None if case is None else replace(case, customer_id=situation.customer.id)
            return Decision(case=own, actions=tuple(Decided(action=a, responder="t", ruling=ruling) for a in actions))

        await self.store.inbox.accept("test", Batch(mentions=(mentioned,), cursor=None), NOON)
        await self.store.history.settle([Heard(mention=mentioned, reading=reading())], decision, self.watch.now)

    async def job(self) -> Job:
        """The only job there is."""
        [job] = await self.store.outbox.jobs()
        return job

    async def crash(self, point: str = "dispatch.said") -> None:
        """Work until the process dies at a failpoint; then its lease runs out."""
        with pytest.raises(Crash):
            await house_dispatcher(self, dies_at=point).once()
        self.watch.forward(LEASE + timedelta(seconds=1))

    def spoken(self) -> list[str]:
        return [said.reply.text for said in self.channel.spoken]


def house_dispatcher(house: House, *, dies_at: str = "", stopped: Why | None = None) -> Dispatcher:
    def trip(point: str) -> None:
        if point == dies_at:
            raise Crash

    return Dispatcher(
        house.store.outbox,
        house.store.history,
        {"test": house.channel},
        house.desk,
        watch=house.watch,
        trip=trip,
        paused_elsewhere=lambda: stopped,
        pace=PACE,
        chance=lambda: 1.0,
    )


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with memory_store() as store:
        channel, desk, watch = ScriptedChannel(), NotingDesk(), Watch()
        dispatcher = Dispatcher(store.outbox, store.history, {}, desk, watch=watch)
        opened = House(store=store, channel=channel, desk=desk, watch=watch, dispatcher=dispatcher)
        opened.dispatcher = house_dispatcher(opened)
        yield opened


def a_reply(text: str = "¡Gracias!", to: str = "test:1", *, draft_only: bool = False) -> Reply:
    return Reply(to=MentionId(to), kind=ReplyKind.THANKS, text=text, language=Language.ES, draft_only=draft_only)


ROUTE = Route(desk="casos", reason="caso nuevo: queja", urgency=Urgency.MEDIUM)


def a_case(mentioned: Mention) -> Case:
    return Case(
        id=CaseId("case-1"),
        key=0,
        customer_id=None,  # type: ignore[arg-type]  # the store's customer, put in by `decide`
        channel="test",
        thread_id=mentioned.conversation,
        opened_by=mentioned.id,
        touchpoints=(),
        state=CaseState.NEW,
        urgency=Urgency.MEDIUM,
        opened_at=NOON,
        updated_at=NOON,
        first_answer_due=NOON,
        solve_due=NOON,
    )


# --- an ordinary day ---


async def test_a_reply_is_said_once_and_its_receipt_kept(house: House) -> None:
    await house.decide(mention("1"), a_reply())

    assert await house.dispatcher.run_until_idle() == 1

    job = await house.job()
    assert house.spoken() == ["¡Gracias!"]
    assert job.state is JobState.SENT
    assert job.receipt is not None
    assert job.receipt.external_id == house.channel.spoken[0].receipt.external_id
    assert house.channel.spoken[0].key == job.key
    assert await house.dispatcher.run_until_idle() == 0


async def test_whoever_was_told_to_stop_begins_nothing(house: House) -> None:
    await house.decide(mention("1"), a_reply(), ROUTE, case=a_case(mention("1")))
    house.dispatcher.stop()

    assert await house.dispatcher.run_until_idle() == 0
    assert {job.state for job in await house.store.outbox.jobs()} == {JobState.PENDING}


async def test_what_is_replayed_was_said_when_it_was_decided(house: House) -> None:
    house.watch.forward(-timedelta(days=30))
    await house.decide(mention("1"), a_reply())

    await house.dispatcher.run_until_idle()

    job = await house.job()
    assert job.receipt is not None
    assert job.receipt.at == house.watch.at < house.channel.spoken[0].receipt.at


async def test_a_question_is_said_as_a_survey(house: House) -> None:
    ask = Ask(to=MentionId("test:1"), survey=SurveyKind.CSAT, text="¿Del 1 al 5?", language=Language.ES)
    await house.decide(mention("1"), ask)

    await house.dispatcher.run_until_idle()

    [said] = house.channel.spoken
    assert (said.reply.kind, said.reply.text) == (ReplyKind.SURVEY, "¿Del 1 al 5?")
    assert (await house.job()).state is JobState.SENT


async def test_a_route_shows_the_case_on_the_desk(house: House) -> None:
    await house.decide(mention("1"), ROUTE, case=a_case(mention("1")))

    await house.dispatcher.run_until_idle()

    [(key, case)] = house.desk.posts.items()
    assert case.key > 0
    assert (await house.job()).key == key
    assert (await house.job()).state is JobState.SENT


async def test_a_mention_without_a_case_is_shown_as_an_alert(house: House) -> None:
    await house.decide(mention("1", "persona", who="ana"), ROUTE)

    await house.dispatcher.run_until_idle()

    [text] = house.desk.alerts.values()
    assert "caso nuevo: queja" in text
    assert "@ana: persona" in text
    assert (await house.job()).state is JobState.SENT


async def test_an_alert_says_what_and_who(house: House) -> None:
    long = mention("1", "¡Fuego! " * 100, url="https://x.example/1")
    await house.decide(long, Alert(desk="alertas", reason="habla de un peligro"))

    await house.dispatcher.run_until_idle()

    [text] = house.desk.alerts.values()
    assert text.startswith("habla de un peligro\ntest:1 · @ana: ¡Fuego!")
    assert text.endswith("… · https://x.example/1")
    assert len(text) < 300


async def test_silence_and_closing_need_no_hand(house: House) -> None:
    await house.decide(mention("1"), Silence(reason="spam"))
    await house.decide(mention("2"), Close(reason="solved"))

    assert await house.dispatcher.run_until_idle() == 0


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.SHADOW, Verdict.BLOCK])
async def test_what_the_policy_did_not_let_go_stays(house: House, verdict: Verdict) -> None:
    await house.decide(mention("1"), a_reply(), verdict=verdict)

    await house.dispatcher.run_until_idle()

    assert house.spoken() == []


@pytest.mark.parametrize("verdict", [Verdict.SHADOW, Verdict.BLOCK])
async def test_dropping_and_taking_back_is_no_way_around_the_policy(house: House, verdict: Verdict) -> None:
    await house.decide(mention("1"), a_reply(), verdict=verdict)
    withheld = await house.job()

    assert await house.store.outbox.drop(withheld.id, "by hand")
    assert await house.store.outbox.retry(withheld.id, house.watch.at) is None

    await house.dispatcher.run_until_idle()
    assert (house.spoken(), (await house.job()).state) == ([], JobState.WITHHELD)


async def test_a_person_may_change_the_words_and_the_key_stays(house: House) -> None:
    await house.decide(mention("1"), a_reply(draft_only=True), verdict=Verdict.APPROVE)
    held = await house.job()

    def approved(papers: Papers) -> Job:
        return papers.let_go(papers.reword(held, "Gracias, Ana", held.ruling, MAYA, NOON), MAYA, NOON)

    await house.store.deeds.change(approved)
    await house.dispatcher.run_until_idle()

    [said] = house.channel.spoken
    assert (said.reply.text, said.key) == ("Gracias, Ana", held.key)


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_channel_is_told_whether_a_person_wrote_it(house: House, by_hand: bool) -> None:
    """A mail that a person wrote must not be marked as a machine's: other machines throw those away."""
    await house.decide(mention("1"), a_reply(), verdict=Verdict.APPROVE)

    def approve(papers: Papers) -> None:
        job = papers.job_with_key("test:1/reply")
        assert job is not None
        if by_hand:
            job = papers.reword(job, "Mañana lo tienes, Ana", job.ruling, MAYA, house.watch.at)
        papers.let_go(job, MAYA, house.watch.at)

    await house.store.deeds.change(approve)
    await house.dispatcher.run_until_idle()

    assert [said.reply.draft_only for said in house.channel.spoken] == [by_hand]


async def test_many_errands_are_done_in_order(house: House) -> None:
    for number in range(70):
        await house.decide(mention(str(number)), a_reply(f"texto {number}", f"test:{number}"), ROUTE)

    assert await house.dispatcher.run_until_idle() == 140

    assert house.spoken() == [f"texto {number}" for number in range(70)]
    assert {job.state for job in await house.store.outbox.jobs(limit=200)} == {JobState.SENT}


# --- crashes and lost answers: no blind public resend ---


async def test_a_crash_after_saying_is_looked_up_not_repeated(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    await house.crash()

    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    receipt = (await house.job()).receipt
    assert receipt is not None
    assert receipt.external_id == house.channel.spoken[0].receipt.external_id


async def test_a_crash_before_saying_is_looked_up_and_then_said(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    await house.store.outbox.claim(10, house.watch.at, LEASE)
    house.watch.forward(LEASE + timedelta(seconds=1))

    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    assert (await house.job()).state is JobState.SENT


class ByLooking(ScriptedChannel):
    """Finds what it said by looking under the post, as X does; a new process knows only what it is told."""

    known: frozenset[str] = frozenset()
    deaf = False

    def recall(self, known: Mapping[str, Receipt]) -> None:
        self.known = frozenset(receipt.external_id for receipt in known.values())

    async def said(self, key: str, to: Mention) -> Receipt | None:
        del key
        if self.deaf:
            raise ChannelUnavailable("nobody answers")
        under = [each.receipt for each in self.spoken if each.to.id == to.id]
        return next((receipt for receipt in under if receipt.external_id not in self.known), None)


async def test_an_answer_in_doubt_is_said_though_another_stands_under_the_same_post(house: House) -> None:
    house.channel = ByLooking()
    await house.decide(mention("1"), a_reply("Recibido"), a_reply("Ya está arreglado"))
    await house_dispatcher(house).once(Lane.CUSTOMERS)
    await house.store.outbox.claim(10, house.watch.at, LEASE, Lane.CUSTOMERS)
    house.watch.forward(LEASE + timedelta(seconds=1))

    await house_dispatcher(house).run_until_idle()

    assert house.spoken() == ["Recibido", "Ya está arreglado"]


async def test_the_second_answer_under_a_post_waits_while_the_first_is_in_doubt(house: House) -> None:
    """The first was heard and its receipt lost: it is found before anything else stands there."""
    house.channel = ByLooking()
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("cut")], True
    await house.decide(mention("1"), a_reply("A"), a_reply("B"))
    await house_dispatcher(house).run_until_idle()
    assert house.spoken() == ["A"]

    house.watch.forward(timedelta(minutes=5))
    await house_dispatcher(house).run_until_idle()

    assert house.spoken() == ["A", "B"]
    assert [job.state for job in await house.store.outbox.jobs()] == [JobState.SENT] * 2


@pytest.mark.parametrize("fault", [ChannelUnavailable("503"), RateLimited(30)])
async def test_two_answers_keep_their_order_though_the_first_meets_a_fault(house: House, fault: ChannelError) -> None:
    house.channel.faults = [fault]
    await house.decide(mention("1"), a_reply("1/2"), a_reply("2/2"))
    for _ in range(3):
        await house.dispatcher.run_until_idle()
        house.watch.forward(timedelta(minutes=1))

    assert house.spoken() == ["1/2", "2/2"]
    assert next(job.attempts for job in await house.store.outbox.jobs()) == 1


async def test_what_was_refused_under_a_post_puts_nothing_else_there_in_doubt(house: House) -> None:
    house.channel = ByLooking()
    house.channel.faults = [ChannelRefused("too long"), ChannelUnavailable("cut")]
    await house.decide(mention("1"), a_reply("A"), a_reply("B"))
    await house_dispatcher(house).run_until_idle()

    house.watch.forward(timedelta(minutes=5))
    await house_dispatcher(house).run_until_idle()

    assert house.spoken() == ["B"]


async def test_what_was_given_up_in_doubt_is_not_taken_for_a_later_answer(house: House) -> None:
    house.channel = ByLooking()
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("cut")], True
    house.channel.deaf = True
    await house.decide(mention("1"), a_reply("A"))
    for _ in range(6):
        await house_dispatcher(house).run_until_idle()
        house.watch.forward(timedelta(hours=1))
    assert (await house.job()).state is JobState.DEAD
    house.channel.deaf = False

    def write(papers: Papers) -> None:
        situation = papers.situation_at(mention("1").id, house.watch.at)
        assert situation is not None
        papers.write("case/reply/p1", a_reply("B"), situation, Ruling(verdict=Verdict.SEND, reason="fine"), MAYA)

    await house.store.deeds.change(write)
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("cut")], False
    for _ in range(3):
        await house_dispatcher(house).run_until_idle()
        house.watch.forward(timedelta(hours=1))

    assert house.spoken() == ["A"]
    later = (await house.store.outbox.jobs())[0]
    assert (later.state, later.error) == (JobState.UNKNOWN, because("outbox.two_in_doubt"))


@pytest.mark.parametrize("limited", [False, True])
async def test_what_never_left_is_said_without_looking_for_it(house: House, *, limited: bool) -> None:
    """Under a pause people answer by hand on the platform, and their post is not this answer."""
    house.channel = ByLooking()
    await house.decide(mention("1"), a_reply())
    by_hand = a_reply("A mano")
    if limited:
        house.channel.faults = [RateLimited(30)]
        await house_dispatcher(house).run_until_idle()
    else:
        await house_dispatcher(house, stopped=PAUSE_FILE).run_until_idle()
    await house.channel.say(by_hand, mention("1"), "by-hand")

    house.watch.forward(timedelta(minutes=5))
    await house_dispatcher(house).run_until_idle()

    assert house.spoken() == ["A mano", "¡Gracias!"]


async def test_a_clock_set_back_stops_no_channel_that_asked_to_wait(house: House) -> None:
    await house.decide(mention("1"), a_reply("una"))
    house.channel.faults = [RateLimited(60)]
    await house.dispatcher.run_until_idle()

    house.watch.forward(-timedelta(days=10))
    await house.decide(mention("2", who="bea"), a_reply("otra"))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["otra"]

    house.watch.forward(timedelta(hours=1))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["otra", "una"]


async def test_a_limit_of_seconds_gives_nothing_up(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    house.channel.faults = [RateLimited(1)] * 9
    for _ in range(10):
        await house.dispatcher.run_until_idle()
        house.watch.forward(timedelta(seconds=1))

    assert house.spoken() == ["¡Gracias!"]


@pytest.mark.parametrize("what", ["edited", "deleted"])
@pytest.mark.parametrize("how", ["limited", "killed", "cut"])
async def test_nothing_is_said_to_a_post_that_changed_while_its_answer_was_under_way(
    house: House, what: str, how: str
) -> None:
    post = mention("1")
    await house.decide(post, a_reply())
    edits = (replace(post, text="sois unos ladrones"),) if what == "edited" else ()
    change = Batch(mentions=(), cursor=None, edits=edits, deletions=(post.external_id,) if what == "deleted" else ())
    if how == "killed":
        await house.store.outbox.claim(1, house.watch.at, LEASE)
        await house.store.outbox.release()
    else:
        house.channel.faults = [RateLimited(30) if how == "limited" else ChannelUnavailable("cut")]
        await house.dispatcher.run_until_idle()
    await house.store.inbox.accept("test", change, NOON)

    house.watch.forward(timedelta(minutes=5))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == []
    job = await house.job()
    assert job.state is (JobState.HELD if what == "edited" else JobState.WITHHELD)
    assert job.error == because("outbox.post_changed" if what == "edited" else "outbox.post_deleted")


@pytest.mark.parametrize("what", ["edited", "deleted"])
@pytest.mark.parametrize("fault", [RateLimited(30), ChannelUnavailable("cut")], ids=["limited", "cut"])
async def test_a_post_that_changed_at_the_very_moment_of_a_failed_try_is_not_answered_by_the_next(
    house: House, fault: ChannelError, what: str
) -> None:
    post = mention("1")
    await house.decide(post, a_reply())
    edits = (replace(post, text="sois unos ladrones"),) if what == "edited" else ()
    change = Batch(mentions=(), cursor=None, edits=edits, deletions=(post.external_id,) if what == "deleted" else ())
    say = house.channel.say

    async def meanwhile(reply: Reply, to: Mention, key: str) -> Receipt:
        del reply, to, key
        await house.store.inbox.accept("test", change, NOON)
        house.channel.say = say  # type: ignore[method-assign]
        raise fault

    house.channel.say = meanwhile  # type: ignore[method-assign]
    await house.dispatcher.run_until_idle()
    house.watch.forward(timedelta(minutes=5))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == []
    assert (await house.job()).state is (JobState.HELD if what == "edited" else JobState.WITHHELD)


async def test_a_refusal_is_told_though_the_post_changed_at_that_moment(house: House) -> None:
    post = mention("1")
    await house.decide(post, a_reply())
    change = Batch(mentions=(), cursor=None, edits=(replace(post, text="sois unos ladrones"),))

    async def meanwhile(reply: Reply, to: Mention, key: str) -> Receipt:
        del reply, to, key
        await house.store.inbox.accept("test", change, NOON)
        raise ChannelRefused("the account is locked")

    house.channel.say = meanwhile  # type: ignore[method-assign]
    await house.dispatcher.run_until_idle()

    assert (await house.job()).error == because("outbox.refused", why="the account is locked")


async def test_what_was_heard_before_its_post_changed_is_found_and_kept(house: House) -> None:
    post = mention("1")
    await house.decide(post, a_reply())
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("cut")], True
    await house.dispatcher.run_until_idle()
    change = Batch(mentions=(), cursor=None, edits=(replace(post, text="sois unos ladrones"),))
    await house.store.inbox.accept("test", change, NOON)

    house.watch.forward(timedelta(minutes=5))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    assert (await house.job()).state is JobState.SENT


async def test_a_channel_that_cannot_be_asked_leaves_a_crash_to_a_person(house: House) -> None:
    house.channel.can_look_up = False
    await house.decide(mention("1"), a_reply())
    await house.crash()

    await house.dispatcher.run_until_idle()

    job = await house.job()
    assert house.spoken() == ["¡Gracias!"]
    assert job.state is JobState.UNKNOWN
    assert job.error == because("outbox.cannot_be_asked", channel="test")


async def test_a_crash_leaves_one_answer_in_doubt_and_not_those_that_wait_behind_it(house: House) -> None:
    house.channel.can_look_up = False
    for number in range(3):
        await house.decide(mention(str(number)), a_reply(f"n.º {number}", f"test:{number}"))
    await house.crash()

    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["n.º 0", "n.º 1", "n.º 2"]
    states = [job.state for job in await house.store.outbox.jobs()]
    assert states == [JobState.SENT, JobState.SENT, JobState.UNKNOWN]


async def test_a_persons_retry_of_an_unknown_send_is_obeyed(house: House) -> None:
    house.channel.can_look_up = False
    await house.decide(mention("1"), a_reply())
    await house.crash()
    await house.dispatcher.run_until_idle()

    await house.store.outbox.retry((await house.job()).id, house.watch.at)
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!", "¡Gracias!"]
    assert (await house.job()).state is JobState.SENT


async def test_each_public_receipt_is_stored_before_the_next_word(house: House) -> None:
    for number in (1, 2, 3):
        await house.decide(mention(str(number)), a_reply(f"texto {number}", f"test:{number}"))
    said = 0

    def dies_at_the_second(point: str) -> None:
        nonlocal said
        said += point == "dispatch.said"
        if said == 2:
            raise Crash

    dying = Dispatcher(
        house.store.outbox,
        house.store.history,
        {"test": house.channel},
        house.desk,
        watch=house.watch,
        trip=dies_at_the_second,
        pace=PACE,
    )
    with pytest.raises(Crash):
        await dying.run_until_idle()

    states = {job.mention_id: job.state for job in await house.store.outbox.jobs()}
    assert states == {"test:1": JobState.SENT, "test:2": JobState.SENDING, "test:3": JobState.PENDING}
    house.watch.forward(LEASE + timedelta(seconds=1))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["texto 1", "texto 2", "texto 3"]


async def test_an_answer_lost_on_the_way_is_looked_up(house: House) -> None:
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("timed out")], True
    await house.decide(mention("1"), a_reply())
    await house.dispatcher.run_until_idle()
    assert (await house.job()).state is JobState.PENDING

    house.watch.forward(timedelta(minutes=1))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    assert (await house.job()).state is JobState.SENT


async def test_an_answer_lost_by_a_channel_that_cannot_be_asked_goes_to_a_person(house: House) -> None:
    house.channel.faults, house.channel.heard_anyway = [ChannelUnavailable("timed out")], True
    house.channel.can_look_up = False
    await house.decide(mention("1"), a_reply())

    await house.dispatcher.run_until_idle()
    house.watch.forward(timedelta(hours=2))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    assert (await house.job()).state is JobState.UNKNOWN


async def test_a_desk_post_interrupted_is_repeated_under_its_key(house: House) -> None:
    await house.decide(mention("1"), ROUTE, case=a_case(mention("1")))
    await house.store.outbox.claim(10, house.watch.at, LEASE)
    house.watch.forward(LEASE + timedelta(seconds=1))

    await house.dispatcher.run_until_idle()

    assert len(house.desk.posts) == 1
    assert (await house.job()).state is JobState.SENT


async def test_an_errand_that_always_kills_its_worker_is_put_aside(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    for _ in range(PACE.tries):
        await house.store.outbox.claim(10, house.watch.at, LEASE)
        house.watch.forward(LEASE + timedelta(seconds=1))

    await house.dispatcher.run_until_idle()

    assert house.spoken() == []
    assert (await house.job()).state is JobState.UNKNOWN


# --- faults ---


async def test_a_passing_fault_is_tried_again_later_and_later(house: House) -> None:
    house.channel.faults = [ChannelUnavailable("503"), ChannelUnavailable("503"), ChannelUnavailable("503")]
    await house.decide(mention("1"), a_reply())
    waits = []
    for _ in range(3):
        await house.dispatcher.run_until_idle()
        job = await house.job()
        waits.append((job.due_at - house.watch.at).total_seconds())
        house.watch.at = job.due_at

    await house.dispatcher.run_until_idle()

    assert waits == [10, 20, 40]
    assert house.spoken() == ["¡Gracias!"]


async def test_waiting_is_spread_out_and_bounded(house: House) -> None:
    impatient = Dispatcher(
        house.store.outbox,
        house.store.history,
        {"test": house.channel},
        house.desk,
        watch=house.watch,
        pace=replace(PACE, first_wait=timedelta(hours=3)),
        chance=lambda: 0.0,
    )
    house.channel.faults = [ChannelUnavailable("503")]
    await house.decide(mention("1"), a_reply())

    await impatient.once()

    assert (await house.job()).due_at - house.watch.at == PACE.longest_wait / 2


async def test_nothing_is_tried_before_its_time(house: House) -> None:
    house.channel.faults = [RateLimited(300)]
    await house.decide(mention("1"), a_reply())
    await house.dispatcher.run_until_idle()

    house.watch.forward(timedelta(seconds=299))
    assert await house.dispatcher.run_until_idle() == 0
    house.watch.forward(timedelta(seconds=1))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]


async def test_a_rate_limit_is_the_channels_and_not_one_answers(house: House) -> None:
    house.channel.faults = [RateLimited(300)]
    for number in range(5):
        await house.decide(mention(str(number), thread_id=str(number)), a_reply())
    await house.dispatcher.run_until_idle()

    house.watch.forward(timedelta(seconds=299))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == []

    house.watch.forward(timedelta(seconds=1))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["¡Gracias!"] * 5
    assert sorted(job.attempts for job in await house.store.outbox.jobs()) == [1] * 5


async def test_a_rate_limit_is_no_doubt_even_where_nobody_can_ask(house: House) -> None:
    house.channel.faults, house.channel.can_look_up = [RateLimited(30)], False
    await house.decide(mention("1"), a_reply())
    await house.dispatcher.run_until_idle()

    house.watch.forward(timedelta(seconds=30))
    await house.dispatcher.run_until_idle()

    assert (await house.job()).state is JobState.SENT


async def test_after_enough_tries_it_is_given_up_with_the_reason(house: House) -> None:
    house.channel.faults = [ChannelUnavailable("503 from the channel")] * 9
    await house.decide(mention("1"), a_reply())
    for _ in range(9):
        await house.dispatcher.run_until_idle()
        house.watch.forward(timedelta(hours=1))

    job = await house.job()
    assert (job.state, job.attempts) == (JobState.DEAD, PACE.tries)
    assert job.error == because("outbox.gave_up", tries=4, why="503 from the channel")


async def test_what_a_person_retries_is_tried_as_patiently_again(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    house.channel.faults = [*(ChannelUnavailable("down") for _ in range(PACE.tries)), RateLimited(30)]
    for _ in range(PACE.tries):
        await house.dispatcher.run_until_idle()
        house.watch.forward(PACE.longest_wait)
    given_up = await house.job()
    assert given_up.state is JobState.DEAD

    await house.store.outbox.retry(given_up.id, house.watch.at)
    await house.dispatcher.run_until_idle()

    assert (await house.job()).state is JobState.PENDING
    house.watch.forward(timedelta(seconds=30))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["¡Gracias!"]


async def test_what_was_heard_when_it_was_given_up_is_not_said_again_by_a_retry(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    [errand] = await house.store.outbox.claim(1, house.watch.at, LEASE)
    await house.channel.say(a_reply(), errand.mention, errand.job.key)
    await house.store.outbox.dead(errand.job, "the answer was lost")

    await house.store.outbox.retry(errand.job.id, house.watch.at)
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]


async def test_a_refusal_is_final_and_the_next_errand_goes_on(house: House) -> None:
    house.channel.faults = [ChannelRefused("the post was deleted")]
    await house.decide(mention("1"), a_reply())
    await house.decide(mention("2"), a_reply("Hola", "test:2"))

    await house.dispatcher.run_until_idle()

    [dead] = await house.store.outbox.jobs(JobState.DEAD)
    assert dead.error == because("outbox.refused", why="the post was deleted")
    assert house.spoken() == ["Hola"]


async def test_a_channel_without_a_voice_says_so(house: House) -> None:
    await house.decide(mention("1", channel="feed"), a_reply(to="feed:1"))

    await house.dispatcher.run_until_idle()

    job = await house.job()
    assert job.state is JobState.DEAD
    assert job.error == because("outbox.no_voice", channel="feed")


async def test_a_desk_that_is_away_is_tried_again(house: House) -> None:
    house.desk.faults = [ChannelUnavailable("gateway")]
    await house.decide(mention("1"), ROUTE, case=a_case(mention("1")))
    await house.dispatcher.run_until_idle()

    house.watch.forward(timedelta(seconds=10))
    await house.dispatcher.run_until_idle()

    assert len(house.desk.posts) == 1
    assert house.desk.calls == 2


async def test_after_half_an_hour_without_a_desk_every_card_arrives_once(house: House) -> None:
    posts = [mention(str(number)) for number in range(3)]
    for post in posts:
        await house.decide(post, ROUTE, case=replace(a_case(post), id=CaseId(f"case-{post.id}")))
    house.desk.faults = [ChannelUnavailable("gateway")] * 1000
    waits = []
    for _ in range(40):
        await house.dispatcher.run_until_idle()
        due = [job.due_at for job in await house.store.outbox.jobs(JobState.PENDING)]
        waits.append(max(due) - house.watch.at)
        house.watch.at = max(due)
    assert house.watch.at - NOON > timedelta(minutes=30)
    assert max(waits) <= timedelta(seconds=60)

    house.desk.faults = []
    await house.dispatcher.run_until_idle()

    assert len(house.desk.posts) == len(posts)
    assert {job.state for job in await house.store.outbox.jobs()} == {JobState.SENT}


async def test_a_crash_after_a_long_wait_for_the_desk_loses_no_card(house: House) -> None:
    house.desk.faults = [ChannelUnavailable("gateway")] * (PACE.tries + 1)
    await house.decide(mention("1"), ROUTE, case=a_case(mention("1")))
    for _ in range(PACE.tries + 1):
        await house.dispatcher.run_until_idle()
        house.watch.forward(timedelta(seconds=60))
    await house.store.outbox.claim(10, house.watch.at, LEASE)
    house.watch.forward(LEASE + timedelta(seconds=1))

    await house.dispatcher.run_until_idle()

    assert len(house.desk.posts) == 1


async def test_cards_that_come_in_turn_have_not_failed(house: House) -> None:
    house.desk.faults = [RateLimited(20)] * 5
    await house.decide(mention("1"), ROUTE, case=a_case(mention("1")))
    for _ in range(5):
        await house.dispatcher.run_until_idle()
        assert (await house.job()).attempts == 0
        house.watch.forward(timedelta(seconds=20))

    await house.dispatcher.run_until_idle()

    assert ((await house.job()).state, (await house.job()).attempts) == (JobState.SENT, 1)


async def test_a_limit_of_the_desk_holds_up_no_answer(house: House) -> None:
    house.desk.faults = [RateLimited(300)]
    await house.decide(mention("1"), ROUTE, a_reply(), case=a_case(mention("1")))

    await house.dispatcher.run_until_idle(Lane.HOUSE)
    await house.dispatcher.run_until_idle(Lane.CUSTOMERS)

    assert house.spoken() == ["¡Gracias!"]


async def test_a_desk_that_hangs_holds_up_no_answer(house: House) -> None:
    await house.decide(mention("1"), ROUTE, a_reply(), case=a_case(mention("1")))
    house.desk.hangs = asyncio.Event()
    showing = asyncio.create_task(house.dispatcher.run_until_idle(Lane.HOUSE))

    await house.dispatcher.run_until_idle(Lane.CUSTOMERS)

    assert (house.spoken(), showing.done()) == (["¡Gracias!"], False)
    house.desk.hangs.set()
    assert await showing == 1


async def test_each_lane_does_its_own_errands(house: House) -> None:
    await house.decide(mention("1"), ROUTE, a_reply(), case=a_case(mention("1")))

    assert await house.dispatcher.run_until_idle(Lane.CUSTOMERS) == 1
    assert (house.spoken(), house.desk.calls) == (["¡Gracias!"], 0)
    assert await house.dispatcher.run_until_idle(Lane.HOUSE) == 1
    assert house.desk.calls == 1


# --- pauses ---


async def test_a_pause_stops_words_to_customers_but_not_the_desk(house: House) -> None:
    await house.decide(mention("1"), a_reply(), ROUTE)
    paused = house_dispatcher(house, stopped=PAUSE_FILE)

    await paused.run_until_idle()

    assert house.spoken() == []
    assert len(house.desk.alerts) == 1
    [waiting] = await house.store.outbox.jobs(JobState.PENDING)
    assert waiting.error == because("outbox.paused", by=PAUSE_FILE)
    house.watch.forward(timedelta(seconds=60))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["¡Gracias!"]


async def test_a_pause_stops_what_was_claimed_but_not_said_yet(house: House) -> None:
    for number in range(3):
        await house.decide(mention(str(number), thread_id=str(number)), a_reply(f"n.º {number}"))
    say = house.channel.say

    async def then_somebody_pauses(reply: Reply, to: Mention, key: str) -> Receipt:
        await house.store.outbox.pause("Gerente", house.watch.at)
        return await say(reply, to, key)

    house.channel.say = then_somebody_pauses  # type: ignore[method-assign]
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["n.º 0"]
    house.channel.say = say  # type: ignore[method-assign]
    await house.store.outbox.resume()
    house.watch.forward(timedelta(seconds=60))
    await house.dispatcher.run_until_idle()
    assert house.spoken() == ["n.º 0", "n.º 1", "n.º 2"]


async def test_a_long_pause_uses_up_no_tries(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    paused = house_dispatcher(house, stopped=PAUSE_FILE)
    for _ in range(PACE.tries * 2):
        await paused.run_until_idle()
        house.watch.forward(timedelta(seconds=60))
    house.channel.faults = [ChannelUnavailable("503")] * (PACE.tries - 1)

    for _ in range(PACE.tries):
        await house.dispatcher.run_until_idle()
        house.watch.forward(PACE.longest_wait)

    assert (await house.job()).state is JobState.SENT


@pytest.mark.parametrize("why", [because("outbox.paused", by="Gerente"), "paused by Gerente"], ids=["now", "in 0.1"])
async def test_claims_that_were_counted_in_a_pause_give_nothing_up(house: House, why: Why) -> None:
    """An earlier version counted them."""
    await house.decide(mention("1"), a_reply())
    for _ in range(PACE.tries):
        [errand] = await house.store.outbox.claim(1, house.watch.at, LEASE)
        await house.store.outbox.postpone(errand.job, house.watch.at, why)
    house.channel.faults = [ChannelUnavailable("503")]

    await house.dispatcher.run_until_idle()
    house.watch.forward(PACE.longest_wait)
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]


async def test_a_pause_does_not_make_a_doubtful_send_sure(house: House) -> None:
    await house.decide(mention("1"), a_reply())
    await house.crash()
    await house_dispatcher(house, stopped=PAUSE_FILE).run_until_idle()

    house.watch.forward(timedelta(seconds=60))
    await house.dispatcher.run_until_idle()

    assert house.spoken() == ["¡Gracias!"]
    assert (await house.job()).state is JobState.SENT
