"""The first look: a sum of weights over short pieces, which spares most posts of a stream the network.

It need not tell risks from harmless posts, only what is certainly harmless from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infra.training.fitting import sigmoid
from infra.training.vectors import Floats, Integers, Sparse

MOST_COLUMNS = 12_000
STREAM_WEIGHT = 3.0
"""What a post of a harmless stream weighs here: sparing those is what the first look is for."""
_STEPS, _RATE, _RIDGE = 150, 0.03, 0.3
_KEPT, _KEPT_SQUARES = 0.9, 0.99


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Fitted weights: one for each of some columns of the matrix, and the bias."""

    columns: Integers
    weights: Floats
    bias: float

    def logits(self, matrix: Sparse) -> Floats:
        """Return how much each row of a matrix of short pieces looks like a risk."""
        logits: Floats = matrix.times(_spread(self, matrix.width))[:, 0] + self.bias
        return logits


def fit_look(matrix: Sparse, risk: Floats, weights: Floats) -> Look:
    """Fit the most frequent columns of a matrix of short pieces by logistic regression."""
    seen = matrix.counts()
    columns = np.argsort(-seen, kind="stable")[:MOST_COLUMNS]
    columns = np.sort(columns[seen[columns] > 0])
    owners = np.repeat(np.arange(len(risk)), np.diff(matrix.starts))
    point, bias = np.zeros(len(columns)), 0.0
    mean, square = np.zeros_like(point), np.zeros_like(point)
    for step in range(1, _STEPS + 1):
        look = Look(columns=columns, weights=point, bias=bias)
        pull = (sigmoid(look.logits(matrix)) - risk) * weights
        shares = np.bincount(matrix.columns, weights=matrix.values * pull[owners], minlength=matrix.width)
        slope: Floats = shares[columns] + _RIDGE * point
        mean = _KEPT * mean + (1.0 - _KEPT) * slope
        square = _KEPT_SQUARES * square + (1.0 - _KEPT_SQUARES) * slope * slope
        way = mean / (1.0 - _KEPT**step)
        point = point - _RATE * way / (np.sqrt(square / (1.0 - _KEPT_SQUARES**step)) + 1e-6)
        bias -= float(pull.mean())
    return Look(columns=columns, weights=point, bias=bias)


def _spread(look: Look, width: int) -> Floats:
    table = np.zeros((width, 1))
    table[look.columns, 0] = look.weights
    return table
