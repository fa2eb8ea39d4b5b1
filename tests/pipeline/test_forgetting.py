"""Who asks to be forgotten is forgotten: every word, name and account; what was counted stays counted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.action import Ask, SurveyKind
from bot.domain.agent import Rank
from bot.domain.case import CaseState, Resolution
from bot.domain.customer import Consent, Customer
from bot.domain.deskwork import Reread
from bot.domain.digest import Quote
from bot.domain.errors import NotDone
from bot.domain.mention import Batch, Handle, Mention, MentionId
from bot.domain.outbox import Delivery, JobState, Receipt
from bot.domain.ports.record import DeskMessage
from bot.domain.reading import Language, Sentiment, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.situation import Decision, Heard, Situation
from bot.pipeline.alarm import Alarm
from bot.pipeline.workbench import Workbench
from bot.testing import NOON, lived, memory_store, mention, reading
from nlp.pii import Recogniser
from responders.policy import RuleBook
from tests.pipeline.writing import ADA, CLOCKS, LEO, MAYA, MINUTE, House

DAY = timedelta(days=1)
# letters that make no word of ours, within ASCII and without: JSON keeps the latter escaped
WORDS = st.text("qxzñéЖ", min_size=8, max_size=12)


async def the_customer(house: House, key: int) -> Customer:
    return (await house.file(key)).customer


async def test_forgetting_closes_what_is_open_and_lets_nothing_leave(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key)
    customer = await the_customer(house, key)

    erased = await house.letters.erase(customer.id, ADA, press="forget")

    assert (erased.mentions, erased.interactions, [case.key for case in erased.cases]) == (1, 1, [key])
    assert await house.letters.erase(customer.id, ADA, press="forget") == replace(erased, shown=())
    file = await house.file(key)
    assert (file.case.state, file.case.outcome) == (CaseState.RESOLVED, None)
    assert file.customer.erased_at == house.at
    assert [job.state for job in file.jobs] == [JobState.WITHHELD]
    assert await house.sends() == []


async def test_nothing_of_theirs_is_taken_in_again_and_nothing_is_said_about_it(house: House) -> None:
    key = await house.hears(mention("1", who="ana"))
    await house.letters.erase((await the_customer(house, key)).id, ADA, press="forget")
    again = Batch(
        mentions=(mention("1", who="ana"), mention("2", who="ana"), mention("3", who="bea")),
        edits=(mention("1", "otra cosa", who="ana"),),
        cursor="c2",
    )

    accepted = await house.store.inbox.accept("test", again, house.at)

    assert (accepted.new, accepted.duplicates, accepted.edited) == (1, 0, 0)
    assert await house.store.inbox.cursor("test") == "c2"
    assert await house.store.history.customers("ana") == []


async def test_figures_stay(house: House) -> None:
    key = await house.hears(mention("1", "no llega"), sentiment=Sentiment.NEGATIVE)
    before = await house.store.reports.tally(NOON, NOON + DAY)

    await house.letters.erase((await the_customer(house, key)).id, ADA, press="forget")

    assert await house.store.reports.tally(NOON, NOON + DAY) == before
    assert await house.store.reports.quotes(NOON, NOON + DAY, 5) == []


async def test_what_was_being_read_or_sent_meanwhile_leaves_no_word(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, "Ya sale, Ana")
    [errand] = await house.store.outbox.claim(1, house.at, MINUTE)
    late = mention("2", "soy Ana otra vez")
    await house.store.inbox.accept("test", Batch(mentions=(late,), cursor=None), house.at)

    await house.letters.erase((await the_customer(house, key)).id, ADA, press="forget")
    heard = [Heard(mention=late, reading=reading())]
    assert await house.store.history.settle(heard, _never, lambda moment: moment) == []
    await house.store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="said-1", at=house.at))])

    assert "Ana" not in await house.everything()


async def test_only_who_may_forgets_and_only_once(house: House) -> None:
    key = await house.hears(mention("1"))
    customer = await the_customer(house, key)
    with pytest.raises(NotDone, match="needs_rank"):
        await house.letters.erase(customer.id, MAYA, press="p1")
    await house.letters.erase(customer.id, replace(MAYA, rank=Rank.ADMIN), press="p2")

    with pytest.raises(NotDone, match="no_customer"):
        await house.letters.erase(customer.id, ADA, press="p3")


async def test_nobody_is_written_to_who_was_forgotten_since(house: House) -> None:
    key = await house.hears(mention("1"), draft="Hola")
    job = await house.held()
    await house.letters.erase((await the_customer(house, key)).id, ADA, press="forget")

    with pytest.raises(NotDone, match="may_not_leave"):
        await house.letters.approve(job.id, LEO, press="p2")
    with pytest.raises(NotDone, match=r"policy\.erased"):
        await house.letters.reply(key, "Hola", LEO, seen="", press="p3")


async def _forgotten(house: House, key: int) -> None:
    await house.letters.erase((await the_customer(house, key)).id, ADA, press="forget")


async def _line(house: House) -> None:
    """The posts of the brand that wait are settled."""
    claimed = await house.store.inbox.claim(10, house.at, MINUTE)
    await house.store.history.settle([Heard(mention=one, reading=None) for one in claimed], _never, lambda at: at)


def _brands(number: str, text: str, **more: object) -> Mention:
    return replace(mention(number, text, who="zarapito", by_brand=True), **more)  # type: ignore[arg-type]


ANSWERS = [
    _brands("901", "@anabel ya sale, Anabel", in_reply_to="77501", thread_id="77501"),
    _brands("902", "y el viernes llega, Anabel", in_reply_to="901", thread_id="77501"),
    _brands("903", "te escribo otra vez, Anabel", thread_id="77501"),
]


@pytest.mark.parametrize("answer", ANSWERS)
async def test_what_the_brand_said_to_them_is_not_taken_in_either(house: House, answer: Mention) -> None:
    key = await house.hears(mention("77501", who="ana"))
    await _forgotten(house, key)

    await house.store.inbox.accept("test", Batch(mentions=(answer,), cursor="c2"), house.at)
    await house.store.inbox.accept("test", Batch(mentions=(), edits=(answer,), cursor="c3"), house.at)
    await _line(house)

    left = await house.everything()
    assert [word for word in ("Anabel", "77501") if word in left] == []


async def test_our_own_answer_is_not_heard_again_when_its_customer_was_forgotten(house: House) -> None:
    key = await house.hears(mention("1", who="ana", thread_id="hilo"))
    await house.writes(key, "Ya sale, Anabel")
    await house.sends()
    await _forgotten(house, key)

    said = _brands(house.channel.spoken[0].receipt.external_id, "@ana Ya sale, Anabel", in_reply_to="900")
    await house.store.inbox.accept("test", Batch(mentions=(said,), cursor="c2"), house.at)
    await _line(house)

    assert "Anabel" not in await house.everything()


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_of_the_brand_that_was_heard_and_not_filed_yet_goes_too(house: House, answer: Mention) -> None:
    key = await house.hears(mention("77501", who="ana"))
    await house.store.inbox.accept("test", Batch(mentions=(answer,), cursor="c2"), house.at)

    await _forgotten(house, key)
    await _line(house)

    left = await house.everything()
    assert [word for word in ("Anabel", "77501") if word in left] == []


async def test_an_answer_not_filed_yet_goes_though_they_wrote_again_and_though_it_was_set_aside(house: House) -> None:
    key = await house.hears(mention("77501", who="ana"))
    answer, again = ANSWERS[2], mention("77502", who="ana", thread_id="77501")
    await house.store.inbox.accept("test", Batch(mentions=(answer, again), cursor="c2"), house.at)
    for tried in range(10):
        await house.store.inbox.claim(10, house.at + tried * 2 * MINUTE, MINUTE)
    assert await house.store.inbox.waiting() == 0

    await _forgotten(house, key)

    left = await house.everything()
    assert [word for word in ("Anabel", "7750") if word in left] == []


async def _set_aside(house: House, post: Mention) -> None:
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor="c1"), house.at)
    for tried in range(5):
        await house.store.inbox.claim(10, house.at + tried * 2 * MINUTE, MINUTE)


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_filed_as_said_to_nobody_goes_with_who_was_never_read(house: House, answer: Mention) -> None:
    await _set_aside(house, mention("77501", who="ana"))
    await house.store.inbox.accept("test", Batch(mentions=(answer,), cursor="c2"), house.at)
    await _line(house)
    [ana] = await house.store.history.customers("ana")

    await house.letters.erase(ana.id, ADA, press="forget")

    left = await house.everything()
    assert [word for word in ("Anabel", "77501") if word in left] == []


async def test_an_announcement_that_only_they_answered_stays(house: House) -> None:
    said = _brands("900", "mañana abrimos en Soria", posted_at=NOON - MINUTE, thread_id="900")
    await house.store.inbox.accept("test", Batch(mentions=(said,), cursor="c1"), house.at)
    await _line(house)
    await _set_aside(house, mention("77501", who="ana", thread_id="900", in_reply_to="900"))
    [ana] = await house.store.history.customers("ana")

    await house.letters.erase(ana.id, ADA, press="forget")

    left = await house.everything()
    assert "mañana abrimos en Soria" in left
    assert "77501" not in left


async def test_who_was_read_for_the_first_time_meanwhile_is_forgotten_all_the_same(house: House) -> None:
    post = mention("1", "soy Zarapito", who="zarapito")
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), house.at)
    [unread] = await house.store.history.customers("zarapito")
    await house.hears(post)

    assert (await house.letters.erase(unread.id, ADA, press="forget")).mentions == 1
    assert "arapito" not in await house.everything()


async def test_who_is_forgotten_while_being_read_for_the_first_time_leaves_no_word(house: House) -> None:
    post = mention("1", "soy Zarapito", who="zarapito")
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), house.at)
    [unread] = await house.store.history.customers("zarapito")
    await house.store.inbox.claim(1, house.at, MINUTE)

    await house.letters.erase(unread.id, ADA, press="forget")

    heard = [Heard(mention=post, reading=reading())]
    assert await house.store.history.settle(heard, _never, lambda moment: moment) == []
    assert "arapito" not in await house.everything()


async def test_what_the_brand_says_to_others_in_the_same_thread_is_heard(house: House) -> None:
    key = await house.hears(mention("1", who="ana", thread_id="hilo"))
    other = await house.hears(mention("2", who="bea", thread_id="hilo"))
    waiting = _brands("3", "Ya sale, Bea", in_reply_to="2", thread_id="hilo")
    await house.store.inbox.accept("test", Batch(mentions=(waiting,), cursor="c2"), house.at)

    await _forgotten(house, key)
    later = _brands("4", "Ya salió, Bea", thread_id="hilo")
    await house.store.inbox.accept("test", Batch(mentions=(later,), cursor="c3"), house.at)
    await _line(house)

    assert [line.text for line in (await house.file(other)).interactions] == ["hola", "Ya sale, Bea", "Ya salió, Bea"]


async def test_no_link_leads_to_them_and_no_id_can_be_computed_from_that_of_their_post(house: House) -> None:
    key = await house.hears(mention("1"))
    [lived_before] = (await house.file(key)).experiences
    await house.writes(key)
    [errand] = await house.store.outbox.claim(1, house.at, MINUTE)
    link = "https://fedi.example/@zarapito/7"
    await house.store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="7", at=house.at, url=link))])

    await _forgotten(house, key)

    left = await house.everything()
    assert [each for each in (link, lived_before.id) if each in left] == []
    assert len((await house.file(key)).experiences) == 1


async def test_a_correction_in_no_case_does_not_name_their_post(house: House) -> None:
    post = mention("77501", "me encanta", who="ana")
    await house.store.inbox.accept("test", Batch(mentions=(post,), cursor=None), house.at)

    def no_case(situation: Situation) -> Decision:
        return Decision(experiences=(lived(situation, Touchpoint.DELIVERY),))

    await house.store.history.settle([Heard(mention=post, reading=reading())], no_case, lambda at: at)
    known = await house.store.history.explain(post.id)
    assert known is not None
    await house.letters.correct(
        post.id, {known.experiences[0].id: Reread(touchpoint=Touchpoint.STORE)}, MAYA, press="c"
    )
    [ana] = await house.store.history.customers("ana")

    await house.letters.erase(ana.id, ADA, press="forget")

    assert "77501" not in await house.everything()


async def test_nobody_is_called_for_what_was_promised_to_them(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.letters.promise(key, "la llamo el martes", house.at + DAY, MAYA, press="p")
    await _forgotten(house, key)
    house.at += DAY + MINUTE

    assert await Alarm(deeds=house.store.deeds, rings_at=lambda now: now, alerts="alertas").ring(house.at) == 0
    assert await house.store.reports.promises(NOON, NOON + 2 * DAY) == []
    assert await house.store.reports.promises(NOON + 2 * DAY, NOON + 3 * DAY) == []


async def test_a_promise_that_fell_due_before_they_were_forgotten_stays_counted(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.letters.promise(key, "la llamo el martes", house.at + DAY, MAYA, press="p")
    house.at += 2 * DAY
    await _forgotten(house, key)

    assert [each.what for each in await house.store.reports.promises(NOON, NOON + 2 * DAY)] == [""]


async def test_what_was_promised_to_them_leaves_kept_editions(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    made = await house.letters.promise(key, "llamar a Anabel por su boda", house.at + DAY, MAYA, press="p")
    edition = "1) Promesas: 1\n   #1001: llamar a Anabel\n     por su boda\n2) Voces: 3"
    await house.store.reports.keep_digest("d", edition, house.at, [], [made])

    await _forgotten(house, key)

    left = await house.everything()
    assert "Anabel" not in left
    assert "1) Promesas: 1\n   #1001: […]\n2) Voces: 3" in left


async def test_of_a_promise_in_one_word_no_other_words_suffer(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    made = await house.letters.promise(key, "abono", house.at + DAY, MAYA, press="p")
    await house.store.reports.keep_digest("d", "Abonos: 3, abonos: 2\n#1001: abono (12 may)", house.at, [], [made])

    await _forgotten(house, key)

    assert "Abonos: 3, abonos: 2\n#1001: […] (12 may)" in await house.everything()


async def test_an_edition_that_was_being_printed_meanwhile_is_kept_without_them(house: House) -> None:
    post = mention("1", "mi vestido no llega")
    key = await house.hears(post)
    made = await house.letters.promise(key, "llamar a Anabel por su boda", house.at + DAY, MAYA, press="p")
    quote = _quote(post, key, "no llega")
    await _forgotten(house, key)

    printed = "— mi vestido\n no llega —\n#1001: llamar a Anabel por su boda\nfin"
    assert await house.store.reports.keep_digest("d", printed, house.at, [quote], [made])

    assert "— […] —\n#1001: […]\nfin" in await house.everything()


def _quote(post: Mention, key: int, evidence: str) -> Quote:
    return Quote(
        mention_id=post.id,
        text=post.text,
        evidence=evidence,
        touchpoint=None,
        sentiment=Sentiment.NEGATIVE,
        language=reading().language,
        case_key=key,
        at=NOON,
    )


async def _a_life(house: House, name: str, account: str, word: str) -> int:
    """Everything a house can come to know of a person, in their words and about them."""

    def post(number: int, text: str) -> Mention:
        author = Handle(channel="test", account_id=account, name=name)
        at = NOON + number * timedelta(seconds=1)
        url = f"https://x.test/{name}/{number}"
        return mention(f"{account}:{number}", text, author=author, posted_at=at, thread_id=account, url=url)

    first, said = post(1, f"{word} no llega, soy {name}"), f"hola {name}, {word}"
    key = await house.hears(first, draft=f"{said} borrador", sentiment=Sentiment.NEGATIVE)
    file = await house.file(key)
    quote = _quote(first, key, word)
    await house.store.reports.keep_digest("d", f"— {first.text} —", house.at, [quote])
    await house.letters.reject((await house.held()).id, f"{name} ya lo sabe: {word}", MAYA, press="r")
    await house.letters.promise(key, said, house.at + DAY, MAYA, press="pr")
    [lived] = file.experiences
    await house.letters.correct(first.id, {lived.id: Reread(touchpoint=Touchpoint.STORE)}, MAYA, press="c")
    edited = replace(first, text=f"{word}{word} y nada más")
    await house.store.inbox.accept("test", Batch(mentions=(), edits=(edited,), cursor=None), house.at)
    await house.hears(edited, urgency=Urgency.HIGH)
    await house.hears(post(2, f"@{name}: {word}"), draft=said)
    await house.letters.approve((await house.held()).id, LEO, press="ap", text=f"{said} {word}")
    await house.sends()
    await house.hears(post(3, word))
    await house.writes(key, f"{said}!", anyway=True)
    await house.store.inbox.accept("test", Batch(mentions=(post(4, word),), cursor=None), house.at)
    other = await house.hears(mention("9", f"soy también {name}", who=f"{account}-two"))
    same = Consent(words=f"{name} lo dijo", noted_by="root", noted_at=house.at)
    await house.store.history.merge(file.customer.id, (await the_customer(house, other)).id, same)
    bench = _bench(house)
    await bench.note(key, f"{name} llamó: {word}", MAYA, press="n")
    await bench.escalate(key, f"{name} se va", MAYA, press="e")
    house.at += 2 * DAY
    await Alarm(deeds=house.store.deeds, rings_at=lambda now: now, alerts="alertas").ring(house.at)
    await bench.resolve(key, Resolution.SOLVED, f"{word} para {name}", MAYA, press="s")
    return key


def _bench(house: House) -> Workbench:
    return Workbench(
        deeds=house.store.deeds,
        policy=RuleBook(house.rules, personal_data=Recogniser(), disclosure=lambda _: "auto"),
        clocks=CLOCKS,
        question=lambda _: None,
        rings_at=lambda now: now,
        alerts="alertas",
        watch=house,
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=WORDS, account=WORDS, word=WORDS)
def test_after_a_person_was_forgotten_no_table_holds_their_words_or_names(name: str, account: str, word: str) -> None:
    async def story() -> tuple[str, str]:
        async with memory_store() as store:
            house = House(store=store)
            key = await _a_life(house, name, account, word)
            customer = await the_customer(house, key)
            before = await house.everything()
            await house.letters.erase(customer.id, ADA, press="forget")
            return before, (await house.everything()).replace(customer.id, "KNOWN")

    before, after = asyncio.run(story())

    assert all(private in before for private in (name, account, word))
    private = [form for each in (name, account, word, "KNOWN") for form in (each, json.dumps(each)[1:-1])]
    assert [line for line in after.splitlines() if any(each in line for each in private)] == []


def _never(situation: Situation) -> Decision:
    raise AssertionError(situation)


async def test_who_answered_them_and_how_it_left_stays_without_their_words(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.writes(key, "Ya sale, Ana")
    await house.sends()

    await _forgotten(house, key)

    file = await house.file(key)
    assert [(line.actor, line.text) for line in file.interactions] == [("", ""), (MAYA.id, "")]
    assert [(job.state, job.error) for job in file.jobs] == [(JobState.SENT, None)]


async def test_what_nobody_knows_of_is_not_said_again_to_who_was_forgotten(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.writes(key)
    [errand] = await house.store.outbox.claim(1, house.at, MINUTE)
    await house.store.outbox.unknown(errand.job, "nobody knows")

    await _forgotten(house, key)

    assert await house.store.outbox.retry(errand.job.id, house.at) is None


async def test_what_is_being_said_as_they_are_forgotten_is_left_to_its_hand(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.writes(key)
    await house.store.outbox.claim(1, house.at, 5 * MINUTE)

    await _forgotten(house, key)

    assert await house.store.outbox.claim(1, house.at + MINUTE, 5 * MINUTE) == []
    assert [job.state for job in await house.store.outbox.jobs()] == [JobState.SENDING]


async def test_no_question_that_they_were_asked_is_kept_under_the_id_of_their_post(house: House) -> None:
    question = Ask(to=MentionId("test:77501"), survey=SurveyKind.CSAT, text="¿Del 1 al 5?", language=Language.ES)
    key = await house.hears(mention("77501"), draft=question)
    await house.letters.approve((await house.held()).id, MAYA, press="p")
    await house.sends()

    await _forgotten(house, key)

    assert "77501" not in await house.everything()
    [asked] = await house.store.reports.scores(NOON, NOON + DAY)
    assert asked.asked == 1


async def test_what_an_employee_said_of_their_case_leads_to_it_no_more(house: House) -> None:
    key = await house.hears(mention("1"))
    await house.letters.voice("las cajas llegan rotas", MAYA, press="v", key=key)

    await _forgotten(house, key)

    [voice] = await house.letters.voices(NOON, NOON + DAY)
    assert (voice.text, voice.case_key) == ("las cajas llegan rotas", None)


# --- what was open or under way meanwhile ---


async def test_a_reason_that_names_them_is_not_kept_where_no_erasure_finds_it(house: House) -> None:
    key = await house.hears(mention("1"), draft="Hola")
    job = await house.held()
    await house.letters.reject(job.id, "Anabel está de baja", LEO, press="p1")
    with pytest.raises(NotDone, match="Anabel está de baja"):
        await house.letters.approve(job.id, MAYA, press="p2")

    await _forgotten(house, key)

    assert "Anabel está de baja" not in await house.everything()


async def test_a_form_that_was_open_puts_no_words_about_them_back(house: House) -> None:
    key = await house.hears(mention("1"))
    await _forgotten(house, key)
    due = house.at + timedelta(days=1)

    with pytest.raises(NotDone, match=r"policy\.erased"):
        await house.letters.promise(key, "llamar a Anabel al 600123123", due, MAYA, press="p1")

    assert "600123123" not in await house.everything()


@pytest.mark.parametrize("how", ["dead", "unknown", "hold", "withhold", "postpone"])
async def test_what_a_server_says_of_an_answer_that_was_under_way_is_not_kept(house: House, how: str) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, "Ya sale")
    [errand] = await house.store.outbox.claim(1, house.at, MINUTE)
    await _forgotten(house, key)
    why = because("outbox.refused", why="550 <anabel@example.com> unknown")
    outbox = house.store.outbox

    if how == "postpone":
        await outbox.postpone(errand.job, house.at + MINUTE, why)
    else:
        await {"dead": outbox.dead, "unknown": outbox.unknown, "hold": outbox.hold, "withhold": outbox.withhold}[how](
            errand.job, why
        )

    assert "anabel@example" not in await house.everything()
    [job] = await outbox.jobs()
    assert job.state is (JobState.UNKNOWN if how == "unknown" else JobState.WITHHELD)


async def test_the_address_of_an_answer_that_was_under_way_is_not_kept(house: House) -> None:
    key = await house.hears(mention("1", "no llega"))
    await house.writes(key, "Ya sale")
    [errand] = await house.store.outbox.claim(1, house.at, MINUTE)
    await _forgotten(house, key)

    receipt = Receipt(external_id="99", at=house.at, url="https://social.example/@anabel/99")
    await house.store.outbox.sent([Delivery(job=errand.job, receipt=receipt)])

    assert "anabel" not in await house.everything()


@pytest.mark.parametrize("gone", ["forgotten", "deleted"])
async def test_an_alert_that_was_being_shown_meanwhile_is_taken_down(house: House, gone: str) -> None:
    post = mention("77501", "Anabel llora")
    key = await house.hears(post)
    await _bench(house).escalate(key, "urge", MAYA, press="e")
    [errand] = await house.store.outbox.claim(5, house.at, MINUTE)
    if gone == "forgotten":
        await _forgotten(house, key)
    else:
        await house.store.inbox.accept("test", Batch(mentions=(), cursor=None, deletions=("77501",)), house.at)

    shown = DeskMessage(key=f"alert:{errand.job.key}", place="1", message="2", drawn="x")
    await house.store.cards.keep(shown, house.at)
    await house.store.outbox.sent([Delivery(job=errand.job, receipt=Receipt(external_id="2", at=house.at))])

    assert [each.message for each in await house.store.cards.messages("gone:")] == ["2"]
    assert await house.store.cards.messages("alert:") == []
