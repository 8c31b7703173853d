"""The file that the scorer reads: weights of eight bits, each row with a scale of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from hikeshi.adapters.encoder.arrays import packed
from hikeshi.domain.assessment import Category
from infra.training.corpus import ROOT
from infra.training.encoding.pretrained import Floats
from infra.training.encoding.transformer import Transformer

FORMAT = 2
FOLDER = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon"
COLUMNS = 64
"""Columns of a block: it fits a processor's second cache, and BLAS multiplies it fastest by few rows."""
_LINEAR = ("qkv", "out", "up", "down")
_HIGHEST, _SMALLEST = 127.0, 1e-12


def write(encoder: Transformer, pieces: Sequence[str], scores: Floats, digest: str, *, file: Path) -> int:
    """Write an encoder, and return how many bytes it has."""
    shape = encoder.shape
    described = {
        "format": FORMAT,
        "heads": shape.heads,
        "layers": shape.layers,
        "epsilon": shape.epsilon,
        "categories": [str(name) for name in Category],
        "digest": digest,
    }
    arrays: dict[str, np.ndarray] = {
        "meta": _bytes(json.dumps(described)),
        "pieces": _bytes("\n".join(pieces)),
        "scores": scores.astype(np.float32),
    }
    weights = {name: values.numpy() for name, values in encoder.state_dict().items()}
    arrays |= _table("embedding", weights["embedding.weight"])
    arrays["positions"] = weights["positions.weight"].astype(np.float16)
    for name in ("norm.weight", "norm.bias", "head.weight", "head.bias"):
        arrays[name] = weights[name]
    for part in _LINEAR:
        arrays |= _blocks(part, _layers(weights, f"{part}.weight", shape.layers))
        arrays[f"{part}.bias"] = _layers(weights, f"{part}.bias", shape.layers)
    for part in ("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"):
        arrays[part] = _layers(weights, part, shape.layers)
    return file.write_bytes(packed(arrays))


def _layers(weights: Mapping[str, Floats], part: str, count: int) -> Floats:
    """Return what all layers have of a part, one after the other."""
    return np.stack([weights[f"layer.{at}.{part}"] for at in range(count)])


def _blocks(name: str, values: Floats) -> dict[str, np.ndarray]:
    """Return (layers, out, in) as whole numbers in blocks of columns, (layers, blocks, in, columns)."""
    whole, scale = _whole(values)
    layers, outward, inward = whole.shape
    columns = COLUMNS if outward % COLUMNS == 0 else outward
    parted = whole.reshape(layers, outward // columns, columns, inward).transpose(0, 1, 3, 2)
    return {f"{name}.weight": np.ascontiguousarray(parted), f"{name}.scale": scale}


def _table(name: str, values: Floats) -> dict[str, np.ndarray]:
    whole, scale = _whole(values)
    return {name: whole, f"{name}_scale": scale}


def _whole(values: Floats) -> tuple[np.ndarray, Floats]:
    """Return whole numbers of eight bits, and what one unit of each row is worth."""
    scale = np.abs(values).max(axis=-1) / _HIGHEST + _SMALLEST
    return np.rint(values / scale[..., None]).astype(np.int8), scale.astype(np.float32)


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)
