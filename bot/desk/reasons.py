"""Say a reason in the reader's language."""

from __future__ import annotations

from string import Formatter

from bot.domain.reading import Language
from bot.domain.reason import Reason, Why
from bot.insight.told import told_in
from bot.insight.wording import Wording, wording


def reason_in(words: Wording, why: Why) -> str:
    """The sentence of the desk's wording; a channel's sentence in the reader's; words that somebody wrote as they are.

    A reason that these words do not know, or know with other values (another version kept it), is shown by its name.
    """
    if isinstance(why, str):
        # a channel writes English sentences; what a person wrote is none of them
        return told_in(wording(words.language), why)
    try:
        return _Sentence(words).vformat(words.phrases[f"reason.{why.name}"], (), why.values)
    except KeyError:
        return str(why)


def reason_in_english(why: Why) -> str:
    """For machines, which read one language."""
    return reason_in(wording(Language.EN, "bot.desk"), why)


class _Sentence(Formatter):
    """Fills gaps: a reason becomes its sentence, `{kind:reply}` the desk's word for that kind of reply, and
    `{n:tries}` so many tries.
    """

    def __init__(self, words: Wording) -> None:
        self._words = words

    def format_field(self, value: object, format_spec: str) -> str:
        """What stands in one gap; several labels are listed."""
        match value:
            case Reason():
                return reason_in(self._words, value)
            case tuple():
                return ", ".join(self.format_field(each, format_spec) for each in value)
            case int() if f"word.{format_spec}.one" in self._words.phrases:
                return self._words.count(f"word.{format_spec}", value)
            case _:
                return self._words.phrases.get(f"word.{format_spec}.{value}", str(value))
