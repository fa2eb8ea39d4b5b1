"""How sure a tone may be: less in a language and of a kind of text that the model knows less well."""

from dataclasses import replace

import pytest
import torch

from bot.domain.reading import Language, Text
from nlp.brand import BrandWords
from nlp.classifier import TransformerClassifier
from nlp.doubt import Doubt, talk_in, tempered
from nlp.encoder import open_encoder
from nlp.language import open_language_reader
from nlp.train.batches import MISSING
from nlp.train.doubt import Kind, doubt_of

DOUBT = Doubt(english=0.0, others=0.5, english_talk=0.1, others_talk=0.4)


def test_what_is_not_english_or_touches_nothing_is_read_with_more_doubt() -> None:
    mention, talk = talk_in([0.1, 0.9]), talk_in([0.1, 0.2])

    assert DOUBT.temperature(Language.EN, mention) < DOUBT.temperature(Language.EN, talk)
    assert DOUBT.temperature(Language.EN, talk) < DOUBT.temperature(Language.ES, talk)
    assert Doubt().temperature(Language.OTHER, 1.0) == 1.0


def test_doubt_changes_how_sure_a_tone_is_and_never_which() -> None:
    doubted = tempered([0.7, 0.2, 0.1], 2.0)

    assert sum(doubted) == pytest.approx(1)
    assert doubted[0] < 0.7
    assert doubted == sorted(doubted, reverse=True)
    assert tempered([1.0, 0.0, 0.0], 0.5)[0] == pytest.approx(1)


def kind(*, right: int, of: int, english: bool, talk: float) -> Kind:
    """Texts of which so many are as the head says; it is always 95 % sure of the first tone."""
    return Kind(
        logits=torch.tensor([[3.6, 0.0, 0.0]]).repeat(of, 1),
        targets=torch.tensor([0] * right + [1] * (of - right)),
        talk=torch.full((of,), talk),
        english=torch.full((of,), fill_value=english),
    )


def test_the_doubt_is_learnt_of_each_language_and_kind_however_many_texts_it_has() -> None:
    mentions = kind(right=90, of=100, english=True, talk=0.1)
    spanish = kind(right=75, of=100, english=False, talk=0.1)
    tweets = kind(right=700, of=1_000, english=True, talk=0.9)
    trinos = kind(right=550, of=1_000, english=False, talk=0.9)

    learnt = doubt_of([mentions, spanish, tweets, trinos])

    assert learnt.others > learnt.english
    assert learnt.english_talk > 0.2
    assert learnt.others_talk > 0.2
    assert tempered([0.95, 0.025, 0.025], learnt.temperature(Language.ES, 0.9))[0] == pytest.approx(0.55, abs=0.03)
    sure = tempered([0.95, 0.025, 0.025], learnt.temperature(Language.ES, 0.1))
    assert sure[0] == pytest.approx(0.75, abs=0.03)


def test_texts_without_a_tone_teach_no_doubt() -> None:
    known = kind(right=70, of=100, english=True, talk=0.5)
    unknown = Kind(logits=known.logits, targets=torch.full((100,), MISSING), talk=known.talk, english=known.english)

    assert doubt_of([known, unknown]) == doubt_of([known])


def test_the_language_of_a_channel_decides_the_doubt_of_a_short_text(classifier: TransformerClassifier) -> None:
    [english, spanish] = classifier.read(
        [Text(text="meh", language_hint=Language.EN), Text(text="meh", language_hint=Language.ES)]
    )

    assert spanish.sentiment is english.sentiment
    assert max(spanish.scores.values()) < max(english.scores.values())


def test_the_doubt_of_urgency_says_how_sure_it_is_and_not_which_it_is() -> None:
    texts = [Text(text=text) for text in ("¿a qué hora abrís?", "the parcel is late again", "gracias, ya llegó")]
    plain, doubting = open_encoder(), open_encoder()
    plain.doubts = {}
    doubting.doubts = {"urgency": Doubt(english=1.0, others=1.0)}
    before, after = (TransformerClassifier(each, open_language_reader(), BrandWords()) for each in (plain, doubting))

    pairs = list(zip(before.read(texts), after.read(texts), strict=True))

    assert all((new.urgency_confidence or 0) < (old.urgency_confidence or 0) for old, new in pairs)
    assert [replace(new, urgency_confidence=old.urgency_confidence) for old, new in pairs] == [old for old, _ in pairs]


class _Pressing:
    """An owner's model that takes everything for urgent, by 0.9."""

    task, name = "urgency", "own@folder"

    def score(self, texts: list[str]) -> list[list[float]]:
        return [[0.05, 0.05, 0.9] for _ in texts]


def test_an_owners_model_of_urgency_is_not_doubted() -> None:
    encoder = open_encoder()
    encoder.doubts = {"urgency": Doubt(english=1.0, others=1.0)}
    own = TransformerClassifier(encoder, open_language_reader(), BrandWords(), own=[_Pressing()])  # type: ignore[list-item]

    [reading] = own.read([Text(text="mi maleta no ha salido y vuelo en una hora")])

    assert reading.urgency_confidence == 0.9
