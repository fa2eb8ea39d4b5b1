"""Learn how much network and n-grams weigh together, of texts that taught neither, and write both into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from nlp.encoder import SINGLE_LABEL, Readout
from nlp.ngrams import FILE, Blend, NGrams
from nlp.pretrained import VivenciaModel
from nlp.seal import configure
from nlp.tones import OF_TEXT
from nlp.train.annotated import annotated_examples
from nlp.train.batches import prepare, shortest_first
from nlp.train.corpus import MEASURED, UNSEEN, Example, seed_examples
from nlp.train.least import least
from nlp.train.loss import task_loss
from nlp.train.ngrams import HEADS
from nlp.train.score import scores_of
from nlp.train.tasks import TASKS
from nlp.train.unlearnt import tuning_examples

_PENALTY = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Of one head and one kind of text: what the network says, divided by its temperature, what n-grams say, the truth.

    All (texts, labels) but the targets of a head of one label (texts).
    """

    network: Tensor
    ngrams: Tensor
    targets: Tensor


def blend_of(task: str, kinds: Sequence[Said]) -> Blend:
    """The blend of least negative log-likelihood, each kind of text counting alike, held back to the network alone.

    Even odds stay even, so that thresholds mean the same. Without texts the network reads alone.
    """
    if not kinds:
        return Blend()

    def cost(learnt: Tensor) -> Tensor:
        losses = [task_loss(task, learnt[0] * kind.network + learnt[1] * kind.ngrams, kind.targets) for kind in kinds]
        return torch.stack(losses).mean() + _PENALTY * ((learnt[0] - 1).square() + learnt[1].square())

    of_network, of_ngrams = (round(float(each), 4) for each in least(torch.tensor([1.0, 0.0]), cost))
    return Blend(of_network=of_network, of_ngrams=of_ngrams)


def with_ngrams(
    folder: Path, model: VivenciaModel, readouts: Mapping[str, Readout], tensors: Mapping[str, Tensor], data: Path
) -> Mapping[str, Blend]:
    """Write the n-grams of `HEADS` beside what `ship` wrote of the model, with how both are blended; sealed again."""
    tasks = {task: TASKS[task] for task in HEADS}
    saying = _Saying(
        model=model,
        ngrams=NGrams(tensors, tasks, {}, single=SINGLE_LABEL),
        readouts=readouts,
        tokenizer=Tokenizer.from_file(str(folder / "tokenizer.json")),
    )
    mentions = [saying.of(each) for each in (seed_examples(UNSEEN), annotated_examples(data, MEASURED)) if each]
    # how a mention sounds is known only of posts whose sets trained
    tweets = [saying.of(each) for each in (tuning_examples(data),) if each]
    blends = {
        task: blend_of(task, [kind[task] for kind in (tweets if task == OF_TEXT else mentions)]) for task in HEADS
    }
    save_file(dict(tensors), folder / FILE)

    def change(config: dict[str, Any]) -> None:
        config["ngrams"] = {
            "tasks": {task: list(labels) for task, labels in tasks.items()},
            "blends": {task: asdict(blend) for task, blend in blends.items()},
        }

    configure(folder, change)
    return blends


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """Both readers, before they are blended."""

    model: VivenciaModel
    ngrams: NGrams
    readouts: Mapping[str, Readout]
    tokenizer: Tokenizer

    def of(self, examples: Sequence[Example]) -> Mapping[str, Said]:
        """What both say of examples, by head."""
        rows = shortest_first(prepare(self.tokenizer, examples))  # the order in which they are scored
        network = scores_of(self.model, rows, {task: TASKS[task] for task in HEADS})
        ngrams = self.ngrams.logits([row.example.text for row in rows])
        return {
            task: Said(
                network=_alone(task, logits / self.readouts[task].temperature), ngrams=ngrams[task], targets=targets
            )
            for task, (logits, targets) in network.items()
        }


def _alone(task: str, logits: Tensor) -> Tensor:
    return functional.log_softmax(logits, dim=1) if task in SINGLE_LABEL else logits
