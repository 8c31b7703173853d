"""Small encoders with weights drawn at random, as the file that training writes, and what one may say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.adapters.encoder.arrays import packed
from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Reading

PIECES = ("▁", "▁弁当", "弁当", "虫", "が", "入っ", "ていた", "て", "い", "た", "。", "の", "店員", "昨日")
SCORES = (-3.0, -6.5, -6.0, -5.0, -2.5, -5.5, -4.5, -3.5, -4.0, -3.75, -2.75, -2.25, -7.0, -6.75)
WIDTH, HEADS, LAYERS, INNER, TOKENS = 8, 2, 2, 12, 64
EPSILON = 1e-5
Arrays = dict[str, NDArray[Any]]


def an_encoder_file(path: Path, *, without: str = "", **changes: Any) -> Path:
    """Write a small encoder; ``changes`` replaces arrays, ``without`` leaves one out."""
    arrays = {**encoder_arrays(), **changes}
    arrays.pop(without, None)
    path.write_bytes(packed(arrays))
    return path


def encoder_meta(**changes: Any) -> NDArray[np.uint8]:
    categories = [str(category) for category in Category]
    meta = {
        "format": 2,
        "heads": HEADS,
        "layers": LAYERS,
        "categories": categories,
        "digest": "0",
        "epsilon": EPSILON,
    }
    return as_bytes(json.dumps(meta | changes))


def encoder_arrays(
    *,
    pieces: Sequence[str] = PIECES,
    scores: Sequence[float] = SCORES,
    width: int = WIDTH,
    heads: int = HEADS,
    layers: int = LAYERS,
    inner: int = INNER,
) -> Arrays:
    """Return the arrays of an encoder, the same ones every time."""
    chance = np.random.default_rng(7)

    def drawn(*shape: int) -> NDArray[np.float16]:
        return chance.normal(0.0, 0.4, shape).astype(np.float16)

    def linear(name: str, outward: int, inward: int, columns: int) -> Arrays:
        blocks = (layers, outward // columns, inward, columns)
        return {
            f"{name}.weight": chance.integers(-127, 128, blocks, dtype=np.int8),
            f"{name}.scale": chance.uniform(0.002, 0.01, (layers, outward)).astype(np.float32),
            f"{name}.bias": drawn(layers, outward),
        }

    def norm(name: str, *each: int) -> Arrays:
        return {f"{name}.weight": 1 + drawn(*each, width), f"{name}.bias": drawn(*each, width)}

    return {
        "meta": encoder_meta(heads=heads, layers=layers),
        "pieces": as_bytes("\n".join(pieces)),
        "scores": np.array(scores, dtype=np.float32),
        "embedding": chance.integers(-127, 128, (4 + len(pieces), width), dtype=np.int8),
        "embedding_scale": chance.uniform(0.005, 0.02, 4 + len(pieces)).astype(np.float32),
        "positions": drawn(TOKENS, width),
        **norm("norm"),
        "head.weight": drawn(len(Category) + 2, width),
        "head.bias": drawn(len(Category) + 2),
        **linear("qkv", 3 * width, width, columns=width),
        **linear("out", width, width, columns=width),
        **linear("up", inner, width, columns=inner // 3),
        **linear("down", width, inner, columns=width // 2),
        **norm("norm1", layers),
        **norm("norm2", layers),
    }


def a_reading(risk: float, category: Category = Category.NONE, *, severe: float = -8.0) -> Reading:
    """Return what an encoder says that is sure of one category."""
    kinds = dict.fromkeys(Category, -20.0) | {category: 20.0}
    return Reading(risk=risk, kinds=kinds, severe=severe)


def as_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
