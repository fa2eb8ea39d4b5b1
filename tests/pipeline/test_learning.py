"""What the house learns from its people: how a mention is to be read, and what they hear themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cli.corrections import correction_row
from bot.domain.case import Case, Resolution
from bot.domain.deskwork import Reread
from bot.domain.errors import NotDone
from bot.domain.experience import Experience
from bot.domain.mention import Batch, MentionId
from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint
from bot.domain.situation import Decision, Heard
from bot.pipeline.workbench import Workbench
from bot.testing import NOON, mention, reading
from nlp.pii import Recogniser
from responders.policy import RuleBook
from tests.pipeline.writing import CLOCKS, LEO, MAYA, House, audited

DAY = timedelta(days=1)
FIRST = MentionId("test:1")
TO_STORE = Reread(
    stage=Stage.DURING, touchpoint=Touchpoint.STORE, sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,)
)


async def read_so(house: House) -> tuple[int, Experience]:
    """A case with one negative experience of a delivery, as the model read it."""
    key = await house.hears(mention("1", "la cola fue rápida", thread_id="t"), sentiment=Sentiment.NEGATIVE)
    [lived] = (await house.file(key)).experiences
    return key, lived


async def the_case(house: House, key: int) -> Case:
    return (await house.file(key)).case


# --- corrections ---


async def test_a_correction_counts_in_the_place_of_what_was_read(house: House) -> None:
    key, lived = await read_so(house)
    before = await house.store.reports.tally(NOON, NOON + DAY)

    [corrected] = await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")

    assert (corrected.touchpoint, corrected.stage, corrected.sentiment, corrected.what) == (
        Touchpoint.STORE,
        Stage.DURING,
        Sentiment.POSITIVE,
        Intent.PRAISE,
    )
    assert (corrected.corrected_by, corrected.confidence) == (MAYA.id, 1.0)
    after = await house.store.reports.tally(NOON, NOON + DAY)
    assert (before.negative, after.negative, after.positive) == (1, 0, 1)
    assert (set(before.by_touchpoint), set(after.by_touchpoint)) == ({Touchpoint.DELIVERY}, {Touchpoint.STORE})
    assert (await house.file(key)).experiences == (corrected,)
    assert (await the_case(house, key)).touchpoints == (Touchpoint.STORE,)


async def test_the_ledger_keeps_both(house: House) -> None:
    key, lived = await read_so(house)
    await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")

    assert (await house.store.reports.counts()).experiences == 2
    assert (await audited(house.store, "p1"))["detail"] == (
        '{"stage":["\\u2014 \\u2192 during"],"touchpoint":["delivery \\u2192 store"],'
        '"sentiment":["negative \\u2192 positive"],"what":["question \\u2192 praise"]}'
    )
    assert (await the_case(house, key)).key == key


async def test_a_correction_feeds_the_evaluation_and_the_last_one_counts(house: House) -> None:
    _, lived = await read_so(house)
    [first] = await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")
    await house.letters.correct(FIRST, {first.id: Reread(touchpoint=Touchpoint.WEBSITE_APP)}, LEO, press="p2")

    [correction] = await house.store.history.corrections()

    labels = correction_row(correction)["labels"]
    assert [span["touchpoint"] for span in labels["spans"]] == [Touchpoint.WEBSITE_APP]
    assert (labels["sentiment"], labels["intent"]) == (Sentiment.POSITIVE, {Intent.PRAISE: True})
    assert correction_row(correction)["corrected_by"] == [LEO.id]


async def test_the_same_press_corrects_once(house: House) -> None:
    _, lived = await read_so(house)

    first = await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")

    assert await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1") == first
    assert (await house.store.reports.counts()).experiences == 2


async def test_what_was_read_anew_meanwhile_is_not_corrected(house: House) -> None:
    _, lived = await read_so(house)
    await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")

    with pytest.raises(NotDone, match="no_experience"):
        await house.letters.correct(FIRST, {lived.id: TO_STORE}, LEO, press="p2")


async def test_a_post_that_its_author_took_back_is_not_corrected(house: House) -> None:
    _, lived = await read_so(house)
    await house.store.inbox.accept("test", Batch(mentions=(), cursor=None, deletions=("1",)), house.at)

    with pytest.raises(NotDone, match="no_mention"):
        await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")


# --- what is not about the brand ---


async def end_as(house: House, key: int, resolution: Resolution, press: str = "end") -> None:
    bench = Workbench(
        deeds=house.store.deeds,
        policy=RuleBook(house.rules, personal_data=Recogniser(), disclosure=lambda _: "auto"),
        clocks=CLOCKS,
        question=lambda _: None,
        rings_at=lambda now: now,
        alerts="alertas",
        watch=house,
    )
    await bench.resolve(key, resolution, "", MAYA, press=press)


async def test_what_is_not_about_the_brand_counts_nowhere(house: House) -> None:
    """A homonym: an agent sees it at once, and no figure may tell of it."""
    key, _ = await read_so(house)

    await end_as(house, key, Resolution.NOT_ABOUT_US)

    tally = await house.store.reports.tally(NOON, NOON + DAY)
    assert (tally.negative, tally.by_touchpoint) == (0, {})
    file = await house.file(key)
    assert file.experiences == ()
    assert (await house.store.history.journey(file.customer.id)).experiences == ()
    assert (await house.store.reports.quotes(NOON, NOON + DAY, 9)) == []
    [correction] = await house.store.history.corrections()
    assert correction_row(correction)["labels"] == {"about_brand": False}
    assert correction_row(correction)["corrected_by"] == [MAYA.id]


async def test_it_counts_again_when_the_case_goes_on(house: House) -> None:
    key, lived = await read_so(house)
    before = await house.store.reports.tally(NOON, NOON + DAY)
    [corrected] = await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")
    await house.letters.correct(FIRST, {corrected.id: Reread(sentiment=Sentiment.NEGATIVE)}, MAYA, press="p2")
    await end_as(house, key, Resolution.NOT_ABOUT_US)

    await house.hears(mention("2", "¿hola?", thread_id="t", posted_at=house.at), sentiment=Sentiment.NEUTRAL)

    tally = await house.store.reports.tally(NOON, NOON + DAY)
    assert (before.negative, tally.negative, tally.neutral) == (1, 1, 1)
    assert tally.by_touchpoint[Touchpoint.STORE].negative == 1


@pytest.mark.parametrize("ending", [Resolution.NOT_ABOUT_US, Resolution.NOT_OURS])
async def test_what_counted_nowhere_before_counts_nowhere_when_the_case_goes_on(
    house: House, ending: Resolution
) -> None:
    key, _ = await read_so(house)
    await house.hears(mention("2", "gana dinero", thread_id="t", posted_at=house.at), spam=True)
    await end_as(house, key, ending)

    await house.hears(mention("3", "¿hola?", thread_id="t", posted_at=house.at))

    tally = await house.store.reports.tally(NOON, NOON + DAY)
    assert (tally.mentions, tally.left_out) == (2, 1)
    assert tally.by_touchpoint[Touchpoint.DELIVERY].mentions == 2


async def test_what_was_edited_since_it_was_set_aside_counts_in_its_new_form_alone(house: House) -> None:
    key, _ = await read_so(house)
    await end_as(house, key, Resolution.NOT_ABOUT_US)
    edited = mention("1", "la cola fue rápida, gracias", thread_id="t")
    await house.store.inbox.accept("test", Batch(mentions=(), cursor=None, edits=(edited,)), house.at)
    [again] = await house.store.inbox.claim(5, house.at, DAY)
    glad = Heard(mention=again, reading=reading(sentiment=Sentiment.POSITIVE))
    await house.store.history.settle([glad], lambda _: Decision(), lambda moment: moment)

    await house.hears(mention("2", "¿hola?", thread_id="t", posted_at=house.at), sentiment=Sentiment.POSITIVE)

    tally = await house.store.reports.tally(NOON, NOON + DAY)
    assert tally.by_touchpoint[Touchpoint.DELIVERY].negative == 0


async def test_the_quality_of_a_day_tells_how_much_of_what_counts_was_corrected(house: House) -> None:
    key, lived = await read_so(house)
    await house.hears(mention("2", "y otra cosa", thread_id="t", posted_at=house.at))
    await house.letters.correct(FIRST, {lived.id: TO_STORE}, MAYA, press="p1")
    corrected = (await house.store.reports.quality(NOON, NOON + DAY)).corrections

    await end_as(house, key, Resolution.NOT_ABOUT_US)

    assert (corrected, (await house.store.reports.quality(NOON, NOON + DAY)).corrections) == (1, 0)


async def test_another_ending_takes_nothing_out_of_the_figures(house: House) -> None:
    key, _ = await read_so(house)

    await end_as(house, key, Resolution.NOT_OURS)

    assert (await house.store.reports.tally(NOON, NOON + DAY)).negative == 1
    assert await house.store.history.corrections() == []


# --- voices ---


async def test_a_voice_is_heard_with_its_case_and_touchpoint(house: House) -> None:
    key = await house.hears(mention("1"))

    said = await house.letters.voice(
        " La web da mal la fecha ", MAYA, press="p1", key=key, touchpoint=Touchpoint.DELIVERY
    )

    assert (said.text, said.said_by, said.case_key) == ("La web da mal la fecha", MAYA.id, key)
    assert await house.letters.voices(NOON, NOON + DAY) == [said]
    assert await house.store.reports.voices(NOON, NOON + DAY) == [said]
    assert await house.letters.voices(NOON + DAY, NOON + 2 * DAY) == []


async def test_a_voice_about_a_case_is_heard_where_the_case_is(house: House) -> None:
    key = await house.hears(mention("1"))

    said = await house.letters.voice("La web da mal la fecha", MAYA, press="p1", key=key)

    assert said.touchpoint is Touchpoint.DELIVERY


async def test_who_wishes_to_stay_unnamed_cannot_be_found_out(house: House) -> None:
    said = await house.letters.voice("Nos faltan manos", MAYA, press="interaction-4711", anonymous=True)
    again = await house.letters.voice("Nos faltan manos", MAYA, press="interaction-4711", anonymous=True)

    assert (again, said.said_by) == (said, None)
    rows = await house.everything()
    assert MAYA.id not in rows
    assert MAYA.name not in rows
    assert "interaction-4711" not in rows


async def test_a_vote_is_one_a_person_and_can_be_taken_back(house: House) -> None:
    quiet = await house.letters.voice("Falta café", MAYA, press="p0")
    said = await house.letters.voice("Nos faltan manos", MAYA, press="p1")

    await house.letters.vote(said.id, MAYA, press="p2")
    once = await house.letters.vote(said.id, LEO, press="p3")
    same = await house.letters.vote(said.id, LEO, press="p3")

    assert (once.votes, same.votes) == (2, 2)
    assert [each.id for each in await house.letters.voices(NOON, NOON + DAY)] == [said.id, quiet.id]
    assert (await house.letters.vote(said.id, LEO, press="p4")).votes == 1
    with pytest.raises(NotDone, match="no_voice"):
        await house.letters.vote("voice-nobody", LEO, press="p5")


async def test_a_voice_needs_words(house: House) -> None:
    with pytest.raises(NotDone, match="nothing_written"):
        await house.letters.voice(" ", MAYA, press="p1", anonymous=True)
    with pytest.raises(NotDone, match="too_long"):
        await house.letters.voice("a" * 1001, MAYA, press="p2")
