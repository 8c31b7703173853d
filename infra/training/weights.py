"""From fitted weights to what is shipped: the heaviest pieces, as whole numbers of eight bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.services.scoring.model import pack
from infra.training.vectors import Floats

MOST_PIECES = 60_000
MOST_KIND_ROWS = 9_000
_LARGEST = 127
_CUT_OFF = 99.98
"""Percentile of the weights that becomes the largest whole number; what is beyond is cut to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipped:
    """The bytes of a model and the numbers that belong to them."""

    packed: bytes
    numbers: dict[str, Any]


def ship(names: Sequence[str], risk: Floats, kinds: Floats) -> Shipped:
    """Choose, round and pack; the last row of both is the bias."""
    is_mark = np.array([name.startswith("\x01") for name in names])
    rows = _heaviest(np.abs(kinds[:-1]).max(axis=1), is_mark, MOST_KIND_ROWS)
    chosen = _heaviest(np.abs(risk[:-1]), is_mark, MOST_PIECES)
    rest = chosen[~np.isin(chosen, rows)]
    order = np.concatenate((rows, rest))
    risk_units = _units(risk[:-1], is_mark)
    kind_units = _units(kinds[:-1], is_mark)
    whole_risk = _rounded(risk[order], is_mark[order], risk_units)
    whole_kinds = _rounded(kinds[rows], is_mark[rows][:, None], kind_units)
    return Shipped(
        packed=pack([names[at] for at in order], whole_risk.tolist(), whole_kinds.ravel().tolist()),
        numbers={
            "risk_bias": float(risk[-1]),
            "risk_unit": risk_units[0],
            "mark_unit": risk_units[1],
            "kind_biases": [float(bias) for bias in kinds[-1]],
            "kind_unit": kind_units[0],
            "kind_mark_unit": kind_units[1],
        },
    )


def _heaviest(sizes: Floats, is_mark: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """Return the places of all marks and of the heaviest pieces, in order."""
    pieces = np.flatnonzero(~is_mark)
    heaviest = pieces[np.argsort(-sizes[pieces], kind="stable")[:most]]
    return np.sort(np.concatenate((np.flatnonzero(is_mark), heaviest)))


def _units(weights: Floats, is_mark: NDArray[np.bool_]) -> tuple[float, float]:
    pieces, marks = np.abs(weights[~is_mark]), np.abs(weights[is_mark])
    return (
        float(np.percentile(pieces, _CUT_OFF)) / _LARGEST,
        (float(marks.max()) if marks.size else 1.0) / _LARGEST,
    )


def _rounded(weights: Floats, is_mark: NDArray[np.bool_], units: tuple[float, float]) -> NDArray[np.int64]:
    scaled = weights / np.where(is_mark, units[1], units[0])
    return np.clip(np.rint(scaled), -_LARGEST, _LARGEST).astype(np.int64)
