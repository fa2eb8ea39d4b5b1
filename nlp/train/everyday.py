"""What everyday talk teaches besides its tone: that nothing is lived with a firm, and nothing asked of one."""

from __future__ import annotations

from bot.domain.reading import Intent, Touchpoint
from nlp.words import is_named

_TO_A_FIRM = (Intent.COMPLAINT, Intent.REQUEST, Intent.SUGGESTION, Intent.PURCHASE_INTEREST, Intent.CHURN_THREAT)
FIRM = "firm"
"""The label of a text in which a firm is lived or spoken of."""
DENIED: frozenset[str] = frozenset(map(str, (FIRM, *_TO_A_FIRM, *Touchpoint)))
"""Labels that everyday talk surely does not hold: anger at the world is no complaint. Of others nothing is known."""


def denied_in(text: str) -> frozenset[str]:
    """`DENIED`, or nothing where a word that is known for a touchpoint stands: it may be about a firm after all."""
    return frozenset() if any(is_named(place, text) for place in Touchpoint) else DENIED
