"""Write, edit and delete on Discord by id, without the gateway; what is gone and what is archived has its own error."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, TypeVar

import discord
from discord.http import HTTPClient, MultipartParameters, handle_message_parameters

from bot.desk.guild.place import Session
from bot.desk.guild.setup import Asked
from bot.domain.errors import ChannelRefused, ChannelUnavailable

Answer = TypeVar("Answer")

MOST_TEXT = 2000
_POST_GONE, _MESSAGE_GONE, _ARCHIVED = 10003, 10008, 50083
_A_PAGE, _MOST_PAGES = 100, 10
_REST = timedelta(minutes=5)
_A_WEEK_IN_MINUTES = 10_080


class PostGone(ChannelRefused):
    """The channel or post was deleted."""


class MessageGone(ChannelRefused):
    """The message was deleted."""


class PostArchived(ChannelRefused):
    """Nothing can be changed in a post that is archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file with a message; `described` is read to who does not see it."""

    name: str
    content: bytes
    described: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a message looks like. `pings` are the roles that it calls: nobody else is ever called. `stays` are the ids
    of files that stand there already and are left.
    """

    text: str = ""
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None
    files: tuple[Attached, ...] = ()
    pings: tuple[int, ...] = ()
    stays: tuple[int, ...] = ()

    @property
    def sign(self) -> str:
        """The same for what looks the same."""
        shown = {
            "text": self.text,
            "embed": None if self.embed is None else self.embed.to_dict(),
            "view": None if self.view is None else self.view.to_components(),
            "files": [hashlib.blake2s(file.content).hexdigest() for file in self.files],
        }
        return digest_of(json.dumps(shown, sort_keys=True, ensure_ascii=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a forum, as Discord lists it. By whom it is (`made_by`) it does not always tell."""

    id: int
    name: str
    made_by: int | None

    @property
    def made_at(self) -> datetime:
        """Discord's ids tell when."""
        return discord.utils.snowflake_time(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A message as it stands there: by whom, where that is told, the names of what can be pressed on it, its text, and
    the names of its files by their ids.
    """

    made_by: int | None
    buttons: tuple[str, ...]
    text: str
    files: Mapping[int, str]


def digest_of(text: str) -> str:
    """Twenty-four characters: as many as fit into a nonce."""
    return hashlib.blake2s(text.encode(), digest_size=12).hexdigest()


@dataclass(slots=True, kw_only=True)
class Board:
    """All that the desk writes goes through here: nobody is called unless meant, and every new message has its nonce.

    A place that refused us is left alone for five minutes.
    """

    session: Session
    asked: Asked[Any]
    now: Callable[[], datetime]
    _refused: dict[int, tuple[datetime, ChannelRefused]] = field(default_factory=dict)

    async def send(self, place: int, look: Look, *, key: str) -> str:
        """The message's id. The same key within some minutes is the same message."""
        with _parameters(look, nonce=digest_of(key)) as params:

            async def post(http: HTTPClient) -> str:
                return str((await http.send_message(place, params=params))["id"])

            return await self._call(place, post)

    async def edit(self, place: int, message: int, look: Look) -> None:
        """It looks like this now, and has attached what this has."""
        with _parameters(look, edits=True) as params:
            await self._call(place, lambda http: http.edit_message(place, message, params=params))

    async def delete(self, place: int, message: int) -> None:
        """Gone. One that is gone already is no fault."""
        try:
            await self._call(place, lambda http: http.delete_message(place, message))
        except (PostGone, MessageGone):
            return

    async def open_post(self, forum: int, *, name: str, tags: Sequence[int], look: Look) -> tuple[str, str]:
        """The ids of a new post and of its first message. Discord takes no nonce here."""
        payload = {
            "name": name,
            "auto_archive_duration": _A_WEEK_IN_MINUTES,
            "applied_tags": [str(tag) for tag in tags],
        }
        with _parameters(look, channel_payload=payload) as params:

            async def begin(http: HTTPClient) -> tuple[str, str]:
                answer: dict[str, Any] = {**await http.start_thread_in_forum(forum, params=params)}
                return str(answer["id"]), str((answer.get("message") or answer)["id"])

            return await self._call(forum, begin)

    async def change_post(self, place: int, **change: Any) -> None:  # noqa: ANN401 - Discord's own names
        """Its name, tags, or whether it is archived."""
        await self._call(place, lambda http: http.edit_channel(place, **change))

    async def delete_post(self, place: int) -> None:
        """Gone, with all that was said there. One that is gone already is no fault."""
        try:
            await self._call(place, lambda http: http.delete_channel(place))
        except PostGone:
            return

    async def posts(self, guild: int, forum: int, *, since: datetime | None = None) -> list[Post]:
        """Those that are open, and the newest page of the archived; with `since`, all that were archived from then on.

        A thousand of them at most.
        """

        async def listed(http: HTTPClient) -> list[Post]:
            active = await http.get_active_threads(guild)
            rows, before = list[Any](active["threads"]), None
            for _ in range(1 if since is None else _MOST_PAGES):
                page: dict[str, Any] = {**await http.get_public_archived_threads(forum, before, _A_PAGE)}
                rows += page["threads"]
                archived_at = min(filter(None, map(_archived_at, page["threads"])), default=None)
                if archived_at is None or since is None or archived_at < since or not page.get("has_more", True):
                    break
                before = archived_at.isoformat()
            return [_post(row) for row in rows if int(row.get("parent_id") or forum) == forum]

        return await self._call(forum, listed)

    async def is_there(self, place: int) -> bool:
        """Whether that channel or post exists."""
        try:
            await self._call(place, lambda http: http.get_channel(place))
        except PostGone:
            return False
        return True

    async def standing(self, place: int, message: int) -> Standing:
        """A message as Discord has it."""

        async def read(http: HTTPClient) -> Standing:
            return _standing({**await http.get_message(place, message)})

        return await self._call(place, read)

    async def tags(self, forum: int) -> dict[str, int]:
        """The tags that a forum offers, by name."""

        async def offered(http: HTTPClient) -> dict[str, int]:
            answer: dict[str, Any] = {**await http.get_channel(forum)}
            return {tag["name"]: int(tag["id"]) for tag in answer.get("available_tags") or ()}

        return await self._call(forum, offered)

    async def me(self) -> int:
        """The bot's own id."""
        user = (await self.session.logged_in()).user
        if user is None:
            message = "Discord has not said who we are"
            raise ChannelUnavailable(message)
        return user.id

    async def _call(self, place: int, call: Callable[[HTTPClient], Awaitable[Answer]]) -> Answer:
        """What cannot be read of the answer is one of the channel errors too."""
        until, refusal = self._refused.get(place, (None, None))
        if until is not None and refusal is not None and self.now() < until:
            raise type(refusal)(str(refusal))
        bot = await self.session.logged_in()
        try:
            answer: Answer = await self.asked(call(bot.http))
        except ChannelRefused as error:
            known = _known(error)
            if isinstance(error.__cause__, discord.Forbidden) or isinstance(known, PostGone):
                self._refused = {one: rest for one, rest in self._refused.items() if rest[0] > self.now()}
                self._refused[place] = (self.now() + _REST, known)
            raise known from error
        return answer


def _post(row: Mapping[str, Any]) -> Post:
    return Post(id=int(row["id"]), name=row.get("name") or "", made_by=_id_of(row.get("owner_id")))


def _archived_at(row: Mapping[str, Any]) -> datetime | None:
    """The lists of the archived are in this order, the newest first."""
    told = (row.get("thread_metadata") or {}).get("archive_timestamp")
    return None if told is None else datetime.fromisoformat(told)


def _standing(row: Mapping[str, Any]) -> Standing:
    parts = [part for line in row.get("components") or () for part in line.get("components") or ()]
    return Standing(
        made_by=_id_of((row.get("author") or {}).get("id")),
        buttons=tuple(str(part.get("custom_id", "")) for part in parts),
        text=row.get("content") or "",
        files={int(file["id"]): str(file["filename"]) for file in row.get("attachments") or ()},
    )


def _id_of(told: Any) -> int | None:  # noqa: ANN401 - as JSON gave it
    return None if told is None else int(told)


def _known(error: ChannelRefused) -> ChannelRefused:
    """By the number that Discord gave it."""
    said = error.__cause__
    match said.code if isinstance(said, discord.HTTPException) else 0:
        case code if code == _POST_GONE:
            return PostGone(str(error))
        case code if code == _MESSAGE_GONE:
            return MessageGone(str(error))
        case code if code == _ARCHIVED:
            return PostArchived(str(error))
        case _:
            return error


def _parameters(
    look: Look, *, nonce: str | None = None, edits: bool = False, channel_payload: dict[str, Any] | None = None
) -> MultipartParameters:
    optional: dict[str, Any] = {}
    if look.text or edits:
        optional["content"] = look.text or None
    if look.embed is not None or edits:
        optional["embed"] = look.embed
    if look.view is not None or edits:
        optional["view"] = look.view
    files = [
        discord.File(BytesIO(file.content), filename=file.name, description=file.described[:1024] or None)
        for file in look.files
    ]
    if files or edits:
        optional["attachments"] = [*files, *(_Left(str(number)) for number in look.stays)]
    if look.embed is None:
        # what people link to is not shown in large
        optional["flags"] = discord.MessageFlags(suppress_embeds=True)
    if channel_payload is not None:
        optional["channel_payload"] = channel_payload
    calling: Any = [_Role(str(role)) for role in look.pings] or False
    return handle_message_parameters(
        nonce=nonce,
        allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=calling, replied_user=False),
        **optional,
    )


@dataclass(frozen=True, slots=True)
class _Role:
    """Discord's documents want ids as texts; discord.py's own objects send numbers."""

    id: str


@dataclass(frozen=True, slots=True)
class _Left:
    """A file that an edit leaves where it is: to Discord its id says so."""

    id: str

    def to_dict(self) -> dict[str, str]:
        return {"id": self.id}
