"""Choose a few voices of a period and take out who said them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.digest import Quote
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Language, Touchpoint

MOST_QUOTES = 5
MOST_PER_TOUCHPOINT = 2
QUOTE_LENGTH = 140
_FEWEST_LETTERS = 12
_LONGEST_WORD = 40
_ACCOUNT = re.compile(r"(?<![\w@.+-])@[\w][\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?|(?<![\w/])/?u/[\w-]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MASKS = {Language.ES: ("[usuario]", "[enlace]"), Language.EN: ("[user]", "[link]")}


def choose_quotes(
    quotes: Sequence[Quote], *, language: Language, personal_data: PersonalData, first: Touchpoint | None
) -> tuple[Quote, ...]:
    """Three to five if there are as many: various touchpoints, `first` among them, one surely glad where any is."""
    readable = [quote for quote in _unlike(quotes) if _letters(quote.text) >= _FEWEST_LETTERS]
    ordered = sorted(readable, key=lambda quote: first is not None and quote.touchpoint is not first)
    spread = _spread(ordered)
    glad = next((quote for quote in ordered if quote.glad), None)
    if glad is not None and glad not in spread:
        spread = [*spread[: MOST_QUOTES - 1], glad]
    return tuple(redact(quote, language, personal_data) for quote in spread)


def _letters(text: str) -> int:
    """Those of words: whoever only names accounts and links, or says `thanks`, is no voice to quote."""
    return sum(letter.isalpha() for letter in _ACCOUNT.sub("", _LINK.sub("", text)))


def redact(quote: Quote, language: Language, personal_data: PersonalData) -> Quote:
    """The quote without personal data, accounts and links, cut around its evidence."""
    own = quote.language if quote.language in _MASKS else language
    shown = without_names(quote.text, own, personal_data)
    evidence = without_names(quote.evidence, own, personal_data)
    if evidence not in shown:
        # what tells a datum stood before the evidence: "my order is" | "ZP-204871, still missing"
        before = quote.text.partition(quote.evidence)[0]
        evidence = shown[len(without_names(before, own, personal_data)) :][: len(evidence)].strip()
    return replace(
        quote,
        text=cut_around(shown, evidence, QUOTE_LENGTH),
        evidence=cut_around(evidence, "", QUOTE_LENGTH),
    )


def without_names(text: str, language: Language, personal_data: PersonalData) -> str:
    """On one line, with a word in brackets wherever a person, an account or a link was named."""
    user, link = _MASKS.get(language, _MASKS[Language.EN])
    spoken = language if language in _MASKS else Language.EN
    # accounts first: to a recogniser of e-mail addresses @ana@fedi.example holds one
    masked = _ACCOUNT.sub(user, _LINK.sub(link, text))
    return " ".join(personal_data.redact(masked, spoken).split())


def cut_around(text: str, evidence: str, length: int) -> str:
    """At most `length` characters of whole words around the evidence, with … where something was left out."""
    if len(text) <= length:
        return text
    room = length - 2
    at = max(0, text.find(evidence)) if evidence else 0
    start = max(0, min(at - max(0, room - len(evidence)) // 2, len(text) - room))
    end = start + room
    piece = text[start:end]
    if start:
        piece = "…" + piece[_next_word(text, start) :]
    if end < len(text):
        piece = (piece if text[end].isspace() else _without_last_word(piece)).rstrip(" ,;:") + "…"
    return piece


def _next_word(text: str, start: int) -> int:
    """How far it is from `start` to the beginning of a word, unless that word is endless."""
    if text[start - 1].isspace():
        return 0
    space = text.find(" ", start, start + _LONGEST_WORD)
    return space + 1 - start if space >= 0 else 0


def _without_last_word(piece: str) -> str:
    head, space, tail = piece.rpartition(" ")
    return head if space and len(tail) <= _LONGEST_WORD else piece


def _unlike(quotes: Sequence[Quote]) -> list[Quote]:
    """Each text once: copied complaints are one voice."""
    return list({" ".join(quote.text.casefold().split()): quote for quote in reversed(quotes)}.values())[::-1]


def _spread(quotes: Sequence[Quote]) -> list[Quote]:
    """One voice of each touchpoint first, then a second of each, in the order given."""
    seen: Counter[Touchpoint | None] = Counter()
    rounds: list[list[Quote]] = [[] for _ in range(MOST_PER_TOUCHPOINT)]
    for quote in quotes:
        if seen[quote.touchpoint] < MOST_PER_TOUCHPOINT:
            rounds[seen[quote.touchpoint]].append(quote)
            seen[quote.touchpoint] += 1
    return [quote for each in rounds for quote in each][:MOST_QUOTES]
