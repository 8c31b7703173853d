"""Builds an encoder from the file of weights that training writes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hikeshi.adapters.encoder.arrays import Arrays, mapped
from hikeshi.adapters.encoder.network import Floats, Layer, Linear, Network, Norm, Whole
from hikeshi.adapters.encoder.pieces import FIRST_PIECE, MOST_TOKENS, Pieces
from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError

FORMAT = 2
QUESTIONS = len(Category) + 2
"""Is it a risk, of which category, is it severe."""
_BROKEN = (OSError, struct.error, KeyError, TypeError, ValueError)


class Loaded(NamedTuple):
    """All that reading a text takes."""

    pieces: Pieces
    network: Network


def load(file: Traversable) -> Loaded:
    """Map the weights.

    Raises
    ------
    ConfigError
        If the file is missing, of another format, or lacks an array or holds one of the wrong shape.
    """
    try:
        return _built(_Arrays(mapped(file)))
    except ConfigError as error:
        reason = str(error)
    except _BROKEN as error:
        reason = f"cannot be read ({type(error).__name__})"
    raise ConfigError(f"{file.name}: {reason}: run make train-encoder")


def _built(arrays: _Arrays) -> Loaded:
    meta = json.loads(arrays.bytes("meta"))
    if meta["format"] != FORMAT:
        raise ConfigError(f"its format is {meta['format']}, not {FORMAT}")
    if meta["categories"] != list(Category):
        raise ConfigError("its categories are not hikeshi's")
    arrays = replace(arrays, epsilon=float(meta["epsilon"]))
    pieces, scores = arrays.bytes("pieces").decode().split("\n"), arrays.taken("scores")
    numbers = FIRST_PIECE + len(pieces)
    arrays.fits("scores", scores, (len(pieces),))
    embedding, width = arrays.embedding(numbers)
    positions = arrays.floats("positions", None, width)
    if len(positions) < MOST_TOKENS:
        raise ConfigError(f"positions has {len(positions)} rows, not {MOST_TOKENS}")
    network = Network(
        embedding=embedding,
        embedding_scale=arrays.floats("embedding_scale", numbers),
        positions=positions,
        norm=arrays.norm("norm", width),
        layers=tuple(arrays.layers(meta["layers"], width, meta["heads"])),
        head=arrays.floats("head.weight", QUESTIONS, width),
        head_bias=arrays.floats("head.bias", QUESTIONS),
    )
    return Loaded(Pieces(pieces, scores.tolist()), network)


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The arrays of a file by name, each checked as it is taken out."""

    stored: Arrays
    epsilon: float = 0.0

    def taken(self, name: str) -> NDArray[Any]:
        if name not in self.stored:
            raise ConfigError(f"it lacks {name}")
        return self.stored[name]

    def fits(self, name: str, array: NDArray[Any], shape: tuple[int | None, ...]) -> None:
        """Refuse an array of another shape; None stands for any number."""
        wanted = tuple(has if want is None else want for has, want in zip(array.shape, shape, strict=False))
        if len(array.shape) != len(shape) or array.shape != wanted:
            raise ConfigError(f"{name} has the shape {array.shape}, not {shape}")

    def bytes(self, name: str) -> bytes:
        return self.taken(name).tobytes()

    def floats(self, name: str, *shape: int | None) -> Floats:
        array = self.taken(name)
        self.fits(name, array, shape)
        return array.astype(np.float32, copy=False)

    def whole(self, name: str, *shape: int | None) -> Whole:
        array = self.taken(name)
        self.fits(name, array, shape)
        return array.astype(np.int8, casting="equiv", copy=False)

    def embedding(self, numbers: int) -> tuple[Whole, int]:
        array = self.whole("embedding", numbers, None)
        return array, array.shape[1]

    def norm(self, name: str, width: int) -> Norm:
        return Norm(
            weight=self.floats(f"{name}.weight", width),
            bias=self.floats(f"{name}.bias", width),
            epsilon=self.epsilon,
        )

    def layers(self, count: int, width: int, heads: int) -> Iterator[Layer]:
        """Yield the layers, of which each array holds all, one after the other."""
        if heads < 1 or width % heads:
            raise ConfigError(f"{width} columns cannot be divided among {heads} heads")
        inner = self.floats("up.bias", count, None).shape[1]
        qkv = self.linears("qkv", count, width, 3 * width)
        out = self.linears("out", count, width, width)
        up = self.linears("up", count, width, inner)
        down = self.linears("down", count, inner, width)
        norms = zip(self.norms("norm1", count, width), self.norms("norm2", count, width), strict=True)
        for at, (after_attention, after_network) in enumerate(norms):
            yield Layer(
                qkv=qkv[at],
                out=out[at],
                up=up[at],
                down=down[at],
                after_attention=after_attention,
                after_network=after_network,
                heads=heads,
            )

    def linears(self, name: str, count: int, inward: int, outward: int) -> list[Linear]:
        weight = self.whole(f"{name}.weight", count, None, inward, None)
        if weight.shape[1] * weight.shape[3] != outward:
            raise ConfigError(f"{name}.weight has {weight.shape[1] * weight.shape[3]} columns, not {outward}")
        scale = self.floats(f"{name}.scale", count, outward)
        bias = self.floats(f"{name}.bias", count, outward)
        return [Linear(weight=w, scale=s, bias=b) for w, s, b in zip(weight, scale, bias, strict=True)]

    def norms(self, name: str, count: int, width: int) -> list[Norm]:
        weight = self.floats(f"{name}.weight", count, width)
        bias = self.floats(f"{name}.bias", count, width)
        return [Norm(weight=w, bias=b, epsilon=self.epsilon) for w, b in zip(weight, bias, strict=True)]
