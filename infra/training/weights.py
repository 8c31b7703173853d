"""From fitted weights to what is shipped: the rows of the weightiest pieces, as whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.services.scoring.model import pack
from infra.training.fitting import Network
from infra.training.glancing import Look
from infra.training.vectors import Floats, Integers

MOST_PIECES = 40_000
_LARGEST = 127
_CUT_OFF = 99.9
"""Percentile of the weights that becomes the largest whole number; what is beyond is cut to it."""
_DIGITS = 6
_SMALLEST = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipped:
    """The bytes of a model and the numbers that belong to them."""

    packed: bytes
    numbers: dict[str, Any]


def ship(names: Sequence[str], network: Network, look: Look, counts: Integers) -> Shipped:
    """Choose, round and pack; ``counts`` are the posts that have each name."""
    is_mark = np.array([name.startswith("\x01") for name in names])
    order = _weightiest(np.linalg.norm(network.rows, axis=1) * np.sqrt(counts), is_mark, look)
    # A hidden value is cut off below zero alone, so its size can be moved from one side of it to the other.
    sizes = np.maximum(np.percentile(np.abs(network.rows[~is_mark]), _CUT_OFF, axis=0), _SMALLEST)
    rows = network.rows[order] / sizes
    mark_unit = max(float(np.abs(rows[is_mark[order]]).max(initial=0.0)), _SMALLEST) / _LARGEST
    first_unit = max(float(np.abs(look.weights).max()), _SMALLEST) / _LARGEST
    return Shipped(
        packed=pack(
            [names[at] for at in order],
            _whole(rows / np.where(is_mark[order, None], mark_unit, 1 / _LARGEST)),
            _whole(look.weights / first_unit),
        ),
        numbers={
            "unit": _rounded(1 / _LARGEST),
            "mark_unit": _rounded(mark_unit),
            "first_unit": _rounded(first_unit),
            "first_bias": _rounded(look.bias),
            "bias": [_rounded(value) for value in (network.bias / sizes).tolist()],
            "biases": [_rounded(value) for value in network.biases.tolist()],
            "weights": [
                [_rounded(value) for value in column] for column in (network.weights.T * sizes).tolist()
            ],
        },
    )


def _weightiest(sizes: Floats, is_mark: NDArray[np.bool_], look: Look) -> Integers:
    """Return the places of what the first look reads, then those of all marks and the weightiest pieces."""
    pieces = np.flatnonzero(~is_mark)
    weightiest = pieces[np.argsort(-sizes[pieces], kind="stable")[:MOST_PIECES]]
    rest = np.sort(np.concatenate((np.flatnonzero(is_mark), weightiest)))
    return np.concatenate((look.columns, rest[~np.isin(rest, look.columns)]))


def _whole(scaled: Floats) -> list[int]:
    whole = np.clip(np.rint(scaled), -_LARGEST, _LARGEST).astype(np.int64)
    return list(whole.ravel().tolist())


def _listed(values: Floats) -> list[float]:
    return [_rounded(value) for value in values.tolist()]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
