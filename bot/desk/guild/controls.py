"""What can be pressed on a card, a draft and a voice. Their names say all there is to know; nothing waits in memory."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.desk.guild.defang import harmless
from bot.desk.labels import Labels
from bot.domain.case import Case
from bot.domain.deskwork import HeldDraft
from bot.domain.outbox import JobState
from bot.domain.voice import EmployeeVoice

VERSION = "v1"
# buttons (v) and lists (p) of every version that ever stood on a card
PRESSED = r"(?P<kind>[vp])[0-9]+:(?P<deed>[a-z_]+):(?P<subject>[A-Za-z0-9._-]{1,64})"

_FACES = {
    "take": "✋",
    "release": "🤲",
    "suggest": "💬",
    "reply": "✍️",
    "note": "📝",
    "promise": "🤝",
    "voice": "📣",
    "snooze": "😴",
    "correct": "🏷️",
    "escalate": "⬆️",
    "resolve": "✔️",
    "reopen": "🔓",
    "approve": "✅",
    "edit": "✏️",
    "reject": "✖️",
    "vote": "👍",
    "reply_anyway": "📨",
    "approve_anyway": "📨",
    "use": "✍️",
    "pause": "⏸️",
    "resume": "▶️",
}
_GREEN = frozenset({"resolve", "approve"})
_BLUE = frozenset({"take", "reply"})
_RED = frozenset({"reject", "pause"})
_ROWS = (("take", "suggest", "reply", "note", "promise"), ("snooze", "correct", "escalate", "voice", "resolve"))


def card_controls(case: Case, words: Labels) -> discord.ui.View:
    """Two rows of what an agent may do now; of a resolved case only what is still to be done."""
    if not case.is_open:
        return _view([("reopen", "note", "correct", "voice")], str(case.key), words)
    taken = case.assignee is not None
    rows = [tuple("release" if deed == "take" and taken else deed for deed in row) for row in _ROWS]
    return _view(rows, str(case.key), words)


def draft_controls(draft: HeldDraft, words: Labels) -> discord.ui.View:
    """Only while it waits; they know how many texts it had, so that nobody lets one go that they have not seen."""
    rows = [("approve", "edit", "reject")] if draft.job.state is JobState.HELD else []
    return _view(rows, f"{draft.job.id}.{len(draft.forms)}", words)


def voice_controls(voice: EmployeeVoice, words: Labels) -> discord.ui.View:
    """One vote a person."""
    view = discord.ui.View(timeout=None)
    view.add_item(button("vote", voice.id, words, count=voice.votes))
    return view


def button(deed: str, subject: str, words: Labels, *, count: int = 0) -> discord.ui.Button[discord.ui.View]:
    """One button; its name is all that a later process needs."""
    label = words.say(f"button.{deed}")
    style = discord.ButtonStyle.secondary
    if deed in _GREEN:
        style = discord.ButtonStyle.success
    elif deed in _BLUE:
        style = discord.ButtonStyle.primary
    elif deed in _RED:
        style = discord.ButtonStyle.danger
    return discord.ui.Button(
        style=style,
        label=f"{label} · {count}" if count else label,
        emoji=_FACES.get(deed),
        custom_id=f"{VERSION}:{deed}:{subject}",
    )


def picking(deed: str, subject: str, hint: str, options: list[tuple[str, str]]) -> discord.ui.View:
    """A list on a message, as `(value, shown)`; its name is all that a later process needs."""
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Select(
            custom_id=f"p1:{deed}:{subject}",
            placeholder=hint[:150],
            options=[
                discord.SelectOption(label=harmless(shown, 100) or "—", value=value) for value, shown in options[:25]
            ],
        )
    )
    return view


def _view(rows: Sequence[Sequence[str]], subject: str, words: Labels) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for deed in row:
            item = button(deed, subject, words)
            item.row = number
            view.add_item(item)
    return view
