"""Fine-tune the layers and all heads together; the embeddings stay as they are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from nlp.pretrained import VivenciaModel
from nlp.train.batches import HIDDEN, PREFIXED, Prepared, batches
from nlp.train.loss import loss_of

_LAYER = "bert.encoder.layer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how boldly; `decay` makes each lower layer learn that much slower than the one above."""

    epochs: int
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    batch: int = 32
    warm_up: float = 0.06
    smoothing: float = 0.0
    average: float = 0.0  # of the steps' end: the share whose weights are averaged
    hidden: float = 0.0  # of a text's pieces: the most that are hidden, so that no single word decides
    seed: int = 7


def fine_tune(
    model: VivenciaModel,
    rows: Callable[[int], Sequence[Prepared]],
    tasks: Mapping[str, Sequence[str]],
    recipe: Recipe,
    *,
    told: Callable[[int, int, float], None],
) -> None:
    """Train in place on `rows(epoch)`; `told(step, steps, loss)` hears of every step. Deterministic on one thread."""
    torch.manual_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)  # noqa: S311 - an order, not a secret
    chance = torch.Generator().manual_seed(recipe.seed)
    model.bert.embeddings.requires_grad_(False)
    epochs = [rows(epoch) for epoch in range(recipe.epochs)]
    steps = sum(-(-len(each) // recipe.batch) for each in epochs)
    optimiser = AdamW(list(_groups(model, recipe)), weight_decay=0.01, fused=True)
    schedule = LambdaLR(optimiser, lambda step: _rate(step, steps, recipe.warm_up))
    mean = _Mean(model, since=round(steps * (1 - recipe.average)))
    model.train()
    step = 0
    for epoch in epochs:
        for batch in batches(epoch, tasks, size=recipe.batch, shuffle=shuffle):
            with torch.autocast("cpu", torch.bfloat16):
                ids = hiding(batch.ids, recipe.hidden, chance) if recipe.hidden else batch.ids
                loss = loss_of(model(ids, batch.mask), batch, smoothing=recipe.smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            step += 1
            mean.see(step)
            told(step, steps, float(loss.detach()))
    mean.put_back()
    model.train(mode=False)


def hiding(ids: Tensor, most: float, chance: torch.Generator) -> Tensor:
    """The pieces of each text with a share of them, up to `most`, replaced by the mark for a hidden one."""
    share = most * torch.rand(len(ids), 1, generator=chance)
    hit = (torch.rand(ids.shape, generator=chance) < share) & (ids > HIDDEN)
    hit[:, :PREFIXED] = False
    return ids.masked_fill(hit, HIDDEN)


class _Mean:
    """The running mean of the weights from step `since` on (stochastic weight averaging, Izmailov et al. 2018)."""

    def __init__(self, model: VivenciaModel, *, since: int) -> None:
        self._model, self._since, self._count = model, since, 0
        self._sums: dict[str, Tensor] = {}

    def see(self, step: int) -> None:
        if step <= self._since:
            return
        self._count += 1
        with torch.no_grad():
            for name, weight in self._trained():
                if name in self._sums:
                    self._sums[name] += (weight - self._sums[name]) / self._count
                else:
                    self._sums[name] = weight.detach().clone()

    def put_back(self) -> None:
        with torch.no_grad():
            for name, weight in self._trained():
                weight.copy_(self._sums.get(name, weight))

    def _trained(self) -> Iterator[tuple[str, Tensor]]:
        return ((name, weight) for name, weight in self._model.named_parameters() if weight.requires_grad)


def _groups(model: VivenciaModel, recipe: Recipe) -> Iterator[dict[str, object]]:
    layers = model.config.num_hidden_layers
    for number in range(layers):
        chosen = [weight for name, weight in model.named_parameters() if name.startswith(f"{_LAYER}{number}.")]
        yield {"params": chosen, "lr": recipe.rate * recipe.decay ** (layers - 1 - number)}
    yield {"params": list(model.heads.parameters()), "lr": recipe.head_rate}


def _rate(step: int, steps: int, warm_up: float) -> float:
    rising = steps * warm_up
    return (step + 1) / rising if step < rising else max(0.02, (steps - step) / (steps - rising))
