"""Choose the type in which this processor multiplies fastest, by measuring once, and keep the choice."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

if TYPE_CHECKING:
    import torch

_SHAPE = (384, 384, 1536)  # rows, inputs, outputs: a feed-forward layer over a dozen tweets
_SECONDS = 0.06
_TURNS = 3
_WORTH = 1.1  # bf16 halves the precision, so it must be clearly faster

Rate = Callable[["torch.dtype"], float]


def fast_type(*, rate: Rate | None = None, kept_in: Path | None = None) -> torch.dtype:
    """bfloat16 where it is measured to be clearly faster than float32, else float32.

    The choice is kept for this processor and this torch in `kept_in` (default: the user's cache); where that cannot be
    written it is measured at every start, which takes some 0.4 s.
    """
    import torch  # noqa: PLC0415

    file = kept_in or user_cache_path("vivencia") / "type.json"
    here = f"{_processor()}, torch {torch.__version__}"
    if (known := _kept(file, here)) is not None:
        return torch.bfloat16 if known == "bfloat16" else torch.float32
    measure = rate or _rate
    # in turns, best of each: beside other load every single measurement may be slow
    turns = [(measure(torch.bfloat16), measure(torch.float32)) for _ in range(_TURNS)]
    half, full = (max(rates) for rates in zip(*turns, strict=True))
    chosen = torch.bfloat16 if half > _WORTH * full else torch.float32
    _keep(file, here, str(chosen).removeprefix("torch."))
    return chosen


def _rate(dtype: torch.dtype) -> float:
    """Products a second."""
    import torch  # noqa: PLC0415

    rows, inputs, outputs = _SHAPE
    left, right = torch.ones(rows, inputs, dtype=dtype), torch.ones(outputs, inputs, dtype=dtype)
    with torch.inference_mode():
        torch.nn.functional.linear(left, right)
        began, count = time.perf_counter(), 0
        while (passed := time.perf_counter() - began) < _SECONDS:
            torch.nn.functional.linear(left, right)
            count += 1
    return count / passed


def _processor() -> str:
    """As the system names it, with what it can multiply: virtual machines often share one name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    flags = [flag for flag in named.get("flags", "").split() if flag.startswith(("amx", "avx512_bf16"))]
    return f"{named.get('model name', platform.processor() or platform.machine())} {' '.join(sorted(flags))}".strip()


def _kept(file: Path, here: str) -> str | None:
    with suppress(OSError, ValueError, AttributeError):
        choice: str | None = json.loads(file.read_text("utf-8")).get(here)
        return choice
    return None


def _keep(file: Path, here: str, choice: str) -> None:
    # a cache that cannot be written costs time and nothing else
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({here: choice}) + "\n", "utf-8")
