"""Choose the intents that hold: those over their thresholds; spam holds alone; never none."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.reading import Intent


def holding(probabilities: Mapping[Intent, float], thresholds: Mapping[Intent, float]) -> tuple[Intent, ...]:
    """In the order of the taxonomy; the likeliest when none reaches its threshold."""
    if probabilities[Intent.SPAM] >= thresholds[Intent.SPAM]:
        return (Intent.SPAM,)
    over = tuple(intent for intent in Intent if probabilities[intent] >= thresholds[intent])
    return over or (max(Intent, key=probabilities.__getitem__),)
