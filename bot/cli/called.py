"""How this program was called, so that a command we show can be typed as it stands."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path


def as_called() -> str:
    """`vivencia` where the shell finds this one by that name, else the way in which it was started."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return shlex.join([sys.executable, "-m", "bot"])
    found = shutil.which("vivencia")
    known = found is not None and Path(found).resolve() == called.resolve()
    return "vivencia" if known else shlex.quote(sys.argv[0])
