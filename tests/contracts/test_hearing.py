"""What is written to the brand is heard: once, whole, from everybody, and by the next process too."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.account import Ability, OwnVoice
from bot.domain.mention import Visibility
from tests.contracts.conftest import Needs
from tests.contracts.ear import NAME, Ear
from tests.contracts.stage import Stage, Trick

TELL_WHEN_IT_WAS_EDITED = {"discord_guild", "mastodon", "matrix", "telegram"}


async def test_a_post_is_heard_whole(ear: Ear, stage: Stage) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
        post = await stage.write("hola, ¿dónde está mi lámpara?", who="ana")
        await ear.listen(channel, new=1)

    assert list(ear.mentions) == [post]
    heard = ear.mentions[post]
    assert "¿dónde está mi lámpara?" in heard.text
    assert heard.channel == heard.author.channel == NAME
    assert heard.author.account_id
    assert heard.author.name
    assert heard.posted_at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - heard.posted_at) < timedelta(hours=1)
    assert heard.visibility in Visibility
    assert heard.summoned
    assert not heard.backfilled


async def test_a_post_that_is_seen_again_is_one_mention(ear: Ear, stage: Stage) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
        posts = {await stage.write("una"), await stage.write("dos")}
        await ear.listen(channel, new=2)
        await ear.listen(channel)

    assert set(ear.mentions) == posts
    assert ear.new == 2


async def test_two_people_are_two(ear: Ear, stage: Stage) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
        for who in ("ana", "luz", "ana"):
            await stage.write("hola", who=who)
        await ear.listen(channel, new=3)

    assert len({mention.author.account_id for mention in ear.mentions.values()}) == 2


async def test_a_restart_goes_on_where_the_cursor_is(ear: Ear, stage: Stage) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
        before = await stage.write("antes")
        await ear.listen(channel, new=1)
    meanwhile = await stage.write("mientras tanto")
    async with ear.open() as channel:
        await ear.listen(channel, new=1)
        after = await stage.write("después")
        await ear.listen(channel, new=1)
        await ear.listen(channel)

    assert set(ear.mentions) == {before, meanwhile, after}
    assert ear.new == 3
    assert not ear.mentions[meanwhile].backfilled


async def test_what_a_crash_kept_from_the_store_is_told_again(ear: Ear, stage: Stage) -> None:
    async with ear.open() as channel:
        await ear.begin(channel)
    cursor = await ear.store.inbox.cursor(NAME)
    post = await stage.write("hola")
    lost = Ear(ear.kind, ear.found, stage, ear.store, ear.surroundings, ear.clock)
    lost.keep = _crash  # type: ignore[method-assign]
    async with ear.open() as channel:
        with suppress(_Crash):
            await lost.listen(channel, new=1, patience=1)

    assert await ear.store.inbox.cursor(NAME) == cursor
    async with ear.open() as channel:
        await ear.listen(channel, new=1)
    assert set(ear.mentions) == {post}


class _Crash(Exception):
    """The process ends here."""


async def _crash(batch: object) -> None:
    del batch
    raise _Crash


async def test_history_is_marked_at_the_first_start_and_only_then(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Trick.HISTORY)
    old = await stage.write("de antes")
    async with ear.open() as channel:
        await ear.listen(channel, new=1)
        fresh = await stage.write("de ahora")
        await ear.listen(channel, new=1)

    assert ear.mentions[old].backfilled
    assert not ear.mentions[fresh].backfilled


async def test_more_posts_than_a_page_holds_are_all_heard(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Trick.PAGES)
    async with ear.open() as channel:
        await ear.begin(channel)
        posts = {await stage.write(f"número {number}") for number in range(stage.many)}
        await ear.listen(channel, new=stage.many)

    assert set(ear.mentions) == posts
    assert ear.new == stage.many


async def test_an_edited_post_is_told_under_its_own_id(kind: str, ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.EDITS)
    async with ear.open() as channel:
        await ear.begin(channel)
        post = await stage.write("me llegó tarde")
        await ear.listen(channel, new=1)
        await stage.edit(post, "me llegó roto")
        await ear.listen_for_changes(channel)

    assert {edit.external_id for edit in ear.edits} == {post}
    changed = ear.edits[-1]
    assert "me llegó roto" in changed.text
    assert (changed.edited_at is not None) is (kind in TELL_WHEN_IT_WAS_EDITED)
    assert changed.edited_at is None or abs(datetime.now(UTC) - changed.edited_at) < timedelta(minutes=5)
    assert ear.new == 1


async def test_a_deleted_post_is_told(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Ability.DELETIONS)
    async with ear.open() as channel:
        await ear.begin(channel)
        gone, stays = await stage.write("me arrepiento"), await stage.write("yo no")
        await ear.listen(channel, new=2)
        await stage.delete(gone)
        await ear.listen_for_changes(channel)

    assert set(ear.deletions) == {gone}
    assert stays in ear.mentions


async def test_the_brands_own_posts_are_no_mentions(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Trick.OWN_POSTS)
    async with ear.open() as channel:
        await ear.begin(channel)
        await stage.write_as_brand("abrimos el domingo")
        post = await stage.write("hola")
        await ear.listen(channel, new=1)
        await ear.listen(channel)

    assert set(ear.mentions) == {post}


async def test_a_channels_team_speaks_for_the_brand_and_nobody_else_by_name(ear: Ear, stage: Stage) -> None:
    if ear.found.own_voice is OwnVoice.ITSELF:
        pytest.skip(f"{ear.kind}: names say nothing there")
    async with ear.open() as channel:
        await ear.begin(channel)
        await stage.write("hola", who="ana")
        await ear.listen(channel, new=1)
    [first] = ear.mentions
    ana = ear.mentions[first].author.name

    ear.surroundings = replace(ear.surroundings, accounts=(ana,), team=("somebody-else",))
    async with ear.open() as channel:
        second = await stage.write("como clienta", who="ana")
        await ear.listen(channel, new=1)
    ear.surroundings = replace(ear.surroundings, accounts=(), team=(ana,))
    async with ear.open() as channel:
        await stage.write("por la marca", who="ana")
        await ear.listen(channel)

    assert set(ear.mentions) == {first, second}


async def test_automated_authors_are_no_mentions(ear: Ear, stage: Stage, needs: Needs) -> None:
    needs(Trick.ROBOTS)
    async with ear.open() as channel:
        await ear.begin(channel)
        await stage.write_as_robot("recordatorio: hoy es martes")
        post = await stage.write("hola")
        await ear.listen(channel, new=1)
        await ear.listen(channel)

    assert set(ear.mentions) == {post}


async def test_leaving_leaves_nothing_running(ear: Ear) -> None:
    before = asyncio.all_tasks()
    async with ear.open() as channel:
        await ear.begin(channel)
    await asyncio.sleep(0.05)

    assert [task.get_name() for task in asyncio.all_tasks() - before] == []
