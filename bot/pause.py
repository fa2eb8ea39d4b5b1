"""What stops sending beside the database: a file in the home, or a variable of the environment."""

from __future__ import annotations

import os

from bot.domain.reason import Reason, because
from config.home import Home

VARIABLE = "VIVENCIA_PAUSE"


def paused_elsewhere(home: Home) -> Reason | None:
    """The file PAUSE in the home, or VIVENCIA_PAUSE; None where neither stops anything."""
    if home.pause_file.exists():
        return because("paused.file", file=str(home.pause_file))
    value = os.environ.get(VARIABLE, "")
    stops = value.lower() not in {"", "0", "false", "no"}
    return because("paused.variable", variable=VARIABLE) if stops else None
