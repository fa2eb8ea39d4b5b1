"""How sure a label may be that holds or not by itself: its log-odds, stretched and moved.

Platt, Probabilistic Outputs for Support Vector Machines (1999). One temperature for all labels cannot mend that one is
read too seldom and another too often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_SURE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """`slope` stretches the log-odds, `bias` is added to them; the likelier of two texts stays the likelier."""

    slope: float = 1.0
    bias: float = 0.0

    def share(self, share: float) -> float:
        """The probability that comes of one."""
        share = min(max(share, _SURE), 1 - _SURE)
        return 1 / (1 + math.exp(-(self.bias + self.slope * math.log(share / (1 - share)))))
