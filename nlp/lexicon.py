"""Read texts with a small Spanish and English word list: the stand-in for a model that cannot load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.reading import Intent, Reading, Sentiment, Span, Text, Urgency
from nlp.brand import BrandWords
from nlp.clauses import clauses
from nlp.expectation import stated_in
from nlp.intents import holding
from nlp.language import LanguageReader, open_language_reader
from nlp.quotes import trimmed
from nlp.spans import touchpoints_in
from nlp.text import LIMIT, Masked, mask
from nlp.touchpoints import main_stage, stage_of
from nlp.urgency import urgency_of
from nlp.wordless import read_as_nothing, says_nothing
from nlp.words import BAD, GOOD, PLACES, any_of

NAME = "lexicon@1"
_SURE, _LIKELY, _UNLIKELY = 0.9, 0.7, 0.05
_NOT = re.compile(
    r"\b(?:no|ni|nunca|jam[aá]s|sin|tampoco|not|never|no longer|n't|without|isn'?t|wasn'?t|don'?t"
    r"|didn'?t)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_WANTS: dict[Intent, re.Pattern[str]] = {
    Intent.QUESTION: re.compile(r"[¿?]"),
    Intent.REQUEST: any_of(
        r"necesito por.favor quiero.que solicit exijo ay[uú]d manden arregl please need.you can.you help fix\b"
    ),
    Intent.SUGGESTION: any_of(
        r"deber[ií]an podr[ií]an ojal[aá] suger propon should could.you.add would.be.nice suggest wish"
    ),
    Intent.PURCHASE_INTEREST: any_of(
        r"quiero.comprar me.interesa contratar cu[aá]nto.cuesta hay.stock buy\b in.stock how.much"
    ),
    Intent.CHURN_THREAT: any_of(
        r"me.voy baja\b no.vuelvo cancelo cambio.de.compa portabilidad switching leaving cancel.my "
        r"never.again last.time"
    ),
    Intent.SPAM: any_of(r"gana.dinero s[ií]gueme link.en.bio earn.money dm.me.to crypto"),
    Intent.NEWS_OPINION: any_of(r"seg[uú]n v[ií]a.@ trimestre beneficios shares quarterly breaking"),
}
_THRESHOLDS = dict.fromkeys(Intent, 0.5)


class LexiconClassifier:
    """The Classifier port over word lists. Every reading is marked degraded.

    It abstains unless a listed word plainly tells the tone, or what is wanted: any other text may be a complaint.
    """

    name = NAME

    def __init__(self, languages: LanguageReader, brand: BrandWords | None = None) -> None:
        self._languages, self._brand = languages, brand or BrandWords()

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, in order. Never raises for a text."""
        return [self._reading(text) for text in texts]

    def _reading(self, text: Text) -> Reading:
        seen, masked = text.text[:LIMIT], mask(text.text)
        language, confidence = self._languages.read(masked.text, text.language_hint)
        tones = _tones(masked.text)
        sentiment = max(tones, key=tones.__getitem__)
        wanted = _wanted(masked.text, sentiment)
        intents = holding(wanted, _THRESHOLDS)
        about = self._brand.means_brand(seen, off_brand=0.0)
        spam = Intent.SPAM in intents
        spans = tuple(_spans(masked)) if about and not spam else ()
        reading = Reading(
            language=language,
            language_confidence=round(confidence, 4),
            sentiment=sentiment,
            scores=tones,
            intents=intents,
            intent_scores=wanted,
            touchpoints=touchpoints_in(spans),
            stage=main_stage(spans, sentiment),
            urgency=urgency_of(seen, _pressing(intents), sentiment=sentiment, intents=intents),
            spans=spans,
            expectation=stated_in(seen),
            spam=spam,
            about_brand=about,
            abstained=not spam and (tones[sentiment] < _LIKELY or Intent.SMALLTALK in intents),
            degraded=True,
            model=NAME,
        )
        return read_as_nothing(reading, masked.text) if says_nothing(masked.text) else reading


def _tones(text: str) -> dict[Sentiment, float]:
    """Probabilities from counted words, a negation before a word turning it round."""
    good = bad = 0
    for pattern, is_good in ((GOOD, True), (BAD, False)):
        for match in pattern.finditer(text):
            turned = is_good and bool(_NOT.search(text, max(0, match.start() - 25), match.start()))
            good, bad = (good + 1, bad) if is_good and not turned else (good, bad + 1)
    total = good + bad + 0.5
    return {
        Sentiment.NEGATIVE: round(bad / total, 4),
        Sentiment.NEUTRAL: round(1 - round(bad / total, 4) - round(good / total, 4), 4),
        Sentiment.POSITIVE: round(good / total, 4),
    }


def _wanted(text: str, sentiment: Sentiment) -> dict[Intent, float]:
    wanted = dict.fromkeys(Intent, _UNLIKELY)
    wanted |= {intent: _SURE for intent, pattern in _WANTS.items() if pattern.search(text)}
    if sentiment is Sentiment.NEGATIVE:
        wanted[Intent.COMPLAINT] = _SURE
    if sentiment is Sentiment.POSITIVE:
        wanted[Intent.PRAISE] = _SURE
    if max(wanted.values()) == _UNLIKELY:
        wanted[Intent.SMALLTALK] = _LIKELY
    return wanted


def _spans(masked: Masked) -> Iterator[Span]:
    """A clause in which a touchpoint is named shows it, in the tone of its own words."""
    for start, end in clauses(masked.text):
        words = masked.text[start:end]
        named = {touchpoint: len(pattern.findall(words)) for touchpoint, pattern in PLACES.items()}
        touchpoint = max(named, key=named.__getitem__)
        quote = trimmed(masked.quote(start, end))
        if named[touchpoint] and quote:
            tones = _tones(words)
            yield Span(
                quote=quote,
                touchpoint=touchpoint,
                stage=stage_of(touchpoint, masked.text),
                sentiment=max(tones, key=tones.__getitem__),
                confidence=round(_LIKELY * named[touchpoint] / sum(named.values()), 4),
            )


def _pressing(intents: Sequence[Intent]) -> dict[Urgency, float]:
    """What the rules of urgency expect of a model: medium when something is open, high left to strong words."""
    open_ = {Intent.COMPLAINT, Intent.QUESTION, Intent.REQUEST, Intent.CHURN_THREAT} & {*intents}
    if open_:
        return {Urgency.LOW: 0.2, Urgency.MEDIUM: 0.65, Urgency.HIGH: 0.15}
    return {Urgency.LOW: _LIKELY, Urgency.MEDIUM: 0.25, Urgency.HIGH: _UNLIKELY}


def open_lexicon(brand: BrandWords | None = None) -> LexiconClassifier:
    """The stand-in, ready at once but for the language detector (some tens of milliseconds)."""
    return LexiconClassifier(open_language_reader(), brand)
