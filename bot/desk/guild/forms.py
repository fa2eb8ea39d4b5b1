"""Forms that people fill in: what each asks, and what they wrote, read from the form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any, TypeVar

import discord

from bot.desk.labels import Labels
from bot.domain.case import Case, Resolution
from bot.domain.errors import NotDone
from bot.domain.experience import Experience
from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from bot.domain.reason import because
from bot.domain.text import clean

NAMED = r"m[0-9]+:(?P<deed>[a-z_]+):(?P<subject>[A-Za-z0-9._-]{1,64})(?::(?P<seen>[0-9a-f]{16}))?"
VERSION = "m1"
NONE = "none"
_TITLE, _LABEL, _ABOUT, _OPTION = 45, 45, 100, 100
LONGEST_TEXT = 4000
_NOTE, _WHEN = 1000, 60

Label = TypeVar("Label", bound=StrEnum)
Filled = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list."""

    value: str
    shown: str
    chosen: bool = False


class Form(discord.ui.Modal):
    """Nothing of it waits in memory: `front` reads what comes back, in this process or a later one."""

    def __init__(self, deed: str, subject: str, title: str, *, seen: str = "") -> None:
        name = f"{VERSION}:{deed}:{subject}" + (f":{seen}" if seen else "")
        super().__init__(title=_short(title, _TITLE), custom_id=name, timeout=1)

    def ask(  # noqa: PLR0913 - what a field is
        self,
        name: str,
        label: str,
        *,
        about: str = "",
        value: str = "",
        longest: int = _NOTE,
        required: bool = True,
        long: bool = True,
    ) -> Form:
        """A field to write in."""
        longest = max(1, min(longest, LONGEST_TEXT))
        field: discord.ui.TextInput[Form] = discord.ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=clean(value)[:longest] or None,
            max_length=longest,
            required=required,
        )
        return self._add(label, field, about)

    def choose(
        self, name: str, label: str, choices: Sequence[Choice], *, about: str = "", required: bool = True
    ) -> Form:
        """A list to choose one of."""
        field: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=name,
            options=[
                discord.SelectOption(label=_short(one.shown, _OPTION), value=one.value, default=one.chosen)
                for one in choices[:25]
            ],
            required=required,
            min_values=1 if required else 0,
            max_values=1,
        )
        return self._add(label, field, about)

    def _add(self, label: str, field: Any, about: str) -> Form:  # noqa: ANN401 - any field of discord.py
        shown = _short(about, _ABOUT) or None
        self.add_item(discord.ui.Label(text=_short(label, _LABEL), description=shown, component=field))
        return self


