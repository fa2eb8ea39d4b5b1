"""What was said in a case, told line by line in its post."""

from __future__ import annotations

from bot.desk.guild.board import MOST_TEXT, Attached, Look, digest_of
from bot.desk.guild.defang import defanged, harmless, link_to
from bot.desk.guild.embeds import quoted
from bot.desk.labels import Labels, account
from bot.domain.interaction import BRAND, MACHINE, Direction, Interaction
from bot.domain.ports.record import CaseFile

_HEAD = 700
_SHOWN = MOST_TEXT - _HEAD
_BEGINNING = 400


def sign_of_line(line: Interaction) -> str:
    """Changes when its words do: an author can delete them."""
    return digest_of(f"{line.actor}\n{line.text}")


def look_of_line(line: Interaction, file: CaseFile, words: Labels) -> Look:
    """Who, when and a link, and below it what was said; a text that is too long for Discord goes along as a file."""
    head = _head(line, file, words)
    if not line.text.strip():
        return Look(text=f"{head}\n> {words.say('post.gone' if line.mention_id else 'card.no_words')}")
    said = quoted(line.text, 100 * MOST_TEXT)
    if len(said) <= _SHOWN:
        return Look(text=f"{head}\n{said}")
    whole = harmless(line.text, 100 * MOST_TEXT).encode()
    return Look(
        text=f"{head}\n{quoted(line.text, _BEGINNING)}\n-# {words.say('post.whole')}",
        files=(Attached(name=words.say("post.file"), content=whole),),
    )


def _head(line: Interaction, file: CaseFile, words: Labels) -> str:
    who, at = f"**{defanged(_who(line, file, words), 80)}**", words.figures.moment(line.at)
    link = _link(line, file, words)
    return words.say(f"post.{_kind(line)}", who=who, at=at) + (f" · {link}" if link else "")


def _kind(line: Interaction) -> str:
    match line.direction:
        case Direction.INBOUND:
            return "edited" if line.is_edit else "heard"
        case Direction.OUTBOUND:
            return "answered"
        case Direction.INTERNAL:
            return "noted"


def _who(line: Interaction, file: CaseFile, words: Labels) -> str:
    if line.direction is Direction.INBOUND:
        return account(line.actor)
    if line.actor in {BRAND, MACHINE}:
        return words.say(f"journey.{line.actor}")
    return file.names.get(line.actor, line.actor)


def _link(line: Interaction, file: CaseFile, words: Labels) -> str:
    """To the customer's post; to our answer where the channel let us hear it."""
    for post in (file.last_heard, file.opened_by):
        if post is not None and line.mention_id == post.id and line.direction is Direction.INBOUND and post.url:
            shown = link_to(words.say("post.see"), post.url)
            return shown if shown.startswith("[") else ""
    shown = link_to(words.say("post.see"), file.links.get(line.key, ""))
    return shown if shown.startswith("[") else ""
