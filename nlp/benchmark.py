"""How fast texts are read, as ratios within one run: against stock transformers, and against what the machine can do.

Machines are shared and drift, so each thing is measured in turns with the others and the median counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bot.domain.reading import Text
from nlp.choice import IN_TORCH, Arithmetic, fastest
from nlp.classifier import TransformerClassifier
from nlp.encoder import FOLDER, PREFIX, open_encoder
from nlp.network import TOKEN
from nlp.text import mask

_ROUNDS = 3
_STOCK_TEXTS = 60
_GEMM = (768, 384, 1536)  # rows, inputs, outputs: the feed-forward layer over a batch of some thirty tweets
_COLD = """
import json, sys, time
from pathlib import Path
began = time.monotonic()
from bot.domain.reading import Text
from nlp.classifier import open_classifier
open_classifier(Path(sys.argv[1])).read([Text(text="La app se cierra sola al pagar")])
seconds = time.monotonic() - began
# not ru_maxrss: Linux hands the parent's down to a new process
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.is_file() else []
kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
print(json.dumps({"seconds": seconds, "rss_mb": kilobytes[0] / 1024 if kilobytes else 0.0}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Texts a second on one core; `gemm` and `reached` in 10^9 operations a second; times in seconds, memory in MB.

    `arithmetic` is the fastest here, `encoding` and `reached` are its; `gemm` and what is `in_torch` are torch's best.
    """

    texts: int
    tokens_a_text: float
    arithmetic: str
    reading: float
    encoding: float
    encoding_in_torch: float
    stock_one_head: float
    stock_every_head: float
    gemm: float
    reached: float
    reached_in_torch: float
    first_reading: float
    rss_mb: float

    @property
    def ratios(self) -> dict[str, float | None]:
        """What is promised: see docs/explanation/model.md. None is too little to measure beside other work."""
        beside = round(1 - self.reading / self.encoding, 3)
        return {
            "against_stock_with_every_head": round(self.reading / self.stock_every_head, 2),
            "against_stock_with_one_head": round(self.reading / self.stock_one_head, 2),
            "share_of_rules_language_and_spans": beside if beside >= 0 else None,
            "encoding_against_torch": round(self.encoding / self.encoding_in_torch, 2),
            "share_of_gemm_rate": round(self.reached / self.gemm, 3),
            "share_of_gemm_rate_in_torch": round(self.reached_in_torch / self.gemm, 3),
        }


def measure(
    texts: Sequence[str], classifier: TransformerClassifier, *, folder: Path = FOLDER, batch: int = 128
) -> Speed:
    """Measure on one thread. `texts` should have the lengths of real mentions; some hundred are enough."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    masked = [mask(text).text for text in texts]
    encoder, in_torch = open_encoder(folder), open_encoder(folder, dtype=fastest(IN_TORCH))
    stock = _stock(folder)
    wanted = [Text(text=text) for text in texts]
    few = masked[:_STOCK_TEXTS]
    rate = _in_turns(
        {
            "reading": lambda: _rate(len(texts), lambda: _in_batches(classifier.read, wanted, batch)),
            "encoding": lambda: _rate(len(texts), lambda: _in_batches(encoder.score, masked, batch)),
            "torch": lambda: _rate(len(texts), lambda: _in_batches(in_torch.score, masked, batch)),
            "text": lambda: _rate(len(few), lambda: [stock["text"](PREFIX + text) for text in few]),
            "token": lambda: _rate(len(few), lambda: [stock["token"](PREFIX + text) for text in few]),
            "gemm": lambda: _gemm_rate(in_torch.arithmetic),
        }
    )
    tokens = encoder.tokens_in(masked) / len(masked)
    operations = tokens * encoder.operations_a_token / 1e9
    cold = _cold(folder)
    return Speed(
        texts=len(texts),
        tokens_a_text=round(tokens, 1),
        arithmetic=encoder.arithmetic,
        reading=round(rate["reading"], 1),
        encoding=round(rate["encoding"], 1),
        encoding_in_torch=round(rate["torch"], 1),
        stock_one_head=round(rate["text"], 1),
        stock_every_head=round(1 / _seconds_of_every_head(encoder.readouts, rate), 1),
        gemm=round(rate["gemm"], 1),
        reached=round(rate["encoding"] * operations, 1),
        reached_in_torch=round(rate["torch"] * operations, 1),
        first_reading=round(cold["seconds"], 2),
        rss_mb=round(cold["rss_mb"]),
    )


def _in_turns(turns: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each."""
    rounds = [{name: turn() for name, turn in turns.items()} for _ in range(_ROUNDS)]
    return {name: median(each[name] for each in rounds) for name in turns}


def _seconds_of_every_head(heads: Mapping[str, Any], rate: Mapping[str, float]) -> float:
    """A stock pipeline runs one head at a time, so a whole reading is one forward pass a head."""
    tokens = sum(task.startswith(TOKEN) for task in heads)
    return (len(heads) - tokens) / rate["text"] + tokens / rate["token"]


def _stock(folder: Path) -> dict[str, Callable[[str], object]]:
    """What one would write with transformers alone, over the same encoder."""
    import transformers  # noqa: PLC0415

    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    opened = {
        "text": transformers.AutoModelForSequenceClassification,
        "token": transformers.AutoModelForTokenClassification,
    }
    pipeline: Any = transformers.pipeline
    found: dict[str, Callable[[str], object]] = {}
    for kind, family in opened.items():
        model = family.from_pretrained(folder, num_labels=3, local_files_only=True)
        found[kind] = pipeline(f"{kind}-classification", model=model, tokenizer=tokenizer)
    return found


def _in_batches(read: Callable[[Any], object], items: Sequence[Any], size: int) -> None:
    for at in range(0, len(items), size):
        read(items[at : at + size])


def _rate(count: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def _gemm_rate(arithmetic: Arithmetic) -> float:
    """10^9 operations a second of the machine's own matrix product in torch, in the type in which it encodes."""
    import torch  # noqa: PLC0415

    rows, inputs, outputs = _GEMM
    left, right = (torch.randn(size, inputs).to(getattr(torch, arithmetic)) for size in (rows, outputs))
    linear = torch.nn.functional.linear
    linear(left, right)
    began, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < 0.5:
        linear(left, right)
        count += 1
    return count * 2 * rows * inputs * outputs / passed / 1e9


def _cold(folder: Path) -> dict[str, float]:
    """Start to first reading in a process of its own, and its memory."""
    done = subprocess.run([sys.executable, "-c", _COLD, str(folder)], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    result: dict[str, float] = json.loads(done.stdout)
    return result
