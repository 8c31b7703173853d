"""The file that the scorer reads: weights of eight bits, each row with a scale of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hikeshi.domain.assessment import Category
from infra.training.corpus import ROOT
from infra.training.encoding.pretrained import Floats
from infra.training.encoding.transformer import Transformer

FORMAT = 1
FILE = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon" / "encoder.npz"
_HIGHEST, _SMALLEST = 127.0, 1e-12


def write(
    encoder: Transformer, pieces: Sequence[str], scores: Floats, digest: str, *, file: Path = FILE
) -> int:
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
    for name, values in encoder.state_dict().items():
        arrays |= _shipped(_plain(name), values.numpy())
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    file.write_bytes(packed.getvalue())
    return file.stat().st_size


def _plain(name: str) -> str:
    for whole in ("embedding", "positions"):
        name = name.replace(f"{whole}.weight", whole)
    return name.replace("layer.", "layer", 1)


def _shipped(name: str, values: Floats) -> dict[str, np.ndarray]:
    """Return a large matrix as whole numbers with a scale for each row, anything else as it is."""
    if values.ndim == 1 or name in ("positions", "head.weight"):
        return {name: values.astype(np.float16 if name == "positions" else np.float32)}
    scale = np.abs(values).max(axis=1) / _HIGHEST + _SMALLEST
    return {
        name: np.rint(values / scale[:, None]).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
    }


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)
