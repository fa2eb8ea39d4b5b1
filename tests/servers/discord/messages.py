"""Messages over HTTP: history, sending with a nonce and allowed mentions, editing, deleting."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.contracts.stage import Fault
from tests.servers.discord import refusals
from tests.servers.discord.components import numbered
from tests.servers.discord.forms import EPHEMERAL, File, check_message, embeds_shown, form_of
from tests.servers.discord.refusals import answer, bad_form
from tests.servers.discord.state import State
from tests.servers.discord.views import Json
from tests.servers.discord.world import Kind, Message, Permission, Room, Says, User, World

LONGEST = 2000
LONGEST_NONCE = 25
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_CARRIES = ("embeds", "components", "sticker_ids", "attachments", "poll")


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """Whom a text names, and whom it disturbs: what was asked for in `allowed_mentions` bounds both."""

    users: list[str]
    roles: list[str]
    everyone: bool
    pings: set[str]


class Messages:
    """The routes under `/channels/{channel_id}/messages`."""

    def __init__(self, state: State) -> None:
        self._state, self._world = state, state.world

    def routes(self) -> list[web.RouteDef]:
        listed, one = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
        return [
            web.get(listed, self._history),
            web.post(listed, self._create),
            web.post(f"{listed}/bulk-delete", self._bulk_delete),
            web.get(one, self._get),
            web.patch(one, self._edit),
            web.delete(one, self._delete),
        ]

    async def _history(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        limit = _limit(request.query.get("limit", "50"))
        if Permission.READ_MESSAGE_HISTORY not in self._world.permissions(self._state.bot, room):
            return answer([])
        chosen = _chosen(self._world.history(room), request.query, min(limit, self._state.page))
        rows = [self._state.eyes.message_shown(message) for message in chosen]
        return answer(self._state.odd(self._shuffled(request, room, rows)))

    def _shuffled(self, request: web.Request, room: Room, rows: list[Json]) -> list[Json]:
        """The pages of a server that has a bad day."""
        match self._state.fault:
            case Fault.REORDERED_PAGES:
                return rows[::-1]
            case Fault.ENDLESS_PAGES if not rows:
                return [self._state.eyes.message_shown(one) for one in self._world.history(room)[: self._state.page]]
            case Fault.REPEATED_PAGES:
                # each page is shown once more before the next one
                key = f"{room.id} {request.query.get('before')}"
                last, self._state.shown_before["last"] = self._state.shown_before.get("last"), rows
                first_time = key not in self._state.shown_before
                self._state.shown_before[key] = rows
                return last if first_time and last is not None and "before" in request.query else rows
            case _:
                return rows

    async def _get(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        self._state.demand(room, Permission.READ_MESSAGE_HISTORY)
        return answer(self._state.eyes.message_shown(self._state.message(request, room)))

    async def _create(self, request: web.Request) -> web.Response:
        form, bot = await form_of(request), self._state.bot
        room, body = self._state.room(request), form.body
        self._may_send(room)
        said_in(body, form.files)
        nonce = _nonce(body)
        demand_for(self._state, room, body, form.files)
        if body.get("enforce_nonce") and nonce is not None:
            earlier = self._state.said_before(bot, nonce)
            if earlier is not None:
                return answer(self._state.eyes.message_shown(earlier, nonce=True))
        answers = self._answered(room, body.get("message_reference"))
        message = posted(self._state, room, body, form.files, nonce=nonce, answers=answers)
        return answer(self._state.eyes.message_shown(message, nonce=True))

    async def _edit(self, request: web.Request) -> web.Response:
        form = await form_of(request)
        room, body = self._state.room(request), form.body
        message = self._state.message(request, room)
        if message.author_id != self._state.bot.id:
            raise refusals.not_yours()
        if room.archived:
            raise refusals.archived()
        demand_for(self._state, room, body, form.files)
        edited(self._state, message, body, form.files)
        return answer(self._state.eyes.message_shown(message))

    async def _delete(self, request: web.Request) -> web.Response:
        room = self._state.room(request)
        message = self._state.message(request, room)
        if message.author_id != self._state.bot.id:
            self._state.demand(room, Permission.MANAGE_MESSAGES)
        self._world.delete(message)
        return web.Response(status=204)

    async def _bulk_delete(self, request: web.Request) -> web.Response:
        room, body = self._state.room(request), (await form_of(request)).body
        self._state.demand(room, Permission.MANAGE_MESSAGES)
        there = self._world.messages[room.id]
        self._world.delete(*(there[one] for one in body["messages"] if one in there))
        return web.Response(status=204)

    def _may_send(self, room: Room) -> None:
        if not room.kind.holds_messages:
            raise refusals.no_text_channel()
        if room.kind is Kind.DM:
            others = (self._world.users[one] for one in room.recipients if one != self._state.bot.id)
            if any(self._state.bot.id in other.closed_to for other in others):
                raise refusals.closed_to_you()
            return
        needed = Permission.SEND_MESSAGES_IN_THREADS if room.kind.is_thread else Permission.SEND_MESSAGES
        self._state.demand(room, needed)
        if room.locked and Permission.MANAGE_THREADS not in self._world.permissions(self._state.bot, room):
            raise refusals.locked()

    def _answered(self, room: Room, reference: Json | None) -> Message | None:
        if reference is None:
            return None
        if reference.get("channel_id", room.id) != room.id:
            raise bad_form(
                "message_reference", "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", "Cannot reply across channels"
            )
        if Permission.READ_MESSAGE_HISTORY not in self._world.permissions(self._state.bot, room):
            raise refusals.no_history_to_answer()
        found = self._world.messages[room.id].get(reference["message_id"])
        if found is None and reference.get("fail_if_not_exists", True):
            raise bad_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        if found is not None and found.kind not in {Says.DEFAULT, Says.REPLY}:
            raise bad_form("message_reference", "REPLIES_CANNOT_REFERENCE_SYSTEM_MESSAGE", "Cannot reply to it")
        return found


def said_in(body: Json, files: dict[int, File]) -> str:
    """The content of a message that says something."""
    check_message(body, files)
    content = content_of(body)
    _check_allowed(body.get("allowed_mentions"))
    if not content and not files and not any(body.get(part) for part in _CARRIES):
        raise refusals.empty_message()
    return content


def demand_for(state: State, room: Room, body: Json, files: dict[int, File]) -> None:
    """What a message carries needs permissions of its own."""
    if room.kind is Kind.DM:
        return
    if body.get("embeds"):
        state.demand(room, Permission.EMBED_LINKS)
    if files:
        state.demand(room, Permission.ATTACH_FILES)


def posted(  # noqa: PLR0913 - what is said, where, and how
    state: State,
    room: Room,
    body: Json,
    files: dict[int, File],
    *,
    nonce: str | None = None,
    answers: Message | None = None,
    **about: Any,
) -> Message:
    """The bot's message as its body has it, in the world."""
    content, allowed = said_in(body, files), body.get("allowed_mentions")
    named = addressed(state.world, state.bot, room, content, allowed=allowed, answers=answers)
    attachments = attached(state, body, files)
    return state.world.post(
        room,
        state.bot,
        content,
        nonce=nonce,
        answers=answers.id if answers else None,
        mentions=named.users,
        mention_roles=named.roles,
        mention_everyone=named.everyone,
        allowed_mentions=allowed,
        pings=named.pings,
        attachments=attachments,
        extra=carried(body, attachments) | about.pop("extra", {}),
        **about,
    )


