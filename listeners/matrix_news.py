"""Make of a sync what is new for us: messages in their last form, what is taken back, and what we cannot read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from nio import AsyncClient, MatrixRoom

from bot.domain.errors import ChannelRefused
from bot.domain.mention import Batch, Mention
from listeners.matrix_events import ENCRYPTED, Event, content_of, external_id, readable
from listeners.matrix_left import room_left
from listeners.matrix_place import Place
from listeners.matrix_timeline import Stretch, event_in, stretch
from listeners.matrix_views import Room, Views

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class News:
    """Mentions by their id, of which some were `edited`, and ids of what is `gone`.

    `seen` are all events that the homeserver told of. `whole` unless its pages did not end.
    """

    told: dict[str, Mention] = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    whole: bool = True

    def batch(self, cursor: str | None) -> Batch:
        told = [mention for one, mention in self.told.items() if one not in self.gone]
        ordered = sorted(told, key=lambda mention: mention.posted_at)
        return Batch(
            mentions=tuple(mention for mention in ordered if mention.external_id not in self.edited),
            edits=tuple(mention for mention in ordered if mention.external_id in self.edited),
            deletions=tuple(dict.fromkeys(self.gone)),
            cursor=cursor,
        )


class Reader:
    """Reads the rooms that are ours to hear: `rooms`, by id or address, and those for two; without `rooms` all."""

    def __init__(self, client: AsyncClient, views: Views, rooms: frozenset[str]) -> None:
        self._client, self._views, self._rooms = client, views, rooms
        self._closed: set[str] = set()

    async def news(self, told: Any, place: Place) -> News:  # noqa: ANN401 - nio's
        """What a sync from this place brought."""
        news = News()
        for room_id, info in told.rooms.join.items():
            known = self._client.rooms[room_id]
            if self._is_ours_to_hear(known):
                happened = await stretch(self._client, room_id, info.timeline, place)
                await self._add(happened, as_room(known), news, place)
        # what was left before a first start is no room of ours
        for room_id, info in told.rooms.leave.items() if place.since else ():
            left = await room_left(self._client, room_id, info.timeline.events, place.account)
            if left is not None and self._is_ours_to_hear(left):
                await self._add(await self._last_of(room_id, info.timeline, place), as_room(left), news, place)
        return news

    def _is_ours_to_hear(self, known: MatrixRoom) -> bool:
        return not self._rooms or as_room(known).is_direct or bool(self._rooms & {known.room_id, known.canonical_alias})

    async def _last_of(self, room: str, timeline: Any, place: Place) -> Stretch:  # noqa: ANN401 - nio's
        """What happened until we were gone. A room that tells no more than the sync did keeps nobody from anything."""
        try:
            return await stretch(self._client, room, timeline, place)
        except ChannelRefused as error:
            log.warning("a room of Matrix that was left does not tell all that was said", room=room, why=str(error))
            return Stretch(events=readable(timeline.events))

    async def _add(self, happened: Stretch, room: Room, news: News, place: Place) -> None:
        news.whole = news.whole and happened.whole
        there = {event.event_id: event for event in happened.events}
        edits: dict[str, Event] = {}
        for number, event in enumerate(happened.events):
            news.seen.add(event.event_id)
            if event.type == ENCRYPTED:
                self._say_that_it_is_closed(room)
            elif event.takes_back:
                news.gone.append(external_id(room.id, event.takes_back))
            elif event.replaces:
                edits[event.replaces] = max(edits.get(event.replaces, event), event, key=_recency)
            elif self._views.is_heard(event, event.content):
                is_history = number < happened.history
                parent = None if is_history else await self._parent(event, room, there)
                mention = self._views.mention(event, event.content, room, parent=parent, backfilled=is_history)
                news.told[mention.external_id] = mention
        for original, edit in edits.items():
            await self._edit(
                there.get(original) or await event_in(self._client, room.id, original), edit, room, news, place
            )

    async def _edit(self, original: Event | None, edit: Event, room: Room, news: News, place: Place) -> None:
        """An edit counts if it is the author's own: anybody may send one for anybody's message."""
        content = content_of(edit.content.new_content)
        if original is None or original.sender != edit.sender or not self._views.is_heard(original, content):
            return
        one = external_id(room.id, original.event_id)
        backfilled = news.told[one].backfilled if one in news.told else original.at < place.began
        parent = await self._parent(original, room, {})
        mention = self._views.mention(original, content, room, parent=parent, backfilled=backfilled)
        news.told[one] = replace(mention, edited_at=edit.at)
        news.edited.add(one)

    async def _parent(self, event: Event, room: Room, there: Mapping[str, Event]) -> Event | None:
        """What it answers: who wrote that and in which thread it stands tells who is addressed. For two it is clear."""
        answers = event.content.answers
        if not answers or room.is_direct:
            return None
        return there.get(answers) or await event_in(self._client, room.id, answers)

    def _say_that_it_is_closed(self, room: Room) -> None:
        if room.id not in self._closed:
            self._closed.add(room.id)
            log.warning("a room of Matrix is encrypted; what is written there is not read", room=room.id)


def as_room(known: MatrixRoom) -> Room:
    """What nio knows of a room. How many are in it the homeserver counts, since nio has not met them all."""
    summary = known.summary
    counted = summary is not None and summary.joined_member_count is not None
    is_public = known.join_rule == "public" or known.history_visibility == "world_readable"
    return Room(
        id=known.room_id,
        is_direct=counted and known.member_count <= 2 and not is_public,
        is_public=is_public,
    )


def _recency(event: Event) -> tuple[int, str]:
    """Of two edits the later counts, by the word of the author's server."""
    return event.origin_server_ts or 0, event.event_id
