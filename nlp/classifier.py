"""Read texts with the transformer and the rules beside it: text in, Reading out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.domain.reading import Intent, Reading, Sentiment, Text, Touchpoint, Urgency
from nlp.brand import BrandWords
from nlp.clauses import clauses
from nlp.encoder import FOLDER, Encoder, Unit, open_encoder
from nlp.expectation import expectation_in
from nlp.intents import holding
from nlp.language import LanguageReader, open_language_reader
from nlp.spans import Clause, spans_of, touchpoints_in
from nlp.text import LIMIT, Masked, mask
from nlp.tone import weighed
from nlp.touchpoints import main_stage
from nlp.urgency import urgency_of
from nlp.words import PLACES

NAME = "vivencia-e5"
_UNSURE = 0.45  # a sentiment below this is not acted on
_CLOSE = 0.08  # nor one so little ahead of the second

_NAMED = 20.0  # how much a word of a touchpoint weighs

Label = TypeVar("Label", Intent, Sentiment)
Scores = Mapping[str, Sequence[Sequence[float]]]


class TransformerClassifier:
    """The Classifier port over the embedded model. Never raises for a text; one forward pass a batch."""

    def __init__(self, encoder: Encoder, languages: LanguageReader, brand: BrandWords) -> None:
        self._encoder, self._languages, self._brand = encoder, languages, brand
        self.name = f"{NAME}@{encoder.revision}"

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, in order. A text without a readable character is small talk that asks for nothing."""
        masked = [mask(text.text) for text in texts]
        units = [Unit(text=each.text, clauses=clauses(each.text)) for each in masked]
        scores = self._encoder.score(units)
        triples = zip(texts, masked, units, scores, strict=True)
        return [self._reading(text, each, unit, score) for text, each, unit, score in triples]

    def _reading(self, text: Text, masked: Masked, unit: Unit, scores: Scores) -> Reading:
        seen = text.text[:LIMIT]
        language, confidence = self._languages.read(masked.text, text.language_hint)
        tones = weighed(masked.text, {tone: scores["sentiment"][0][index] for index, tone in enumerate(Sentiment)})
        wanted = {intent: scores["intents"][0][index] for index, intent in enumerate(Intent)}
        sentiment = max(tones, key=tones.__getitem__)
        intents = holding(seen, wanted, self._thresholds(), tones)
        about = self._brand.means_brand(seen, off_brand=scores["off_brand"][0][0])
        spam = Intent.SPAM in intents
        spans = () if spam or not about else spans_of(masked, _clauses(unit, scores), self._expected(scores), tones)
        pressing = {urgency: scores["urgency"][0][index] for index, urgency in enumerate(Urgency)}
        return Reading(
            language=language,
            language_confidence=round(confidence, 4),
            sentiment=sentiment,
            scores=_rounded(tones),
            intents=intents,
            intent_scores=_rounded(wanted),
            touchpoints=touchpoints_in(spans),
            stage=main_stage(spans, sentiment),
            urgency=urgency_of(seen, pressing, sentiment=sentiment, intents=intents),
            spans=spans,
            expectation=expectation_in(seen),
            spam=spam,
            about_brand=about,
            abstained=not spam and _unsure(tones),
            degraded=False,
            model=self.name,
        )

    def _thresholds(self) -> dict[Intent, float]:
        return dict(zip(Intent, self._encoder.readouts["intents"].thresholds, strict=True))

    def _expected(self, scores: Scores) -> list[Touchpoint]:
        thresholds = self._encoder.readouts["touchpoints"].thresholds
        triples = zip(Touchpoint, scores["touchpoints"][0], thresholds, strict=True)
        return [touchpoint for touchpoint, score, threshold in triples if score >= threshold]


def open_classifier(
    folder: Path = FOLDER, *, threads: int = 1, brand: BrandWords | None = None
) -> TransformerClassifier:
    """Load model and language detector; some seconds. Raises ModelUnavailable: `nlp.lexicon` can stand in."""
    return TransformerClassifier(open_encoder(folder, threads=threads), open_language_reader(), brand or BrandWords())


def _clauses(unit: Unit, scores: Scores) -> list[Clause]:
    whole = dict(zip(Touchpoint, scores["touchpoints"][0], strict=True))
    rows = zip(unit.clauses, scores["clause_touchpoint"], scores["clause_sentiment"], strict=True)
    return [
        Clause(
            start=start,
            end=end,
            touchpoints=_leaning(unit.text[start:end], dict(zip(Touchpoint, touchpoints, strict=False)), whole),
            sentiments=dict(zip(Sentiment, tones, strict=True)),
        )
        for (start, end), touchpoints, tones in rows
    ]


def _leaning(
    text: str, clause: Mapping[Touchpoint, float], whole: Mapping[Touchpoint, float]
) -> dict[Touchpoint, float]:
    """A clause's touchpoints weighed by those of the whole text and by words; the chance of any stays as it is."""
    named = {touchpoint: _NAMED if PLACES[touchpoint].search(text) else 1.0 for touchpoint in clause}
    weighed = {touchpoint: score * whole[touchpoint] * named[touchpoint] for touchpoint, score in clause.items()}
    scale = sum(clause.values()) / (sum(weighed.values()) or 1.0)
    return {touchpoint: score * scale for touchpoint, score in weighed.items()}


def _rounded(scores: Mapping[Label, float]) -> dict[Label, float]:
    return {label: round(score, 4) for label, score in scores.items()}


def _unsure(tones: Mapping[Sentiment, float]) -> bool:
    first, second, _ = sorted(tones.values(), reverse=True)
    return first < _UNSURE or first - second < _CLOSE
