"""One post a case, drawn from the database: made once, told what was said, changed where it would look otherwise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.desk.cards import card_of_file, owner_of
from bot.desk.guild.board import Board, Look, MessageGone, Post, PostArchived, PostGone
from bot.desk.guild.controls import card_controls
from bot.desk.guild.defang import harmless
from bot.desk.guild.embeds import card_embed
from bot.desk.guild.lines import look_of_line, sign_of_line
from bot.desk.guild.place import Places
from bot.desk.guild.tags import tags_of
from bot.desk.labels import Labels, account
from bot.desk.plain import is_plain_whole
from bot.domain.case import CaseId, CaseState
from bot.domain.errors import ChannelRefused, RateLimited
from bot.domain.interaction import Direction, Interaction
from bot.domain.ports.record import CaseFile, DeskCard, DeskMessage
from bot.domain.ports.store import Cards, History

log = structlog.get_logger(__name__)

_LONGEST_NAME = 100
_CLOCKS_DIFFER = timedelta(minutes=5)
_TAGS_LAST = timedelta(minutes=10)
_BETWEEN_PATROLS = timedelta(minutes=10)
_MOST_LOOKED_FOR = 20
_MOST_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How a post was drawn last; what is empty is not known. `renames` where its name could not be changed yet."""

    card: str = ""
    name: str = ""
    tags: tuple[int, ...] = ()
    archived: bool = False
    renames: bool = False

    @classmethod
    def of(cls, kept: str | None) -> Drawn:
        """From what the database keeps."""
        told: dict[str, Any] = json.loads(kept) if kept else {}
        return cls(**{**told, "tags": tuple(told.get("tags", ()))})

    @property
    def kept(self) -> str:
        """For the database."""
        return json.dumps(asdict(self))


