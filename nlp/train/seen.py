"""Texts that a model never saw, as it reads their words, beside what is true of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reading import Sentiment, Span, Touchpoint
from nlp.encoder import Encoder, Scored
from nlp.evaluate.gold import GoldSpan
from nlp.evaluate.spans import found
from nlp.runs import Quoting
from nlp.spans import Words, best_of_words, spans_of, words_of
from nlp.text import Masked, mask
from nlp.touchpoints import Trust, odds
from nlp.train.corpus import Example
from nlp.words import is_named

_EVEN = dict.fromkeys(Sentiment, 1 / len(Sentiment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A text that the model never saw, its words, and what is true of it."""

    example: Example
    masked: Masked
    words: Words
    scored: Scored

    def witnesses(self) -> list[tuple[float, float, float]]:
        """For each touchpoint the log-odds of text and best word, and whether it is named."""
        best = best_of_words(self.words)
        pairs = zip(Touchpoint, self.scored.texts["touchpoints"], strict=True)
        text = self.example.text
        return [(odds(share), odds(best[place]), float(is_named(place, text))) for place, share in pairs]

    def spans(self, shares: Sequence[float], threshold: float, trust: Trust, quoting: Quoting) -> tuple[Span, ...]:
        """The quotes of what holds."""
        held = {place: share for place, share in zip(Touchpoint, shares, strict=True) if share >= threshold}
        return spans_of(self.masked, self.words, held, _EVEN, trust=trust, quoting=quoting)

    def right(self, spans: Sequence[Span]) -> list[bool]:
        """Which of the spans show a touchpoint of the text by a quote that overlaps a true one by half."""
        truth = [
            GoldSpan(
                quote=self.masked.quote(each.start, each.end), touchpoint=Touchpoint(each.touchpoint), sentiment=None
            )
            for each in self.example.pieces or ()
            if each.touchpoint
        ]
        hits = {id(span) for _, span in found(self.masked.original, truth, spans)}
        return [id(span) in hits for span in spans]


def seen_by(encoder: Encoder, examples: Sequence[Example]) -> list[Seen]:
    """The examples as the encoder reads them."""
    scores = encoder.score([example.text for example in examples])
    return [
        Seen(
            example=example,
            masked=mask(example.row["text"]),
            words=words_of(example.text, scored.places, scored.tokens),
            scored=scored,
        )
        for example, scored in zip(examples, scores, strict=True)
    ]
