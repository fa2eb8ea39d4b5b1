"""The layers as OpenVINO computes them: products in eight bits, for whoever installed the extra `openvino`.

Weights are rounded once, with a scale for each output; inputs as they come, with a scale for every 128 numbers of a
token. So nothing has to be calibrated, and a rare large number spoils its neighbours only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

_GROUP = 128
_MOST = 127  # of a signed byte


class NoOpenVino(Exception):
    """OpenVINO is missing or does not work here; the message says how to mend it."""


class CompiledLayers:
    """The layers of `nlp.network` as one compiled graph; not safe for two threads at once."""

    def __init__(self, config: Mapping[str, Any], tensors: Mapping[str, Tensor], threads: int) -> None:
        self._run = _compiled(lambda graph: graph.layers(config, tensors), threads)

    def through(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """See `nlp.network.Layers`; what comes back is fp32."""
        batch, tokens, _ = states.shape
        bias = torch.zeros(batch, 1, 1, tokens) if mask is None else ((1.0 - mask) * -1e4)[:, None, None, :]
        return self._run(states.float(), bias)


class _Graph:
    """Draws into OpenVINO's operations; every method returns the node whose output it names."""

    def __init__(self, openvino: Any) -> None:  # noqa: ANN401 - the vendor's module
        self._openvino, self._op = openvino, openvino.opset13

    def layers(self, config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Any:  # noqa: ANN401
        states = self._op.parameter([-1, -1, config["hidden_size"]], self._openvino.Type.f32)
        bias = self._op.parameter([-1, 1, 1, -1], self._openvino.Type.f32)
        after = states
        for number in range(config["num_hidden_layers"]):
            after = self._layer(after, bias, config, _Named(tensors, f"bert.encoder.layer.{number}."))
        return self._openvino.Model([after], [states, bias])

    def _layer(self, x: Any, bias: Any, config: Mapping[str, Any], named: _Named) -> Any:  # noqa: ANN401
        epsilon, width = config["layer_norm_eps"], config["hidden_size"]
        query, key, value = (
            self._by_head(self._linear(x, named, f"attention.self.{name}"), config["num_attention_heads"], width)
            for name in ("query", "key", "value")
        )
        seen = self._op.scaled_dot_product_attention(query, key, value, bias)
        joined = self._op.reshape(self._swapped(seen), self._numbers([0, 0, width]), special_zero=True)
        attended = self._linear(joined, named, "attention.output.dense")
        x = self._normed(self._op.add(x, attended), named, "attention.output.LayerNorm", epsilon)
        inner = self._op.gelu(self._linear(x, named, "intermediate.dense"), "erf")
        return self._normed(
            self._op.add(x, self._linear(inner, named, "output.dense")), named, "output.LayerNorm", epsilon
        )

    def _by_head(self, x: Any, heads: int, width: int) -> Any:  # noqa: ANN401
        split = self._op.reshape(x, self._numbers([0, 0, heads, width // heads]), special_zero=True)
        return self._swapped(split)

    def _swapped(self, x: Any) -> Any:  # noqa: ANN401
        return self._op.transpose(x, self._numbers([0, 2, 1, 3]))

    def _linear(self, x: Any, named: _Named, name: str) -> Any:  # noqa: ANN401
        return self._op.add(self._times(x, named(f"{name}.weight")), self._constant(named(f"{name}.bias")))

    def _times(self, x: Any, weight: Tensor) -> Any:  # noqa: ANN401
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-12) / _MOST
        rounded = self._op.convert(self._constant((weight / scale).round().to(torch.int8)), "f32")
        return self._op.matmul(
            x, self._op.multiply(rounded, self._constant(scale)), transpose_a=False, transpose_b=True
        )

    def _normed(self, x: Any, named: _Named, name: str, epsilon: float) -> Any:  # noqa: ANN401
        even = self._op.mvn(x, self._numbers([-1]), normalize_variance=True, eps=epsilon, eps_mode="inside_sqrt")
        scaled = self._op.multiply(even, self._constant(named(f"{name}.weight")))
        return self._op.add(scaled, self._constant(named(f"{name}.bias")))

    def _constant(self, tensor: Tensor) -> Any:  # noqa: ANN401
        return self._op.constant(tensor.numpy())

    def _numbers(self, numbers: list[int]) -> Any:  # noqa: ANN401
        return self._constant(torch.tensor(numbers))


class _Named:
    """The tensors of one layer, in fp32."""

    def __init__(self, tensors: Mapping[str, Tensor], prefix: str) -> None:
        self._tensors, self._prefix = tensors, prefix

    def __call__(self, name: str) -> Tensor:
        return self._tensors[self._prefix + name].float()


def _compiled(draw: Callable[[_Graph], Any], threads: int) -> Callable[..., Tensor]:
    """What `draw` drew, compiled: tensors in, its one output out. NoOpenVino when anything of that fails."""
    openvino = _imported()
    wanted = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP,
    }
    try:
        request = openvino.Core().compile_model(draw(_Graph(openvino)), "CPU", wanted).create_infer_request()
    except RuntimeError as error:
        first = str(error).strip().splitlines()[0]
        raise NoOpenVino(f"OpenVINO cannot compile the model here: {first}") from error

    def run(*inputs: Tensor) -> Tensor:
        return torch.from_numpy(request.infer([each.numpy() for each in inputs])[0])

    return run


def _imported() -> Any:  # noqa: ANN401 - the vendor's module
    # its telemetry looks up a host at import; a module that is None counts as not installed, which OpenVINO allows for
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return import_module("openvino")
    except (ImportError, OSError, RuntimeError) as error:
        message = f"OpenVINO cannot be imported ({error}); install it: pip install 'vivencia[openvino]'"
        raise NoOpenVino(message) from error