def edited(state: State, message: Message, body: Json, files: dict[int, File]) -> None:
    """What the body names changes, the rest stays; nobody is disturbed by an edit."""
    check_message(body, files)
    room = state.world.rooms[message.room_id]
    content = content_of({"content": message.content, **body})
    named = addressed(state.world, state.bot, room, content, allowed=body.get("allowed_mentions"))
    attachments = [*staying(message.attachments, body), *attached(state, body, files)]
    extra = message.extra | carried(body, attachments)
    if not content and not attachments and not any(extra.get(part) for part in _CARRIES):
        raise refusals.empty_message()
    state.world.edit(
        message,
        content,
        mentions=named.users,
        mention_roles=named.roles,
        extra=extra,
        attachments=attachments,
        allowed_mentions=body.get("allowed_mentions"),
    )


def carried(body: Json, attachments: list[Json]) -> Json:
    """Embeds, components and flags as they are shown; only those that the body names."""
    shown: Json = {}
    if "embeds" in body:
        shown["embeds"] = embeds_shown(body["embeds"] or [], attachments)
    if "components" in body:
        shown["components"] = numbered(body["components"] or [])
    if "flags" in body:
        shown["flags"] = int(body["flags"] or 0) & ~EPHEMERAL
    return shown


def attached(state: State, body: Json, files: dict[int, File]) -> list[Json]:
    """Files as attachments; they can be fetched from the server."""
    if any(len(file.content) > state.largest_file for file in files.values()):
        raise refusals.too_large()
    told = {str(one.get("id")): one for one in body.get("attachments") or []}
    return [state.keep_file(file, told.get(str(number), {})) for number, file in files.items()]


