"""Forums: tags that are offered, tags that are put on, and posts that begin with a message."""

from __future__ import annotations

from typing import Any

from tests.servers.discord import refusals
from tests.servers.discord.forms import Form
from tests.servers.discord.messages import demand_for, posted, said_in
from tests.servers.discord.refusals import bad_form, required
from tests.servers.discord.state import State
from tests.servers.discord.views import Json
from tests.servers.discord.world import Message, Permission, Room, World

REQUIRE_TAG = 1 << 4
_MOST_TAGS, _MOST_APPLIED, _LONGEST_TAG = 20, 5, 20


def make_post(state: State, forum: Room, form: Form, *, name: str, archive_after: int) -> tuple[Room, Message]:
    """A thread of a forum, together with its first message."""
    message = form.body.get("message")
    if message is None:
        raise required("message")
    state.demand(forum, Permission.SEND_MESSAGES)
    said_in(message, form.files)
    demand_for(state, forum, message, form.files)
    tags = applied(state, forum, form.body.get("applied_tags") or [])
    if forum.flags & REQUIRE_TAG and not tags:
        raise refusals.tag_wanted()
    state.demand_room_for_a_thread(forum.guild_id or "")
    thread = state.world.forum_post(forum, name, state.bot, tags=tags, archive_after=archive_after)
    first = posted(state, thread, message, form.files, id=thread.id)
    state.world.announce(thread)
    return thread, first


def tagged(world: World, present: list[Json], wanted: list[Json]) -> list[Json]:
    """The tags of a forum; those that are new get an id."""
    if len(wanted) > _MOST_TAGS:
        raise refusals.too_many_tags()
    known = {tag["id"]: tag for tag in present}
    tags: list[Json] = []
    for number, tag in enumerate(wanted):
        name = tag.get("name") or ""
        if not 1 <= len(name) <= _LONGEST_TAG:
            message = f"Must be between 1 and {_LONGEST_TAG} in length."
            raise bad_form(f"available_tags.{number}.name", "BASE_TYPE_BAD_LENGTH", message)
        tags.append(
            {
                "id": str(tag["id"]) if str(tag.get("id") or "") in known else world.snowflake(),
                "name": name,
                "moderated": bool(tag.get("moderated")),
                "emoji_id": tag.get("emoji_id"),
                "emoji_name": tag.get("emoji_name"),
            }
        )
    if len({tag["name"] for tag in tags}) < len(tags):
        raise bad_form("available_tags", "FORUM_TAG_NAMES_MUST_BE_UNIQUE", "Tag names must be unique")
    return tags


def applied(state: State, forum: Room, wanted: list[Any]) -> list[str]:
    """The tags of a post: those that its forum has, and no more than five."""
    known = {tag["id"]: tag for tag in forum.tags}
    ids = [str(one) for one in wanted]
    if len(ids) > _MOST_APPLIED:
        raise bad_form("applied_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_APPLIED} or fewer in length.")
    for number, one in enumerate(ids):
        if one not in known:
            raise bad_form(f"applied_tags.{number}", "FORUM_TAG_NOT_FOUND", "Unknown tag")
        if known[one].get("moderated"):
            state.demand(forum, Permission.MANAGE_THREADS)
    return ids
