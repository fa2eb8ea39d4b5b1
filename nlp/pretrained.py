"""The network as a `PreTrainedModel`: for the training, and for whoever opens the weights with transformers.

The service itself opens the same tensors through `nlp.network`, which does without transformers (ADR 0009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from transformers import BertConfig, BertModel, BertPreTrainedModel

from nlp.network import TOKEN

HEAD_DROPOUT = 0.1


class VivenciaConfig(BertConfig):  # type: ignore[no-untyped-call] # transformers types some of itself only
    """BERT's shape; `tasks` names the labels of each head, `readout` how its logits are read."""

    model_type = "bert"  # the folder stays readable by AutoModel

    def __init__(
        self,
        tasks: Mapping[str, Sequence[str]] | None = None,
        readout: Mapping[str, Mapping[str, Any]] | None = None,
        **kwargs: Any,  # noqa: ANN401 - the vendor's signature
    ) -> None:
        super().__init__(**kwargs)
        self.tasks = {task: list(labels) for task, labels in (tasks or {}).items()}
        self.readout = dict(readout or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Logits:
    """One forward pass: `texts[task]` is (batch, labels), `tokens[task]` (batch, tokens, labels)."""

    texts: dict[str, Tensor]
    tokens: dict[str, Tensor]


class VivenciaModel(BertPreTrainedModel):  # type: ignore[no-untyped-call]
    """BERT with one linear head a task: `token_*` heads look at every token's state, the others at their mean."""

    config_class = VivenciaConfig
    _keys_to_ignore_on_load_unexpected = [r"bert\.pooler\."]  # noqa: RUF012 - the vendor's attribute

    def __init__(self, config: VivenciaConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(HEAD_DROPOUT)
        self.heads = nn.ModuleDict(
            {task: nn.Linear(config.hidden_size, len(labels)) for task, labels in config.tasks.items()}
        )
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Logits:
        """Score every head. `attention_mask` is (batch, tokens), 0 for padding, which no mean sees."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask[:, :, None].to(states.dtype)
        whole = self.dropout((states * mask).sum(1) / mask.sum(1))
        seen = self.dropout(states)
        return Logits(
            texts={task: head(whole) for task, head in self.heads.items() if not task.startswith(TOKEN)},
            tokens={task: head(seen) for task, head in self.heads.items() if task.startswith(TOKEN)},
        )
