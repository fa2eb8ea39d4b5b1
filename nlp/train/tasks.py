"""The heads: their labels, which of them hold one label a text, and how much each weighs in the loss."""

from __future__ import annotations

from bot.domain.reading import Intent, Sentiment, Stage, Touchpoint, Urgency
from nlp.train.corpus import NONE
from nlp.train.everyday import FIRM

TASKS: dict[str, tuple[str, ...]] = {
    "sentiment": tuple(Sentiment),
    "brand_sentiment": tuple(Sentiment),
    "firm": (FIRM,),
    "intents": tuple(Intent),
    "touchpoints": tuple(Touchpoint),
    "urgency": tuple(Urgency),
    "stage": (*Stage, NONE),
    "off_brand": ("off_brand",),
    "token_touchpoint": (*Touchpoint, NONE),
    "token_sentiment": tuple(Sentiment),
    "token_expectation": ("expectation",),
}
SIDE_TASKS: dict[str, tuple[str, ...]] = {
    "irony": ("non_irony", "irony"),
    "offensive": ("not-offensive", "offensive"),
    "emotion": ("anger", "joy", "optimism", "sadness"),
}
WEIGHTS = {"sentiment": 1.0, "brand_sentiment": 1.0, "firm": 0.7}
WEIGHTS |= {"intents": 3.0, "touchpoints": 3.0, "urgency": 0.6, "stage": 0.5, "off_brand": 1.0}
WEIGHTS |= {"token_touchpoint": 2.0, "token_sentiment": 0.5, "token_expectation": 1.0}
WEIGHTS |= dict.fromkeys(SIDE_TASKS, 0.3)
