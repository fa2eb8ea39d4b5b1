"""The owner's own model for a task: opened from safetensors, mapped to our labels, complained of in sentences."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from bot.domain.errors import ConfigError, ModelUnavailable
from bot.domain.reading import Intent, Sentiment, Text
from bot.readers import open_reader
from config.settings import read_settings
from nlp.brand import BrandWords
from nlp.classifier import TransformerClassifier
from nlp.encoder import open_encoder
from nlp.language import open_language_reader
from nlp.own_model import OwnModel, open_own_model

WORDS = ("[PAD]", "[UNK]", "good", "bad", "so", "so-so", "@user", "http")
TONES = {"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A tiny random sequence classifier with its tokenizer."""

    def made(*labels: str, safe: bool = True) -> Path:
        torch.manual_seed(3)
        shape = BertConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            id2label=dict(enumerate(labels)),
            label2id={label: index for index, label in enumerate(labels)},
        )
        model = BertForSequenceClassification(shape)
        if safe:
            model.save_pretrained(tmp_path)
        else:
            shape.save_pretrained(tmp_path)
            torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
        words = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
        words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(tmp_path)  # type: ignore[no-untyped-call] # noqa: S106
        return tmp_path

    return made


def own(folder: Path | str, labels: dict[str, str], task: str = "sentiment", revision: str | None = None) -> OwnModel:
    return OwnModel(task=task, source=str(folder), revision=revision, labels=labels)


def test_its_labels_become_ours_in_our_order(make: Make) -> None:
    scorer = open_own_model(own(make(*TONES), TONES), offline=True)

    rows = scorer.score(["so good", "bad", "so so good so bad @ana http://x.y"])

    assert all(sum(row) == pytest.approx(1) for row in rows)
    assert rows[0] == pytest.approx(scorer.score(["so good"])[0], abs=1e-5)


def test_a_map_may_turn_labels_round(make: Make) -> None:
    folder = make(*TONES)
    turned = {"LABEL_0": "positive", "LABEL_1": "neutral", "LABEL_2": "negative"}

    plain, other = (open_own_model(own(folder, labels), offline=True).score(["good"])[0] for labels in (TONES, turned))

    assert plain == pytest.approx(other[::-1])


def test_several_labels_of_several_may_hold_and_a_missing_one_never_does(make: Make) -> None:
    folder = make("angry", "asks")
    scorer = open_own_model(own(folder, {"angry": "complaint", "asks": "question"}, task="intents"), offline=True)

    [row] = scorer.score(["bad"])

    held = dict(zip(Intent, row, strict=True))
    assert 0 < held[Intent.COMPLAINT] < 1
    assert held[Intent.SPAM] == 0


def test_it_has_the_word_on_its_task_and_its_name_stands_in_the_reading(make: Make) -> None:
    scorer = open_own_model(own(make(*TONES), TONES), offline=True)
    classifier = TransformerClassifier(open_encoder(), open_language_reader(), BrandWords(), own=[scorer])

    [reading] = classifier.read([Text(text="the box")])

    expected = dict(zip(Sentiment, scorer.score(["the box"])[0], strict=True))
    assert dict(reading.scores) == pytest.approx(expected, abs=1e-3)
    assert "+sentiment:" in reading.model


@pytest.mark.parametrize(
    ("source", "revision", "words"),
    [
        ("no folder here", None, "neither a folder nor a hub id"),
        ("owner/name", None, "40 hex digits"),
        ("owner/name", "main", "40 hex digits"),
    ],
)
def test_a_hub_id_needs_its_commit(source: str, revision: str | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        open_own_model(own(source, TONES, revision=revision), offline=True)


def test_a_hub_model_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(ModelUnavailable, match="offline = false"):
        open_own_model(own("owner/name", TONES, revision="0" * 40), offline=True)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"LABEL_0": "angry"}, "'angry' is no label"),
        ({**TONES, "LABEL_9": "neutral"}, "no label 'LABEL_9'; it has LABEL_0"),
        ({"LABEL_0": "negative"}, "nothing is mapped to neutral, positive"),
    ],
)
def test_a_wrong_map_is_one_sentence(make: Make, labels: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        open_own_model(own(make(*TONES), labels), offline=True)


def test_a_map_that_lacks_a_label_of_ours_is_told_before_anything_is_opened() -> None:
    with pytest.raises(ConfigError, match="nothing is mapped to neutral, positive"):
        open_own_model(own("owner/name", {"LABEL_0": "negative"}, revision="0" * 40), offline=True)


def test_a_folder_without_a_model_says_what_belongs_in_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"it needs config\.json, a tokenizer and weights as safetensors"):
        open_own_model(own(tmp_path, TONES), offline=True)


@pytest.mark.parametrize("dtype", ["auto", "float32", "bfloat16", "int8"])
def test_what_is_set_for_the_embedded_models_arithmetic_opens_it_too(make: Make, dtype: str) -> None:
    (row,) = open_own_model(own(make(*TONES), TONES), offline=True, dtype=dtype).score(["so so good"])

    assert sum(row) == pytest.approx(1)


def test_the_settings_say_in_what_it_computes(make: Make, tmp_path: Path) -> None:
    folder = make(*TONES)
    (file := tmp_path / "vivencia.toml").write_text(
        f'[model]\ndtype = "bfloat16"\n[model.tasks.sentiment]\nsource = "{folder}"\n'
        'labels = { LABEL_0 = "negative", LABEL_1 = "neutral", LABEL_2 = "positive" }\n'
    )
    short, long = (
        open_own_model(own(folder, TONES), offline=True, dtype=dtype).score(["so so good"])[0]
        for dtype in ("bfloat16", "float32")
    )

    (reading,) = open_reader(read_settings(file)).read([Text(text="so so good")])

    assert short != long
    assert list(reading.scores.values()) == [round(share, 4) for share in short]


def test_pickled_weights_are_refused(make: Make) -> None:
    with pytest.raises(ModelUnavailable):
        open_own_model(own(make(*TONES, safe=False), TONES), offline=True)
