"""Keep the frozen encoder's features of a corpus on disk, so that heads can be trained again in a minute."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from nlp.encoder import FOLDER, Encoder
from nlp.network import MIDDLE
from nlp.train.corpus import Example
from nlp.weights_build.folder import EMBEDDINGS


def features_of(encoder: Encoder, name: str, examples: Sequence[Example], cache: Path) -> list[Tensor]:
    """For each example the matrix of `Encoder.features`, computed once for these texts and this encoder."""
    path = cache / f"{name}-{_key(examples)}.safetensors"
    if not path.is_file():
        rows = encoder.features([example.unit for example in examples])
        cache.mkdir(parents=True, exist_ok=True)
        save_file({"rows": torch.cat(rows).half(), "sizes": torch.tensor([len(row) for row in rows])}, path)
    kept = load_file(path)
    return list(torch.split(kept["rows"].float(), kept["sizes"].tolist()))


def _key(examples: Sequence[Example]) -> str:
    digest = hashlib.sha256(f"{MIDDLE}".encode())
    digest.update((FOLDER / EMBEDDINGS).stat().st_size.to_bytes(8, "little"))
    for example in examples:
        digest.update(f"{example.unit.text!r}{example.unit.clauses}".encode())
    return digest.hexdigest()[:12]
