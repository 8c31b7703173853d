"""Reads the encoder's weights from one file of numpy's, which training writes."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hikeshi.adapters.encoder.network import Floats, Layer, Linear, Network, Norm
from hikeshi.adapters.encoder.pieces import FIRST_PIECE, MOST_TOKENS, Pieces
from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError

FORMAT = 1
QUESTIONS = len(Category) + 2
"""Is it a risk, of which category, is it severe."""
_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError)


class Loaded(NamedTuple):
    """All that reading a text takes."""

    pieces: Pieces
    network: Network


def load(file: Traversable) -> Loaded:
    """Read the weights.

    Raises
    ------
    ConfigError
        If the file is missing, of another format, or lacks an array or holds one of the wrong shape.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return _built(_Arrays(arrays))
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
        layers=tuple(arrays.layer(f"layer{at}", width, meta["heads"]) for at in range(meta["layers"])),
        head=arrays.linear("head", width, QUESTIONS),
    )
    return Loaded(Pieces(pieces, scores.tolist()), network)


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The arrays of a file by name, each checked as it is taken out."""

    stored: Mapping[str, NDArray[Any]]
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
        """Return an array as floats; whole numbers are worth the scale of their row."""
        array = self.taken(name)
        self.fits(name, array, shape)
        values = array.astype(np.float32)
        if array.dtype == np.int8:
            values *= self.floats(f"{name}_scale", len(values))[:, None]
        return values

    def embedding(self, numbers: int) -> tuple[NDArray[np.int8], int]:
        array = self.taken("embedding")
        self.fits("embedding", array, (numbers, None))
        return array.astype(np.int8, casting="equiv", copy=False), array.shape[1]

    def norm(self, name: str, width: int) -> Norm:
        return Norm(
            weight=self.floats(f"{name}.weight", width),
            bias=self.floats(f"{name}.bias", width),
            epsilon=self.epsilon,
        )

    def linear(self, name: str, inward: int | None, outward: int | None) -> Linear:
        """Turn the stored (out, in) round without a copy: BLAS multiplies by either order as fast."""
        weight = self.floats(f"{name}.weight", outward, inward)
        return Linear(weight=weight.T, bias=self.floats(f"{name}.bias", weight.shape[0]))

    def layer(self, name: str, width: int, heads: int) -> Layer:
        if width % heads:
            raise ConfigError(f"{width} columns cannot be divided among {heads} heads")
        up = self.linear(f"{name}.up", width, None)
        return Layer(
            qkv=self.linear(f"{name}.qkv", width, 3 * width),
            out=self.linear(f"{name}.out", width, width),
            up=up,
            down=self.linear(f"{name}.down", up.weight.shape[1], width),
            after_attention=self.norm(f"{name}.norm1", width),
            after_network=self.norm(f"{name}.norm2", width),
            heads=heads,
        )
