"""python -m nlp.train DATA [CACHE]: train the heads into `nlp/weights/` on the seeds and on the permitted sets in DATA.

CACHE (default build/features) keeps the frozen encoder's features between runs. Prints one JSON line of figures,
measured on seeds of sectors that the measured heads never saw. Deterministic.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch

from nlp.encoder import FOLDER, open_encoder
from nlp.train.corpus import public_examples, seed_examples
from nlp.train.features import features_of
from nlp.train.heads import train_heads
from nlp.train.save import save_heads

SEEDS = Path(__file__).parents[1] / "seeds"


def main(data: str, cache: str = "build/features") -> None:
    """Train, calibrate, measure and save."""
    torch.manual_seed(7)
    began = time.monotonic()
    encoder = open_encoder()
    seeds = seed_examples(SEEDS)
    examples, features = list(seeds), features_of(encoder, "seeds", seeds, Path(cache))
    for name, rows in public_examples(Path(data)):
        examples += rows
        features += features_of(encoder, name, rows, Path(cache))
    heads, readouts, figures = train_heads(examples, features)
    save_heads(FOLDER, heads, readouts)
    seconds = round(time.monotonic() - began)
    print(json.dumps({"seconds": seconds, "seeds": len(seeds), "examples": len(examples), "f1": figures}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
