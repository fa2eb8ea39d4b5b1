"""The slash commands: the same deeds as the buttons, and what people look up, wherever in the guild they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said
from bot.desk.guild.checkup import look_at_desk
from bot.desk.guild.controls import button, picking
from bot.desk.guild.defang import harmless
from bot.desk.guild.forms import Form, chosen, label_of, text_form, written
from bot.desk.guild.front import Front, agent_of
from bot.desk.guild.lookups import QUEUES, Lookups
from bot.desk.guild.offers import TIMES, Offering
from bot.desk.guild.presses import OPENING, PRESSES, Pressed
from bot.desk.guild.registration import Tree, tell_if_changed
from bot.desk.guild.setup import Asked
from bot.desk.guild.tags import tag_names
from bot.desk.guild.translation import Wordings, named
from bot.desk.labels import Labels
from bot.domain.agent import Deed, Rank
from bot.domain.case import Resolution
from bot.domain.checkup import Finding, Grade
from bot.domain.customer import CustomerId
from bot.domain.errors import ChannelRefused, NotDone, RateLimited
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Urgency
from bot.domain.reason import because

log = structlog.get_logger(__name__)

# what `/ayuda` tells of each; the house looks at the rank again whenever something is done
RANKS: Mapping[str, Rank] = {
    "queue": Rank.AGENT,
    "take": Rank.AGENT,
    "release": Rank.AGENT,
    "reply": Rank.AGENT,
    "note": Rank.AGENT,
    "template": Rank.AGENT,
    "snooze": Rank.AGENT,
    "assign": Rank.LEAD,
    "priority": Rank.LEAD,
    "merge": Rank.AGENT,
    "resolve": Rank.AGENT,
    "reopen": Rank.AGENT,
    "correct": Rank.AGENT,
    "customer": Rank.AGENT,
    "history": Rank.AGENT,
    "promise": Rank.AGENT,
    "voice": Rank.AGENT,
    "search": Rank.AGENT,
    "status": Rank.AGENT,
    "digest": Rank.AGENT,
    "forget": Rank.ADMIN,
    "model": Rank.AGENT,
    "pause": Rank.MANAGER,
    "help": Rank.AGENT,
}
DEEDS: Mapping[str, Deed] = {
    "assign": Deed.ASSIGN,
    "priority": Deed.PRIORITISE,
    "forget": Deed.ERASE,
    "pause": Deed.PAUSE,
    "take": Deed.TAKE,
    "release": Deed.RELEASE,
    "reply": Deed.REPLY,
    "note": Deed.NOTE,
    "snooze": Deed.SNOOZE,
    "merge": Deed.MERGE,
    "resolve": Deed.RESOLVE,
    "reopen": Deed.REOPEN,
    "correct": Deed.CORRECT,
    "promise": Deed.PROMISE,
    "voice": Deed.VOICE,
}
_LONGEST_NUMBER = 9

Act = Callable[[Presser], Awaitable[Said | Form]]
Callback = Callable[..., Coroutine[Any, Any, None]]


def number_in(typed: str) -> int:
    """#1042 and 1042."""
    number = typed.strip().removeprefix("#")
    if not (number.isascii() and number.isdigit()) or len(number) > _LONGEST_NUMBER:
        raise NotDone(because("desk.no_number", typed=harmless(typed, 60)))
    return int(number)


def _usual(until: str, words: Labels) -> str:
    """One of the usual times in the reader's words; anything else is read as a date."""
    said = until.strip().casefold()
    named_so = {words.say(f"{group}{each}").casefold(): each for group in ("until.", "form.snooze_") for each in TIMES}
    return named_so.get(said, until)


def _choices(group: str, *values: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=named(f"{group}.{value}"), value=value) for value in values]


@dataclass(slots=True, kw_only=True)
class Commands:
    """Shows the commands to the guild and does what they say; `asked` turns Discord's faults into channel errors."""

    lookups: Lookups
    asked: Asked[Any]
    _tree: Tree | None = field(default=None, init=False)

    async def install(self, front: Front, client: discord.Client) -> None:
        """Without the right to show commands in the guild the desk goes on with its buttons."""
        guild = discord.Object(front.places.guild)
        if self._tree is None:
            self._tree = Tree(client, front)
            await self._tree.set_translator(Wordings())
            for command in _Made(front, self.lookups, self.asked).all():
                self._tree.add_command(command, guild=guild)
        try:
            await tell_if_changed(self._tree, front.places.guild, self.asked)
        except (ChannelRefused, RateLimited) as error:
            log.warning("Discord does not take the desk's commands; its buttons work without", error=str(error))


