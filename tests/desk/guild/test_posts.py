"""A case is a post: made once, kept in step, and nothing that happens to it on Discord loses it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bot.domain.case import Case
from bot.domain.digest import DigestText
from bot.domain.errors import ChannelUnavailable
from bot.domain.mention import Batch
from bot.store.erasure import erase
from tests.contracts.stage import Fault
from tests.desk.guild.stage import Stage, a_post, assert_harmless
from tests.desk.guild.test_defang import HOSTILE
from tests.owners import taken
from tests.servers.discord.state import Storm
from tests.servers.discord.world import Permission, Room

MINUTE = timedelta(minutes=1)


async def test_a_mention_becomes_a_post_with_its_card(stage: Stage) -> None:
    case = await stage.posted()

    (post,) = stage.posts()
    assert post.name == f"#{case.key} · Entrega · @marta_g"
    tags = {tag["id"]: tag["name"] for tag in stage.forum.tags}
    assert [tags[tag] for tag in post.applied_tags] == ["nuevo", "sin prisa", "español"]
    assert stage.card(post)["title"] == f"#{case.key} · ENTREGA"
    assert "> “llegó roto”" in stage.card(post)["description"]
    (first,) = stage.told(post)
    assert first.extra["components"]
    assert await stage.desk.link(case.id) == f"https://discord.com/channels/{stage.places.guild}/{post.id}"
    assert len(stage.writes()) == 1


async def test_the_same_case_is_posted_once(stage: Stage) -> None:
    case = await stage.posted()
    again = await stage.desk.post(await stage.file(case), "route:2")

    assert [post.id for post in stage.posts()] == [again.external_id]


async def test_however_much_changes_the_card_is_edited_once(stage: Stage) -> None:
    case = await stage.posted()
    stage.calm()
    await stage.hears(*(a_post(str(n), f"¿y bien? {n}", posted_at=stage.clock.now()) for n in range(2, 5)))
    await taken(stage.store, case.id, "maya", stage.clock.now())
    drawn = await stage.desk.refresh()

    edits = [call for call in stage.writes() if "/messages/" in call.path]
    assert (drawn, len(edits)) == (1, 1)
    (post,) = stage.posts()
    assert post.name.endswith("· maya")
    assert [message.content.rpartition("\n")[2] for message in stage.told(post)[1:]] == [
        "> llegó roto",
        "> ¿y bien? 2",
        "> ¿y bien? 3",
        "> ¿y bien? 4",
    ]
    stage.calm()
    assert await stage.desk.refresh() == 0
    assert stage.server.calls == []


async def test_a_post_deleted_by_hand_is_made_anew_with_all_that_was_told(stage: Stage) -> None:
    case = await stage.posted()
    await stage.hears(a_post("2", "¿y bien?", posted_at=stage.clock.now()))
    await stage.desk.refresh()
    (lost,) = stage.posts()
    stage.server.world.remove(lost)
    await taken(stage.store, case.id, "maya", stage.clock.now())
    await stage.desk.refresh()

    (post,) = stage.posts()
    assert post.id != lost.id
    assert [message.content.rpartition("\n")[2] for message in stage.told(post)[1:]] == ["> llegó roto", "> ¿y bien?"]


async def test_a_post_whose_deletion_is_told_comes_back_with_the_next_round(stage: Stage) -> None:
    await stage.posted()
    (lost,) = stage.posts()
    stage.server.world.remove(lost)
    await stage.desk.deleted(int(lost.id))
    await stage.desk.deleted(12345)
    await stage.desk.refresh()

    assert [post.id for post in stage.posts()] != [lost.id]
    assert len(stage.posts()) == 1


async def test_a_post_that_nobody_heard_being_deleted_comes_back_within_minutes(stage: Stage) -> None:
    await stage.posted()
    await stage.posted(who="otra", number="2")
    await stage.desk.refresh()
    lost, kept = stage.posts()
    stage.server.world.remove(lost)
    stage.clock.ahead = 11 * MINUTE
    await stage.desk.refresh()

    assert next(iter(stage.posts())).id == kept.id
    assert [post.name for post in stage.posts()] == [kept.name, lost.name]


async def test_a_post_without_its_card_is_made_anew(stage: Stage) -> None:
    case = await stage.posted()
    (lost,) = stage.posts()
    stage.server.world.delete(stage.told(lost)[0])
    await taken(stage.store, case.id, "maya", stage.clock.now())
    await stage.desk.refresh()

    (post,) = stage.posts()
    assert post.id != lost.id
    assert stage.card(post)["title"] == f"#{case.key} · ENTREGA"


async def test_an_archived_post_is_reopened_and_a_closed_case_goes_into_the_archive(stage: Stage) -> None:
    case = await stage.posted()
    (post,) = stage.posts()
    stage.server.world.change(post, archived=True)
    await taken(stage.store, case.id, "maya", stage.clock.now())
    await stage.desk.refresh()
    assert (post.archived, post.name.endswith("maya")) == (False, True)

    await _resolve(stage)
    await stage.desk.refresh()
    assert post.archived
    assert stage.card(post)["color"] == 0x2ECC71
    tags = {tag["id"]: tag["name"] for tag in stage.forum.tags}
    assert "resuelto" in [tags[tag] for tag in post.applied_tags]

    await stage.hears(a_post("2", "otra vez", thread_id="1", posted_at=stage.clock.now()))
    await stage.desk.refresh()
    assert not post.archived
    assert len(stage.posts()) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.SERVER_ERROR, Fault.CUT])
async def test_a_fault_while_it_is_made_leads_to_exactly_one_post(fault: Fault, stage: Stage) -> None:
    await stage.posted("aparte", who="otra", number="9")
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    stage.server.state.fault = fault
    with pytest.raises(ChannelUnavailable):
        await stage.desk.post(await stage.file(case), "route:1")
    with pytest.raises(ChannelUnavailable):
        await stage.new_desk().post(await stage.file(case), "route:1")
    stage.server.state.fault = None
    stage.clock.ahead = timedelta(minutes=30)

    receipt = await stage.new_desk().post(await stage.file(case), "route:1")

    mine = [post for post in stage.posts() if post.name.startswith(f"#{case.key} ")]
    assert [post.id for post in mine] == [receipt.external_id]


@pytest.mark.parametrize("stored", [True, False])
async def test_a_gateway_error_while_it_is_made_leads_to_exactly_one_post(stored: bool, stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    storm = Storm(method="POST", path=r"/channels/\d+/threads", times=1, status=502, stored=stored)
    stage.server.state.storms.append(storm)
    with pytest.raises(ChannelUnavailable):
        await stage.desk.post(await stage.file(case), "route:1")
    receipt = await stage.desk.post(await stage.file(case), "route:1")

    assert [post.id for post in stage.posts()] == [receipt.external_id]
    assert stage.told(stage.posts()[0])[0].extra["components"]


async def test_a_post_of_the_same_number_from_another_life_is_left_alone(stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    stage.server.world.forum_post(
        stage.forum, f"#{case.key} · Entrega · @otra", stage.server.bot, tags=[], archive_after=60
    )
    await stage.store.cards.trying(case.id, stage.clock.now())
    await stage.desk.post(await stage.file(case), "route:1")

    assert len(stage.posts()) == 2


@pytest.mark.parametrize("told", [{}, {"parent_id": None}])
@pytest.mark.parametrize("archived", [True, False])
async def test_where_discord_does_not_tell_whose_a_post_is_it_is_known_by_what_stands_there(
    archived: bool, told: dict[str, None], stage: Stage
) -> None:
    case = await _made_unheard(stage)
    (made,) = stage.posts()
    made.archived, made.about = archived, told
    stage.server.state.fault = Fault.MISSING_FIELDS
    receipt = await stage.desk.post(await stage.file(case), "route:1")

    assert [post.id for post in stage.posts()] == [receipt.external_id]


async def test_a_post_made_unheard_is_found_below_all_that_were_archived_since(stage: Stage) -> None:
    case = await _made_unheard(stage)
    stage.server.state.page = 2
    (made,) = stage.posts()
    _archive(stage, made, *(_anothers(stage) for _ in range(5)))
    receipt = await stage.desk.post(await stage.file(case), "route:1")

    assert receipt.external_id == made.id
    assert [post.id for post in stage.posts() if post.name == made.name] == [made.id]


async def test_no_further_back_is_looked_than_a_post_can_have_been_archived(stage: Stage) -> None:
    case = await _made_unheard(stage)
    stage.server.world.remove(stage.posts()[0])
    stage.server.state.page = 2
    long_ago = time.time() - 3600
    _archive(stage, *(_anothers(stage) for _ in range(9)), at=long_ago)
    stage.calm()
    await stage.desk.post(await stage.file(case), "route:1")

    assert len([call for call in stage.server.calls if call.path.endswith("/threads/archived/public")]) == 1


async def _made_unheard(stage: Stage) -> Case:
    """A case whose post stands there, though Discord answered with an error."""
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    storm = Storm(method="POST", path=r"/channels/\d+/threads", times=1, status=502, stored=True)
    stage.server.state.storms.append(storm)
    with pytest.raises(ChannelUnavailable):
        await stage.desk.post(await stage.file(case), "route:1")
    return case


def _anothers(stage: Stage) -> Room:
    return stage.server.world.forum_post(stage.forum, "otra", stage.server.bot, tags=[], archive_after=60)


def _archive(stage: Stage, *posts: Room, at: float | None = None) -> None:
    """One after the other."""
    for number, post in enumerate(posts):
        stage.server.world.change(post, archived=True, archive_at=(at or time.time()) + number)


async def test_a_post_that_a_person_made_is_not_taken_for_ours_where_discord_tells_less(stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    world, ana = stage.server.world, stage.server.person("ana")
    theirs = world.forum_post(stage.forum, f"#{case.key} · Entrega · @otra", ana, tags=[], archive_after=60)
    buttons = {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": f"v1:take:{case.key}"}]}]}
    world.post(theirs, ana, "", id=theirs.id, extra=buttons)
    await stage.store.cards.trying(case.id, stage.clock.now())
    stage.server.state.fault = Fault.MISSING_FIELDS
    receipt = await stage.desk.post(await stage.file(case), "route:1")

    assert receipt.external_id != theirs.id
    assert len(stage.posts()) == 2


async def test_an_answer_that_cannot_be_read_is_trouble_with_the_channel(stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    stage.forum.about = {"available_tags": [{"name": "nuevo"}]}
    with pytest.raises(ChannelUnavailable):
        await stage.desk.post(await stage.file(case), "route:1")


async def test_a_tag_that_was_deleted_by_hand_is_not_missed(stage: Stage) -> None:
    await stage.posted()
    stage.forum.tags = [tag for tag in stage.forum.tags if tag["name"] != "nuevo"]
    await stage.posted(who="otra", number="2")

    assert len(stage.posts()) == 2


async def taken_while_titles_wait(stage: Stage) -> tuple[Case, Room]:
    """A case that somebody has taken, and its post, whose title Discord lets nobody change for now."""
    case = await stage.posted()
    (post,) = stage.posts()
    stage.server.state.renames, post.renamed_at = 1, [time.time()]
    await taken(stage.store, case.id, "maya", stage.clock.now())
    await stage.desk.refresh()
    return case, post


async def test_a_title_that_has_to_wait_keeps_nothing_else_waiting(stage: Stage) -> None:
    case, post = await taken_while_titles_wait(stage)

    assert (post.name.endswith("maya"), stage.card(post)["fields"][-1]["value"].endswith("maya")) == (False, True)
    assert (await stage.store.cards.card(case.id)).stale == 0
    stage.server.state.renames = None
    stage.clock.ahead = 11 * MINUTE
    await stage.desk.refresh()
    assert post.name.endswith("maya")


async def test_a_title_that_has_to_wait_is_changed_after_a_restart(stage: Stage) -> None:
    _, post = await taken_while_titles_wait(stage)

    stage.desk = stage.new_desk()
    stage.server.state.renames = None
    for _ in range(2):
        await stage.desk.refresh()
    assert post.name.endswith("maya")
    stage.calm()
    assert await stage.desk.refresh() == 0


async def test_a_title_that_is_right_again_before_its_time_waits_no_more(stage: Stage) -> None:
    await taken_while_titles_wait(stage)
    await stage.store.cards._do("UPDATE case_file SET assignee = NULL")
    await stage.store.cards._do("UPDATE desk_card SET stale = 1")
    await stage.desk.refresh()

    stage.clock.ahead = 11 * MINUTE
    await stage.desk.refresh()
    assert await stage.desk.refresh() == 0


async def test_half_an_hour_without_discord_brings_every_card_once(stage: Stage) -> None:
    case = await stage.posted()
    new = await stage.hears(*(a_post(str(n), "roto", f"u{n}") for n in range(10, 15)))
    await taken(stage.store, case.id, "maya", stage.clock.now())
    stage.server.state.fault = Fault.SERVER_ERROR
    for _ in range(3):
        with pytest.raises(ChannelUnavailable):
            await stage.desk.refresh()
        for one in new:
            with pytest.raises(ChannelUnavailable):
                await stage.desk.post(await stage.file(one), f"route:{one.key}")
    stage.server.state.fault = None
    stage.clock.ahead = timedelta(minutes=30)
    stage.calm()
    for one in new:
        await stage.desk.post(await stage.file(one), f"route:{one.key}")
    await stage.desk.refresh()

    assert sorted(post.name.split()[0] for post in stage.posts()) == sorted(f"#{one.key}" for one in (case, *new))
    assert len([call for call in stage.writes() if "/messages/" in call.path]) == 1


async def test_a_forum_that_is_lost_is_said_and_what_came_meanwhile_arrives(stage: Stage) -> None:
    (case,) = await stage.hears(a_post("1", "llegó roto"))
    stage.refuse(stage.forum, Permission.VIEW_CHANNEL)
    for _ in range(200):
        with pytest.raises(ChannelUnavailable):
            await stage.desk.post(await stage.file(case), "route:1")
    refused = [call for call in stage.server.calls if call.status == 403]
    assert len(refused) < 5
    ((troubled, why),) = await stage.store.cards.troubles()
    assert (troubled.id, "403" in why) == (case.id, True)

    stage.forum.overwrites.clear()
    stage.clock.ahead = 6 * MINUTE
    await stage.desk.post(await stage.file(case), "route:1")
    assert len(stage.posts()) == 1
    assert await stage.store.cards.troubles() == []


async def test_the_erased_are_taken_off_the_desk_with_all_that_was_said_of_them(stage: Stage) -> None:
    case = await stage.posted()
    (job,) = await stage.store.outbox.jobs()
    await stage.desk.alert("caso nuevo\n@marta_g: llegó roto", job.key)
    await stage.desk.alert("pico en X", "spike")
    (customer,) = await stage.store.history.customers("marta_g")
    await stage.store.cards._engine.write(lambda connection: erase(connection, customer, stage.clock.now()))
    await stage.desk.refresh()

    assert stage.posts() == []
    assert [message.content for message in stage.told(stage.alerts)] == ["🔔 pico en X"]
    assert (await stage.desk.post(await stage.file(case), "route:2")).external_id == ""
    await stage.desk.refresh()
    assert stage.posts() == []


async def test_words_that_their_author_deleted_go_from_the_post_too(stage: Stage) -> None:
    await stage.posted("llegó roto " * 300)
    await stage.hears(a_post("2", "¿y bien?", posted_at=stage.clock.now()))
    await stage.desk.refresh()
    (post,) = stage.posts()
    long = stage.told(post)[1]
    assert [len(long.content) <= 2000, len(long.attachments)] == [True, 1]
    await stage.store.cards._do("UPDATE interaction SET text = '' WHERE mention_id LIKE '%:1'")
    await stage.desk.refresh()

    assert long.attachments == []
    assert "roto" not in "".join(message.content for message in stage.told(post))


async def test_a_long_story_is_told_in_parts_and_keeps_nobody_waiting(stage: Stage) -> None:
    case = await stage.posted()
    for number in range(2, 122):
        await stage.hears(a_post(f"{number}", f"{number} ¿y bien?", posted_at=stage.clock.now()))
    (other,) = await stage.hears(a_post("999", "no llega", "luis"))
    await stage.desk.post(await stage.file(other), "route:999")
    post, _ = stage.posts()
    told = []
    for _ in range(4):
        await stage.desk.refresh()
        told.append(len(stage.told(post)))
        await stage.store.cards._do("UPDATE desk_card SET stale = stale + 1 WHERE case_id = ?", other.id)

    said = [message.content.rpartition("> ")[2] for message in stage.told(post)[1:]]
    assert told == [51, 101, 122, 122]
    assert said == ["llegó roto", *(f"{number} ¿y bien?" for number in range(2, 122))]
    assert (await stage.store.cards.card(case.id)).stale == 0


async def test_a_long_story_that_is_over_is_told_to_its_end_before_it_is_put_away(stage: Stage) -> None:
    await stage.posted()
    for number in range(2, 82):
        await stage.hears(a_post(f"{number}", f"{number} ¿y bien?", posted_at=stage.clock.now()))
    await _resolve(stage)
    (post,) = stage.posts()
    await stage.desk.refresh()
    first = (len(stage.told(post)), post.archived)
    await stage.desk.refresh()
    stage.calm()
    await stage.desk.refresh()

    assert (first, len(stage.told(post)), post.archived) == ((51, False), 82, True)
    assert stage.writes() == []


async def test_first_words_that_the_card_cannot_quote_whole_stand_below_it(stage: Stage) -> None:
    long = f"{'Llegó roto y nadie contesta. ' * 12}Lo recojo el viernes."
    await stage.posted(long)
    (post,) = stage.posts()
    assert "Lo recojo el viernes." not in stage.card(post)["description"]
    assert [message.content.rpartition("\n")[2] for message in stage.told(post)[1:]] == [f"> {long}"]

    await stage.hears(a_post("2", "¿y bien?", posted_at=stage.clock.now()))
    await stage.desk.refresh()
    assert [message.content.rpartition("\n")[2] for message in stage.told(post)[1:]] == [f"> {long}", "> ¿y bien?"]


async def test_an_alert_that_quotes_a_post_goes_when_its_author_deletes_it(stage: Stage) -> None:
    case = await stage.posted("llegó roto")
    (job,) = await stage.store.outbox.jobs()
    await stage.desk.alert("caso urgente\n@marta_g: llegó roto", job.key, wakes=True)
    await stage.desk.alert("pico en X", "spike")
    channel, _, number = case.opened_by.partition(":")
    deleted = Batch(mentions=(), deletions=(number,), cursor=None)
    assert (await stage.store.inbox.accept(channel, deleted, stage.clock.now())).removed == 1
    await stage.desk.refresh()

    assert [message.content for message in stage.told(stage.alerts)] == ["🔔 pico en X"]
    assert len(stage.posts()) == 1


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_do_nothing_on_the_desk(text: str, stage: Stage) -> None:
    who = text[:60].replace("\n", " ").strip() or "x"
    (case,) = await stage.hears(a_post("1", text, who))
    await stage.desk.post(await stage.file(case), "route:1")
    await stage.hears(a_post("2", text * 40, who, posted_at=stage.clock.now()))
    await stage.desk.refresh()
    await stage.desk.alert(text, "a")
    await stage.desk.digest(DigestText(beginning=text), "d")

    (post,) = stage.posts()
    assert len(stage.told(post)) == 3
    assert len(stage.writes()) >= 5
    assert all(message.pings == set() for message in stage.server.said_by_bot())
    assert_harmless(stage.writes())


async def _resolve(stage: Stage) -> None:
    at = int(stage.clock.now().timestamp() * 1_000_000)
    change = f"state = 'resolved', outcome = 'recovered', resolved_at = {at}, updated_at = {at}"
    await stage.store.cards._do(f"UPDATE case_file SET {change}")
