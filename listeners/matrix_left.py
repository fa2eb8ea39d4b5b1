"""A room that we are in no more, as it was when we left: nothing else tells to whom what was said last is open."""

from __future__ import annotations

from nio import AsyncClient, MatrixRoom, RoomSummary
from nio import Event as NioEvent

from listeners.matrix_events import MEMBER, Event, readable
from listeners.matrix_wire import found


async def room_left(client: AsyncClient, room: str, timeline: list[NioEvent], me: str) -> MatrixRoom | None:
    """None where we were not, as where an invitation was taken back, and where nobody tells us more of it."""
    if not any(_was_in(event, me) for event in readable(timeline)):
        return None
    if room in client.rooms:
        return client.rooms[room]
    told = await found(client.room_get_state(room), absent=frozenset({403, 404}))
    if told is None:
        return None
    events = [NioEvent.parse_event(one) for one in told.events]
    left = MatrixRoom(room, me)
    for event in events:
        left.handle_event(event)
    others = sum(one.type == MEMBER and one.content.membership == "join" for one in readable(events))
    left.update_summary(RoomSummary(joined_member_count=others + 1, invited_member_count=0))
    return left


def _was_in(event: Event, me: str) -> bool:
    now = event.membership_of(me)
    return bool(now) and "join" in {now, event.unsigned.prev_content.membership}
