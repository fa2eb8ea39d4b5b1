"""Write a trained model into a weights folder: the second shard, the configuration and the sums change."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from nlp.encoder import Readout
from nlp.pretrained import VivenciaModel
from nlp.seal import configure
from nlp.train.calibrate import as_config
from nlp.train.tasks import TASKS
from nlp.weights_build.folder import EMBEDDINGS, layer_shard

_ALONGSIDE = (EMBEDDINGS, "tokenizer.json", "tokenizer_config.json", "config.json", "NOTICE", "README.md")


def ship(model: VivenciaModel, readouts: Mapping[str, Readout], out: Path, *, encoder: Path) -> None:
    """Layers in bf16 and the heads of `TASKS` in fp32; side tasks stay behind. The embeddings are the encoder's."""
    out.mkdir(parents=True, exist_ok=True)
    for name in _ALONGSIDE:
        if (encoder / name).is_file() and not (out / name).exists():
            shutil.copy(encoder / name, out / name)
    layer_shard(out, _tensors(model))

    def change(config: dict[str, Any]) -> None:
        config["tasks"] = {task: list(labels) for task, labels in TASKS.items()}
        config["readout"] = as_config(readouts)

    configure(out, change)


def _tensors(model: VivenciaModel) -> dict[str, torch.Tensor]:
    shipped: dict[str, torch.Tensor] = {}
    for name, tensor in model.state_dict().items():
        if name.startswith("bert.encoder."):
            shipped[name] = tensor.to(torch.bfloat16).contiguous()
        elif name.startswith("heads.") and name.split(".")[1] in TASKS:
            shipped[name] = tensor.float().contiguous()
    return shipped
