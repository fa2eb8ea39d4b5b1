"""Read texts with the transformer and the rules beside it: text in, Reading out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.domain.reading import Intent, Language, Reading, Sentiment, Span, Stage, Text, Touchpoint, Urgency
from nlp.brand import BrandWords
from nlp.doubt import talk_in, tempered
from nlp.encoder import FOLDER, Encoder, Scored, open_encoder
from nlp.expectation import expectation_in
from nlp.intents import holding
from nlp.language import LanguageReader, open_language_reader
from nlp.leaving import leaving_share, says_outright
from nlp.own_model import OwnScorer
from nlp.own_touchpoints import NearestExamples, OwnTouchpoint, Unclear
from nlp.spans import Words, best_of_words, spans_of, touchpoints_in, words_of
from nlp.text import LIMIT, Masked, mask
from nlp.tones import towards_firm
from nlp.urgency import urgency_of
from nlp.wordless import read_as_nothing, says_nothing
from nlp.words import is_named

NAME = "vivencia-e5"
_UNSURE = 0.5  # a sentiment below this is not acted on
_CLOSE = 0.12  # nor one so little ahead of the second
_STAGES = (*Stage, None)
_PRESSING = "urgency"

Label = TypeVar("Label", Intent, Sentiment)


class TransformerClassifier:
    """The Classifier port over the embedded model. Never raises for a text; one forward pass a batch."""

    def __init__(
        self,
        encoder: Encoder,
        languages: LanguageReader,
        brand: BrandWords,
        *,
        own: Sequence[OwnScorer] = (),
        touchpoints: Sequence[OwnTouchpoint] = (),
    ) -> None:
        self._encoder, self._languages, self._brand, self._own = encoder, languages, brand, own
        self._examples = NearestExamples(encoder, touchpoints)
        self._mix, self._trust, self._quoting = encoder.mix, encoder.trust, encoder.quoting
        self.name = "+".join([f"{NAME}@{encoder.revision}", *(f"{each.task}:{each.name}" for each in own)])

    @property
    def unclear(self) -> tuple[Unclear, ...]:
        """The owner's touchpoints whose examples do not stand apart."""
        return self._examples.unclear

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, in order. A text in which nobody says anything is small talk or a mere question."""
        masked = [mask(text.text) for text in texts]
        spoken = [self._languages.read(each.text, text.language_hint) for each, text in zip(masked, texts, strict=True)]
        scores = self._encoder.score([each.text for each in masked])
        scores = [self._doubted(scored, language) for scored, (language, _) in zip(scores, spoken, strict=True)]
        scores = [self._towards_brand(scored, text) for scored, text in zip(scores, texts, strict=True)]
        scores = self._with_own(scores, texts)
        typical = self._examples.typical_of(scores)
        found = [self._reading(*each) for each in zip(texts, masked, spoken, scores, typical, strict=True)]
        found = [
            read_as_nothing(reading, each.text) if says_nothing(each.text) else reading
            for reading, each in zip(found, masked, strict=True)
        ]
        return self._examples.named(found, masked, scores)

    def _reading(
        self,
        text: Text,
        masked: Masked,
        spoken: tuple[Language, float],
        scored: Scored,
        typical: Mapping[Touchpoint, float],
    ) -> Reading:
        seen = text.text[:LIMIT]
        language, confidence = spoken
        tones = dict(zip(Sentiment, scored.texts["sentiment"], strict=True))
        intents, sure = self._intents(seen, scored.texts["intents"])
        sentiment = max(tones, key=tones.__getitem__)
        about = self._means_brand(seen, scored)
        spam = Intent.SPAM in intents
        words = words_of(masked.text, scored.places, scored.tokens)
        held = {**typical, **self._held(masked.text, scored, words)}
        spans = () if spam or not about else self._spans(masked, words, held, tones)
        pressing = dict(zip(Urgency, scored.texts["urgency"], strict=True))
        urgency = urgency_of(seen, pressing, sentiment=sentiment, intents=intents)
        staged = about and not spam
        return Reading(
            language=language,
            language_confidence=round(confidence, 4),
            sentiment=sentiment,
            scores=_rounded(tones),
            intents=intents,
            intent_scores=_rounded(sure),
            touchpoints=touchpoints_in(spans),
            stage=_stage(scored) if staged else None,
            stage_confidence=round(max(scored.texts["stage"]), 4) if staged else None,
            urgency=urgency,
            urgency_confidence=self._sure_of(urgency, scored, language),
            spans=spans,
            expectation=expectation_in(masked, scored.places, scored.tokens["token_expectation"]),
            spam=spam,
            about_brand=about,
            abstained=not spam and _unsure(tones),
            degraded=False,
            model=self.name,
        )

    def _sure_of(self, urgency: Urgency, scored: Scored, language: Language) -> float | None:
        """None where a rule had the word. The doubt says how sure the likeliest may be, not which holds.

        An owner's model speaks for itself.
        """
        shares = scored.texts[_PRESSING]
        if (doubt := self._encoder.doubts.get(_PRESSING)) is not None and not self._owned(_PRESSING):
            shares = tempered(shares, doubt.temperature(language, talk_in(scored.texts["touchpoints"])))
        pressing = dict(zip(Urgency, shares, strict=True))
        return round(pressing[urgency], 4) if pressing[urgency] == max(pressing.values()) else None

    def _towards_brand(self, scored: Scored, text: Text) -> Scored:
        """Of a mention that means the brand, the same with the tone towards the brand alone."""
        if not (text.mention and self._means_brand(text.text[:LIMIT], scored)):
            return scored
        return replace(scored, texts=towards_firm(scored.texts))

    def _means_brand(self, seen: str, scored: Scored) -> bool:
        return self._brand.means_brand(seen, off_brand=scored.texts["off_brand"][0])

    def _spans(
        self, masked: Masked, words: Words, held: Mapping[Touchpoint, float], tones: Mapping[Sentiment, float]
    ) -> tuple[Span, ...]:
        return spans_of(masked, words, held, tones, trust=self._trust, quoting=self._quoting)

    def _doubted(self, scored: Scored, language: Language) -> Scored:
        """The same with tones as if all were met equally often, and a tone and a stage that are no surer than the
        language and the kind of text allow.
        """
        talk = talk_in(scored.texts["touchpoints"])
        evened = {
            task: adjustment.adjusted(scored.texts[task], language)
            for task, adjustment in self._encoder.adjustments.items()
        }
        doubted = {
            task: tempered(evened.get(task, scored.texts[task]), doubt.temperature(language, talk))
            for task, doubt in self._encoder.doubts.items()
            if task != _PRESSING
        }
        return replace(scored, texts={**scored.texts, **evened, **doubted})

    def _with_own(self, scores: list[Scored], texts: Sequence[Text]) -> list[Scored]:
        """The owner's models have the word on their tasks."""
        for own in self._own:
            rows = own.score([text.text for text in texts])
            scores = [
                replace(scored, texts={**scored.texts, own.task: row}) for scored, row in zip(scores, rows, strict=True)
            ]
        return scores

    def _intents(self, seen: str, shares: Sequence[float]) -> tuple[tuple[Intent, ...], dict[Intent, float]]:
        """Which hold, by the head alone, and how sure each may be said to be, which changes nothing of what holds."""
        said = None if self._owned("intents") else says_outright(seen)
        return holding(_wanted(shares, said), self._thresholds()), _wanted(self._sure(shares), said)

    def _sure(self, wanted: Sequence[float]) -> list[float]:
        """How sure each intent may be said to be; an owner's model speaks for itself."""
        scales = self._encoder.scales.get("intents")
        if not scales or self._owned("intents"):
            return list(wanted)
        return [scale.share(share) for scale, share in zip(scales, wanted, strict=True)]

    def _owned(self, task: str) -> bool:
        return any(own.task == task for own in self._own)

    def _thresholds(self) -> dict[Intent, float]:
        return dict(zip(Intent, self._encoder.readouts["intents"].thresholds, strict=True))

    def _held(self, text: str, scored: Scored, words: Words) -> dict[Touchpoint, float]:
        """The touchpoints that the text and its words together make likely enough."""
        in_words = best_of_words(words)
        thresholds = self._encoder.readouts["touchpoints"].thresholds
        held: dict[Touchpoint, float] = {}
        for place, share, threshold in zip(Touchpoint, scored.texts["touchpoints"], thresholds, strict=True):
            likely = {named: self._mix.share(share, in_words[place], named=named) for named in (False, True)}
            # names are looked for only where they may decide: that is slow
            if max(likely.values()) >= threshold and (sure := likely[is_named(place, text)]) >= threshold:
                held[place] = sure
        return held


