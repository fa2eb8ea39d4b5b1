"""Who can be called when a lead is wanted: the lowest rank from lead up that somebody in the guild holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog

from bot.desk.guild.place import OnCall, Places, Session
from bot.desk.guild.setup import Asked
from bot.domain.errors import ChannelError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """Asked at each call: people come and go, and so do their roles."""

    session: Session
    places: Places
    asked: Asked[Any]

    async def on_call(self) -> OnCall:
        """Where Discord does not say who holds which role, every role counts as held."""
        if not self.places.ranks:
            return OnCall()
        try:
            bot = await self.session.logged_in()
            held = roles_held(await self.asked(bot.http.get_role_member_counts(self.places.guild)))
        except ChannelError as error:
            log.warning("Discord does not say who holds a role", error=str(error))
            return self.places.on_call(self.places.ranks)
        return self.places.on_call(held)


def roles_held(counts: dict[str, int]) -> Collection[int]:
    """The roles that somebody has, from how many have each."""
    return {int(role) for role, members in counts.items() if members}
