"""The second reader: what counts as a feature, how both readers are joined, and what a word teaches."""

import math
import shutil
from itertools import starmap
from pathlib import Path

import pytest
import torch

from bot.domain.errors import ModelUnavailable
from nlp.encoder import FOLDER, SINGLE_LABEL, open_encoder
from nlp.ngrams import FILE, Blend, NGrams, features
from nlp.seal import configure
from nlp.text import LIMIT
from nlp.train import ngrams
from nlp.train.blend import Said, blend_of
from nlp.train.corpus import Example
from nlp.train.ngrams import HEADS, learnt_of
from nlp.train.tasks import TASKS


def test_case_and_accents_do_not_count_but_words_and_their_order_do() -> None:
    assert features("¿Facturación ERRÓNEA?") == features("¿facturacion erronea?")
    assert features("la app va mal") != features("mal va la app")
    assert set(features("factura")) & set(features("facturas"))


@pytest.mark.parametrize("text", ["", " ", "👍", "\u0301" * 9_999, "a" * LIMIT, "ñ" * 300 + "\x00"])
def test_any_text_has_features_or_none(text: str) -> None:
    found = features(text)

    assert found == sorted(set(found))
    assert all(0 <= each < 1 << 17 for each in found)


def test_a_blend_of_the_network_alone_changes_nothing() -> None:
    assert Blend().share(0.3, 5.0) == pytest.approx(0.3)
    assert Blend().shares([0.2, 0.5, 0.3], [9.0, 0.0, 0.0]) == pytest.approx([0.2, 0.5, 0.3])


def test_what_both_say_is_surer_than_what_either_says() -> None:
    both = Blend(of_network=1.0, of_ngrams=0.5)

    assert both.share(0.7, 2.0) > 0.7 > both.share(0.7, -2.0)
    assert both.share(0.5, 0.0) == pytest.approx(0.5)
    assert both.shares([0.4, 0.6], [2.0, 0.0])[0] > 0.4


def said(network: list[float], words: list[float], holds: list[float]) -> Said:
    columns = (torch.tensor(each)[:, None] for each in (network, words, holds))
    return Said(**dict(zip(("network", "ngrams", "targets"), columns, strict=True)))


def test_a_reader_that_is_right_where_the_other_errs_gets_weight() -> None:
    holds = [1.0, 0.0] * 50
    right, noise = ([2.0, -2.0] * 50), ([1.0, 1.0, -1.0, -1.0] * 25)

    words = blend_of("intents", [said(noise, right, holds)])
    network = blend_of("intents", [said(right, noise, holds)])

    assert words.of_ngrams > 2 * words.of_network
    assert network.of_network > 2 * abs(network.of_ngrams)
    assert blend_of("intents", []) == Blend()


def example(text: str, place: str, tone: str, sounds: str | None = None) -> Example:
    labels: dict[str, str | frozenset[str]] = {"touchpoints": frozenset({place}), "brand_sentiment": tone}
    if sounds:
        labels["sentiment"] = sounds
    return Example(text=text, labels=labels, pieces=None, source="seed", sector="bank", lang="es", row={})


def test_one_word_in_a_few_texts_teaches_its_touchpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "STEPS", 20)
    rows = [("el repartidor no vino", "delivery", "negative"), ("la factura llega doble", "billing", "negative")]
    rows += [("el repartidor muy majo", "delivery", "positive"), ("factura clara, gracias", "billing", "positive")]
    steps: list[int] = []

    tensors = learnt_of([*starmap(example, rows)] * 3, lambda step, loss: steps.append(step))
    reader = NGrams(tensors, {head: TASKS[head] for head in HEADS}, {}, single=SINGLE_LABEL)
    found = reader.logits(["otro REPARTIDOR", "una Fáctura"])

    delivery, billing = (TASKS["touchpoints"].index(place) for place in ("delivery", "billing"))
    assert found["touchpoints"][0, delivery] > found["touchpoints"][0, billing]
    assert found["touchpoints"][1, billing] > found["touchpoints"][1, delivery]
    assert 0 < max(steps) <= 20


def test_how_a_text_sounds_is_read_as_if_every_tone_were_met_equally_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "STEPS", 20)
    tones = ["positive"] * 8 + ["negative", "neutral"]
    rows = [example(f"hola {n}", "store", tone, sounds=tone) for n, tone in enumerate(tones)]

    tensors = learnt_of(rows, lambda *_: None)
    reader = NGrams(tensors, {head: TASKS[head] for head in HEADS}, {}, single=SINGLE_LABEL)
    found = reader.logits(["zzz"])

    [sounds], [towards] = found["sentiment"], found["brand_sentiment"]
    ahead = float(towards[2] - towards[0]) - float(sounds[2] - sounds[0])
    assert ahead == pytest.approx(math.log(9 / 2), abs=1e-3)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "weights"))


def test_the_shipped_weights_read_with_both_and_can_read_without(weights: Path) -> None:
    text = ["El repartidor tiró el paquete por encima de la valla"]
    [both] = open_encoder(weights).score(text)

    configure(weights, lambda config: config.pop("ngrams"))
    [alone] = open_encoder(weights).score(text)

    assert set(both.texts) == set(alone.texts)
    changed = {task for task in both.texts if both.texts[task] != alone.texts[task]}
    assert changed == {*HEADS}
    assert sum(both.texts["stage"]) == pytest.approx(1)


def test_without_their_file_the_weights_do_not_open(weights: Path) -> None:
    (weights / FILE).unlink()

    with pytest.raises(ModelUnavailable, match=FILE):
        open_encoder(weights)
