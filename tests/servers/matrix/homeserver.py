"""Run Synapse until whoever started it is gone; started as a program, with Synapse's own arguments."""

from __future__ import annotations

import os
import resource
import runpy
import sys
from threading import Thread


def leave_with_the_parent() -> None:
    """Standard input ends when the parent does, however it ends."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    # ended in the middle of its Rust parts it would leave 150 MB of core where the tests run
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Thread(target=leave_with_the_parent, daemon=True).start()
    runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
