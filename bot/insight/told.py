"""Say in the reader's language what channels tell in English: facts of an account, and what keeps them waiting."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from bot.domain.reading import Language
from bot.insight.wording import Wording, wording

_GROUP = "told."
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


def told_in(words: Wording, text: str) -> str:
    """The sentence under `[told]`; one that is not there, as a platform or a plug-in wrote it, stays as it is.

    A channel is one file and writes one language. Its English sentence is the key, with gaps for what varies.
    """
    if words.language is Language.EN:
        return text
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", ".")
    for key, pattern in _english():
        if found := pattern.fullmatch(text):
            return words.say(key, **{gap: told_in(words, value) for gap, value in found.groupdict().items()})
    return text


@cache
def _english() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English sentences, those that say most first: a gap takes whatever is left."""
    phrases = {key: text for key, text in wording(Language.EN).phrases.items() if key.startswith(_GROUP)}
    ranked = sorted(phrases.items(), key=lambda item: -sum(len(said) for said, *_ in Formatter().parse(item[1])))
    return tuple((key, re.compile(_pattern(text), re.DOTALL)) for key, text in ranked)


def _pattern(text: str) -> str:
    parts = ((re.escape(said), gap) for said, gap, *_ in Formatter().parse(text))
    return "".join(said + (f"(?P<{gap}>.+?)" if gap else "") for said, gap in parts)
