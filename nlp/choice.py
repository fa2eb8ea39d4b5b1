"""Choose the arithmetic in which this processor encodes fastest, by measuring once, and keep the choice."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from torch import Tensor

_TEXTS = (12, 32)  # texts, tokens
_LAYER: Mapping[str, Any] = {  # one of the shipped model's
    "hidden_size": 384,
    "intermediate_size": 1536,
    "num_attention_heads": 12,
    "num_hidden_layers": 1,
    "layer_norm_eps": 1e-12,
}
_SECONDS = 0.1
_TURNS = 3
_WORTH = 1.1  # less precise must be clearly faster


class Arithmetic(StrEnum):
    """In what the layers multiply, most precise first: torch in fp32 or bf16, OpenVINO in eight bits."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"


IN_TORCH = (Arithmetic.FLOAT32, Arithmetic.BFLOAT16)

Rate = Callable[[Arithmetic], float]


def possible() -> tuple[Arithmetic, ...]:
    """Those whose library is installed; whether it works is seen when it is measured."""
    return IN_TORCH if _openvino() is None else tuple(Arithmetic)


def fastest(among: Sequence[Arithmetic], *, rate: Rate | None = None, kept_in: Path | None = None) -> Arithmetic:
    """The fastest of `among`, where each must beat the more precise ones clearly.

    The choice is kept for this processor and these libraries in `kept_in` (default: the user's cache); where that
    cannot be written it is measured at every start, which takes some 0.3 s for each. Nothing is kept when a measurement
    raises.
    """
    file = kept_in or user_cache_path("vivencia") / "type.json"
    here = f"{_processor()}, {_libraries(among)}"
    kept = _kept(file)
    known = next((each for each in among if each == kept.get(here)), None)
    if known is not None:
        return known
    measure = rate or passes_a_second
    # in turns, best of each: beside other load every single measurement may be slow
    turns = [[measure(each) for each in among] for _ in range(_TURNS)]
    best = dict(zip(among, map(max, zip(*turns, strict=True)), strict=True))
    chosen = among[0]
    for each in among[1:]:
        if best[each] > _WORTH * best[chosen]:
            chosen = each
    _keep(file, {**kept, here: chosen})
    return chosen


def passes_a_second(arithmetic: Arithmetic) -> float:
    """Measured on one layer over a dozen tweets. NoOpenVino when eight bits are asked for and cannot be had."""
    import torch  # noqa: PLC0415

    from nlp.network import open_layers  # noqa: PLC0415

    with torch.inference_mode():
        layers, dtype = open_layers(_LAYER, _tensors(), arithmetic, threads=1)
        states = torch.ones(*_TEXTS, _LAYER["hidden_size"], dtype=dtype)
        layers.through(states, None)
        # the processor's time, not the clock's: a busy machine made the faster one look slower
        began, count = time.process_time(), 0
        while (passed := time.process_time() - began) < _SECONDS:
            layers.through(states, None)
            count += 1
    return count / passed


def _tensors() -> dict[str, Tensor]:
    """Weights of a layer as they are stored; their values cost no time."""
    import torch  # noqa: PLC0415

    hidden, inner = _LAYER["hidden_size"], _LAYER["intermediate_size"]
    square, norm = (hidden, hidden), (hidden,)
    shapes = {
        **{f"attention.self.{name}": square for name in ("query", "key", "value")},
        "attention.output.dense": square,
        "attention.output.LayerNorm": norm,
        "intermediate.dense": (inner, hidden),
        "output.dense": (hidden, inner),
        "output.LayerNorm": norm,
    }
    found = {}
    for name, shape in shapes.items():
        found[f"bert.encoder.layer.0.{name}.weight"] = torch.ones(shape, dtype=torch.bfloat16)
        found[f"bert.encoder.layer.0.{name}.bias"] = torch.ones(shape[0], dtype=torch.bfloat16)
    return found


def _libraries(among: Sequence[Arithmetic]) -> str:
    import torch  # noqa: PLC0415

    return f"torch {torch.__version__}" + (f", openvino {_openvino()}" if Arithmetic.INT8 in among else "")


def _openvino() -> str | None:
    with suppress(PackageNotFoundError):
        return version("openvino")
    return None


def _processor() -> str:
    """As the system names it, with what it can multiply: virtual machines often share one name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    wanted = ("amx", "avx512_bf16", "avx512_vnni", "avx_vnni")
    flags = [flag for flag in named.get("flags", "").split() if flag.startswith(wanted)]
    return f"{named.get('model name', platform.processor() or platform.machine())} {' '.join(sorted(flags))}".strip()


def _kept(file: Path) -> dict[str, str]:
    with suppress(OSError, ValueError, TypeError):
        return dict(json.loads(file.read_text("utf-8")))
    return {}


def _keep(file: Path, choices: Mapping[str, str]) -> None:
    # a cache that cannot be written costs time and nothing else
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(choices) + "\n", "utf-8")
