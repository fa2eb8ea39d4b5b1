"""Where people press: every press, form and command is checked, done once, and answered in the presser's language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said, tell, unboxed
from bot.desk.guild.controls import PRESSED, picking
from bot.desk.guild.deeds import Deeds
from bot.desk.guild.defang import defanged, harmless
from bot.desk.guild.forms import Filled, Form, chosen, filled, label_of, text_form, token_of, written
from bot.desk.guild.place import Places, Session, Told
from bot.desk.guild.setup import Asked
from bot.desk.labels import Labels
from bot.domain.agent import Agent
from bot.domain.case import Resolution
from bot.domain.errors import ChannelError, NotDone, StoreUnavailable
from bot.domain.experience import Experience
from bot.domain.outbox import JobId
from bot.domain.reading import Language
from bot.domain.reason import because

log = structlog.get_logger(__name__)

# what takes longer than this opens an empty form: Discord waits three seconds
_FORM_SECONDS = 1.5
_DISCORD = "discord"
_WHY = 600

Press = Callable[["Pressed"], Awaitable[Said | Form]]


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
        if not self.subject.isdigit() or len(self.subject) > 15:
            raise NotDone(because("desk.strange_button"))
        return int(self.subject)


class Front:
    """Holds nothing but its tools: what is pressed says all there is to know, in this process or a later one."""

    def __init__(  # noqa: PLR0913 - where, with what, and in which words
        self,
        session: Session,
        places: Places,
        deeds: Deeds,
        *,
        asked: Asked[Any],
        words_of: Callable[[Language], Labels],
        language: Language,
        now: Callable[[], datetime],
        commands: Callable[[Front, discord.Client], Awaitable[None]] | None = None,
        deleted: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        self.session, self.places, self.deeds, self._asked = session, places, deeds, asked
        self._words_of, self._language, self._now, self._commands = words_of, language, now, commands
        self._deleted = deleted
        # those of the commands are added to them
        self.presses, self.forms = dict(PRESSES), dict(_FORMS)
        self._opened = False

    async def stay(self) -> None:
        """At the gateway until it is lost: then one of the channel errors."""
        client = await self.session.logged_in()
        if not self._opened:
            self._open(client)
            if self._commands is not None:
                await self._commands(self, client)
            self._opened = True
        async with self.session.listening() as told:
            async for events in told:
                for event in events:
                    await self._heard(event)

    async def _heard(self, event: Told) -> None:
        """A post that somebody deleted is made anew at once."""
        place = str(event.data.get("id", ""))
        if event.name == "THREAD_DELETE" and self._deleted is not None and place.isdigit():
            try:
                await self._deleted(int(place))
            except StoreUnavailable as error:
                # people go on pressing; the next patrol of the posts misses it as well
                log.warning("that a post was deleted cannot be noted now", error=str(error))

    def _open(self, client: discord.Client) -> None:
        """What is pressed on cards of any age, and forms that an earlier process opened, come here."""
        client.add_dynamic_items(_item_of(self))

        async def on_interaction(interaction: discord.Interaction) -> None:
            if interaction.type is discord.InteractionType.modal_submit:
                await self._form_came(interaction)

        client.event(on_interaction)

    # --- what comes in ---

    async def pressed(self, interaction: discord.Interaction, deed: str, subject: str, fields: Filled) -> None:
        """A button or a list."""
        press = self.presses.get(deed)
        if press is None:
            await self.answer(interaction, _unknown_button, wait=False)
            return

        async def act(by: Presser) -> Said | Form:
            return await press(self, Pressed(by=by, subject=subject, interaction=interaction, fields=fields))

        await self.answer(interaction, act, wait=deed not in OPENING)

    async def _form_came(self, interaction: discord.Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        found = re.fullmatch(forms.NAMED, str(data.get("custom_id", "")))
        if found is None or found["deed"] not in self.forms:
            await self.answer(interaction, _unknown_button, wait=False)
            return
        fields, submit = filled(data), self.forms[found["deed"]]

        async def act(by: Presser) -> Said | Form:
            seen = found["seen"] or ""
            pressed = Pressed(by=by, subject=found["subject"], interaction=interaction, fields=fields, seen=seen)
            return await submit(self, pressed)

        typed = "\n\n".join(text for text in fields.values() if isinstance(text, str) and text)
        await self.answer(interaction, act, typed=typed)

    # --- what goes out ---

    async def answer(
        self,
        interaction: discord.Interaction,
        act: Callable[[Presser], Awaitable[Said | Form]],
        *,
        typed: str = "",
        wait: bool = True,
    ) -> None:
        """Check who it is, do it, and tell them. `wait` asks Discord for more than three seconds first."""
        words = self._words_of(self.language_of(interaction))
        said: Said | Form
        try:
            by = self.presser(interaction)
            if wait:
                await self._asked(interaction.response.defer(ephemeral=True, thinking=True))
            said = await (act(by) if wait else asyncio.wait_for(act(by), _FORM_SECONDS))
        except NotDone as refusal:
            said = Said(text=words.say("answer.not_done", why=defanged(words.why(refusal.why), _WHY)), typed=typed)
        except (ChannelError, StoreUnavailable, TimeoutError) as trouble:
            log.warning("a press at the desk could not be done now", error=str(trouble))
            said = Said(text=words.say("answer.not_now"), typed=typed)
        except Exception:  # the third safety net: whoever pressed hears of it, and the log has the traceback
            log.exception("a press at the desk failed")
            said = Said(text=words.say("answer.failed"), typed=typed)
        await self._tell(interaction, said, words)

    async def _tell(self, interaction: discord.Interaction, said: Said | Form, words: Labels) -> None:
        """What was done stays done, whether or not they can be told."""
        try:
            if isinstance(said, Form):
                await self._asked(interaction.response.send_modal(said))
            else:
                await self._asked(tell(interaction, said, words))
        except ChannelError as error:
            log.warning("who pressed cannot be told", error=str(error))

    @property
    def own_words(self) -> Labels:
        """In the desk's own language."""
        return self._words_of(self._language)

    def language_of(self, interaction: discord.Interaction) -> Language:
        """The presser's own where it is one of ours, else the desk's."""
        spoken = str(interaction.locale).partition("-")[0]
        return Language(spoken) if spoken in {"es", "en"} else self._language

    def presser(self, interaction: discord.Interaction) -> Presser:
        """Who it is and what they are here: asked at each press, from what Discord says of them now."""
        if interaction.guild_id != self.places.guild or not isinstance(interaction.user, discord.Member):
            raise NotDone(because("desk.other_guild"))
        rank = self.places.rank_of(_roles_of(interaction.user))
        if rank is None:
            raise NotDone(because("desk.no_role"))
        name = harmless(interaction.user.display_name, 80) or str(interaction.user.id)
        agent = Agent(id=f"{_DISCORD}:{interaction.user.id}", name=name, rank=rank)
        words = self._words_of(self.language_of(interaction))
        return Presser(agent=agent, words=words, press=f"{_DISCORD}:{interaction.id}", at=self._now())


