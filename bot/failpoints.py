"""For the fault suite: a process that ends itself in the middle of its work, at a place that was named beforehand."""

from __future__ import annotations

import os
import signal

from bot.domain.ports.store import Tripwire, calm

VARIABLE = "VIVENCIA_FAILPOINT"


def failpoint() -> Tripwire:
    """VIVENCIA_FAILPOINT=name:n kills this process at the n-th passing of a failpoint; without it nothing happens."""
    name, _, count = os.environ.get(VARIABLE, "").partition(":")
    if not name:
        return calm
    left = int(count or 1)

    def trip(point: str) -> None:
        nonlocal left
        if point == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return trip
