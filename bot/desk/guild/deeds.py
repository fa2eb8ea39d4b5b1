"""What each button, form and command does: one call to the house, and a sentence about what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import discord

from bot.desk.guild import forms
from bot.desk.guild.answers import Presser, Said, boxed
from bot.desk.guild.controls import button
from bot.desk.guild.defang import defanged
from bot.desk.guild.forms import Filled, Form, chosen, label_of, text_form, token_of, written
from bot.desk.guild.place import OnCall
from bot.desk.labels import Labels
from bot.domain.agent import Agent, Rank
from bot.domain.case import CaseId, Resolution
from bot.domain.deskwork import HeldDraft, Letter, Reread, Resolved, Sending
from bot.domain.errors import NotDone
from bot.domain.experience import Experience
from bot.domain.interaction import BRAND, Interaction
from bot.domain.mention import MentionId
from bot.domain.outbox import JobId, JobState, Verdict
from bot.domain.ports.desk import Casework, Correspondence
from bot.domain.ports.record import CaseFile
from bot.domain.ports.store import History
from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from bot.domain.reason import because

_QUOTED = 300
_MOST_KEPT = 4096
_A_MINUTE = 60
# a day that is typed without a clock: a promise lasts until its end, and who puts a case aside has it back early
_MORNING, _LAST_SECOND = time(9), time(23, 59, 59)
DueIn = Callable[[str, datetime], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """`due_in` reads a moment that somebody typed; `show` draws a case at once and tells where it stands; `on_call`
    says whom an escalation calls now.
    """

    casework: Casework
    letters: Correspondence
    history: History
    zone: ZoneInfo
    due_in: DueIn
    show: Callable[[CaseId], Awaitable[None]]
    on_call: Callable[[], Awaitable[OnCall]]

    # --- whose it is ---

    async def take(self, by: Presser, key: int) -> Said:
        """The loser reads whose it is and since when."""
        taken = await self.casework.take(key, by.agent, press=by.press)
        if taken.won:
            return Said(text=by.words.say("answer.taken", case=str(key)))
        who = await self._called(taken.case.assignee)
        since = taken.case.taken_at
        ago = _how_long(by.at - since, by.words) if since is not None else "—"
        return Said(text=by.words.say("answer.taken_by", case=str(key), who=defanged(who, 80), ago=ago))

    async def release(self, by: Presser, key: int) -> Said:
        await self.casework.release(key, by.agent, press=by.press)
        return Said(text=by.words.say("answer.released", case=str(key)))

    async def assign(self, by: Presser, key: int, to: Agent) -> Said:
        await self.casework.assign(key, to, by.agent, press=by.press)
        return Said(text=by.words.say("answer.assigned", case=str(key), who=defanged(to.name, 80)))

    async def prioritise(self, by: Presser, key: int, urgency: Urgency) -> Said:
        await self.casework.prioritise(key, urgency, by.agent, press=by.press)
        return Said(text=by.words.say("answer.prioritised", case=str(key), urgency=by.words.say(f"urgency.{urgency}")))

    # --- what is said to the customer ---

    async def suggest(self, by: Presser, key: int) -> Said:
        """A draft with its sources, for the house only; "I do not know" when nothing fits."""
        letter = await self.letters.suggest(key, by.agent, press=by.press)
        if letter is None:
            return Said(text=by.words.say("answer.no_suggestion"))
        view = discord.ui.View(timeout=None)
        view.add_item(button("use", str(key), by.words))
        sources = ", ".join(letter.sources) or "—"
        return Said(
            text=by.words.say("answer.suggestion", sources=defanged(sources, 300)), whole=letter.draft, view=view
        )

    async def reply_form(self, by: Presser, key: int, text: str | None = None) -> Form:
        """Prefilled with the draft, as long as the channel allows, with the policy's word."""
        letter = await self.letters.letter(key, by.agent)
        room = min(letter.limit, forms.LONGEST_TEXT)
        return text_form(
            "reply",
            str(key),
            by.words.say("form.reply", case=str(key)),
            by.words.say("form.reply_text", limit=str(room)),
            about=_policy_line(letter, by.words),
            value=letter.draft if text is None else text,
            longest=room,
            seen=token_of(letter.seen),
        )

    async def reply(self, by: Presser, key: int, text: str, *, seen: str, anyway: bool = False) -> Said:
        """On its way, held for another person, or back with what the customer wrote meanwhile.

        With `anyway`, `seen` is the newest line that the warning told of.
        """
        line = await self._line(key, seen)
        known = {"seen": "", "shown": line} if anyway else {"seen": line, "shown": ""}
        sending = await self.letters.reply(key, text, by.agent, press=by.press, anyway=anyway, **known)
        if sending.job is None:
            return self._meanwhile(by, "reply_anyway", key, sending, text)
        held = sending.job.state is JobState.HELD
        return Said(text=by.words.say("answer.held_for_another" if held else "answer.on_its_way", case=str(key)))

    async def edit_form(self, by: Presser, job: JobId) -> Form:
        draft = await self._draft(job)
        if draft.job.state is not JobState.HELD:
            # nobody writes for nothing
            raise NotDone(because("desk.not_waiting"))
        said = draft.forms[-1].text
        if len(said) > forms.LONGEST_TEXT:
            # a form that shows half of it would send half of it
            raise NotDone(because("desk.too_long", length=len(said), limit=forms.LONGEST_TEXT))
        title, label = by.words.say("form.edit"), by.words.say("form.edit_text")
        return text_form("edit", f"{job}.{len(draft.forms)}", title, label, value=said, longest=forms.LONGEST_TEXT)

    async def approve(  # noqa: PLR0913 - which, in whose words, and what they knew
        self,
        by: Presser,
        job: JobId,
        text: str | None = None,
        *,
        anyway: bool = False,
        forms: int | None = None,
        seen: str = "",
    ) -> Said:
        """Warns when somebody wrote since the draft; `seen` is the newest line that a warning told of."""
        lines = (await self._draft(job)).newer if seen else ()
        shown = next((line.key for line in lines if token_of(line.key) == seen), "")
        sending = await self.letters.approve(
            job, by.agent, press=by.press, text=text, anyway=anyway, forms=forms, shown=shown
        )
        if sending.job is None:
            draft = await self._draft(job)
            return self._meanwhile(by, "approve_anyway", job, sending, text or draft.forms[-1].text)
        held = sending.job.state is JobState.HELD
        return Said(text=by.words.say("answer.still_held" if held else "answer.approved"))

    async def reject(self, by: Presser, job: JobId, reason: str) -> Said:
        await self.letters.reject(job, reason, by.agent, press=by.press)
        return Said(text=by.words.say("answer.rejected"))

    # --- what is written down ---

    async def note(self, by: Presser, key: int, text: str) -> Said:
        await self.casework.note(key, text, by.agent, press=by.press)
        return Said(text=by.words.say("answer.noted", case=str(key)))

    async def promise(self, by: Presser, key: int, what: str, when: str) -> Said:
        due = self.due_in(when, by.at)
        if due is None:
            raise NotDone(because("desk.no_moment", typed=when))
        promise = await self.letters.promise(key, what, due, by.agent, press=by.press)
        return Said(text=by.words.say("answer.promised", case=str(key), due=by.words.figures.moment(promise.due)))

    async def voice(self, by: Presser, fields: Filled, key: int | None) -> Said:
        place = next(iter(chosen(fields, "touchpoint")), forms.NONE)
        await self.letters.voice(
            written(fields, "text"),
            by.agent,
            press=by.press,
            key=key,
            touchpoint=None if place == forms.NONE else label_of(Touchpoint, place),
            anonymous=chosen(fields, "named") == ["unnamed"],
        )
        return Said(text=by.words.say("answer.voiced"))

    async def vote(self, by: Presser, voice_id: str) -> Said:
        voice = await self.letters.vote(voice_id, by.agent, press=by.press)
        return Said(text=by.words.say("answer.voted", n=str(voice.votes)))

    # --- how it stands ---

    async def snooze(self, by: Presser, key: int, until: str) -> Said:
        moment = self._until(until, by.at)
        case = await self.casework.snooze(key, moment, by.agent, press=by.press)
        if case.snooze is None or case.snooze.until is None:
            return Said(text=by.words.say("answer.snoozed_answer", case=str(key)))
        until_when = by.words.figures.moment(case.snooze.until)
        return Said(text=by.words.say("answer.snoozed", case=str(key), until=until_when))

    async def escalate(self, by: Presser, key: int, reason: str) -> Said:
        escalated = await self.casework.escalate(key, reason, by.agent, press=by.press)
        on_call = (await self.on_call()).rank
        if not escalated.first:
            return Said(text=_heard_by(on_call, by.words, "answer.escalated_before", case=str(key)), typed=reason)
        if escalated.rings_at > by.at + timedelta(minutes=1):
            at = by.words.figures.moment(escalated.rings_at)
            return Said(text=_heard_by(on_call, by.words, "answer.escalated_later", case=str(key), at=at))
        return Said(text=_heard_by(on_call, by.words, "answer.escalated", case=str(key)))

    async def resolve(self, by: Presser, key: int, resolution: Resolution, fixed_by: str) -> Said:
        resolved = await self.casework.resolve(key, resolution, fixed_by, by.agent, press=by.press)
        asked = resolved.question.verdict is Verdict.SEND
        why = defanged(by.words.why(resolved.question.reason), _QUOTED)
        said = by.words.say("answer.resolved_asked" if asked else "answer.resolved", case=str(key), why=why)
        return Said(text="\n".join([said, *_owed(resolved, by.words)]))

    async def reopen(self, by: Presser, key: int) -> Said:
        await self.casework.reopen(key, by.agent, press=by.press)
        return Said(text=by.words.say("answer.reopened", case=str(key)))

    async def merge(self, by: Presser, key: int, into: int) -> Said:
        kept = await self.casework.merge(key, into, by.agent, press=by.press)
        return Said(text=by.words.say("answer.merged", case=str(key), into=str(kept.key)))

    # --- how it was read ---

    async def lived(self, key: int) -> Sequence[Experience]:
        """What can be corrected: the experiences of the case, newest last."""
        return (await self.file(key)).experiences[-25:]

    async def correct(self, by: Presser, key: int, token: str, fields: Filled) -> Said:
        lived = next((each for each in await self.lived(key) if token_of(each.id) == token), None)
        if lived is None:
            raise NotDone(because("desk.no_experience"))
        reread = _reread(fields)
        await self.letters.correct(MentionId(lived.mention_id), {lived.id: reread}, by.agent, press=by.press)
        return Said(text=by.words.say("answer.corrected"))

    # --- inside ---

    async def file(self, key: int) -> CaseFile:
        """NotDone when nobody knows that number."""
        file = await self.history.case(key)
        if file is None:
            raise NotDone(because("desk.no_case", key=key))
        return file

    async def _draft(self, job: JobId) -> HeldDraft:
        draft = await self.letters.draft(job)
        if draft is None:
            raise NotDone(because("desk.no_draft", number=job))
        return draft

    async def _line(self, key: int, seen: str) -> str:
        """The line that a form was opened at; when it is gone, all counts as written since."""
        lines = (await self.file(key)).interactions
        return next((line.key for line in lines if token_of(line.key) == seen), "")

    async def _called(self, agent: str | None) -> str:
        return "—" if agent is None else (await self.casework.names([agent]))[agent]

    def _meanwhile(self, by: Presser, deed: str, number: int, sending: Sending, text: str) -> Said:
        """What was written meanwhile; the answer is kept in the message, and one button sends it all the same.

        The button knows the newest line that is told of: what comes after it is told of first, too.
        """
        view = discord.ui.View(timeout=None)
        newest = f".{token_of(sending.newer[-1].key)}" if sending.newer else ""
        view.add_item(button(deed, f"{number}{newest}", by.words))
        if deed == "reply_anyway":
            view.add_item(button("use", str(number), by.words))
        told = "\n".join(_why_unsent(sending, by.words))
        if len(boxed(text)) > _MOST_KEPT:
            # only a draft can be that long, and the database has it
            return Said(text=told, whole=text, view=view)
        kept = discord.Embed(title=by.words.say("answer.your_text"), description=boxed(text))
        return Said(text=told, embed=kept, view=view)

    def _until(self, until: str, now: datetime) -> datetime | None:
        if until == "answer":
            return None
        if until == "hour":
            return now + timedelta(hours=1)
        if until == "tomorrow":
            return self._morning_of(now + timedelta(days=1))
        moment = self.due_in(until, now)
        if moment is None:
            raise NotDone(because("desk.no_moment", typed=until))
        return self._back_at(moment, now)

    def _back_at(self, moment: datetime, now: datetime) -> datetime:
        """A day without a clock means its morning, unless that has passed."""
        morning = self._morning_of(moment)
        return morning if moment.astimezone(self.zone).time() == _LAST_SECOND and morning > now else moment

    def _morning_of(self, moment: datetime) -> datetime:
        return datetime.combine(moment.astimezone(self.zone).date(), _MORNING, tzinfo=self.zone)


