"""Where people press: every press, form and command is checked, done once, and answered in the presser's language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said, tell
from bot.desk.guild.controls import PRESSED
from bot.desk.guild.deeds import Deeds
from bot.desk.guild.defang import defanged, harmless
from bot.desk.guild.forms import Filled, Form, filled
from bot.desk.guild.place import Places, Session, Told
from bot.desk.guild.presses import DISCORD, FORM_SECONDS, FORMS, OPENING, PRESSES, Pressed
from bot.desk.guild.setup import Asked
from bot.desk.labels import Labels
from bot.domain.agent import Agent
from bot.domain.errors import ChannelError, NotDone, StoreUnavailable
from bot.domain.reading import Language
from bot.domain.reason import because

log = structlog.get_logger(__name__)

_WHY = 600


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
        self.deeds: Deeds = deeds
        self.session, self.places, self._asked = session, places, asked
        self._words_of, self._language, self._now, self._commands = words_of, language, now, commands
        self._deleted = deleted
        # those of the commands are added to them
        self.presses, self.forms = dict(PRESSES), dict(FORMS)
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
            said = await (act(by) if wait else asyncio.wait_for(act(by), FORM_SECONDS))
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
        agent = Agent(id=f"{DISCORD}:{interaction.user.id}", name=name, rank=rank)
        words = self._words_of(self.language_of(interaction))
        return Presser(agent=agent, words=words, press=f"{DISCORD}:{interaction.id}", at=self._now())


def agent_of(member: discord.Member, places: Places) -> Agent:
    """Somebody who was named in a command. NotDone for who has no business at the desk."""
    rank = places.rank_of(_roles_of(member))
    if rank is None:
        raise NotDone(because("desk.no_role_of", who=harmless(member.display_name, 80)))
    return Agent(id=f"{DISCORD}:{member.id}", name=harmless(member.display_name, 80), rank=rank)


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
