"""The training: what each set teaches, how tokens get their targets, how heads are calibrated, the course in small."""

import json
import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from bot.domain.errors import ConfigError
from bot.domain.reading import Intent
from nlp.encoder import FOLDER, Readout, open_encoder
from nlp.evaluate.gold import golds_of, labelled
from nlp.pretrained import Logits
from nlp.train import annotated, corpus, course, ngrams
from nlp.train.annotated import annotated_examples, annotated_rows
from nlp.train.audit import KEYS, alike, annotated_in, complaints, is_mixed, rows_in, shortages, slips
from nlp.train.batches import HIDDEN, MISSING, batches, collate, prepare
from nlp.train.calibrate import macro_f1, readout_of, threshold_of
from nlp.train.corpus import MEASURED, UNSEEN, UNSEEN_POSTS, Example, Source
from nlp.train.course import Course, lowered, mean_of, parted, raw_model, run
from nlp.train.fine_tune import Recipe, hiding
from nlp.train.loss import loss_of
from nlp.train.tasks import SIDE_TASKS, TASKS

Row = dict[str, Any]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def seed(text: str, *spans: tuple[str, str, str], sector: str = "bank", **changes: Any) -> Row:
    labels = {"sentiment": "negative", "intents": ["complaint"], "stage": "after", "urgency": "medium"}
    row: Row = dict.fromkeys(sorted(KEYS)) | {
        "id": text[:8],
        "text": text,
        "lang": "es",
        "sector": sector,
        "register": "tweet",
        "about_brand": True,
        "spam": False,
        "spans": [{"quote": q, "touchpoint": t, "stage": "after", "sentiment": s} for q, t, s in spans],
    }
    return row | labels | changes


def examples(folder: Path, *rows: Row) -> list[Example]:
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return corpus.seed_examples(folder)


def test_a_seed_teaches_every_head_but_how_a_text_sounds(tmp_path: Path) -> None:
    [example] = examples(tmp_path, seed("@banco la app va fatal", ("la app va fatal", "website_app", "negative")))

    assert set(example.labels) == {task for task in TASKS if not task.startswith("token_")} - {"sentiment"}
    [piece] = example.pieces or ()
    assert example.text[piece.start : piece.end] == "la app va fatal"


def test_a_public_row_teaches_only_what_it_was_labelled_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=5)})
    row = {"text": "qué bien", "lang": "es", "labels": {"sentiment": "positive"}}
    (tmp_path / "tones.jsonl").write_text(json.dumps(row), "utf-8")

    [example] = corpus.public_examples(tmp_path, ["tones"])

    assert example.labels == {"sentiment": "positive"}
    assert example.pieces is None


def test_where_the_brands_word_means_something_else_there_is_no_tone_towards_it(tmp_path: Path) -> None:
    [example] = examples(tmp_path, seed("qué rico el jugo de naranja", about_brand=False, sentiment="positive"))

    assert example.labels["sentiment"] == "positive"
    assert not {"brand_sentiment", "firm"} & set(example.labels)


def test_the_tone_of_a_set_of_mentions_is_the_tone_towards_the_firm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"reviews": Source(files=("reviews",), most=5, mentions=True)})
    rows = [{"text": "buen hotel", "lang": "es", "labels": labels} for labels in ({"sentiment": "positive"}, {})]
    (tmp_path / "reviews.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")

    found = corpus.public_examples(tmp_path, ["reviews"])
    told, untold = sorted(found, key=lambda each: len(each.labels), reverse=True)

    assert told.labels == {"sentiment": "positive", "brand_sentiment": "positive", "firm": frozenset({"firm"})}
    assert untold.labels == {"firm": frozenset({"firm"})}


