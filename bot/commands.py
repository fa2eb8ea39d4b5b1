"""What people type to us as a command is read as what it is: no praise, no complaint, nothing to be unsure about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.reading import Intent, Reading, Text, calm
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
        return replace(calm(reading, Intent.REQUEST), about_brand=True)
    wants_out = is_opt_out_command(text, reading.language)
    return replace(calm(reading, Intent.SMALLTALK), about_brand=True) if wants_out else reading
