"""R10: no text breaks a channel, coming or going."""

from __future__ import annotations

import pytest

from bot.domain.account import Ability
from bot.domain.action import Reply, ReplyKind
from bot.domain.errors import ChannelRefused
from bot.domain.ports.channel import Voice
from bot.domain.reading import Language
from bot.domain.text import clean
from tests.contracts.conftest import Needs
from tests.contracts.ear import Ear
from tests.contracts.stage import Stage

HOSTILE = {
    "combining marks": "e" + "\u0301\u0327\u0316" * 3_334,
    "bidi": "precio \u202e001\u202c \u2066€\u2069 \u200f",
    "lone surrogate": "hola \ud83d adiós \udc00",
    "nul and controls": "ho\x00la\x07 \x1b[31mrojo\x1b[0m",
    "a megabyte": "larguísimo " * 95_000,
    "emoji": "👩‍👩‍👧‍👦" * 600,
    "markup": "<b>&amp;</b> [x](https://example.invalid) @everyone `code` {{7*7}}",
    "nothing but what is taken out": "\u200b\ufeff\x00\u202e",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_is_heard_clean_and_keeps_nobody_else_from_being_heard(
    ear: Ear, stage: Stage, name: str
) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
        before = await stage.write("antes")
        hostile = await stage.write(HOSTILE[name])
        after = await stage.write("después")
        await ear.listen(channel, new=3)

    assert {before, after} <= set(ear.mentions)
    assert hostile in ear.mentions
    heard = ear.mentions[hostile].text
    assert heard == clean(heard)
    assert "\x00" not in heard
    heard.encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_is_posted_within_the_limit_or_refused(
    ear: Ear, stage: Stage, needs: Needs, name: str
) -> None:
    needs(Ability.ANSWERS)
    async with ear.open() as channel:
        assert isinstance(channel, Voice)
        await ear.begin(channel)
        post = await stage.write("hola")
        await ear.listen(channel, new=1)
        to = ear.mentions[post]
        answer = Reply(to=to.id, kind=ReplyKind.ANSWER, text=HOSTILE[name], language=Language.ES)
        try:
            await channel.say(answer, to, "key-1")
        except ChannelRefused:
            assert await stage.posted() == []
            return

    [posted] = await stage.posted()
    assert posted.text
    assert len(posted.text) <= channel.limit
    assert "\x00" not in posted.text
    posted.text.encode("utf-8")