@pytest.fixture
def posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A public set of two posts, in the folder of the data."""
    monkeypatch.setattr(annotated, "SOURCES", {"tones": Source(files=("tones",), most=5)})
    rows = [
        {"id": "1", "text": "@ana  la app va fatal", "lang": "es", "labels": {"sentiment": "negative"}},
        {"id": "2", "text": "la vida va fatal", "lang": "es", "labels": {"sentiment": "negative"}},
    ]
    (tmp_path / "tones.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "labels").mkdir()
    return tmp_path


def labels_of(posts: Path, *rows: Row) -> list[Example]:
    (posts / "labels" / "tones.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return annotated_examples(posts, posts / "labels")


ANNOTATION: Row = {
    "id": "1",
    "length": 21,
    "firm": True,
    "sentiment": "negative",
    "intents": ["complaint"],
    "spans": [{"start": 6, "end": 21, "touchpoint": "website_app", "sentiment": "negative"}],
    "stage": None,
    "urgency": "medium",
    "expectation": None,
}


def test_a_post_of_a_public_set_teaches_what_we_annotated_too(posts: Path) -> None:
    [example] = labels_of(posts, ANNOTATION)

    assert example.labels == {
        "sentiment": "negative",
        "brand_sentiment": "negative",
        "firm": {"firm"},
        "intents": {"complaint"},
        "touchpoints": {"website_app"},
        "urgency": "medium",
        "stage": "none",
    }
    [piece] = example.pieces or ()
    assert example.text[piece.start : piece.end].strip() == "la app va fatal"


def test_a_post_has_the_tone_of_its_set_and_ours_towards_the_firm(posts: Path) -> None:
    [example] = labels_of(posts, ANNOTATION | {"sentiment": "neutral"})

    assert example.labels["sentiment"] == "negative"
    assert example.labels["brand_sentiment"] == "neutral"


def test_a_post_in_which_no_firm_is_lived_complains_of_none(posts: Path) -> None:
    [example] = labels_of(posts, {"id": "2", "length": 16, "firm": False})

    assert "complaint" in example.denied
    assert example.pieces == ()
    assert "intents" not in example.labels


def test_annotated_posts_measure_what_we_labelled_and_the_tone_towards_the_firm(posts: Path) -> None:
    labels_of(posts, ANNOTATION | {"sentiment": "neutral"}, {"id": "2", "length": 16, "firm": False})

    lived, talk = golds_of(map(labelled, annotated_rows(posts, posts / "labels")))

    assert [(span.quote.strip(), str(span.touchpoint)) for span in lived.spans or ()] == [
        ("la app va fatal", "website_app")
    ]
    assert (lived.sentiment, talk.sentiment) == ("neutral", None)
    assert (lived.intents[Intent.COMPLAINT], talk.intents[Intent.COMPLAINT]) == (True, False)
    assert Intent.SMALLTALK not in talk.intents
    assert not any(talk.touchpoints.values())


def test_a_post_that_was_annotated_and_is_gone_is_said(posts: Path) -> None:
    with pytest.raises(ConfigError, match=r"9, which tones.jsonl has labels for, is not in tones.*fetch the set anew"):
        labels_of(posts, {"id": "9", "length": 16, "firm": False})


def test_a_post_that_is_not_as_it_was_annotated_is_said(posts: Path) -> None:
    with pytest.raises(ConfigError, match="or not as it was"):
        labels_of(posts, ANNOTATION | {"length": 22})


def test_our_labels_of_public_posts_are_whole() -> None:
    assert slips([*annotated_in(), *annotated_in(MEASURED)]) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"text": "la app va fatal"}, "keys"),
        ({"urgency": "soon"}, "no label"),
        ({"expectation": [9, 4]}, "holds nothing"),
    ],
)
def test_a_wrong_label_of_a_post_is_complained_of(changes: Mapping[str, Any], word: str) -> None:
    assert any(word in slip for slip in slips([ANNOTATION | dict(changes)]))


def test_tokens_of_a_quote_carry_its_touchpoint_and_tone_and_the_others_none(
    tmp_path: Path, tokenizer: Tokenizer
) -> None:
    rows = examples(tmp_path, seed("ayer la app va fatal", ("la app va fatal", "website_app", "negative")))
    [prepared] = prepare(tokenizer, rows)

    targets = collate([prepared], TASKS).targets

    labelled = zip(prepared.encoding.offsets, targets["token_touchpoint"][0].tolist(), strict=True)
    quoted = len("query: ayer ")
    touched = [(end >= quoted, TASKS["token_touchpoint"][t]) for (_, end), t in labelled if t != MISSING]
    assert {*touched} == {(False, "none"), (True, "website_app")}
    assert targets["token_sentiment"][0].tolist().count(0) == touched.count((True, "website_app"))


def test_what_was_not_annotated_is_missing_and_not_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokenizer: Tokenizer
) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=5)})
    row = {"text": "qué bien", "lang": "es", "labels": {"sentiment": "positive"}}
    (tmp_path / "tones.jsonl").write_text(json.dumps(row), "utf-8")
    batch = collate(prepare(tokenizer, corpus.public_examples(tmp_path, ["tones"])), TASKS)

    assert batch.targets["urgency"].tolist() == [MISSING]
    assert batch.targets["intents"].isnan().all()
    assert batch.targets["token_touchpoint"].eq(MISSING).all()


def test_everyday_talk_complains_of_no_firm_and_touches_nothing_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokenizer: Tokenizer
) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=5, everyday=True)})
    row = {"text": "qué asco de lunes, no puedo más", "lang": "es", "labels": {"sentiment": "negative"}}
    (tmp_path / "tones.jsonl").write_text(json.dumps(row), "utf-8")
    batch = collate(prepare(tokenizer, corpus.public_examples(tmp_path, ["tones"])), TASKS)

    intents = dict(zip(TASKS["intents"], batch.targets["intents"][0].tolist(), strict=True))
    assert intents["complaint"] == intents["churn_threat"] == 0
    assert not batch.targets["touchpoints"].any()
    unknown = [label for label, held in intents.items() if math.isnan(held)]
    assert unknown == ["question", "praise", "spam", "news_opinion", "smalltalk"]


def test_talk_that_names_a_touchpoint_may_be_about_a_firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=5, everyday=True)})
    row = {"text": "qué asco de factura otra vez", "lang": "es", "labels": {"sentiment": "negative"}}
    (tmp_path / "tones.jsonl").write_text(json.dumps(row), "utf-8")

    [example] = corpus.public_examples(tmp_path, ["tones"])

    assert not example.denied


def test_talk_that_we_annotated_is_not_judged_by_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"talk": Source(files=("talk",), most=5, everyday=True)})
    row = {"id": annotated_in(MEASURED)[0]["id"], "text": "so angry today", "lang": "en", "labels": {}}
    (tmp_path / "talk.jsonl").write_text("\n".join(map(json.dumps, (row, row | {"id": "new"}))), "utf-8")

    denied = {each.row["id"]: each.denied for each in corpus.public_examples(tmp_path, ["talk"])}

    assert denied[row["id"]] == frozenset()
    assert "complaint" in denied["new"]


def test_what_is_known_of_a_row_counts_in_the_loss_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokenizer: Tokenizer
) -> None:
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=5, everyday=True)})
    row = {"text": "qué asco de lunes", "lang": "es", "labels": {}}
    (tmp_path / "tones.jsonl").write_text(json.dumps(row), "utf-8")
    batch = collate(prepare(tokenizer, corpus.public_examples(tmp_path, ["tones"])), {"intents": TASKS["intents"]})

    def loss(label: str) -> float:
        said = torch.tensor([[8.0 if each == label else 0.0 for each in TASKS["intents"]]])
        return float(loss_of(Logits(texts={"intents": said}, tokens={}), batch))

    assert loss("complaint") > loss("praise") == loss("question") > 0


def test_every_row_is_in_one_batch_of_like_lengths(tmp_path: Path, tokenizer: Tokenizer) -> None:
    rows = [seed("bla " * size, sector=str(size), id=str(size)) for size in range(1, 41)]
    prepared = prepare(tokenizer, examples(tmp_path, *rows))

    found = list(batches(prepared, TASKS, size=8, shuffle=random.Random(1)))  # noqa: S311

    assert sum(len(batch.ids) for batch in found) == 40
    assert sum(int(batch.mask.numel() - batch.mask.sum()) for batch in found) < 40 * 8


def test_a_head_that_is_too_sure_gets_a_temperature_over_one() -> None:
    truth = torch.tensor([0, 0, 0, 1] * 20)
    logits = torch.tensor([[6.0, 0.0]] * 80)

    assert readout_of("sentiment", ("a", "b"), logits, truth).temperature > 3


def test_one_threshold_of_the_best_f1_serves_all_labels() -> None:
    truth = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 1.0]])
    logits = torch.tensor([[-0.5, -2.0], [-0.7, 0.0], [-2.0, -3.0], [-3.0, -0.4]])

    readout = readout_of("intents", ("a", "b"), logits, truth)

    assert len(set(readout.thresholds)) == 1
    assert macro_f1("intents", readout, logits, truth) == 1.0


def test_the_threshold_lies_where_it_is_asked_for_among_the_good_ones() -> None:
    truth = torch.tensor([[1.0], [1.0], [0.0], [0.0]])
    shares = torch.tensor([[0.7], [0.8], [0.1], [0.2]])

    lowest, middle, highest = (threshold_of(shares, truth, at=at) for at in (0.0, 0.5, 1.0))

    assert 0.2 < lowest < 0.22
    assert lowest < middle < highest <= 0.7


def test_a_complaint_holds_from_less_on_than_other_intents() -> None:
    readout = lowered(Readout(labels=("complaint", "question"), temperature=2.0, thresholds=(0.5, 0.5)))

    assert readout.thresholds == (0.22, 0.5)
    assert readout.temperature == 2.3


def test_a_share_of_the_pieces_is_hidden_and_never_a_mark(tokenizer: Tokenizer) -> None:
    [text] = tokenizer.encode_batch(["query: " + "la app va fatal " * 40])
    ids = torch.tensor([[*text.ids, *[tokenizer.token_to_id("<pad>")] * 5]] * 50)

    hidden = hiding(ids, 0.3, torch.Generator().manual_seed(1))

    assert tokenizer.token_to_id("<mask>") == HIDDEN
    changed = hidden != ids
    assert set(hidden[changed].tolist()) == {HIDDEN}
    assert 0.1 < float(changed.float().mean()) < 0.2
    begin = text.offsets.index(next(place for place in text.offsets if place[0] >= len("query:")))
    assert not changed[:, :begin].any()
    assert not changed[:, -6:].any()


@pytest.fixture
def encoder(tmp_path: Path, tokenizer: Tokenizer) -> Path:
    """A bare encoder of two narrow layers."""
    torch.manual_seed(1)
    folder = tmp_path / "encoder"
    shape = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        pad_token_id=1,
    )
    model = BertModel(shape)
    tensors = {f"bert.{name}": tensor for name, tensor in model.state_dict().items() if "pooler" not in name}
    from nlp.weights_build.folder import EMBEDDINGS, _write_shard, layer_shard

    folder.mkdir()
    _write_shard(folder / EMBEDDINGS, {name: t for name, t in tensors.items() if ".embeddings." in name})
    (folder / "config.json").write_text(shape.to_json_string(), "utf-8")
    layer_shard(folder, {name: t for name, t in tensors.items() if ".encoder." in name})
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_the_course_in_small_ends_with_weights_that_the_service_opens(
    tmp_path: Path, tokenizer: Tokenizer, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    tones = [
        {"text": f"{tone} {n}", "lang": "es", "labels": {"sentiment": tone}}
        for tone in ("negative", "positive")
        for n in range(9)
    ]
    (data / "tones.jsonl").write_text("\n".join(map(json.dumps, tones)), "utf-8")
    monkeypatch.setattr(corpus, "SOURCES", {"tones": Source(files=("tones",), most=20)})
    monkeypatch.setattr(annotated, "SOURCES", corpus.SOURCES)
    monkeypatch.setattr(course, "public_examples", lambda data, names=("tones",): corpus.public_examples(data, names))
    monkeypatch.setattr(course, "REPLAYED", {"tones": 0.5})
    monkeypatch.setattr(course, "FIRST", Recipe(epochs=1, batch=8, average=0.5))
    monkeypatch.setattr(course, "talk_examples", list)
    monkeypatch.setattr(ngrams, "STEPS", 5)
    seeds = corpus.seed_examples()[::60]
    steps: list[str] = []
    heard = Course(data=data, tokenizer=tokenizer, told=lambda stage, *_: steps.append(stage))

    measured = run(heard, seeds, encoder=encoder, work=tmp_path / "work", out=tmp_path / "out")

    assert set(measured.figures) == set(TASKS)
    assert {"public sets", "seeds", "words"} == {*steps}
    sisters = {f"{line}-{n}" for line in ("judged", "final") for n in (1, 2)}
    sisters |= {f"{line}-late-{n}" for line in ("judged", "final") for n in (1, 2, 3, 4)}
    assert {each.name for each in (tmp_path / "work").iterdir()} == {"first", "second", "twin", *sisters}
    opened = open_encoder(tmp_path / "out")
    assert set(opened.doubts) == {"sentiment", "brand_sentiment", "stage", "urgency"}
    assert len(opened.scales["intents"]) == len(TASKS["intents"])
    [scored] = opened.score(["la app va fatal"])
    assert set(scored.texts) | set(scored.tokens) == set(TASKS)
    assert not set(scored.texts) & set(SIDE_TASKS)


def test_sisters_end_as_the_mean_of_every_weight(encoder: Path) -> None:
    before = raw_model(encoder).state_dict()
    sisters = [raw_model(encoder), raw_model(encoder)]
    with torch.no_grad():
        for sister, far in zip(sisters, (1.0, 2.0), strict=True):
            for weight in sister.parameters():
                weight.add_(far)

    ended = mean_of(sisters).state_dict()

    assert set(ended) == set(before)
    assert all(torch.allclose(ended[name], before[name] + 1.5, atol=1e-5) for name in before)


def test_the_sectors_left_out_are_in_no_lesson() -> None:
    learnt, held_out = parted(corpus.seed_examples())

    assert not {example.sector for example in learnt} & {example.sector for example in held_out}
    assert len(held_out) > 800


def test_the_seeds_are_whole_and_many() -> None:
    rows = rows_in()

    assert complaints([*rows, *rows_in(UNSEEN), *rows_in(UNSEEN_POSTS)]) == []
    assert shortages(rows) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"sentiment": "angry"}, "no label"),
        ({"expectation": "mañana"}, "expectation"),
        ({"spam": True}, "spam"),
        ({"register": "letter"}, "register"),
        ({"spans": [{"quote": "la web", "touchpoint": "website_app", "sentiment": "negative"}]}, "quote"),
    ],
)
def test_a_wrong_seed_is_complained_of(changes: Mapping[str, Any], word: str) -> None:
    assert any(word in complaint for complaint in complaints([seed("la app va fatal", **changes)]))


def test_two_seeds_that_say_the_same_are_found() -> None:
    text = "llevo tres semanas esperando que alguien me diga dónde está mi nevera nueva"
    one, two = seed(text, id="1"), seed(text + " gracias", id="2")

    assert alike([one, two]) == [("1", "2")]


def test_mixed_means_two_touchpoints_with_two_tones() -> None:
    both = seed("web bien, envío mal", ("web bien", "website_app", "positive"), ("envío mal", "delivery", "negative"))

    assert is_mixed(both)
    assert not is_mixed(seed("envío mal", ("envío mal", "delivery", "negative")))