class _Made:
    """The commands over one front, and what their own buttons, lists and forms do."""

    def __init__(self, front: Front, lookups: Lookups, asked: Asked[Any]) -> None:
        self._front, self._deeds, self._lookups, self._asked = front, front.deeds, lookups, asked
        self._offering = Offering(front=front)
        self._commands: list[app_commands.Command[Any, ..., Any]] = []
        front.presses |= {
            "queue": self._pressed_queue,
            "pause": self._pressed_pause,
            "resume": self._pressed_resume,
            "picked_open": self._picked_open,
            "picked_template": self._picked_template,
        }
        front.forms |= {
            "forget": self._submitted_forget,
            "merge": self._submitted_merge,
            "priority": self._submitted_priority,
        }

    def all(self) -> list[app_commands.Command[Any, ..., Any]]:
        """Made once for a front."""
        self._about_hands()
        self._about_words()
        self._about_promises()
        self._about_cases()
        self._about_endings()
        self._about_people()
        self._about_the_house()
        return self._commands

    def _add(self, key: str, callback: Callback, **options: str) -> None:
        """`options` says the phrase of each of the callback's parameters."""
        app_commands.rename(**{name: named(f"option.{each}.name") for name, each in options.items()})(callback)
        app_commands.describe(**{name: named(f"option.{each}.about") for name, each in options.items()})(callback)
        if "case" in options:
            offers = self._offering.closed if key == "reopen" else self._offering.cases
            app_commands.autocomplete(case=self._offering.offering(offers))(callback)
        command: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name=named(f"command.{key}.name"), description=named(f"command.{key}.about"), callback=callback
        )
        command.guild_only = True
        # nobody forgets a customer by looking around; everything else must be at hand when it is needed
        command.default_permissions = discord.Permissions(manage_guild=True) if key == "forget" else None
        self._commands.append(command)

    # --- whose it is ---

    def _about_hands(self) -> None:
        async def queue(interaction: discord.Interaction, whose: str = "open") -> None:
            await self._front.answer(interaction, lambda by: self._lookups.queue(by, whose))

        async def take(interaction: discord.Interaction, case: str | None = None) -> None:
            await self._press(interaction, "take", case)

        async def release(interaction: discord.Interaction, case: str | None = None) -> None:
            await self._press(interaction, "release", case)

        async def assign(interaction: discord.Interaction, who: discord.Member, case: str | None = None) -> None:
            async def act(by: Presser) -> Said:
                key = await self._key(interaction, case)
                return await self._deeds.assign(by, key, agent_of(who, self._front.places))

            await self._front.answer(interaction, act)

        async def priority(
            interaction: discord.Interaction, urgency: str | None = None, case: str | None = None
        ) -> None:
            async def act(by: Presser) -> Said | Form:
                file = await self._file(interaction, case)
                if urgency is not None:
                    return await self._deeds.prioritise(by, file.case.key, Urgency(urgency))
                await self._admit("priority", by, key=file.case.key)
                return forms.priority_form(file.case, by.words)

            await self._front.answer(interaction, act, wait=urgency is not None)

        app_commands.choices(whose=_choices("choice", *QUEUES))(queue)
        app_commands.choices(urgency=_choices("urgency", *(each.value for each in reversed(Urgency))))(priority)
        self._add("queue", queue, whose="whose")
        self._add("take", take, case="case")
        self._add("release", release, case="case")
        self._add("assign", assign, who="who", case="case")
        self._add("priority", priority, urgency="urgency", case="case")

    # --- what is written ---

    def _about_words(self) -> None:
        async def reply(
            interaction: discord.Interaction,
            text: app_commands.Range[str, 1, 4000] | None = None,
            case: str | None = None,
        ) -> None:
            if text is None:
                await self._press(interaction, "reply", case)
                return

            async def act(by: Presser) -> Form:
                key = await self._key(interaction, case)
                limit = (await self._deeds.letters.letter(key, by.agent)).limit
                if len(text) > limit:
                    raise NotDone(because("desk.too_long", length=len(text), limit=limit))
                return await self._deeds.reply_form(by, key, text)

            await self._front.answer(interaction, act, typed=text, wait=False)

        async def note(
            interaction: discord.Interaction,
            text: app_commands.Range[str, 1, 1000] | None = None,
            case: str | None = None,
        ) -> None:
            if text is None:
                await self._press(interaction, "note", case)
                return

            async def act(by: Presser) -> Said:
                return await self._deeds.note(by, await self._key(interaction, case), text)

            await self._front.answer(interaction, act, typed=text)

        async def template(interaction: discord.Interaction, case: str | None = None) -> None:
            async def act(by: Presser) -> Said:
                return self._templates(by, await self._file(interaction, case))

            await self._front.answer(interaction, act)

        self._add("reply", reply, text="reply_text", case="case")
        self._add("note", note, text="text", case="case")
        self._add("template", template, case="case")

    def _about_promises(self) -> None:
        async def promise(
            interaction: discord.Interaction,
            what: app_commands.Range[str, 1, 1000] | None = None,
            when: app_commands.Range[str, 1, 60] | None = None,
            case: str | None = None,
        ) -> None:
            async def act(by: Presser) -> Said | Form:
                key = (await self._file(interaction, case)).case.key
                if what and when:
                    return await self._deeds.promise(by, key, what, when)
                return forms.promise_form(key, by.words, what=what or "", when=when or "")

            typed = "\n\n".join(each for each in (what, when) if each)
            await self._front.answer(interaction, act, typed=typed, wait=bool(what and when))

        async def voice(
            interaction: discord.Interaction,
            text: app_commands.Range[str, 1, 1000] | None = None,
            unnamed: bool = False,
            case: str | None = None,
        ) -> None:
            async def act(by: Presser) -> Said | Form:
                here = await self._lookups.case_at(interaction.channel_id or 0)
                key = here if case is None else await self._key(interaction, case)
                if text is None:
                    return forms.voice_form(str(key or 0), by.words)
                return await self._deeds.voice(by, {"text": text, "named": ["unnamed" if unnamed else "named"]}, key)

            await self._front.answer(interaction, act, typed=text or "", wait=text is not None)

        self._add("promise", promise, what="what", when="when", case="case")
        self._add("voice", voice, text="voice_text", unnamed="unnamed", case="case")

    # --- how it stands ---

    def _about_cases(self) -> None:
        async def snooze(
            interaction: discord.Interaction,
            until: app_commands.Range[str, 1, 60] | None = None,
            case: str | None = None,
        ) -> None:
            if until is None:
                await self._press(interaction, "snooze", case)
                return

            async def act(by: Presser) -> Said:
                key = await self._key(interaction, case)
                return await self._deeds.snooze(by, key, _usual(until, by.words))

            await self._front.answer(interaction, act, typed=until)

        async def merge(interaction: discord.Interaction, into: str | None = None, case: str | None = None) -> None:
            async def act(by: Presser) -> Said | Form:
                key = (await self._file(interaction, case)).case.key
                return forms.merge_form(key, by.words) if into is None else await self._merge(by, key, into)

            await self._front.answer(interaction, act, typed=into or "", wait=into is not None)

        async def correct(interaction: discord.Interaction, case: str | None = None) -> None:
            await self._press(interaction, "correct", case)

        app_commands.autocomplete(into=self._offering.offering(self._offering.cases))(merge)
        app_commands.autocomplete(until=self._offering.offering(self._offering.times))(snooze)
        self._add("snooze", snooze, until="until", case="case")
        self._add("merge", merge, into="into", case="case")
        self._add("correct", correct, case="case")

    def _about_endings(self) -> None:
        async def resolve(
            interaction: discord.Interaction,
            ending: str | None = None,
            fixed_by: app_commands.Range[str, 1, 1000] | None = None,
            case: str | None = None,
        ) -> None:
            whole = ending is not None and (fixed_by is not None or ending != Resolution.SOLVED)

            async def act(by: Presser) -> Said | Form:
                key = (await self._file(interaction, case)).case.key
                if whole and ending is not None:
                    return await self._deeds.resolve(by, key, Resolution(ending), fixed_by or "")
                return forms.resolve_form(key, by.words, fixed_by=fixed_by or "")

            await self._front.answer(interaction, act, typed=fixed_by or "", wait=whole)

        async def reopen(interaction: discord.Interaction, case: str | None = None) -> None:
            await self._press(interaction, "reopen", case)

        app_commands.choices(ending=_choices("resolution", *(each.value for each in Resolution)))(resolve)
        self._add("resolve", resolve, ending="ending", fixed_by="fixed_by", case="case")
        self._add("reopen", reopen, case="case")

    # --- people ---

    def _about_people(self) -> None:
        async def customer(
            interaction: discord.Interaction,
            whom: app_commands.Range[str, 1, 200] | None = None,
            case: str | None = None,
        ) -> None:
            async def act(by: Presser) -> Said:
                if whom is not None:
                    return await self._lookups.customer(by, await self._lookups.whom(whom))
                return await self._lookups.customer(by, (await self._file(interaction, case)).customer)

            await self._front.answer(interaction, act, typed=whom or "")

        async def history(interaction: discord.Interaction, case: str | None = None) -> None:
            async def act(by: Presser) -> Said:
                return await self._lookups.story(by, await self._file(interaction, case))

            await self._front.answer(interaction, act)

        async def search(interaction: discord.Interaction, words: app_commands.Range[str, 1, 200]) -> None:
            await self._front.answer(interaction, lambda by: self._lookups.search(by, words), typed=words)

        async def forget(interaction: discord.Interaction, case: str | None = None) -> None:
            async def act(by: Presser) -> Form:
                await self._admit("forget", by)
                file = await self._file(interaction, case)
                number, words = str(file.case.key), by.words
                return text_form(
                    "forget",
                    number,
                    words.say("form.forget"),
                    words.say("form.forget_text", case=number),
                    about=words.say("form.forget_about"),
                    longest=20,
                )

            await self._front.answer(interaction, act, wait=False)

        app_commands.autocomplete(whom=self._offering.offering(self._offering.people))(customer)
        self._add("customer", customer, whom="whom", case="case")
        self._add("history", history, case="case")
        self._add("search", search, words="words")
        self._add("forget", forget, case="case")

    # --- the house ---

    def _about_the_house(self) -> None:
        async def status(interaction: discord.Interaction) -> None:
            async def act(by: Presser) -> Said:
                return await self._lookups.standing(by, await self._found(interaction.client, by.words))

            await self._front.answer(interaction, act)

        async def digest(interaction: discord.Interaction, day: app_commands.Range[str, 1, 20] | None = None) -> None:
            await self._front.answer(interaction, lambda by: self._lookups.digest(by, day or ""), typed=day or "")

        async def model(interaction: discord.Interaction) -> None:
            async def act(by: Presser) -> Said:
                return self._lookups.model(by)

            await self._front.answer(interaction, act)

        async def pause(interaction: discord.Interaction) -> None:
            await self._front.answer(interaction, self._brake)

        async def explain(interaction: discord.Interaction) -> None:
            async def act(by: Presser) -> Said:
                return Said(text=by.words.say("help.title"), whole=help_text(by))

            await self._front.answer(interaction, act)

        self._add("status", status)
        app_commands.autocomplete(day=self._offering.offering(self._offering.days))(digest)
        self._add("digest", digest, day="day")
        self._add("model", model)
        self._add("pause", pause)
        self._add("help", explain)

    # --- which case ---

    async def _key(self, interaction: discord.Interaction, case: str | None) -> int:
        """The one that was named, else that in whose post the command was given."""
        key = number_in(case) if case is not None else await self._lookups.case_at(interaction.channel_id or 0)
        if key is None:
            raise NotDone(because("desk.which_case"))
        return key

    async def _file(self, interaction: discord.Interaction, case: str | None) -> CaseFile:
        return await self._deeds.file(await self._key(interaction, case))

    async def _found(self, client: discord.Client, words: Labels) -> list[Finding]:
        """What is not as it was set up in the guild."""
        places = self._front.places
        guild = await self._asked(client.fetch_guild(places.guild))
        me = await self._asked(guild.fetch_member(client.user.id if client.user is not None else 0))
        tags = tag_names(self._front.own_words.desk)
        found = await look_at_desk(guild, me, places, tags=tags, words=words.desk, asked=self._asked)
        return [each for each in found if each.grade is not Grade.GOOD]

    async def _press(self, interaction: discord.Interaction, deed: str, case: str | None) -> None:
        """What the button of that name does."""

        async def act(by: Presser) -> Said | Form:
            subject = str(await self._key(interaction, case))
            return await PRESSES[deed](self._front, Pressed(by=by, subject=subject, interaction=interaction, fields={}))

        await self._front.answer(interaction, act, wait=deed not in OPENING)

    # --- their own buttons, lists and forms ---

    async def _pressed_queue(self, front: Front, pressed: Pressed) -> Said:
        del front
        whose, _, page = pressed.subject.partition(".")
        return await self._lookups.queue(pressed.by, whose, int(page) if page.isdigit() and len(page) < 4 else 0)

    async def _picked_open(self, front: Front, pressed: Pressed) -> Said:
        (key,) = chosen(pressed.fields, "picked") or ["0"]
        file = await front.deeds.file(int(key) if key.isdigit() and len(key) < 16 else 0)
        await front.deeds.show(file.case.id)
        return await self._lookups.where(pressed.by, file)

    async def _merge(self, by: Presser, key: int, into: str) -> Said:
        return await self._deeds.merge(by, key, number_in(into))

    async def _submitted_merge(self, front: Front, pressed: Pressed) -> Said:
        del front
        return await self._merge(pressed.by, pressed.number, written(pressed.fields, "text"))

    async def _submitted_priority(self, front: Front, pressed: Pressed) -> Said:
        urgency = label_of(Urgency, next(iter(chosen(pressed.fields, "urgency")), ""))
        return await front.deeds.prioritise(pressed.by, pressed.number, urgency)

    def _templates(self, by: Presser, file: CaseFile) -> Said:
        texts = self._lookups.templates(file)
        options = [(name, f"{by.words.known('template', name)}: {text}") for name, text in texts]
        if not options:
            return Said(text=by.words.say("answer.no_suggestion"))
        view = picking("template", str(file.case.key), by.words.say("lookup.template"), options)
        return Said(text=by.words.say("lookup.templates", case=str(file.case.key)), view=view)

    async def _picked_template(self, front: Front, pressed: Pressed) -> Form:
        (name,) = chosen(pressed.fields, "picked") or [""]
        texts = dict(self._lookups.templates(await front.deeds.file(pressed.number)))
        return await front.deeds.reply_form(pressed.by, pressed.number, texts.get(name))

    async def _admit(self, command: str, by: Presser, *, key: int | None = None) -> None:
        """Only who may do it in the end is shown its form or its button."""
        await self._deeds.casework.admit(DEEDS[command], by.agent, press=by.press, key=key)

    async def _brake(self, by: Presser) -> Said:
        """How it is, and the other as a button: whoever presses it means it."""
        await self._admit("pause", by)
        why, view = await self._lookups.paused(), discord.ui.View(timeout=None)
        view.add_item(button("pause" if why is None else "resume", "all", by.words))
        if why is None:
            return Said(text=by.words.say("lookup.pause_it"), view=view)
        return Said(text=by.words.say("lookup.paused", why=by.words.why(why)), view=view)

    async def _pressed_pause(self, front: Front, pressed: Pressed) -> Said:
        await front.deeds.casework.pause(pressed.by.agent, press=pressed.by.press)
        return Said(text=pressed.by.words.say("answer.paused"))

    async def _pressed_resume(self, front: Front, pressed: Pressed) -> Said:
        await front.deeds.casework.resume(pressed.by.agent, press=pressed.by.press)
        why, words = self._lookups.paused_elsewhere(), pressed.by.words
        return Said(text=words.say("answer.resumed") if why is None else words.say("lookup.paused", why=words.why(why)))

    async def _submitted_forget(self, front: Front, pressed: Pressed) -> Said:
        await self._admit("forget", pressed.by)
        if written(pressed.fields, "text").strip().lstrip("#") != pressed.subject:
            raise NotDone(because("desk.other_number"))
        file = await front.deeds.file(pressed.number)
        whom = CustomerId(file.customer.id)
        erased = await front.deeds.letters.erase(whom, pressed.by.agent, press=pressed.by.press)
        words = pressed.by.words
        told = words.say("answer.forgotten", mentions=str(erased.mentions), cases=str(len(erased.cases)))
        return Said(text=told)


def help_text(by: Presser) -> str:
    """What there is for somebody of that rank, in their language."""
    words = by.words
    lines = [words.say("help.rank", rank=words.say(f"rank.{by.agent.rank}")), ""]
    lines += [_helped(key, rank, words) for key, rank in RANKS.items() if by.agent.may_as(rank)]
    lines += ["", words.say("help.buttons"), words.say("help.chat")]
    return "\n".join(lines)


def _helped(key: str, rank: Rank, words: Labels) -> str:
    needed = "" if rank is Rank.AGENT else f" ({words.say(f'rank.{rank}')})"
    return f"/{words.say(f'command.{key}.name')} — {words.say(f'command.{key}.about')}{needed}"