def _wanted(shares: Sequence[float], said: bool | None) -> dict[Intent, float]:
    """As likely as they are; but who says outright that they leave or stay does so."""
    wanted = dict(zip(Intent, shares, strict=True))
    return wanted | {Intent.CHURN_THREAT: leaving_share(said, wanted[Intent.CHURN_THREAT])}


def _stage(scored: Scored) -> Stage | None:
    shares = scored.texts["stage"]
    surest: Stage | None = _STAGES[max(range(len(_STAGES)), key=shares.__getitem__)]
    return surest


def open_classifier(  # noqa: PLR0913 - what an owner can choose
    folder: Path = FOLDER,
    *,
    threads: int = 1,
    dtype: str = "auto",
    brand: BrandWords | None = None,
    own: Sequence[OwnScorer] = (),
    touchpoints: Sequence[OwnTouchpoint] = (),
) -> TransformerClassifier:
    """Load model and language detector; some seconds. Raises ModelUnavailable: `nlp.lexicon` can stand in."""
    encoder = open_encoder(folder, threads=threads, dtype=dtype)
    return TransformerClassifier(
        encoder, open_language_reader(), brand or BrandWords(), own=own, touchpoints=touchpoints
    )


def _rounded(scores: Mapping[Label, float]) -> dict[Label, float]:
    return {label: round(score, 4) for label, score in scores.items()}


def _unsure(tones: Mapping[Sentiment, float]) -> bool:
    first, second, _ = sorted(tones.values(), reverse=True)
    return first < _UNSURE or first - second < _CLOSE
