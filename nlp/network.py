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
from typing import Any, Protocol, assert_never

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from nlp.choice import Arithmetic
from nlp.compiled import CompiledLayers

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


class Layers(Protocol):
    """What computes the layers."""

    def through(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Token states of the last layer from those before the first, both (batch, tokens, hidden), in any type.

        `mask` (batch, tokens) is 0 for padding; None where there is none.
        """


class VivenciaModel:
    """The encoder's tensors, the heads in fp32; `config` is the folder's `config.json`.

    Its `tasks` names the labels of each head; `readout[task]` holds `temperature` and, for heads of several labels,
    `thresholds` in the order of the labels.
    """

    def __init__(
        self, config: Mapping[str, Any], tensors: Mapping[str, Tensor], layers: Layers, dtype: torch.dtype
    ) -> None:
        self.config, self._layers, self._epsilon = config, layers, config["layer_norm_eps"]
        self._text_heads = _joined(tensors, [task for task in config["tasks"] if not task.startswith(TOKEN)])
        self._token_heads = _joined(tensors, [task for task in config["tasks"] if task.startswith(TOKEN)])
        tables = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        self._words, positions, types = (tensors[f"bert.embeddings.{name}.weight"].to(dtype) for name in tables)
        self._positions = positions + types[0]
        self._norm = _linear(tensors, "bert.embeddings.LayerNorm", dtype)

    def states(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Token states of the last layer, (batch, tokens, hidden), in fp32. `mask` (batch, tokens) is 0 for padding."""
        embedded = self._words[ids] + self._positions[: ids.shape[1]]
        return self._layers.through(_normed(embedded, self._norm, self._epsilon), mask).float()

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


class TorchLayers:
    """The layers in torch, in one type."""

    def __init__(self, config: Mapping[str, Any], tensors: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        self._heads, self._epsilon = config["num_attention_heads"], config["layer_norm_eps"]
        self._layers = [_layer(tensors, number, dtype) for number in range(config["num_hidden_layers"])]

    def through(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """See `Layers`."""
        bias = None if mask is None else ((1.0 - mask) * -1e4)[:, None, None, :].to(states.dtype)
        for layer in self._layers:
            states = self._after(layer, states, bias)
        return states

    def _after(self, layer: Layer, x: Tensor, bias: Tensor | None) -> Tensor:
        batch, tokens, hidden = x.shape
        joined = functional.linear(x, *layer.joined)
        query, key, value = joined.view(batch, tokens, 3, self._heads, hidden // self._heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        attended = functional.linear(seen.transpose(1, 2).reshape(batch, tokens, hidden), *layer.attended)
        x = _normed(x + attended, layer.attended_norm, self._epsilon)
        inner = functional.gelu(functional.linear(x, *layer.inner))
        return _normed(x + functional.linear(inner, *layer.outer), layer.outer_norm, self._epsilon)


def open_model(folder: Path, arithmetic: Arithmetic, threads: int) -> VivenciaModel:
    """Read the folder's shards. OSError, KeyError or ValueError when something is missing or unreadable.

    Raises NoOpenVino where eight bits cannot be had.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    places = json.loads((folder / INDEX).read_text("utf-8"))["weight_map"]
    tensors = {name: tensor for shard in {*places.values()} for name, tensor in load_file(folder / shard).items()}
    layers, dtype = open_layers(config, tensors, arithmetic, threads)
    return VivenciaModel(config, tensors, layers, dtype)


def open_layers(
    config: Mapping[str, Any], tensors: Mapping[str, Tensor], arithmetic: Arithmetic, threads: int
) -> tuple[Layers, torch.dtype]:
    """The layers, and the type in which they are given states. Raises NoOpenVino where eight bits cannot be had."""
    match arithmetic:
        case Arithmetic.INT8:
            return CompiledLayers(config, tensors, threads), torch.bfloat16
        case Arithmetic.FLOAT32 | Arithmetic.BFLOAT16:
            dtype: torch.dtype = getattr(torch, arithmetic)
            return TorchLayers(config, tensors, dtype), dtype
        case unreachable:
            assert_never(unreachable)


def _normed(x: Tensor, norm: Linear, epsilon: float) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:], *norm, eps=epsilon)


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