def token_of(line: str) -> str:
    """A line of a history in sixteen characters: a form's name has no room for more."""
    return blake2b(line.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def filled(data: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What was written and chosen, by field: a form is where people's words come in, so they are cleaned here."""
    return {str(field["custom_id"]): _filled_in(field.get("values", field.get("value"))) for field in _fields(data)}


def _filled_in(given: object) -> str | list[str]:
    return [str(each) for each in given] if isinstance(given, list) else clean(str(given or ""))


def _fields(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in data.get("components") or []:
        inside = [row["component"]] if isinstance(row.get("component"), dict) else row.get("components") or []
        yield from (each for each in inside if "custom_id" in each)


def written(fields: Filled, name: str) -> str:
    """One text."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def chosen(fields: Filled, name: str) -> list[str]:
    """What was chosen of a list."""
    value = fields.get(name, [])
    return [value] if isinstance(value, str) and value else list(value)


def label_of(kind: type[Label], given: str) -> Label:
    """What was chosen, as one of ours. NotDone for a choice of another version, or of nobody."""
    try:
        return kind(given)
    except ValueError:
        raise NotDone(because("desk.strange_button")) from None


def resolve_form(key: int, words: Labels, *, fixed_by: str = "") -> Form:
    """Why it is over, and what fixed it."""
    reasons = [Choice(value=each.value, shown=words.say(f"resolution.{each}")) for each in Resolution]
    return (
        Form("resolve", str(key), words.say("form.resolve", case=str(key)))
        .choose("resolution", words.say("form.resolution"), reasons)
        .ask(
            "fixed_by",
            words.say("form.fixed_by"),
            about=words.say("form.fixed_by_about"),
            value=fixed_by,
            required=False,
        )
    )


def merge_form(key: int, words: Labels) -> Form:
    """Which case stays."""
    return Form("merge", str(key), words.say("form.merge", case=str(key))).ask(
        "text", words.say("form.into"), longest=_WHEN, long=False
    )


def priority_form(case: Case, words: Labels) -> Form:
    """How urgent it is; what it is already is chosen."""
    levels = [
        Choice(value=each.value, shown=words.say(f"urgency.{each}"), chosen=each is case.urgency)
        for each in reversed(Urgency)
    ]
    return Form("priority", str(case.key), words.say("form.priority", case=str(case.key))).choose(
        "urgency", words.say("form.urgency"), levels
    )


def promise_form(key: int, words: Labels, *, what: str = "", when: str = "") -> Form:
    """What is promised, and by when."""
    return (
        Form("promise", str(key), words.say("form.promise", case=str(key)))
        .ask("what", words.say("form.what"), value=what)
        .ask("when", words.say("form.when"), about=words.say("form.when_about"), value=when, longest=_WHEN, long=False)
    )


def voice_form(subject: str, words: Labels) -> Form:
    """What somebody who answers customers sees or thinks themselves."""
    places = [
        Choice(value=NONE, shown=words.say("form.no_touchpoint"), chosen=True),
        *(Choice(value=each.value, shown=words.place(each)) for each in Touchpoint),
    ]
    named = [
        Choice(value="named", shown=words.say("form.named"), chosen=True),
        Choice(value="unnamed", shown=words.say("form.unnamed")),
    ]
    return (
        Form("voice", subject, words.say("form.voice"))
        .ask("text", words.say("form.voice_text"))
        .choose("touchpoint", words.say("form.touchpoint"), places, required=False)
        .choose("named", words.say("form.name"), named, about=words.say("form.unnamed_about"))
    )


def snooze_form(key: int, words: Labels) -> Form:
    """Until when."""
    times = [Choice(value=each, shown=words.say(f"form.snooze_{each}")) for each in ("hour", "tomorrow", "answer")]
    return Form("snooze", str(key), words.say("form.snooze", case=str(key))).choose(
        "until", words.say("form.until"), times
    )


def text_form(  # noqa: PLR0913 - what it asks
    deed: str,
    subject: str,
    title: str,
    label: str,
    *,
    about: str = "",
    value: str = "",
    longest: int = _NOTE,
    seen: str = "",
) -> Form:
    """One text."""
    return Form(deed, subject, title, seen=seen).ask("text", label, about=about, value=value, longest=longest)


def correct_form(subject: str, lived: Experience, words: Labels) -> Form:
    """How it should have been read; what stands there already is chosen."""
    stages = [
        *([Choice(value=NONE, shown=words.say("stage.unknown"), chosen=True)] if lived.stage is None else []),
        *(Choice(value=each.value, shown=words.say(f"stage.{each}"), chosen=each is lived.stage) for each in Stage),
    ]
    places = [
        *([Choice(value=NONE, shown=words.say("form.no_touchpoint"), chosen=True)] if lived.touchpoint is None else []),
        *(Choice(value=each.value, shown=words.place(each), chosen=each is lived.touchpoint) for each in Touchpoint),
    ]
    feelings = [
        Choice(value=each.value, shown=words.say(f"sentiment.{each}"), chosen=each is lived.sentiment)
        for each in Sentiment
    ]
    wishes = [
        Choice(value=each.value, shown=words.say(f"intent.{each}"), chosen=each.value == lived.what) for each in Intent
    ]
    return (
        Form("correct", subject, words.say("form.correct"))
        .choose("touchpoint", words.say("form.touchpoint"), places)
        .choose("stage", words.say("form.stage"), stages)
        .choose("sentiment", words.say("form.sentiment"), feelings)
        .choose("intents", words.say("form.intents"), wishes, required=False)
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
