"""How sure an intent may be said to be: as often right as it is sure, whatever holds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from bot.domain.reading import Intent, Sentiment, Text
from nlp.brand import BrandWords
from nlp.classifier import NAME, TransformerClassifier
from nlp.encoder import open_encoder
from nlp.language import open_language_reader
from nlp.scale import Scale
from nlp.train import annotated, corpus
from nlp.train.sureness import Answers, scale_of, with_sureness

TEXTS = [
    Text(text="La fibra se corta cada tarde y nadie contesta"),
    Text(text="¿A qué hora abrís mañana?"),
    Text(text="jajaja qué bueno"),
    Text(text="Me doy de baja, adiós"),
]


def test_a_scale_keeps_the_order_and_the_ends() -> None:
    scale = Scale(slope=0.8, bias=0.5)
    shares = [scale.share(share) for share in (0.0, 0.1, 0.5, 0.9, 1.0)]

    assert shares == sorted(shares)
    assert 0 < shares[0] < 1e-5
    assert shares[2] == pytest.approx(0.6225, abs=1e-4)
    assert shares[4] == pytest.approx(1, abs=1e-5)
    assert Scale().share(0.3) == pytest.approx(0.3)


def answers(share: float, *, right: int, of: int) -> Answers:
    """Texts of which so many have the label that the head is `share` sure of."""
    holds = torch.tensor([1.0] * right + [0.0] * (of - right))
    return Answers(odds=torch.tensor([share]).logit().repeat(of), holds=holds)


def test_a_label_that_is_read_too_seldom_becomes_surer() -> None:
    learnt = scale_of([answers(0.2, right=40, of=100), answers(0.6, right=80, of=100)])

    assert learnt.share(0.2) == pytest.approx(0.4, abs=0.02)
    assert learnt.share(0.6) == pytest.approx(0.8, abs=0.02)


def test_a_kind_of_text_counts_alike_however_many_it_has() -> None:
    few, many = answers(0.5, right=80, of=100), answers(0.5, right=400, of=1_000)

    assert scale_of([few, many]).share(0.5) == pytest.approx(0.6, abs=0.02)


def test_of_a_label_that_hardly_occurs_nothing_is_learnt() -> None:
    assert scale_of([answers(0.5, right=3, of=1_000)]) == Scale()
    assert scale_of([answers(0.5, right=1_000, of=1_000)]) == Scale()


def test_how_sure_an_intent_is_said_to_be_changes_nothing_that_holds() -> None:
    plain, scaled = open_encoder(), open_encoder()
    plain.scales = {}
    before, after = (TransformerClassifier(each, open_language_reader(), BrandWords()) for each in (plain, scaled))

    pairs = list(zip(before.read(TEXTS), after.read(TEXTS), strict=True))

    assert all(old.intent_scores != new.intent_scores for old, new in pairs)
    assert [replace(new, intent_scores=old.intent_scores) for old, new in pairs] == [old for old, _ in pairs]
    assert pairs[-1][1].intent_scores[Intent.CHURN_THREAT] >= 0.95  # said outright is as sure as it was


class _Praise:
    """An owner's model that praises by 0.7 and else nothing."""

    task, name = "intents", "own@folder"

    def score(self, texts: list[str]) -> list[list[float]]:
        return [[0.7 if intent is Intent.PRAISE else 0.0 for intent in Intent] for _ in texts]


def test_an_owners_model_speaks_for_itself() -> None:
    reader = TransformerClassifier(open_encoder(), open_language_reader(), BrandWords(), own=[_Praise()])  # type: ignore[list-item]

    [reading] = reader.read(TEXTS[:1])

    assert reading.intent_scores[Intent.PRAISE] == 0.7
    assert reading.model.startswith(NAME)


def test_the_command_writes_what_it_learnt_beside_the_weights(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotated, "SOURCES", {})
    monkeypatch.setattr("nlp.train.sureness.seed_examples", lambda _: corpus.seed_examples(corpus.UNSEEN)[::12])

    learnt = with_sureness(copy, tmp_path)

    config = json.loads((copy / "config.json").read_text("utf-8"))
    assert config["scales"]["intents"][0] == {"slope": learnt.intents[0].slope, "bias": learnt.intents[0].bias}
    encoder = open_encoder(copy)  # and its seal fits
    assert encoder.doubts == dict(learnt.doubts)
    [scored] = encoder.score(["ok"])
    assert len(scored.texts["sentiment"]) == len(Sentiment)
