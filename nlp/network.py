"""The network: a BERT encoder with one linear head a task, as one model of transformers.

Imported only by `nlp.encoder` when it opens a model and by the training: it pulls torch and transformers in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel, PreTrainedModel

MIDDLE = 8  # the layer whose states are pooled beside the last one's
CLAUSE = "clause_"  # heads so named look at a clause and the whole text, the others at the whole text


class VivenciaConfig(BertConfig):  # type: ignore[no-untyped-call]
    """A BERT configuration with `tasks`: the name of a head → its labels; `readout` says how to read the scores.

    `readout[task]` holds `temperature` and, for heads of several labels, `thresholds` in the order of the labels.
    """

    def __init__(
        self,
        tasks: dict[str, list[str]] | None = None,
        readout: dict[str, dict[str, Any]] | None = None,
        **bert: Any,  # noqa: ANN401 - the keys of BertConfig
    ) -> None:
        super().__init__(**bert)
        self.tasks = tasks or {}
        self.readout = readout or {}


class VivenciaModel(PreTrainedModel):  # type: ignore[no-untyped-call]
    """BERT under the name `bert`, so that `AutoModel` reads the same folder, and `heads` over pooled states."""

    config_class = VivenciaConfig
    base_model_prefix = "bert"
    _keys_to_ignore_on_load_unexpected: set[str] | list[str] | None = [r"bert\.pooler\..*"]  # noqa: RUF012 - as declared
    _keep_in_fp32_modules_strict: set[str] | list[str] | None = ["heads"]  # noqa: RUF012 - as declared

    def __init__(self, config: VivenciaConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.heads = nn.ModuleDict(
            {
                task: nn.Linear(head_width(task, config.hidden_size), len(labels))
                for task, labels in config.tasks.items()
            }
        )
        self.post_init()  # type: ignore[no-untyped-call]

    def fuse(self) -> None:
        """Join query, key and value of each layer into one matrix, once, before `states` is called."""
        layer: Any  # BertLayer is untyped
        for layer in self.bert.encoder.layer:
            parts = (layer.attention.self.query, layer.attention.self.key, layer.attention.self.value)
            layer.fused_weight = torch.cat([part.weight for part in parts]).detach().contiguous()
            layer.fused_bias = torch.cat([part.bias for part in parts]).detach().contiguous()

    def states(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Token states of the last and the middle layer side by side, (batch, tokens, 2 * hidden), in fp32.

        The same arithmetic as BertModel with less overhead. `mask` is (batch, tokens), 0 for padding, or None.
        """
        tables = self.bert.embeddings
        positions = tables.position_embeddings.weight[: ids.shape[1]] + tables.token_type_embeddings.weight[0]
        last = middle = tables.LayerNorm(tables.word_embeddings(ids) + positions)
        bias = None if mask is None else ((1.0 - mask) * -1e4)[:, None, None, :].to(last.dtype)
        for number, layer in enumerate(self.bert.encoder.layer, start=1):
            last = self._layer(layer, last, bias)
            middle = last if number == MIDDLE else middle
        return torch.cat([last, middle], dim=-1).float()

    def logits(self, features: Sequence[Tensor]) -> dict[str, tuple[Tensor, ...]]:
        """Head → for each text a (rows, labels) matrix; one row for heads of the text, one a clause for the others.

        Row 0 of a text's `features` (rows, 2 * hidden) is the whole text, the others its clauses.
        """
        whole = torch.stack([rows[0] for rows in features])
        beside = torch.cat([torch.cat([rows[1:], rows[:1].expand(len(rows) - 1, -1)], dim=1) for rows in features])
        clauses, texts = [len(rows) - 1 for rows in features], [1] * len(features)
        return {
            task: head(beside).split(clauses) if task.startswith(CLAUSE) else head(whole).split(texts)
            for task, head in self.heads.items()
        }

    def _layer(self, layer: Any, x: Tensor, bias: Tensor | None) -> Tensor:  # noqa: ANN401 - BertLayer is untyped
        batch, tokens, hidden = x.shape
        heads = self.config.num_attention_heads
        joined = functional.linear(x, layer.fused_weight, layer.fused_bias)
        query, key, value = joined.view(batch, tokens, 3, heads, hidden // heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        attended = layer.attention.output.dense(seen.transpose(1, 2).reshape(batch, tokens, hidden))
        x = layer.attention.output.LayerNorm(x + attended)
        inner = functional.gelu(layer.intermediate.dense(x))
        mixed: Tensor = layer.output.LayerNorm(x + layer.output.dense(inner))
        return mixed


def head_width(task: str, hidden: int) -> int:
    """How many features a head looks at: two layers' means of the text, and for a clause its own two besides."""
    return (4 if task.startswith(CLAUSE) else 2) * hidden
