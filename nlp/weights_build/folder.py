"""Write the encoder as a folder that transformers reads: two shards, an index, a configuration and a tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer

from nlp.weights_build.packed import Packed, Shape
from nlp.weights_build.vocabulary import END, MASK, PAD, SPECIAL, START, UNKNOWN

EMBEDDINGS = "model-00001-of-00002.safetensors"
LAYERS = "model-00002-of-00002.safetensors"
INDEX = "model.safetensors.index.json"
MAX_TOKENS = 512
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def embedding_tensors(packed: Packed, kept: list[str]) -> dict[str, torch.Tensor]:
    """The embedding tables under BertModel's names; row i of the words is the piece `kept[i]`."""
    hidden = packed.shape.hidden
    row_of = {piece: row for row, piece in enumerate(packed.pieces)}
    words = packed.tensors["emb.word"].reshape(-1, hidden)[[row_of[piece] for piece in kept]]
    tables = {
        "word_embeddings.weight": words,
        "position_embeddings.weight": packed.tensors["emb.pos"].reshape(-1, hidden),
        "token_type_embeddings.weight": packed.tensors["emb.type"].reshape(-1, hidden),
        "LayerNorm.weight": packed.tensors["emb.ln.w"],
        "LayerNorm.bias": packed.tensors["emb.ln.b"],
    }
    return {f"bert.embeddings.{name}": _bf16(table) for name, table in tables.items()}


def layer_tensors(packed: Packed) -> dict[str, torch.Tensor]:
    """The layers under BertModel's names."""
    tensors: dict[str, torch.Tensor] = {}
    for layer in range(packed.shape.layers):
        for short, name in _LAYER_PARTS.items():
            bias = packed.tensors[f"l{layer}.{short}.b"]
            weight = packed.tensors[f"l{layer}.{short}.w"]
            matrix = weight if short.endswith("ln") else weight.reshape(bias.size, -1)
            tensors[f"bert.encoder.layer.{layer}.{name}.weight"] = _bf16(matrix)
            tensors[f"bert.encoder.layer.{layer}.{name}.bias"] = _bf16(bias)
    return tensors


def write_folder(
    folder: Path,
    *,
    shape: Shape,
    tokenizer: Tokenizer,
    embeddings: dict[str, torch.Tensor],
    layers: dict[str, torch.Tensor],
) -> None:
    """Write all that `AutoModel` and `AutoTokenizer` need; what is there under the same names is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_shard(folder / EMBEDDINGS, embeddings)
    layer_shard(folder, layers)
    _write_json(folder / "config.json", _configuration(shape, tokenizer.get_vocab_size()))
    _write_json(folder / "tokenizer_config.json", _tokenizer_configuration())
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), "utf-8")


def layer_shard(folder: Path, layers: dict[str, torch.Tensor]) -> None:
    """Replace the second shard (layers and heads) and the index; the first shard stays as it is.

    A pooler of zeros goes with them: E5 has none and BertModel wants one.
    """
    hidden = next(tensor for name, tensor in layers.items() if name.endswith("attention.output.dense.bias")).numel()
    layers = layers | {
        "bert.pooler.dense.weight": torch.zeros(hidden, hidden, dtype=torch.bfloat16),
        "bert.pooler.dense.bias": torch.zeros(hidden, dtype=torch.bfloat16),
    }
    _write_shard(folder / LAYERS, layers)
    with safe_open(folder / EMBEDDINGS, "pt") as shard:
        tables = {name: shard.get_tensor(name) for name in shard.keys()}  # noqa: SIM118
    places = dict.fromkeys(tables, EMBEDDINGS) | dict.fromkeys(layers, LAYERS)
    size = sum(tensor.numel() * tensor.element_size() for tensor in (*tables.values(), *layers.values()))
    _write_json(folder / INDEX, {"metadata": {"total_size": size}, "weight_map": dict(sorted(places.items()))})


def _bf16(values: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32)).to(torch.bfloat16).contiguous()


def _configuration(shape: Shape, vocabulary: int) -> dict[str, object]:
    return {
        "architectures": ["VivenciaModel"],
        "model_type": "bert",
        "dtype": "bfloat16",
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": shape.hidden,
        "initializer_range": 0.02,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": PAD,
        "type_vocab_size": shape.token_types,
        "vocab_size": vocabulary,
    }


def _tokenizer_configuration() -> dict[str, object]:
    names = {"bos_token": START, "cls_token": START, "eos_token": END, "sep_token": END}
    names |= {"pad_token": PAD, "unk_token": UNKNOWN, "mask_token": MASK}
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
    } | {name: SPECIAL[index] for name, index in names.items()}


def _write_shard(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, path, metadata={"format": "pt"})
    path.chmod(0o644)  # safetensors writes 0600


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
