"""Make a customer's text harmless in Discord: it is read, and does nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from bot.domain.text import clean

_JOINER = "\u200d"
# <@user> <@&role> <#channel> <:emoji:1> <a:emoji:1> </command:1> <t:0> <id:browse>, and what may become one of them
_OPENING = re.compile(r"<(?=\s*(?:[@#/:&]|a\s*:|t\s*:|id\s*:))", re.IGNORECASE)
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_WEB = re.compile(r"h(?:tt|xx)p(s?)://([^\s/?#]*)", re.IGNORECASE)
_INVITATION = re.compile(r"(discord(?:app)?|dsc)\s*\.\s*(?=gg|gift|new|me|io|com)", re.IGNORECASE)
_WWW = re.compile(r"www\.", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_LINE_ENDS = str.maketrans("\u2028\u2029\u0085", "\n\n\n")
_MARKS = frozenset("\\*_~`|<>[]")
_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+([/?#]\S*)?", re.IGNORECASE)
_KEPT_IN_LINKS = ":/?#@!$&'+,;=%~-."
_LONGEST_LINK = 300


def defanged(text: str, limit: int) -> str:
    """As Discord's mark-up: shown as it was written, of at most `limit` characters, and nothing in it is a link, a
    mention, a time, a command, an emoji of a server, a heading or any other form.
    """
    return _within(_escaped(_graphemes(_disarmed(text, limit))), limit)


def harmless(text: str, limit: int) -> str:
    """The same where Discord reads no mark-up: titles, labels, files."""
    return _within(_graphemes(_disarmed(text, limit)), limit)


def link_to(label: str, address: str) -> str:
    """A link of ours under a label of ours; the label alone where the address is none of the web."""
    if not _ADDRESS.fullmatch(address) or any(unicodedata.category(each) == "Cf" for each in address):
        return label
    target = quote(address, safe=_KEPT_IN_LINKS)
    return f"[{label}]({target})" if len(target) <= _LONGEST_LINK else label


def _disarmed(text: str, limit: int) -> str:
    """Without what would act by itself, whatever the mark-up around it."""
    # what is shown is bounded, so that a text of megabytes costs no more
    visible = _BLANK_LINES.sub("\n\n", _without_tricks(clean(text, limit=max(4 * limit, 64))))
    named = _EVERYBODY.sub("＠", _OPENING.sub("‹", visible))
    addressed = _WEB.sub(_broken_address, named).replace("://", "[:]//")
    return _WWW.sub("www[.]", _INVITATION.sub(r"\1[.]", addressed))


def _broken_address(found: re.Match[str]) -> str:
    return f"hxxp{found[1].lower()}[:]//{found[2].replace('.', '[.]')}"


def _without_tricks(text: str) -> str:
    """Without invisible characters, except those that hold an emoji together."""
    text = text.translate(_LINE_ENDS)
    return "".join(
        character
        for place, character in enumerate(text)
        if unicodedata.category(character) != "Cf" or (character == _JOINER and _joins(text, place))
    )


def _joins(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and _is_pictorial(text[place - 1]) and _is_pictorial(text[place + 1])


def _is_pictorial(character: str) -> bool:
    # < and ~ are symbols too, and no pictures
    drawn = unicodedata.category(character) in {"So", "Sk", "Sm"} and not character.isascii()
    return drawn or "\ufe00" <= character <= "\ufe0f"


def _escaped(graphemes: Iterable[str]) -> Iterator[str]:
    """Each with its backslash; at the beginning of a line also what makes lists, headings and quotes."""
    beginning, number = True, False
    for grapheme in graphemes:
        marks = (
            grapheme[0] in _MARKS or (beginning and not number and grapheme in "-#+") or (number and grapheme in ".)")
        )
        yield f"\\{grapheme}" if marks else grapheme
        number = (beginning or number) and grapheme.isdigit()
        beginning = grapheme == "\n" or (beginning and grapheme in " \t")


def _graphemes(text: str) -> Iterator[str]:
    """What people see as one character: a letter with its marks, a family, a flag."""
    begun = ""
    for character in text:
        if begun and not _belongs(begun, character):
            yield begun
            begun = ""
        begun += character
    if begun:
        yield begun


def _belongs(begun: str, character: str) -> bool:
    if begun == "\n" or character == "\n":
        return False
    if unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    if character == _JOINER:
        return _is_pictorial(begun[-1])
    if begun.endswith(_JOINER):
        return _is_pictorial(character)
    if "\U0001f3fb" <= character <= "\U0001f3ff":
        return _is_pictorial(begun[-1])
    return len(begun) == 1 and _is_flag_letter(begun) and _is_flag_letter(character)


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _within(pieces: Iterable[str], limit: int) -> str:
    """As many whole pieces as fit; … where it was cut."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > limit:
            break
    else:
        return "".join(kept)
    while kept and length > limit - 1:
        length -= len(kept.pop())
    return "".join(kept).rstrip() + "…" if limit > 0 else ""