def _how_long(length: timedelta, words: Labels) -> str:
    """4 s, 18 min."""
    seconds = max(0, round(length.total_seconds()))
    return f"{seconds} s" if seconds < _A_MINUTE else words.figures.duration(length)


def _policy_line(letter: Letter, words: Labels) -> str:
    if letter.ruling.verdict is Verdict.APPROVE:
        return words.say("form.needs_another")
    return words.say("form.goes_out", language=words.say(f"language.{letter.language}"))


def _why_unsent(sending: Sending, words: Labels) -> Iterator[str]:
    if (who := sending.answered_by) is not None:
        called = words.say("answer.the_brand") if who == BRAND else defanged(who, 80)
        yield words.say("answer.answered_meanwhile", who=called)
    if sending.resolved_by is not None:
        yield words.say("answer.resolved_meanwhile", who=defanged(sending.resolved_by, 80))
    if sending.newer:
        yield words.say("answer.wrote_meanwhile")
        yield from (_quoted(line, words) for line in sending.newer[-5:])


def _quoted(line: Interaction, words: Labels) -> str:
    return f"> {words.figures.moment(line.at)} · {defanged(line.text, _QUOTED)}".replace("\n", "\n> ")


def _owed(resolved: Resolved, words: Labels) -> Iterator[str]:
    for promise in resolved.owed:
        due = words.figures.moment(promise.due)
        yield words.say("answer.still_promised", what=defanged(promise.what, _QUOTED), due=due)


def _heard_by(rank: Rank | None, words: Labels, key: str, **values: str) -> str:
    """Who is called by an alert; where nobody is, that nobody is, and what to do."""
    if rank is not None:
        return words.say(key, whom=words.say(f"on_call.{rank}"), **values)
    return f"{words.say(f'{key}_unheard', **values)} {words.say('answer.nobody_on_call')}"


def _reread(fields: Filled) -> Reread:
    stage, place, feeling = (next(iter(chosen(fields, name)), "") for name in ("stage", "touchpoint", "sentiment"))
    return Reread(
        stage=None if stage in {"", forms.NONE} else label_of(Stage, stage),
        touchpoint=None if place in {"", forms.NONE} else label_of(Touchpoint, place),
        sentiment=label_of(Sentiment, feeling) if feeling else None,
        intents=tuple(label_of(Intent, each) for each in chosen(fields, "intents")),
    )
