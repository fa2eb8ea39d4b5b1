"""What people type to us as a command is read as what it is: no praise, no complaint, nothing to be unsure about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.reading import Intent, Reading, Sentiment, Text, Urgency
from responders.optout import is_opt_out_command
from responders.wants_person import is_person_command

Read = Callable[[Text], Awaitable[Reading]]


def with_commands(read: Read) -> Read:
    """The same reading, but for texts that are nothing but a word which we asked people to write, as "persona"."""

    async def reading_of(text: Text) -> Reading:
        return as_typed(text.text, await read(text))

    return reading_of


def as_typed(text: str, reading: Reading) -> Reading:
    """A wish for a person is a request; a wish for peace is none. Neither tells how anything was lived."""
    if is_person_command(text):
        return _plain(reading, Intent.REQUEST)
    return _plain(reading, Intent.SMALLTALK) if is_opt_out_command(text, reading.language) else reading


def _plain(reading: Reading, intent: Intent) -> Reading:
    return replace(
        reading,
        sentiment=Sentiment.NEUTRAL,
        scores={label: float(label is Sentiment.NEUTRAL) for label in Sentiment},
        intents=(intent,),
        intent_scores={label: float(label is intent) for label in Intent},
        touchpoints=(),
        stage=None,
        urgency=Urgency.LOW,
        spans=(),
        expectation=None,
        spam=False,
        about_brand=True,
        abstained=False,
        stage_confidence=None,
        urgency_confidence=None,
    )
