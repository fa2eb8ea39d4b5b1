"""A case, a draft and a voice as Discord shows them: a coloured card within Discord's limits, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import discord

from bot.desk.cards import Card, Clock, ExperienceRow
from bot.desk.guild.defang import defanged, harmless, link_to
from bot.desk.labels import Labels
from bot.domain.action import Ask, Reply
from bot.domain.case import CaseState
from bot.domain.deskwork import DraftForm, HeldDraft
from bot.domain.interaction import MACHINE
from bot.domain.outbox import JobState
from bot.domain.reading import Urgency
from bot.domain.voice import EmployeeVoice

_RED = 0xE74C3C
_PURPLE = 0x9B59B6
_STATES = {
    CaseState.NEW: 0x3498DB,
    CaseState.IN_PROGRESS: 0xF1C40F,
    CaseState.WAITING: 0x95A5A6,
    CaseState.RESOLVED: 0x2ECC71,
}
DOTS = {Urgency.HIGH: "🔴", Urgency.MEDIUM: "🟡", Urgency.LOW: "⚪"}
_DRAFTS = {JobState.HELD: 0xF1C40F, JobState.SENT: 0x2ECC71, JobState.PENDING: 0x2ECC71, JobState.SENDING: 0x2ECC71}
_GREY = 0x95A5A6
# together under 6,000 characters: what Discord takes at most in one message
_TITLE, _LINE, _QUOTE, _FIELD, _DRAFT = 240, 300, 620, 460, 2400


def card_embed(card: Card, words: Labels) -> discord.Embed:
    """The card of a case. Its colour is that of its state; red when a clock has run out."""
    embed = discord.Embed(
        title=harmless(card.title, _TITLE), description=_about_whom(card, words), colour=_colour(card)
    )
    rows = _lines((_row(row) for row in card.rows), 640, words, beyond=card.older)
    wishes = defanged(_joined(card.expected, card.intents), 370)
    _add(embed, words.say("card.experiences"), _stacked(rows, wishes))
    promises = _lines((defanged(each, _LINE) for each in card.promises), _FIELD, words, beyond=card.older_promises)
    _add(embed, words.say("card.promises"), promises)
    answers = _lines((defanged(each, _LINE) for each in card.answers), 340, words, beyond=card.older_answers)
    see = link_to(words.say("card.see", channel=defanged(card.channel, 40)), card.answered_at)
    seen = see if see.startswith("[") else ""
    hands = f"✋ {defanged(card.owner, 80)}"
    _add(embed, words.say("card.replies"), _stacked(answers, seen, hands, defanged(card.resolution, 160)))
    return embed.set_footer(text=words.say("card.internal"))


def draft_embed(draft: HeldDraft, words: Labels, names: Mapping[str, str]) -> discord.Embed:
    """An answer that waits for a person; or what became of it."""
    job, case, said = draft.job, draft.case, _text_of(draft)
    # of what is decided nobody keeps the look, so that it quotes no customer: they may take it back
    newer = draft.newer if job.state is JobState.HELD else ()
    number = words.say("draft.title", id=str(job.id))
    embed = discord.Embed(
        title=harmless(_joined(number, *([f"#{case.key}", words.places(case)] if case else [])), _TITLE),
        description=_stacked(quoted(said, _DRAFT), f"-# {words.say('post.whole')}" if text_beyond(draft) else ""),
        colour=_RED if newer else _DRAFTS.get(job.state, _GREY),
    )
    reason = f"{words.say(f'verdict.{job.ruling.verdict}')} — {words.why(job.ruling.reason)}"
    _add(embed, words.say("draft.why"), defanged(reason, _FIELD))
    if newer:
        newest = "\n".join(quoted(each.text, 280) for each in newer[-2:])
        _add(embed, f"⚠ {words.say('draft.newer')}", newest)
    if len(draft.forms) > 1:
        forms = [_form(number, form, words, names) for number, form in enumerate(draft.forms, 1)]
        _add(embed, words.say("draft.forms"), _lines(forms, _FIELD, words))
    if isinstance(job.action, Reply) and job.action.sources:
        _add(embed, words.say("draft.sources"), defanged(", ".join(job.action.sources), _FIELD))
    if draft.approved_by is not None:
        _add(embed, words.say("draft.approved"), defanged(_called(draft.approved_by, names, words), _LINE))
    if job.state is not JobState.HELD:
        fate = words.say(f"job.{job.state}") + (f": {words.why(job.error)}" if job.error is not None else "")
        embed.set_footer(text=harmless(fate, _LINE))
    return embed


def text_beyond(draft: HeldDraft) -> str:
    """The whole answer where its card shows only a part of it; else nothing."""
    said = _text_of(draft)
    return harmless(said, 100 * _DRAFT) if len(quoted(said, 100 * _DRAFT)) > _DRAFT else ""


def voice_embed(voice: EmployeeVoice, words: Labels, names: Mapping[str, str]) -> discord.Embed:
    """What an employee says, with the votes of the others."""
    where = "" if voice.touchpoint is None else words.place(voice.touchpoint)
    case = "" if voice.case_key is None else f"#{voice.case_key}"
    who = words.say("employee.unnamed") if voice.said_by is None else names.get(voice.said_by, voice.said_by)
    embed = discord.Embed(
        title=harmless(_joined(words.say("employee.title"), where, case), _TITLE),
        description=quoted(voice.text, 2400),
        colour=_PURPLE,
    )
    return embed.set_footer(text=harmless(_joined(who, words.desk.count("employee.votes", voice.votes)), _LINE))


def quoted(text: str, limit: int) -> str:
    """Somebody's words as a quotation of at most `limit` characters, line by line."""
    lines = defanged(text, limit).split("\n")
    marked = "\n".join(f"> {line}" for line in lines)
    return marked if len(marked) <= limit else "\n".join(f"> {line}" for line in defanged(text, limit // 3).split("\n"))


def _about_whom(card: Card, words: Labels) -> str:
    """How urgent, until when, who, and their words."""
    see = link_to(words.say("card.see", channel=defanged(card.channel, 40)), card.link) if card.link else ""
    return _stacked(
        f"{DOTS[card.urgency]} **{defanged(card.standing, _LINE)}**",
        _clocks(card.clocks),
        f"👤 {defanged(card.customer, 400)}",
        f"> {defanged(card.quote, _QUOTE)}",
        f"-# {_joined(defanged(card.quote_about, _LINE), see)}" if card.quote_about or see else "",
    )


def _clocks(clocks: Sequence[Clock]) -> str:
    return " · ".join(f"{'⏰' if clock.late else '⏱'} {defanged(clock.due, 100)}" for clock in clocks)


def _row(row: ExperienceRow) -> str:
    shown = _joined(defanged(row.feeling, 40), defanged(row.confidence, 20), defanged(row.evidence, 320))
    return f"{defanged(row.sign, 2)} **{defanged(row.place, 80)}** · {shown}"


def _form(number: int, form: DraftForm, words: Labels, names: Mapping[str, str]) -> str:
    who, at = _called(form.by, names, words), words.figures.moment(form.at)
    return defanged(words.say("draft.form", n=str(number), who=who, at=at), _LINE)


def _called(who: str, names: Mapping[str, str], words: Labels) -> str:
    return words.say("draft.machine") if who == MACHINE else names.get(who, who)


def _text_of(draft: HeldDraft) -> str:
    if draft.forms:
        return draft.forms[-1].text
    return draft.job.action.text if isinstance(draft.job.action, Reply | Ask) else ""


def _colour(card: Card) -> int:
    if card.late and card.state is not CaseState.RESOLVED:
        return _RED
    return _PURPLE if card.snoozed else _STATES[card.state]


def _add(embed: discord.Embed, name: str, value: str) -> None:
    """A field, unless it is empty: Discord wants both."""
    if value:
        embed.add_field(name=name, value=value, inline=False)


def _lines(lines: Iterable[str], limit: int, words: Labels, *, beyond: int = 0) -> str:
    """As many whole lines as fit, and how many do not; `beyond` are not among the lines."""
    kept, every = [], list(lines)
    room = limit - 40
    for line in every:
        if len(line) + 1 > room:
            break
        kept.append(line)
        room -= len(line) + 1
    if left_out := len(every) - len(kept) + beyond:
        kept.append(f"-# {words.say('card.more', n=str(left_out))}")
    return "\n".join(kept)


def _stacked(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
