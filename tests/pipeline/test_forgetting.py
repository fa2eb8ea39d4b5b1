"""Who asks to be forgotten is forgotten: every word, name and account; what was counted stays counted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.agent import Rank
from bot.domain.case import CaseState, Resolution
from bot.domain.customer import Consent, Customer
from bot.domain.deskwork import Reread
from bot.domain.digest import Quote
from bot.domain.errors import NotDone
from bot.domain.mention import Batch, Handle, Mention
from bot.domain.outbox import JobState, Receipt
from bot.domain.reading import Sentiment, Touchpoint, Urgency
from bot.domain.situation import Decision, Heard, Situation
from bot.pipeline.alarm import Alarm
from bot.pipeline.workbench import Workbench
from bot.testing import NOON, memory_store, mention, reading
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
    await house.store.outbox.sent([(errand.job, Receipt(external_id="said-1", at=house.at))])

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
    with pytest.raises(NotDone, match="nothing_to_answer"):
        await house.letters.reply(key, "Hola", LEO, seen="", press="p3")


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
    quote = Quote(
        mention_id=first.id,
        text=first.text,
        evidence=word,
        touchpoint=None,
        sentiment=Sentiment.NEGATIVE,
        language=reading().language,
        case_key=key,
        at=NOON,
    )
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
