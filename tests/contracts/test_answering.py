"""What is answered stands on the platform once, whatever happens between saying it and knowing it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.account import Ability
from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelError, ChannelRefused, ChannelUnavailable
from bot.domain.mention import Mention
from bot.domain.outbox import Receipt
from bot.domain.ports.channel import Recalls, Voice
from bot.domain.reading import Language
from tests.contracts.conftest import Needs
from tests.contracts.ear import Channel, Ear
from tests.contracts.stage import ERRORS, Fault, Posted, Stage, Trick

SOON = 15.0
# listings that lag have caught up by then
A_WHILE = 1_800.0


def reply(to: Mention, text: str = "Gracias, lo miramos ahora mismo") -> Reply:
    return Reply(to=to.id, kind=ReplyKind.THANKS, text=text, language=Language.ES)


async def spoken_to(ear: Ear, channel: Channel, text: str = "hola") -> Mention:
    """A mention of this channel that waits for its answer."""
    await ear.begin(channel)
    post = await ear.stage.write(text)
    await ear.listen(channel, new=1)
    return ear.mentions[post]


def voice(channel: Channel) -> Voice:
    assert isinstance(channel, Voice)
    return channel


async def as_the_outbox_would(ear: Ear, speaker: Voice, to: Mention, key: str) -> Receipt:
    """A second try: asked first, where the channel can be asked."""
    heard = await looked_up(ear, speaker, to, key) if speaker.can_look_up else None
    return heard or await speaker.say(reply(to), to, key)


async def looked_up(ear: Ear, speaker: Voice, to: Mention, key: str) -> Receipt | None:
    """Asked again later where it cannot be said yet."""
    try:
        return await speaker.said(key, to)
    except ChannelUnavailable:
        ear.clock.pass_on(A_WHILE)
        return await speaker.said(key, to)


def texts(posted: list[Posted]) -> list[str]:
    return [post.text for post in posted]


async def test_an_answer_is_posted_under_the_post_it_answers(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        receipt = await voice(channel).say(reply(to), to, "key-1")

    [posted] = await stage.posted()
    assert "Gracias, lo miramos ahora mismo" in posted.text
    assert posted.in_reply_to == to.external_id
    assert posted.external_id == receipt.external_id
    assert receipt.at.tzinfo is not None


async def test_the_same_key_is_one_post_and_one_receipt(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        first = await voice(channel).say(reply(to), to, "key-1")
        again = await voice(channel).say(reply(to), to, "key-1")

    assert again.external_id == first.external_id
    # where a mention can be looked at on the web, so can its answer
    if to.url is not None and to.url.startswith("https://"):
        assert first.url is not None
        assert first.url.startswith("https://")
        assert first.url == again.url != to.url
    assert len(await stage.posted()) == 1


async def test_two_keys_are_two_answers(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        await voice(channel).say(reply(to, "Gracias"), to, "key-1")
        await ear.stage.write("otra cosa")
        await ear.listen(channel, new=1)
        other = next(mention for mention in ear.mentions.values() if mention != to)
        await voice(channel).say(reply(other, "Dinos"), other, "key-2")

    assert len(await stage.posted()) == 2


async def test_the_next_process_knows_what_was_said(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        first = await voice(channel).say(reply(to), to, "key-1")
    async with ear.open() as channel:
        if not voice(channel).can_look_up:
            pytest.skip(f"{ear.kind}: cannot look up; a doubtful answer goes to a person")
        receipt = await voice(channel).said("key-1", to)

    assert receipt is not None
    assert receipt.external_id == first.external_id


async def test_what_a_former_process_said_to_the_same_post_is_not_taken_for_this_answer(ear: Ear, needs: Needs) -> None:
    """A receipt and an answer, or two answers of people: the second would be lost for good."""
    needs(Ability.LOOKS_UP)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        first = await voice(channel).say(reply(to), to, "key-1")
    async with ear.open() as channel:
        speaker = voice(channel)
        if isinstance(speaker, Recalls):
            speaker.recall({"key-1": first})

        assert await looked_up(ear, speaker, to, "key-2") is None


async def test_what_was_never_said_is_not_found(ear: Ear, needs: Needs) -> None:
    needs(Ability.LOOKS_UP)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)

        assert await looked_up(ear, voice(channel), to, "key-1") is None


@pytest.mark.parametrize("fault", ERRORS)
async def test_a_fault_while_answering_is_one_of_the_three_errors_and_then_there_is_one_answer(
    ear: Ear, stage: Stage, needs: Needs, fault: Fault
) -> None:
    needs(Ability.ANSWERS, fault)
    expected = stage.errors.get(fault, ERRORS[fault])
    async with ear.open(**ear.impatient(fault)) as channel:
        to = await spoken_to(ear, channel)
        await stage.fail(fault)

        with pytest.raises(ChannelError) as caught:
            async with asyncio.timeout(SOON):
                await voice(channel).say(reply(to), to, "key-1")

        assert isinstance(caught.value, expected), repr(caught.value)
        await stage.mend()
        await as_the_outbox_would(ear, voice(channel), to, "key-1")

    assert len(await stage.posted()) == 1


async def test_an_answer_whose_receipt_was_lost_is_not_said_again(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.LOOKS_UP, Fault.LOST_ANSWER)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        await stage.fail(Fault.LOST_ANSWER)
        with pytest.raises(ChannelError):
            async with asyncio.timeout(SOON):
                await voice(channel).say(reply(to), to, "key-1")
    await stage.mend()
    async with ear.open() as channel:
        receipt = await as_the_outbox_would(ear, voice(channel), to, "key-1")

    [posted] = await stage.posted()
    assert posted.external_id == receipt.external_id


async def test_an_answer_to_a_post_that_is_gone_is_refused(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS, Trick.GONE_TARGET)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        await stage.delete(to.external_id)

        with pytest.raises(ChannelRefused):
            await voice(channel).say(reply(to), to, "key-1")

    assert await stage.posted() == []


async def test_where_only_who_called_us_may_be_answered_nobody_else_is(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    if not ear.found.only_summoned:
        pytest.skip(f"{ear.kind}: the platform lets us answer anybody")
    async with ear.open() as channel:
        to = replace(await spoken_to(ear, channel), summoned=False)
        with pytest.raises(ChannelRefused):
            await voice(channel).say(reply(to), to, "key-1")

    assert await stage.posted() == []


async def test_the_channels_own_answer_is_no_mention(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        to = await spoken_to(ear, channel)
        await voice(channel).say(reply(to), to, "key-1")
        other = await stage.write("gracias a vosotros")
        await ear.listen(channel, new=1)
        await ear.listen(channel)

    assert set(ear.mentions) == {to.external_id, other}
