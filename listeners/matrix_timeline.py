"""What is new in a room: the timeline that a sync brings, and before it what the sync left out for being too much."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from nio import AsyncClient, MessageDirection

from listeners.matrix_events import ENCRYPTED, ENCRYPTION, MEMBER, MESSAGE, REDACTION, STICKER, Event, readable
from listeners.matrix_place import Place
from listeners.matrix_wire import asked, found

log = structlog.get_logger(__name__)

PAGE = 100
# empty pages in a row: a homeserver may send some, a broken one sends them for ever
_BARREN = 20
_STATE = [MEMBER, ENCRYPTION, "m.room.join_rules", "m.room.history_visibility", "m.room.canonical_alias"]
_TYPES = [MESSAGE, STICKER, REDACTION, ENCRYPTED, *_STATE]
_NOTHING = {"not_types": ["*"]}

Filter = dict[str, Any]


def sync_filter(timeline: int = PAGE) -> Filter:
    """Messages and what changes a room; of the members only how many there are, and who has written."""
    return {
        "presence": _NOTHING,
        "account_data": _NOTHING,
        "room": {
            "account_data": _NOTHING,
            "ephemeral": _NOTHING,
            "state": {"types": _STATE, "lazy_load_members": True},
            "timeline": {"types": _TYPES, "limit": timeline, "lazy_load_members": True},
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What happened in a room, oldest first. `whole` unless its pages did not end.

    The first `history` events were there before the first start, or before we were asked to come.
    """

    events: list[Event]
    whole: bool = True
    history: int = 0


async def stretch(client: AsyncClient, room: str, timeline: Any, place: Place) -> Stretch:  # noqa: ANN401 - nio's
    """Everything in the room since then; in a room that is new to us, everything since our invitation.

    At a first start it is what the homeserver shows of each room, and history.
    """
    events, whole, me = readable(timeline.events), True, place.account
    if not place.since:
        return Stretch(events=events, history=len(events))
    is_new = any(_came_in(event, me) for event in events)
    if timeline.limited and timeline.prev_batch and not (is_new and _has_arrival(events, me)):

        def before(start: str) -> Awaitable[Any]:
            until = None if is_new else place.since
            page: Awaitable[Any] = client.room_messages(
                room, start, until, MessageDirection.back, PAGE, {"types": _TYPES}
            )
            return page

        older, whole = await _pages(before, timeline.prev_batch, enough=lambda page: is_new and _has_arrival(page, me))
        known = {event.event_id for event in events}
        events = [*(event for event in reversed(older) if event.event_id not in known), *events]
    if not any(_came_in(event, me) for event in events):
        return Stretch(events=events, whole=whole)
    # an old invitation may have waited for the first start
    waited = sum(event.at < place.began for event in events)
    return Stretch(events=events, whole=whole, history=max(_arrival(events, me), waited))


async def own_since(client: AsyncClient, room: str, event: str, *, me: str) -> tuple[list[Event], bool]:
    """What our account has written in the room after this event, oldest first, and whether that is all of it."""
    around = await asked(client.room_context(room, event, 2))
    if not around.end:
        return readable(around.events_after), True
    ours = {"senders": [me], "types": [MESSAGE]}
    pages, whole = await _pages(
        lambda start: client.room_messages(room, start, None, MessageDirection.front, PAGE, ours), around.end
    )
    return [*readable(around.events_after), *pages], whole


async def event_in(client: AsyncClient, room: str, event: str) -> Event | None:
    """One event of a room; None where it is not there, or not for us to see."""
    answer = await found(client.room_get_event(room, event), absent=frozenset({403, 404}))
    return next(iter(readable([answer.event])), None) if answer is not None else None


async def _pages(
    ask: Callable[[str], Awaitable[Any]], start: str, *, enough: Callable[[list[Event]], bool] = lambda _: False
) -> tuple[list[Event], bool]:
    """Page after page until there are no more or it is enough, and whether they came to an end."""
    read: dict[str, Event] = {}
    tokens, barren = {start}, 0
    while True:
        page = await asked(ask(start))
        events = readable(page.chunk)
        barren = barren + 1 if all(event.event_id in read for event in events) else 0
        read |= {event.event_id: event for event in events}
        if page.end is None or enough(events):
            return [*read.values()], True
        if page.end in tokens or barren == _BARREN:
            log.warning("the pages of a Matrix room do not end")
            return [*read.values()], False
        tokens.add(page.end)
        start = page.end


def _came_in(event: Event, me: str) -> bool:
    """Whether we joined with it: a new name or picture is a join as well."""
    return event.membership_of(me) == "join" and event.unsigned.prev_content.membership != "join"


def _arrives(event: Event, me: str) -> bool:
    """Whether we were asked to come with it, or came unasked."""
    unasked = _came_in(event, me) and event.unsigned.prev_content.membership != "invite"
    return event.membership_of(me) == "invite" or unasked


def _has_arrival(events: list[Event], me: str) -> bool:
    return any(_arrives(event, me) for event in events)


def _arrival(events: list[Event], me: str) -> int:
    """The place of our last arrival; 0 when it is not among them."""
    return max((number for number, event in enumerate(events) if _arrives(event, me)), default=0)
