"""Draft an answer from the knowledge base for a person to send; nothing when no article clearly fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain

from bot.domain.action import Action, Reply, ReplyKind
from bot.domain.ports.judge import Knowledge
from bot.domain.reading import Intent
from bot.domain.situation import Situation
from responders.delicate import GRAVE, delicate_topic
from responders.wants_person import wants_person

_WANTS_TO_KNOW = frozenset({Intent.QUESTION, Intent.REQUEST, Intent.PURCHASE_INTEREST})
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")

LengthOn = Callable[[str, str], int]
"""How long a text is on a channel: `(channel, text)`."""


def in_characters(channel: str, text: str) -> int:
    """As long as anywhere."""
    del channel
    return len(text)


class AnswerFromArticles:
    """Every text it proposes is a draft, no longer on its channel (`length_on`) than that allows (`limit_of`)."""

    name = "answer"

    def __init__(
        self, knowledge: Knowledge, *, limit_of: Callable[[str], int], length_on: LengthOn = in_characters
    ) -> None:
        self._knowledge, self._limit_of, self._length_on = knowledge, limit_of, length_on

    def respond(self, situation: Situation) -> Iterable[Action]:
        """One draft with its sources, or nothing; nor an article for who asks for a person, or may need one now."""
        mention, reading = situation.mention, situation.reading
        if not set(reading.intents) & _WANTS_TO_KNOW or _may_ask_nothing(situation) or wants_person(mention.text):
            return
        if delicate_topic(mention.text) in GRAVE:
            return
        articles = self._knowledge.search(asked_in(mention.text), reading.language)
        if not articles:
            return
        yield Reply(
            to=mention.id,
            kind=ReplyKind.ANSWER,
            text=shortened(
                articles[0].body, self._limit_of(mention.channel), partial(self._length_on, mention.channel)
            ),
            language=articles[0].language,
            sources=tuple(f"{article.language}/{article.slug}" for article in articles),
            draft_only=True,
        )


def _may_ask_nothing(situation: Situation) -> bool:
    """What the model cannot tell and has no question mark is mostly advertising or a sigh."""
    return situation.reading.abstained and "?" not in situation.mention.text


def asked_in(text: str) -> str:
    """The sentences that ask something, or the whole text when none does."""
    asked = [sentence for sentence in _SENTENCE.findall(text) if sentence.rstrip().endswith("?")]
    return " ".join(asked) or text


def shortened(text: str, limit: int, length: Callable[[str], int] = len) -> str:
    """As many whole sentences as fit into `limit`, at least one, cut if that one is too long."""
    plain = " ".join(text.split())
    if length(plain) <= limit:
        return plain
    ends = [found.end() for found in re.finditer(r"[.!?](?=\s)", plain[: limit + 1])]
    whole = (plain[:end] for end in reversed(ends))
    torn = (plain[:end].rstrip() + "…" for end in range(min(limit, len(plain)) - 1, 0, -1))
    return next((cut for cut in chain(whole, torn) if length(cut) <= limit), "…")
