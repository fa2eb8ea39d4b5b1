"""Tones of English texts are read as if all had been met equally often."""

from __future__ import annotations

import pytest
import torch

from bot.domain.reading import Language, Sentiment, Text
from nlp.adjustment import Adjustment
from nlp.brand import BrandWords
from nlp.classifier import TransformerClassifier
from nlp.encoder import open_encoder
from nlp.language import open_language_reader
from nlp.train.adjustment import adjusted, adjustment_of
from nlp.train.batches import MISSING
from nlp.train.doubt import Kind


def shy(*, english: bool = True, negatives: int = 100) -> Kind:
    """A head that says neutral of everything, if less surely of what is negative or positive."""
    truth = torch.tensor([0] * negatives + [1] * 400 + [2] * 200)
    logits = torch.zeros(len(truth), 3)
    logits[:, 1] = 1.0
    logits[torch.arange(len(truth)), truth] += 0.8
    return Kind(
        logits=logits,
        targets=truth,
        talk=torch.zeros(len(truth)),
        english=torch.full((len(truth),), english),
    )


def recalls(kind: Kind) -> list[float]:
    said = kind.logits.argmax(dim=1)
    return [float((said[kind.targets == tone] == tone).float().mean()) for tone in range(3)]


def test_what_is_seldom_met_is_found_as_well_as_the_rest() -> None:
    kind = shy()
    assert recalls(kind) == [0.0, 1.0, 0.0]

    learnt = adjustment_of(kind)

    assert recalls(adjusted(kind, learnt)) == [1.0, 1.0, 1.0]
    assert sum(learnt.english) == pytest.approx(0.0, abs=1e-3)


def test_other_languages_stay_as_they_are() -> None:
    spanish = shy(english=False)

    assert adjustment_of(spanish) == Adjustment()
    assert torch.equal(adjusted(spanish, adjustment_of(shy())).logits, spanish.logits)
    assert Adjustment(english=(1.0, 0.0, -1.0)).adjusted([0.2, 0.3, 0.5], Language.ES) == [0.2, 0.3, 0.5]


def test_a_tone_that_is_hardly_known_teaches_nothing() -> None:
    kind = shy(negatives=19)
    unknown = Kind(
        logits=kind.logits, targets=torch.full_like(kind.targets, MISSING), talk=kind.talk, english=kind.english
    )

    assert adjustment_of(kind) == adjustment_of(unknown) == Adjustment()


def test_probabilities_stay_probabilities() -> None:
    shares = Adjustment(english=(0.5, -0.5, 0.0)).adjusted([0.3, 0.4, 0.3], Language.EN)

    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] > shares[1]


def test_it_moves_the_tone_of_english_texts_that_are_no_mentions_and_no_other() -> None:
    plain, even = open_encoder(), open_encoder()
    plain.adjustments = {}
    even.adjustments = {"sentiment": Adjustment(english=(3.0, -1.5, -1.5))}
    before, after = (TransformerClassifier(each, open_language_reader(), BrandWords()) for each in (plain, even))
    texts = [
        Text(text="the meeting is on Tuesday at ten"),
        Text(text="la reunión es el martes a las diez"),
        Text(text="the parcel from your shop came on Tuesday", mention=True),
    ]

    [english, spanish, mention], [moved, same, also] = before.read(texts), after.read(texts)

    assert moved.scores[Sentiment.NEGATIVE] > english.scores[Sentiment.NEGATIVE]
    assert same.scores == spanish.scores
    assert also.scores == mention.scores