@dataclass(slots=True, kw_only=True)
class Posts:
    """The posts of the forum. One case is drawn by one at a time, and one post is made at a time."""

    board: Board
    places: Places
    cards: Cards
    history: History
    words: Labels
    now: Callable[[], datetime]
    _drawing: WeakValueDictionary[CaseId, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tags: dict[str, int] = field(default_factory=dict)
    _tags_known_until: datetime | None = None
    _next_patrol: datetime | None = None
    _titles_wait: dict[CaseId, datetime] = field(default_factory=dict)

    async def draw(self, case_id: CaseId, *, may_make: Callable[[], Awaitable[None]] | None = None) -> str | None:
        """The post as the database has the case; its id, or None where there is to be none.

        `may_make` raises when no new post may be made just now.
        """
        async with self._drawing.setdefault(case_id, asyncio.Lock()):
            card, file = await self.cards.card(case_id), await self.history.case_by_id(case_id)
            if file is None or file.customer.erased_at is not None:
                await self._take_down(card)
                return None
            if card.place is not None:
                try:
                    return await self._redraw(card, file)
                except (PostGone, MessageGone):
                    log.warning("the post of a case was deleted by hand", case=file.case.key)
                    await self._lose(card)
            await self._make(file, may_make)
            return await self._redraw(await self.cards.card(case_id), file)

    async def patrol(self) -> int:
        """Look now and then whether the posts are still there: who deletes one while nobody listens tells nobody.

        And which titles an earlier process left waiting. Nothing is drawn by that, so that it returns 0.
        """
        if self._next_patrol is not None and self.now() < self._next_patrol:
            return 0
        self._next_patrol = self.now() + _BETWEEN_PATROLS
        standing = [card for card in await self.cards.standing() if card.place is not None]
        if not standing:
            return 0
        for card in [card for card in standing if Drawn.of(card.drawn).renames]:
            self._titles_wait.setdefault(card.case_id, self.now())
        there = {str(post.id) for post in await self.board.posts(self.places.guild, self.places.forum)}
        for card in [card for card in standing if card.place not in there][:_MOST_LOOKED_FOR]:
            if not await self.board.is_there(int(card.place or 0)):
                log.warning("the post of a case was deleted by hand", case=card.case_id)
                await self.cards.lost(card.case_id)
        return 0

    def titles_due(self) -> list[CaseId]:
        """Cases whose title may be changed again."""
        return [case_id for case_id, until in self._titles_wait.items() if until <= self.now()]

    # --- making it ---

    async def _make(self, file: CaseFile, may_make: Callable[[], Awaitable[None]] | None) -> None:
        """A post of its own; the one that an earlier try left there, if there is one."""
        case_id = file.case.id
        async with self._making:
            if may_make is not None:
                await may_make()
            tried_at = (await self.cards.card(case_id)).tried_at
            found = None if tried_at is None else await self._find(file, since=tried_at)
            if found is not None:
                await self.cards.placed(case_id, found, found, self.now())
                return
            await self.cards.trying(case_id, self.now())
            drawn, place, message = await self._open(file, await self._tags_of(file))
            await self.cards.placed(case_id, place, message, self.now())
            fresh = await self.cards.card(case_id)
            # what is told in it is not drawn yet
            await self.cards.drawn(replace(fresh, stale=0), drawn.kept, 0, self.now())

    async def _open(self, file: CaseFile, tags: tuple[int, ...]) -> tuple[Drawn, str, str]:
        name, look = self._name(file), self._look(file)
        try:
            place, message = await self.board.open_post(self.places.forum, name=name, tags=tags, look=look)
        except PostGone:
            raise
        except ChannelRefused:
            if not tags:
                raise
            # a tag may have been deleted by hand
            self._tags_known_until = None
            tags = ()
            place, message = await self.board.open_post(self.places.forum, name=name, tags=tags, look=look)
        return Drawn(card=look.sign, name=name, tags=tags), place, message

    async def _find(self, file: CaseFile, *, since: datetime) -> str | None:
        """The post that an earlier try made without our hearing of it: ours, of its number, and from then on."""
        me, begins, from_then = await self.board.me(), f"#{file.case.key} ", since - _CLOCKS_DIFFER
        # whoever archived it did so after it was made
        for post in await self.board.posts(self.places.guild, self.places.forum, since=from_then):
            ours = post.made_by in {me, None} and post.name.startswith(begins)
            if ours and post.made_at >= from_then and await self._is_of(post, file, me):
                return str(post.id)
        return None

    async def _is_of(self, post: Post, file: CaseFile, me: int) -> bool:
        """Whether no other case stands there, and its first message is ours, with this case's buttons."""
        if await self.cards.at(str(post.id)) is not None:
            return False
        try:
            first = await self.board.standing(post.id, post.id)
        except (MessageGone, PostGone):
            return False
        subjects = {name.rpartition(":")[2] for name in first.buttons}
        return first.made_by in {me, None} and str(file.case.key) in subjects

    async def _lose(self, card: DeskCard) -> None:
        """What is left of it goes too: a post without its card."""
        if card.place is not None:
            await self.board.delete_post(int(card.place))
        await self.cards.lost(card.case_id)

    async def _take_down(self, card: DeskCard) -> None:
        if card.place is not None:
            await self.board.delete_post(int(card.place))
        await self.cards.taken_down(card.case_id)

    # --- keeping it in step ---

    async def _redraw(self, card: DeskCard, file: CaseFile) -> str:
        place, was = int(card.place or 0), Drawn.of(card.drawn)
        wanted = await self._wanted(file)
        told, writes, whole = await self._untold(card, file)
        if not whole:
            # the next round goes on: until then it is no post to be put away, and still to be drawn
            wanted, card = replace(wanted, archived=False), replace(card, stale=0)
        changes = was != wanted or bool(writes)
        if was.archived and changes:
            await self.board.change_post(place, archived=False)
            was = replace(was, archived=False)
        if was.card != wanted.card:
            look = self._look(file)
            await self._inside(place, lambda: self.board.edit(place, int(card.message or 0), look))
        for write in writes:
            await self._inside(place, write)
        named = await self._rename(card, was, wanted)
        await self._settle(place, was, wanted)
        drawn = replace(wanted, name=named, renames=named != wanted.name)
        await self.cards.drawn(card, drawn.kept, told, self.now())
        return str(place)

    async def _wanted(self, file: CaseFile) -> Drawn:
        """How it is to look."""
        case = file.case
        return Drawn(
            card=self._look(file).sign,
            name=self._name(file),
            tags=await self._tags_of(file),
            archived=case.state in {CaseState.WAITING, CaseState.RESOLVED} or case.snooze is not None,
        )

    async def _inside(self, place: int, write: Callable[[], Awaitable[object]]) -> None:
        """Something in the post, which Discord may have archived by itself."""
        try:
            await write()
        except PostArchived:
            await self.board.change_post(place, archived=False)
            await write()

    async def _rename(self, card: DeskCard, was: Drawn, wanted: Drawn) -> str:
        """Its name, as it is now: Discord lets it change twice in ten minutes, and then it waits."""
        place, waits_until = int(card.place or 0), self._titles_wait.get(card.case_id)
        if waits_until is not None and self.now() < waits_until:
            return was.name
        self._titles_wait.pop(card.case_id, None)
        if was.name == wanted.name:
            return was.name
        try:
            await self._inside(place, lambda: self.board.change_post(place, name=wanted.name))
        except RateLimited as limited:
            self._titles_wait[card.case_id] = self.now() + timedelta(seconds=limited.retry_after)
            return was.name
        return wanted.name

    async def _settle(self, place: int, was: Drawn, wanted: Drawn) -> None:
        """Tags, and into the archive as the last thing."""
        change: dict[str, Any] = {}
        if was.tags != wanted.tags:
            change["applied_tags"] = [str(tag) for tag in wanted.tags]
        if wanted.archived:
            change["archived"] = True
        if change and was != wanted:
            await self._inside(place, lambda: self.board.change_post(place, **change))

    # --- what was said ---

    async def _untold(self, card: DeskCard, file: CaseFile) -> tuple[int, list[Callable[[], Awaitable[None]]], bool]:
        """Up to which line it will be told, what has to be written for that, and whether that is all there is.

        A long story is told in parts: Discord takes a line a second, and others wait for theirs.
        """
        lines = await self.cards.lines(card.case_id, 0)
        if len(lines) == 1 and _is_quoted_whole(lines[0][1]):
            return card.told, [], True
        prefix = f"line:{card.case_id}:"
        kept = {message.key: message for message in await self.cards.messages(prefix)}
        writes: list[Callable[[], Awaitable[None]]] = []
        upto = card.told
        for number, line in lines:
            if len(writes) == _MOST_LINES:
                return upto, writes, False
            key, sign = f"{prefix}{number}", sign_of_line(line)
            message, look = kept.get(key), look_of_line(line, file, self.words)
            if message is None and number > card.told:
                writes.append(self._telling(int(card.place or 0), key, look, sign))
            elif message is not None and message.drawn != sign:
                writes.append(self._retelling(message, look, sign))
            upto = max(upto, number)
        return upto, writes, True

    def _telling(self, place: int, key: str, look: Look, sign: str) -> Callable[[], Awaitable[None]]:
        async def tell() -> None:
            # the place is part of it: a post that was made anew is told everything again
            message = await self.board.send(place, look, key=f"{place}:{key}")
            await self.cards.keep(DeskMessage(key=key, place=str(place), message=message, drawn=sign), self.now())

        return tell

    def _retelling(self, message: DeskMessage, look: Look, sign: str) -> Callable[[], Awaitable[None]]:
        async def retell() -> None:
            try:
                await self.board.edit(int(message.place), int(message.message), look)
            except MessageGone:
                await self.cards.forget(message.key)
                return
            await self.cards.keep(replace(message, drawn=sign), self.now())

        return retell

    # --- how it looks ---

    def _look(self, file: CaseFile) -> Look:
        card = card_of_file(file, self.words, self.now())
        return Look(embed=card_embed(card, self.words), view=card_controls(file.case, self.words))

    def _name(self, file: CaseFile) -> str:
        """Number, touchpoint, who, and whose it is."""
        who = account(file.opened_by.author.name)
        places = self.words.place(file.case.touchpoints[0]) if file.case.touchpoints else ""
        owner = owner_of(file)
        room = _LONGEST_NAME - len(f"#{file.case.key} ·  ·  · ")
        shown = [harmless(part, room // 3) for part in (places, who, owner) if part]
        return " · ".join([f"#{file.case.key}", *shown])

    async def _tags_of(self, file: CaseFile) -> tuple[int, ...]:
        """By their names in the desk's language; those that the forum lacks are left out."""
        language = file.customer.language if file.reading is None else file.reading.language
        wanted = tags_of(file.case, language, self.words.desk)
        if self._tags_known_until is None or self.now() >= self._tags_known_until:
            self._tags = await self.board.tags(self.places.forum)
            self._tags_known_until = self.now() + _TAGS_LAST
        return tuple(self._tags[name] for name in wanted if name in self._tags)


def _is_quoted_whole(line: Interaction) -> bool:
    """Whether the card shows all of a customer's only words."""
    return line.direction is Direction.INBOUND and is_plain_whole(line.text)
