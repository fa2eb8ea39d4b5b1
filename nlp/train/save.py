"""Write trained heads into the weights folder: only the second shard, the configuration and the sums change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file

from nlp.encoder import Readout
from nlp.seal import write_sums
from nlp.train.fit import Head
from nlp.weights_build.folder import LAYERS, write_layers


def save_heads(folder: Path, heads: Mapping[str, Head], readouts: Mapping[str, Readout]) -> None:
    """Replace all heads of the folder, in fp32, and how they are read; the encoder's tensors stay as they are."""
    layers = {name: tensor for name, tensor in load_file(folder / LAYERS).items() if not name.startswith("heads.")}
    for task, head in heads.items():
        layers[f"heads.{task}.weight"] = head.weight.contiguous()
        layers[f"heads.{task}.bias"] = head.bias.contiguous()
    write_layers(folder, layers)
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["tasks"] = {task: list(readout.labels) for task, readout in readouts.items()}
    config["readout"] = {
        task: {"temperature": readout.temperature, "thresholds": list(readout.thresholds)}
        for task, readout in readouts.items()
    }
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    write_sums(folder)
