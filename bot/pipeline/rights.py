"""Who may do what at a desk."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.agent import Agent, Deed, Rank
from bot.domain.errors import NotDone
from bot.domain.reason import because

_NEEDED: Mapping[Deed, Rank] = {
    Deed.ASSIGN: Rank.LEAD,
    Deed.PRIORITISE: Rank.LEAD,
    Deed.PAUSE: Rank.MANAGER,
    Deed.RESUME: Rank.MANAGER,
    Deed.ERASE: Rank.ADMIN,
}


def needed(deed: Deed) -> Rank:
    """The lowest rank that may do it; what is not named here any agent may."""
    return _NEEDED.get(deed, Rank.AGENT)


def entitle(by: Agent, deed: Deed) -> None:
    """NotDone for who may not."""
    rank = needed(deed)
    if not by.may_as(rank):
        raise NotDone(because("desk.needs_rank", rank=rank.value))
