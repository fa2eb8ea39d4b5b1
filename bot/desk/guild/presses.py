"""What each button, list and form does, by the name of the deed: a press or a sent form in, an answer or a form out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said, box_in, unboxed
from bot.desk.guild.controls import picking
from bot.desk.guild.defang import harmless
from bot.desk.guild.forms import Filled, Form, chosen, label_of, text_form, token_of, written
from bot.desk.labels import Labels
from bot.domain.case import Resolution
from bot.domain.errors import NotDone
from bot.domain.experience import Experience
from bot.domain.outbox import JobId
from bot.domain.reason import because

if TYPE_CHECKING:
    from bot.desk.guild.front import Front

# what takes longer than this opens an empty form: Discord waits three seconds
FORM_SECONDS = 1.5
_LONGEST_NUMBER = 15  # digits
DISCORD = "discord"
"""What stands before Discord's ids where they name agents and presses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One press that may be done: by whom, on what, and what a form or list says. `subject` is not to be trusted."""

    by: Presser
    subject: str
    interaction: discord.Interaction
    fields: Filled
    seen: str = ""

    @property
    def number(self) -> int:
        """A case's or a draft's number."""
        return _number(self.subject)

    @property
    def job(self) -> JobId:
        """A draft's number, or a case's, before whatever else is known."""
        return JobId(_number(self.subject.partition(".")[0]))

    @property
    def token(self) -> str:
        """The newest line that a warning told of, where it told of one."""
        return self.subject.partition(".")[2]

    @property
    def forms(self) -> int | None:
        """How many texts the draft had when this was drawn; older buttons do not know."""
        known = self.subject.partition(".")[2]
        return _number(known) if known else None


def _number(typed: str) -> int:
    if not typed.isdigit() or len(typed) > _LONGEST_NUMBER:
        raise NotDone(because("desk.strange_button"))
    return int(typed)


async def _reply(front: Front, pressed: Pressed) -> Form:
    try:
        return await asyncio.wait_for(front.deeds.reply_form(pressed.by, pressed.number), FORM_SECONDS / 2)
    except TimeoutError:
        words = pressed.by.words
        title, label = words.say("form.reply", case=pressed.subject), words.say("form.edit_text")
        return text_form("reply", str(pressed.number), title, label, longest=2000)


async def _use(front: Front, pressed: Pressed) -> Form:
    """The text that a message of ours holds, ready to be changed."""
    return await front.deeds.reply_form(pressed.by, pressed.number, _held_text(pressed.interaction))


async def _reply_anyway(front: Front, pressed: Pressed) -> Said:
    """The warning has one answer in it: who presses twice sends it once."""
    message, text = pressed.interaction.message, _held_text(pressed.interaction)
    if message is None or text is None:
        raise NotDone(because("desk.strange_button"))
    by = replace(pressed.by, press=f"{DISCORD}:{message.id}")
    return await front.deeds.reply(by, pressed.job, text, seen=pressed.token, anyway=True)


async def _approve_anyway(front: Front, pressed: Pressed) -> Said:
    text = _held_text(pressed.interaction)
    return await front.deeds.approve(pressed.by, pressed.job, text, anyway=True, seen=pressed.token)


def _held_text(interaction: discord.Interaction) -> str | None:
    """Only our own messages carry buttons of ours, so what stands there is what was typed."""
    message = interaction.message
    if message is None:
        return None
    if message.embeds and message.embeds[0].description:
        return unboxed(message.embeds[0].description)
    return box_in(message.content)


async def _note(front: Front, pressed: Pressed) -> Form:
    del front
    words = pressed.by.words
    title, label = words.say("form.note", case=pressed.subject), words.say("form.note_text")
    return text_form("note", str(pressed.number), title, label, about=words.say("form.internal"))


async def _escalate(front: Front, pressed: Pressed) -> Form:
    del front
    words = pressed.by.words
    title, label = words.say("form.escalate", case=pressed.subject), words.say("form.why")
    return text_form("escalate", str(pressed.number), title, label, about=words.say("form.internal"), longest=500)


async def _reject(front: Front, pressed: Pressed) -> Form:
    del front
    words = pressed.by.words
    return text_form("reject", str(pressed.job), words.say("form.reject"), words.say("form.why"), longest=500)


