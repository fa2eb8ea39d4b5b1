"""Say in the reader's language what is written in English: what channels tell, and what is wrong in a configuration."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from bot.domain.reading import Language
from bot.insight.wording import Wording, wording

_GROUP = "told."
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
_DEEPEST = 12
_NUMBER, _ANYTHING = r"\S+", ".+?"


def told_in(words: Wording, text: str) -> str:
    """The sentence under `[told]`; one that is not there, as a platform or a plug-in wrote it, stays as it is.

    A channel, or a check of the settings, is one file and writes one language. Its English sentence is the key, with
    gaps for what varies, in which sentences may stand: `file: [table] key: what is wrong (it is …) — and 2 more`.
    """
    return text if words.language is Language.EN else _told(words, text, _DEEPEST)


def _told(words: Wording, text: str, deep: int) -> str:
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", ".")
    # no sentence of ours goes deeper; a stranger's text with a hundred colons would
    for key, pattern in _english() if deep else ():
        if found := pattern.fullmatch(text):
            return words.say(key, **{gap: _told(words, value, deep - 1) for gap, value in found.groupdict().items()})
    return text


@cache
def _english() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English sentences, those that say most first: a gap takes whatever is left."""
    phrases = {key: text for key, text in wording(Language.EN).phrases.items() if key.startswith(_GROUP)}
    ranked = sorted(phrases.items(), key=lambda item: -sum(len(said) for said, *_ in Formatter().parse(item[1])))
    return tuple((key, re.compile(_pattern(text), re.DOTALL)) for key, text in ranked)


def _pattern(text: str) -> str:
    parts = ((re.escape(said), gap) for said, gap, *_ in Formatter().parse(text))
    return "".join(said + (f"(?P<{gap}>{_NUMBER if gap == 'n' else _ANYTHING})" if gap else "") for said, gap in parts)
