"""Who may use which command, as `/ayuda` tells it to each of them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk.guild.answers import Presser
from bot.desk.labels import Labels
from bot.domain.agent import Deed, Rank

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
