"""Logistic regression by L-BFGS: no chance in it, so the same rows give the same weights."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from infra.training.vectors import Floats, Integers, Sparse

_MEMORY = 12
_ENOUGH = 1e-4
_SHRINK, _SLOPE, _TRIES = 0.5, 1e-4, 25

Loss = Callable[[Floats], tuple[float, Floats]]


def fit_binary(matrix: Sparse, truth: Floats, weights: Floats, *, ridge: float, steps: int = 150) -> Floats:
    """Return the weights that tell the true rows from the false; the last one, the bias, is not shrunk."""
    shrunk = np.full(matrix.width, ridge)
    shrunk[-1] = 0.0
    signs = 2.0 * truth - 1.0

    def loss(point: Floats) -> tuple[float, Floats]:
        margins = signs * matrix.times(point)
        value = float(weights @ np.logaddexp(0.0, -margins)) + 0.5 * float(shrunk @ (point * point))
        pull = -weights * signs * _sigmoid(-margins)
        return value, matrix.back(pull) + shrunk * point

    return _minimise(loss, np.zeros(matrix.width), steps)


def fit_classes(
    matrix: Sparse, classes: Integers, count: int, weights: Floats, *, ridge: float, steps: int = 100
) -> Floats:
    """Return a column of weights for each class (softmax)."""
    truth = np.zeros((len(classes), count))
    truth[np.arange(len(classes)), classes] = 1.0
    shrunk = np.full((matrix.width, 1), ridge)
    shrunk[-1] = 0.0

    def loss(point: Floats) -> tuple[float, Floats]:
        table = point.reshape(matrix.width, count)
        logits = matrix.times(table)
        logits -= logits.max(axis=1, keepdims=True)
        total = np.log(np.exp(logits).sum(axis=1, keepdims=True))
        shares = np.exp(logits - total)
        value = float(-(weights[:, None] * truth * (logits - total)).sum())
        value += 0.5 * float((shrunk * table * table).sum())
        pull = weights[:, None] * (shares - truth)
        slope = np.stack([matrix.back(pull[:, k]) for k in range(count)], axis=1) + shrunk * table
        return value, slope.ravel()

    return _minimise(loss, np.zeros(matrix.width * count), steps).reshape(matrix.width, count)


def _sigmoid(values: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -500, 500)))


def _minimise(loss: Loss, point: Floats, steps: int) -> Floats:
    value, slope = loss(point)
    past: deque[tuple[Floats, Floats]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        if float(np.abs(slope).max()) < _ENOUGH:
            break
        way = -_curved(slope, past)
        fall = float(slope @ way)
        length = 1.0 if past else 1.0 / max(1.0, float(np.abs(slope).sum()))
        for _ in range(_TRIES):
            new_point = point + length * way
            new_value, new_slope = loss(new_point)
            if new_value <= value + _SLOPE * length * fall:
                break
            length *= _SHRINK
        else:
            break
        step, turn = new_point - point, new_slope - slope
        if float(step @ turn) > 0:
            past.append((step, turn))
        point, value, slope = new_point, new_value, new_slope
    return point


def _curved(slope: Floats, past: deque[tuple[Floats, Floats]]) -> Floats:
    """Return the slope bent by the curvature met so far."""
    way = slope.copy()
    shares: list[float] = []
    for step, turn in reversed(past):
        share = float(step @ way) / float(step @ turn)
        way -= share * turn
        shares.append(share)
    if past:
        step, turn = past[-1]
        way *= float(step @ turn) / float(turn @ turn)
    for (step, turn), share in zip(past, reversed(shares), strict=True):
        way += step * (share - float(turn @ way) / float(step @ turn))
    return way
