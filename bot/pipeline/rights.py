"""Who may do what at a desk."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.agent import Deed, Rank

_NEEDED: Mapping[Deed, Rank] = {
    Deed.PAUSE: Rank.LEAD,
    Deed.RESUME: Rank.LEAD,
    Deed.ERASE: Rank.ADMIN,
}


def needed(deed: Deed) -> Rank:
    """The lowest rank that may do it; what is not named here any agent may."""
    return _NEEDED.get(deed, Rank.AGENT)
