"""How a text is read: the closed sets of labels, and what a model says with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Language(StrEnum):
    """The languages told apart; everything else is `other`."""

    ES = "es"
    EN = "en"
    PT = "pt"
    CA = "ca"
    OTHER = "other"

    @classmethod
    def of_tag(cls, tag: str | None) -> Language | None:
        """Of a tag as "es", "es-MX" or "PT_br" (BCP 47); None of another language, or where nobody said one."""
        code = re.split(r"[-_]", tag or "")[0].lower()
        return cls(code) if code in set(cls) else None


class Sentiment(StrEnum):
    """The whole message towards the brand."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Intent(StrEnum):
    """What the author wants. Several may hold."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    REQUEST = "request"
    PRAISE = "praise"
    SUGGESTION = "suggestion"
    PURCHASE_INTEREST = "purchase_interest"
    CHURN_THREAT = "churn_threat"
    SPAM = "spam"
    NEWS_OPINION = "news_opinion"
    SMALLTALK = "smalltalk"


class Touchpoint(StrEnum):
    """Where customer and brand met. Several may hold, or none."""

    ADVERTISING = "advertising"
    WEBSITE_APP = "website_app"
    STORE = "store"
    PURCHASE_CHECKOUT = "purchase_checkout"
    DELIVERY = "delivery"
    PRODUCT_USE = "product_use"
    BILLING = "billing"
    SUPPORT_CONTACT = "support_contact"
    RETURNS_REFUNDS = "returns_refunds"
    LOYALTY = "loyalty"


class Stage(StrEnum):
    """When it was lived, seen from the purchase."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Urgency(StrEnum):
    """How soon somebody must look at it. Compare with `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high."""
        return ("low", "medium", "high").index(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a classifier is given: the text, and the language its channel or customer usually speaks.

    `mention` says that the text is known to be to or about the brand: its tone is then the tone towards the brand. Of
    any other text the classifier finds out whether a firm is spoken of.
    """

    text: str
    language_hint: Language | None = None
    mention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One piece of evidence: `quote` is an exact substring of the text, `confidence` a probability.

    `own` names the owner's own touchpoint within `touchpoint`, where there is one.
    """

    quote: str
    touchpoint: Touchpoint
    stage: Stage | None
    sentiment: Sentiment
    confidence: float
    own: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a model says about one text, and which model said it.

    `scores` holds a probability per sentiment and sums to 1; `intent_scores` one per intent, each by itself.
    `touchpoints` are exactly those of `spans`. `expectation` is an exact substring of the text or None.
    `stage_confidence` and `urgency_confidence` are the probabilities of what was read; None where a rule had the word,
    or nothing that gives probabilities read it.
    `abstained` means: not sure enough to act on, a person should look. `degraded` means: the fallback read it.
    """

    language: Language
    language_confidence: float
    sentiment: Sentiment
    scores: Mapping[Sentiment, float]
    intents: tuple[Intent, ...]
    intent_scores: Mapping[Intent, float]
    touchpoints: tuple[Touchpoint, ...]
    stage: Stage | None
    urgency: Urgency
    spans: tuple[Span, ...]
    expectation: str | None
    spam: bool
    about_brand: bool
    abstained: bool
    degraded: bool
    model: str
    stage_confidence: float | None = None
    urgency_confidence: float | None = None


def calm(reading: Reading, intent: Intent) -> Reading:
    """The same text read as this intent and no more: neither glad nor unhappy, of no touchpoint, in no doubt."""
    return replace(
        reading,
        sentiment=Sentiment.NEUTRAL,
        scores={label: float(label is Sentiment.NEUTRAL) for label in Sentiment},
        intents=(intent,),
        intent_scores={label: float(label is intent) for label in Intent},
        touchpoints=(),
        stage=None,
        stage_confidence=None,
        urgency=Urgency.LOW,
        urgency_confidence=None,
        spans=(),
        expectation=None,
        spam=False,
        abstained=False,
    )
