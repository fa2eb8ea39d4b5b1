"""Who invites the account into a room is followed, if the owner wants that and something can be read there."""

from __future__ import annotations

from typing import Any

import structlog
from nio import AsyncClient

from bot.domain.errors import ChannelError, RateLimited
from listeners.matrix_events import CREATE, ENCRYPTION, MEMBER, Invitation, invitations
from listeners.matrix_wire import asked

log = structlog.get_logger(__name__)

_ALIAS = "m.room.canonical_alias"
_SPACE = "m.space"


class Door:
    """Follows invitations to `rooms`, by id or address, and to rooms for two; without `rooms` to all."""

    def __init__(self, client: AsyncClient, rooms: frozenset[str]) -> None:
        self._client, self._rooms = client, rooms

    async def open_to(self, told: Any, me: str) -> None:  # noqa: ANN401 - nio's
        """Join where a sync says that we are invited. RateLimited is raised, as the rest can be joined later.

        One that cannot be followed (the room's own homeserver may be away) keeps nobody else from being heard.
        """
        if not told.rooms.invite:
            return
        for room, invitation in invitations(await told.transport_response.json()).items():
            if (why := self._why_not(room, invitation, me)) is not None:
                log.warning("an invitation into a room of Matrix is left", room=room, why=why)
                continue
            try:
                await asked(self._client.join(room))
            except RateLimited:
                raise
            except ChannelError as error:
                log.warning(
                    "a room of Matrix cannot be joined; tried again at the next start", room=room, why=str(error)
                )

    def _why_not(self, room: str, invitation: Invitation, me: str) -> str | None:
        asked_for = invitation.told(MEMBER, me)
        alias, made = invitation.told(_ALIAS), invitation.told(CREATE)
        is_direct = asked_for is not None and asked_for.is_direct
        if invitation.told(ENCRYPTION) is not None:
            return "it is encrypted, and this channel reads open rooms only"
        if made is not None and made.type == _SPACE:
            return "it is a space, where nothing is said"
        if self._rooms and not is_direct and not self._rooms & {room, alias.alias if alias is not None else room}:
            return "it is not among the rooms of this channel"
        return None