def staying(kept: list[Json], body: Json) -> list[Json]:
    """The attachments that an edit leaves: all, or those that it names."""
    if "attachments" not in body:
        return kept
    named = {str(one.get("id")) for one in body["attachments"] or []}
    return [one for one in kept if one["id"] in named]


def addressed(  # noqa: PLR0913 - who says what, where, in answer to whom
    world: World, author: User, room: Room, content: str, *, allowed: Json | None = None, answers: Message | None = None
) -> Addressed:
    """Whom a message names. Without `allowed_mentions` it is everybody in it; with it, only who is allowed.

    A role that not everybody may mention is named by those who may mention everyone, and by people who call the bot.
    """
    users = list(dict.fromkeys(one for one in _USER.findall(content) if one in world.users))
    guild = world.guilds.get(room.guild_id or "")
    roles = list(dict.fromkeys(one for one in _ROLE.findall(content) if guild and one in guild.roles))
    may = Permission.MENTION_EVERYONE in world.permissions(author, room)
    if guild is not None and not may:
        roles = [one for one in roles if guild.roles[one].mentionable or guild.roles[one].bot_id]
    everyone = bool(_EVERYONE.search(content)) and may
    replied = answers is not None
    if allowed is not None:
        parse = allowed.get("parse") or []
        # ids may come as numbers, as discord.py sends them
        wanted = {kind: {str(one) for one in allowed.get(kind) or []} for kind in ("users", "roles")}
        users = users if "users" in parse else [one for one in users if one in wanted["users"]]
        roles = roles if "roles" in parse else [one for one in roles if one in wanted["roles"]]
        everyone = everyone and "everyone" in parse
        replied = replied and bool(allowed.get("replied_user"))
    if answers is not None and replied:
        users = list(dict.fromkeys([*users, answers.author_id]))
    everybody = set(guild.members) if guild and everyone else set()
    held = {one for one, has in guild.members.items() if set(has) & set(roles)} if guild else set()
    return Addressed(users=users, roles=roles, everyone=everyone, pings={*users, *held, *everybody} - {author.id})


def content_of(body: Json) -> str:
    """The words of a message, if they are not too many."""
    content = body.get("content") or ""
    if len(content) > LONGEST:
        raise bad_form("content", "BASE_TYPE_MAX_LENGTH", f"Must be {LONGEST} or fewer in length.")
    return str(content).strip()


def _check_allowed(allowed: Json | None) -> None:
    """Everybody of a kind and some of that kind exclude each other."""
    for kind in ("users", "roles"):
        some = (allowed or {}).get(kind) or []
        if some and kind in ((allowed or {}).get("parse") or []):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise bad_form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        if len(some) > 100:
            raise refusals.too_long(f"allowed_mentions.{kind}", 100)


def _nonce(body: Json) -> str | None:
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > LONGEST_NONCE:
        raise bad_form("nonce", "NONCE_TYPE_TOO_LONG", f"Must be {LONGEST_NONCE} or fewer characters long.")
    return None if nonce is None else str(nonce)


def _limit(given: str) -> int:
    if not given.isdigit() or not 1 <= int(given) <= 100:
        raise bad_form("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.")
    return int(given)


def _chosen(newest_first: list[Message], query: Any, limit: int) -> Iterable[Message]:
    """The part of a history that is asked for, newest first."""
    if before := query.get("before"):
        return itertools.islice((one for one in newest_first if int(one.id) < int(before)), limit)
    if after := query.get("after"):
        later = [one for one in newest_first if int(one.id) > int(after)]
        return later[-limit:]
    if around := query.get("around"):
        newer = [one for one in newest_first if int(one.id) > int(around)]
        return newest_first[max(len(newer) - limit // 2, 0) :][:limit]
    return newest_first[:limit]
