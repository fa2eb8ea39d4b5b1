"""Find the few numbers of least cost, as every small fit beside the network does."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def least(start: Tensor, cost: Callable[[Tensor], Tensor], *, steps: int = 100) -> Tensor:
    """The numbers, found from `start` on, at which `cost`, smooth in them, is least (L-BFGS, strong Wolfe search)."""
    numbers = start.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([numbers], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = cost(numbers)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return numbers.detach()
