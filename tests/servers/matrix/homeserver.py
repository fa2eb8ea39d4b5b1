"""Run Synapse until whoever started it is gone; started as a program, with Synapse's own arguments."""

from __future__ import annotations

import os
import runpy
import sys
from threading import Thread


def leave_with_the_parent() -> None:
    """Standard input ends when the parent does, however it ends."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    Thread(target=leave_with_the_parent, daemon=True).start()
    runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