async def _correct(front: Front, pressed: Pressed) -> Said | Form:
    """With one experience its form at once, with several first which."""
    words, lived = pressed.by.words, await front.deeds.lived(pressed.number)
    if not lived:
        raise NotDone(because("desk.nothing_lived"))
    if len(lived) == 1:
        return forms.correct_form(f"{pressed.number}.{token_of(lived[0].id)}", lived[0], words)
    options = [
        (
            token_of(each.id),
            harmless(_one_line(each, words), 100),
        )
        for each in lived
    ]
    return Said(
        text=words.say("answer.which"), view=picking("correct", pressed.subject, words.say("form.which"), options)
    )


def _one_line(lived: Experience, words: Labels) -> str:
    place, feeling = words.place(lived.touchpoint, lived.own), words.say(f"sentiment.{lived.sentiment}")
    return f"{place} · {feeling} · {lived.evidence}"


async def _picked_correct(front: Front, pressed: Pressed) -> Form:
    (token,) = chosen(pressed.fields, "picked") or [""]
    lived = next((each for each in await front.deeds.lived(pressed.number) if token_of(each.id) == token), None)
    if lived is None:
        raise NotDone(because("desk.no_experience"))
    return forms.correct_form(f"{pressed.number}.{token}", lived, pressed.by.words)


async def _submitted_correct(front: Front, pressed: Pressed) -> Said:
    key, _, token = pressed.subject.partition(".")
    number = int(key) if key.isdigit() else 0
    return await front.deeds.correct(pressed.by, number, token, pressed.fields)


async def _submitted_voice(front: Front, pressed: Pressed) -> Said:
    key = pressed.number if pressed.subject.isdigit() and pressed.subject != "0" else None
    return await front.deeds.voice(pressed.by, pressed.fields, key)


async def _submitted_resolve(front: Front, pressed: Pressed) -> Said:
    resolution = label_of(Resolution, next(iter(chosen(pressed.fields, "resolution")), ""))
    return await front.deeds.resolve(pressed.by, pressed.number, resolution, written(pressed.fields, "fixed_by"))


async def _form(pressed: Pressed, form: Callable[[int, Labels], Form]) -> Form:
    return form(pressed.number, pressed.by.words)


def _text(pressed: Pressed) -> str:
    return written(pressed.fields, "text")


PRESSES: Mapping[str, Callable[[Front, Pressed], Awaitable[Said | Form]]] = {
    "take": lambda front, it: front.deeds.take(it.by, it.number),
    "release": lambda front, it: front.deeds.release(it.by, it.number),
    "suggest": lambda front, it: front.deeds.suggest(it.by, it.number),
    "reply": _reply,
    "use": _use,
    "reply_anyway": _reply_anyway,
    "note": _note,
    "promise": lambda _, it: _form(it, forms.promise_form),
    "voice": lambda _, it: _form(it, lambda key, words: forms.voice_form(str(key), words)),
    "snooze": lambda _, it: _form(it, forms.snooze_form),
    "correct": _correct,
    "escalate": _escalate,
    "resolve": lambda _, it: _form(it, forms.resolve_form),
    "reopen": lambda front, it: front.deeds.reopen(it.by, it.number),
    "approve": lambda front, it: front.deeds.approve(it.by, it.job, forms=it.forms),
    "approve_anyway": _approve_anyway,
    "edit": lambda front, it: front.deeds.edit_form(it.by, it.job),
    "reject": _reject,
    "vote": lambda front, it: front.deeds.vote(it.by, it.subject),
    "picked_correct": _picked_correct,
}
OPENING = frozenset(
    {
        "reply",
        "use",
        "note",
        "promise",
        "voice",
        "snooze",
        "correct",
        "escalate",
        "resolve",
        "edit",
        "reject",
        "picked_correct",
        "picked_template",
    }
)
FORMS: Mapping[str, Callable[[Front, Pressed], Awaitable[Said | Form]]] = {
    "reply": lambda front, it: front.deeds.reply(it.by, it.number, _text(it), seen=it.seen),
    "edit": lambda front, it: front.deeds.approve(it.by, it.job, _text(it), forms=it.forms),
    "reject": lambda front, it: front.deeds.reject(it.by, it.job, _text(it)),
    "note": lambda front, it: front.deeds.note(it.by, it.number, _text(it)),
    "promise": lambda front, it: front.deeds.promise(
        it.by, it.number, written(it.fields, "what"), written(it.fields, "when")
    ),
    "voice": _submitted_voice,
    "snooze": lambda front, it: front.deeds.snooze(it.by, it.number, next(iter(chosen(it.fields, "until")), "hour")),
    "escalate": lambda front, it: front.deeds.escalate(it.by, it.number, _text(it)),
    "resolve": _submitted_resolve,
    "correct": _submitted_correct,
}
