"""What was said, in their own words: customers about the brand, and employees about what they see."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digest import Quote
from bot.domain.voice import EmployeeVoice
from bot.insight.parts.page import INDENT, Page
from bot.insight.quotes import QUOTE_LENGTH, cut_around
from bot.insight.wording import Wording

_MOST_VOICES = 3


def quotes(page: Page) -> Iterator[str]:
    words = page.words
    if not page.digest.quotes:
        yield f"{words.say('quotes.title')}: {words.say('quotes.none')}"
        return
    yield words.say("quotes.title")
    for quote in page.digest.quotes:
        yield f"{INDENT}{_quote(page, quote)}"


def _quote(page: Page, quote: Quote) -> str:
    words = page.words
    place = words.say("touchpoint.unknown") if quote.touchpoint is None else words.touchpoint(quote.touchpoint)
    case = [] if quote.case_key is None else [words.say("quotes.case", case=str(quote.case_key))]
    glad = [words.say("quotes.glad")] if quote.glad else []
    return f"“{quote.text}” " + " ".join([*glad, "·", place, *(f"· {each}" for each in case)])


def voices(page: Page) -> Iterator[str]:
    words, heard = page.words, page.digest.voices
    if not heard:
        yield f"{words.say('voice.title')}: {words.say('voice.none')}"
        return
    yield words.say("voice.title")
    for voice in heard[:_MOST_VOICES]:
        yield INDENT + _said(words, voice)
    if len(heard) > _MOST_VOICES:
        yield INDENT + words.say("voice.more", n=page.figures.whole(len(heard) - _MOST_VOICES))


def _said(words: Wording, voice: EmployeeVoice) -> str:
    """What an employee said, how many said so too, and the touchpoint where customers live it."""
    votes = words.count("voice.votes", voice.votes) if voice.votes else ""
    place = "" if voice.touchpoint is None else words.say("voice.at", touchpoint=words.touchpoint(voice.touchpoint))
    return words.say("voice.said", text=cut_around(voice.text, "", QUOTE_LENGTH), votes=votes, place=place)
