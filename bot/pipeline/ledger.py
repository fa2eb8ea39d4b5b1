"""Turn a reading into rows of the experience ledger."""

from __future__ import annotations

import re
from uuid import NAMESPACE_URL, uuid5

from bot.domain.customer import CustomerId
from bot.domain.experience import Effort, Experience, ExperienceId
from bot.domain.mention import Mention
from bot.domain.reading import Intent, Reading, Sentiment, Span

_EVIDENCE_LIMIT = 280
_SAYS_NOTHING = frozenset({Intent.SMALLTALK, Intent.NEWS_OPINION, Intent.SPAM})
# what people say when getting something solved costs them work (es, en)
_HARD_WORK = re.compile(
    r"\b(otra vez|de nuevo|(por|la) (segunda|tercera|cuarta|quinta|en[eé]sima) vez"
    r"|llevo \w+ (d[ií]as?|semanas?|mes(es)?|horas?)"
    r"|ya (he|os he|les he) (llamado|escrito)|nadie (me )?(contesta|responde)|de un (sitio|departamento) a otro"
    r"|again|(second|third|fourth|fifth|umpteenth|nth) time|for (hours|days|weeks|months)|still (no|not|waiting)"
    r"|no ?(one|body) (answers|replies|responds)|passed around|chasing)\b",
    re.IGNORECASE,
)


def experiences_of(mention: Mention, reading: Reading, customer_id: CustomerId) -> tuple[Experience, ...]:
    """One row per span; one without a touchpoint where the text shows a feeling or a wish but no place; else none.

    Ids are derived from the mention, so that settling it again would write the same rows.
    """
    if reading.spam or not reading.about_brand:
        return ()
    if reading.spans:
        return tuple(_lived(mention, reading, customer_id, span, n) for n, span in enumerate(reading.spans))
    says_something = reading.sentiment is not Sentiment.NEUTRAL or not set(reading.intents) <= _SAYS_NOTHING
    if Intent.NEWS_OPINION in reading.intents or not says_something:
        return ()
    return (_felt(mention, reading, customer_id),)


def _lived(mention: Mention, reading: Reading, customer_id: CustomerId, span: Span, number: int) -> Experience:
    return Experience(
        id=_id(mention, number),
        customer_id=customer_id,
        mention_id=mention.id,
        stage=span.stage,
        touchpoint=span.touchpoint,
        what=_main_intent(reading),
        sentiment=span.sentiment,
        effort=_effort(mention.text),
        evidence=span.quote,
        expectation=reading.expectation,
        confidence=span.confidence,
        model=reading.model,
        at=mention.posted_at,
        own=span.own,
    )


def _felt(mention: Mention, reading: Reading, customer_id: CustomerId) -> Experience:
    return Experience(
        id=_id(mention, 0),
        customer_id=customer_id,
        mention_id=mention.id,
        stage=reading.stage,
        touchpoint=None,
        what=_main_intent(reading),
        sentiment=reading.sentiment,
        effort=_effort(mention.text),
        evidence=mention.text[:_EVIDENCE_LIMIT],
        expectation=reading.expectation,
        confidence=reading.scores[reading.sentiment],
        model=reading.model,
        at=mention.posted_at,
    )


def _id(mention: Mention, number: int) -> ExperienceId:
    return ExperienceId(uuid5(NAMESPACE_URL, f"vivencia:experience:{mention.id}:{number}").hex)


def _main_intent(reading: Reading) -> str:
    if not reading.intents:
        return ""
    return max(reading.intents, key=lambda intent: reading.intent_scores.get(intent, 0.0)).value


def _effort(text: str) -> Effort:
    return Effort.HIGH if _HARD_WORK.search(text) else Effort.UNKNOWN
