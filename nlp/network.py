"""The network: BERT's encoder with one linear head a task, computed on the tensors of the weights folder.

Imported only by `nlp.encoder` when it opens a model and by the training: it pulls torch in. It does without
transformers, whose import takes longer than torch's; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

TOKEN = "token_"  # noqa: S105 - heads so named look at every token, the others at the mean of a text
INDEX = "model.safetensors.index.json"

Linear = tuple[Tensor, Tensor]  # weight and bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of BERT; query, key and value are joined into one matrix."""

    joined: Linear
    attended: Linear
    attended_norm: Linear
    inner: Linear
    outer: Linear
    outer_norm: Linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Several heads over the same inputs as one matrix, in the order of their tasks."""

    tasks: tuple[str, ...]
    linear: Linear


class VivenciaModel:
    """The encoder's tensors in one type, the heads in fp32; `config` is the folder's `config.json`.

    Its `tasks` names the labels of each head; `readout[task]` holds `temperature` and, for heads of several labels,
    `thresholds` in the order of the labels.
    """

    def __init__(self, config: Mapping[str, Any], tensors: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        self.config, self.dtype, self._epsilon = config, dtype, config["layer_norm_eps"]
        self._text_heads = _joined(tensors, [task for task in config["tasks"] if not task.startswith(TOKEN)])
        self._token_heads = _joined(tensors, [task for task in config["tasks"] if task.startswith(TOKEN)])
        tables = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        self._words, positions, types = (tensors[f"bert.embeddings.{name}.weight"].to(dtype) for name in tables)
        self._positions = positions + types[0]
        self._norm = _linear(tensors, "bert.embeddings.LayerNorm", dtype)
        self._layers = [_layer(tensors, number, dtype) for number in range(config["num_hidden_layers"])]

    def states(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Token states of the last layer, (batch, tokens, hidden), in fp32. `mask` (batch, tokens) is 0 for padding."""
        states = self._normed(self._words[ids] + self._positions[: ids.shape[1]], self._norm)
        bias = None if mask is None else ((1.0 - mask) * -1e4)[:, None, None, :].to(states.dtype)
        for layer in self._layers:
            states = self._through(layer, states, bias)
        return states.float()

    def words(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """The mean embedding of each row of tokens by themselves, (rows, hidden), in fp32; of none, zeros."""
        flat = torch.tensor([token for row in rows for token in row], dtype=torch.long)
        starts = torch.tensor([0, *accumulate(len(row) for row in rows)][:-1], dtype=torch.long)
        return functional.embedding_bag(flat, self._words, starts, mode="mean").float()

    def of_texts(self, means: Tensor) -> dict[str, Tensor]:
        """Task → logits (texts, labels) from mean-pooled states (texts, hidden)."""
        return self._scored(means, self._text_heads)

    def of_tokens(self, states: Tensor) -> dict[str, Tensor]:
        """Task → logits (tokens, labels) from states (tokens, hidden)."""
        return self._scored(states, self._token_heads)

    def _scored(self, inputs: Tensor, heads: Heads) -> dict[str, Tensor]:
        if not heads.tasks:
            return {}
        sizes = [len(self.config["tasks"][task]) for task in heads.tasks]
        columns = functional.linear(inputs, *heads.linear).split(sizes, dim=-1)  # type: ignore[no-untyped-call]
        return dict(zip(heads.tasks, columns, strict=True))

    def _through(self, layer: Layer, x: Tensor, bias: Tensor | None) -> Tensor:
        batch, tokens, hidden = x.shape
        heads = self.config["num_attention_heads"]
        joined = functional.linear(x, *layer.joined)
        query, key, value = joined.view(batch, tokens, 3, heads, hidden // heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        attended = functional.linear(seen.transpose(1, 2).reshape(batch, tokens, hidden), *layer.attended)
        x = self._normed(x + attended, layer.attended_norm)
        inner = functional.gelu(functional.linear(x, *layer.inner))
        return self._normed(x + functional.linear(inner, *layer.outer), layer.outer_norm)

    def _normed(self, x: Tensor, norm: Linear) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], *norm, eps=self._epsilon)


def open_model(folder: Path, dtype: torch.dtype) -> VivenciaModel:
    """Read the folder's shards. OSError, KeyError or ValueError when something is missing or unreadable."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    places = json.loads((folder / INDEX).read_text("utf-8"))["weight_map"]
    tensors = {name: tensor for shard in {*places.values()} for name, tensor in load_file(folder / shard).items()}
    return VivenciaModel(config, tensors, dtype)


def _linear(tensors: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> Linear:
    return tensors[f"{name}.weight"].to(dtype), tensors[f"{name}.bias"].to(dtype)


def _joined(tensors: Mapping[str, Tensor], tasks: Sequence[str]) -> Heads:
    parts = [_linear(tensors, f"heads.{task}", torch.float32) for task in tasks]
    empty = torch.empty(0)
    return Heads(
        tasks=tuple(tasks),
        linear=(torch.cat([weight for weight, _ in parts]), torch.cat([bias for _, bias in parts]))
        if parts
        else (empty, empty),
    )


def _layer(tensors: Mapping[str, Tensor], number: int, dtype: torch.dtype) -> Layer:
    def part(name: str) -> Linear:
        return _linear(tensors, f"bert.encoder.layer.{number}.{name}", dtype)

    weights, biases = zip(*(part(f"attention.self.{name}") for name in ("query", "key", "value")), strict=True)
    return Layer(
        joined=(torch.cat(weights), torch.cat(biases)),
        attended=part("attention.output.dense"),
        attended_norm=part("attention.output.LayerNorm"),
        inner=part("intermediate.dense"),
        outer=part("output.dense"),
        outer_norm=part("output.LayerNorm"),
    )
