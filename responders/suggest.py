"""A first text for an agent who asks for one: a handover, an article where one fits, thanks for thanks, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.action import Reply, ReplyKind
from bot.domain.ports.judge import Knowledge
from bot.domain.ports.record import CaseFile
from bot.domain.reading import Intent, Language, Sentiment
from bot.domain.situation import Situation
from responders.answer import LengthOn, asked_in, in_characters, shortened
from responders.delicate import GRAVE, delicate_topic_of_case
from responders.templates import SPOKEN, Occasion, Phrasebook
from responders.wants_person import wants_person

_WANTS_MORE = frozenset({Intent.COMPLAINT, Intent.QUESTION, Intent.REQUEST, Intent.CHURN_THREAT})
_ARTICLES = 10
_FOR_PEOPLE = (Occasion.RECEIPT, Occasion.THANKS, Occasion.THANKS_AFTER_SOLUTION, Occasion.HANDOVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Called with a situation. In the customer's language, with the sources of what it says."""

    knowledge: Knowledge | None
    phrasebook: Phrasebook
    limit_of: Callable[[str], int]
    length_on: LengthOn = in_characters

    def __call__(self, situation: Situation) -> Reply | None:
        """None is "I do not know": nothing is made up, and nothing said for people where a life may be at stake."""
        if delicate_topic_of_case(situation) in GRAVE:
            return None
        if wants_person(situation.mention.text):
            return self._draft(Occasion.HANDOVER, ReplyKind.ANSWER, situation)
        return self._from_articles(situation) or self._thanks(situation)

    def _from_articles(self, situation: Situation) -> Reply | None:
        if self.knowledge is None:
            return None
        mention, language = situation.mention, self.phrasebook.language_for(situation)
        articles = self.knowledge.search(asked_in(mention.text), language)
        if not articles:
            return None
        return Reply(
            to=mention.id,
            kind=ReplyKind.ANSWER,
            text=shortened(articles[0].body, self.limit_of(mention.channel), partial(self.length_on, mention.channel)),
            language=articles[0].language,
            sources=tuple(f"{article.language}/{article.slug}" for article in articles),
            draft_only=True,
        )

    def _thanks(self, situation: Situation) -> Reply | None:
        reading = situation.reading
        if reading.sentiment is not Sentiment.POSITIVE or set(reading.intents) & _WANTS_MORE:
            return None
        return self._draft(Occasion.THANKS, ReplyKind.THANKS, situation)

    def _draft(self, occasion: Occasion, kind: ReplyKind, situation: Situation) -> Reply:
        return replace(self.phrasebook.reply(occasion, kind, situation), draft_only=True)


def texts_for(  # noqa: PLR0913 - for whom, in what words, and how long
    phrasebook: Phrasebook,
    file: CaseFile,
    *,
    otherwise: Language,
    knowledge: Knowledge | None,
    limit_of: Callable[[str], int],
    length_on: LengthOn = in_characters,
) -> list[tuple[str, str]]:
    """What a person may begin an answer with, in the case's language: the articles that fit what the customer wrote
    last, then the approved texts; which, and its words.
    """
    known = (None if file.reading is None else file.reading.language, file.customer.language)
    language = next((each for each in known if each in SPOKEN), otherwise)
    values, seed = {"case": str(file.case.key)}, str(file.case.id)
    heard, limit = file.last_heard or file.opened_by, limit_of(file.case.channel)
    length = partial(length_on, file.case.channel)
    articles = [] if knowledge is None else knowledge.search(asked_in(heard.text), language, _ARTICLES)
    return [
        *((f"{each.language}/{each.slug}", shortened(each.body, limit, length)) for each in articles),
        *((each.value, phrasebook.phrase(each, language, seed=seed, values=values).text) for each in _FOR_PEOPLE),
    ]
