"""Look at a text before it leaves: clean, not empty, and no longer than the channel takes."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.errors import ChannelRefused
from bot.domain.text import clean


def fit_to_say(text: str, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """The text as it may be posted; ChannelRefused, in words, when there is none.

    `measure` is how the platform counts: in characters, unless told otherwise.
    """
    # longer than the limit by at least one, so that what is too long is still seen to be
    kept = clean(text, limit=max(limit * 2, len(text)))
    if not kept:
        message = "there is nothing to say: the text is empty"
        raise ChannelRefused(message)
    if (length := measure(kept)) > limit:
        message = f"the text has {length} characters and the channel takes {limit}"
        raise ChannelRefused(message)
    return kept