def agent_of(member: discord.Member, places: Places) -> Agent:
    """Somebody who was named in a command. NotDone for who has no business at the desk."""
    rank = places.rank_of(_roles_of(member))
    if rank is None:
        raise NotDone(because("desk.no_role_of", who=harmless(member.display_name, 80)))
    return Agent(id=f"{_DISCORD}:{member.id}", name=harmless(member.display_name, 80), rank=rank)


def _roles_of(member: discord.Member) -> list[int]:
    """As Discord sent them with the press: by itself discord.py tells only those that its cache knows by name."""
    return list(member._roles)  # noqa: SLF001 - it has no other name


async def _unknown_button(by: Presser) -> Said:
    return Said(text=by.words.say("answer.unknown_button"))


# --- discord.py's items, by name ---


def _item_of(front: Front) -> type[discord.ui.DynamicItem[Any]]:
    class AnyItem(discord.ui.DynamicItem[discord.ui.Item[discord.ui.View]], template=PRESSED):
        """A button or a list, of any age."""

        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> AnyItem:
            del interaction, match
            return cls(item)

        async def callback(self, interaction: discord.Interaction) -> None:
            found = re.fullmatch(PRESSED, self.custom_id)
            if found is None:
                return
            if isinstance(self.item, discord.ui.Select):
                fields = {"picked": self.item.values}
                await front.pressed(interaction, f"picked_{found['deed']}", found["subject"], fields)
            else:
                await front.pressed(interaction, found["deed"], found["subject"], {})

    return AnyItem


# --- what each press does ---


async def _reply(front: Front, pressed: Pressed) -> Form:
    try:
        return await asyncio.wait_for(front.deeds.reply_form(pressed.by, pressed.number), _FORM_SECONDS / 2)
    except TimeoutError:
        words = pressed.by.words
        title, label = words.say("form.reply", case=pressed.subject), words.say("form.edit_text")
        return text_form("reply", str(pressed.number), title, label, longest=2000)


async def _use(front: Front, pressed: Pressed) -> Form:
    """The text that a message of ours holds, ready to be changed."""
    return await front.deeds.reply_form(pressed.by, pressed.number, _held_text(pressed.interaction))


async def _reply_anyway(front: Front, pressed: Pressed) -> Said:
    text = _held_text(pressed.interaction)
    if text is None:
        raise NotDone(because("desk.strange_button"))
    return await front.deeds.reply(pressed.by, pressed.number, text, seen="", anyway=True)


async def _approve_anyway(front: Front, pressed: Pressed) -> Said:
    text = _held_text(pressed.interaction)
    return await front.deeds.approve(pressed.by, JobId(pressed.number), text, anyway=True)


def _held_text(interaction: discord.Interaction) -> str | None:
    """Only our own messages carry buttons of ours, so what stands there is what was typed."""
    message = interaction.message
    if message is None:
        return None
    if message.embeds and message.embeds[0].description:
        return unboxed(message.embeds[0].description)
    return unboxed(message.content) if "```" in message.content else None


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
    return text_form("reject", str(pressed.number), words.say("form.reject"), words.say("form.why"), longest=500)


async def _correct(front: Front, pressed: Pressed) -> Said | Form:
    """With one experience its form at once, with several first which."""
    words, lived = pressed.by.words, await front.deeds.lived(pressed.number)
    if not lived:
        raise NotDone(because("desk.no_experience"))
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
    "approve": lambda front, it: front.deeds.approve(it.by, JobId(it.number)),
    "approve_anyway": _approve_anyway,
    "edit": lambda front, it: front.deeds.edit_form(it.by, JobId(it.number)),
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
_FORMS: Mapping[str, Callable[[Front, Pressed], Awaitable[Said | Form]]] = {
    "reply": lambda front, it: front.deeds.reply(it.by, it.number, _text(it), seen=it.seen),
    "edit": lambda front, it: front.deeds.approve(it.by, JobId(it.number), _text(it)),
    "reject": lambda front, it: front.deeds.reject(it.by, JobId(it.number), _text(it)),
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
