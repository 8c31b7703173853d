"""A network of one hidden layer over pieces of text, fitted by Adam with a fixed seed.

Every piece has a row of weights; the rows of a post's pieces are added, cut off below zero, and weighed once
for each question that is asked: is it a risk, of which category, is it severe. One hidden layer lets the same
words mean different things in different company, which a sum of weights cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infra.training.vectors import Floats, Integers, Sparse

HIDDEN = 64
EPOCHS = 8
_BATCH = 128
_RATE = 2e-3
_PIECES_DROPPED, _HIDDEN_DROPPED = 0.4, 0.3
"""Shares left out at random in each step, so that no post is learned by heart."""
_FIRST_ROWS, _FIRST_WEIGHTS = 0.01, 0.15
_KEPT, _KEPT_SQUARES = 0.9, 0.99
_SHRINK = 1e-5
KIND_SHARE, SEVERE_SHARE = 0.4, 0.4
"""What the questions of category and severity count beside that of risk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What is right for each row: risk and severity as 0 or 1, category as its number."""

    risk: Floats
    kinds: Integers
    severe: Floats
    weights: Floats
    count: int

    def take(self, rows: Integers) -> Truth:
        """Return some of the rows."""
        return Truth(
            risk=self.risk[rows],
            kinds=self.kinds[rows],
            severe=self.severe[rows],
            weights=self.weights[rows],
            count=self.count,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """Fitted weights.

    ``rows`` has a row for each column of the matrix; ``weights`` has a column for risk, one for each category
    and one for severity.
    """

    rows: Floats
    bias: Floats
    weights: Floats
    biases: Floats

    def hidden(self, matrix: Sparse) -> Floats:
        """Return the hidden values of each row of a matrix."""
        values: Floats = np.maximum(matrix.times(self.rows) + self.bias, 0.0)
        return values

    def answers(self, matrix: Sparse) -> Floats:
        """Return the logits of risk, categories and severity for each row of a matrix."""
        answers: Floats = self.hidden(matrix) @ self.weights + self.biases
        return answers


def fit(matrix: Sparse, truth: Truth, *, seed: int, epochs: int = EPOCHS) -> Network:
    """Fit a network; the same rows and seed give the same weights."""
    chance = np.random.default_rng(seed)
    outputs = truth.count + 2
    network = Network(
        rows=_random(chance, _FIRST_ROWS, (matrix.width, HIDDEN)),
        bias=np.zeros(HIDDEN, np.float32),
        weights=_random(chance, _FIRST_WEIGHTS, (HIDDEN, outputs)),
        biases=np.zeros(outputs, np.float32),
    )
    steps = _Steps(network)
    batches = list(_batches(len(truth.risk), epochs, chance))
    for number, rows in enumerate(batches):
        rate = _RATE * (1.0 - number / len(batches)) + 1e-5
        _step(network, steps, matrix.take(rows), truth.take(rows), rate=rate, chance=chance)
    return network


def _random(chance: np.random.Generator, size: float, shape: tuple[int, int]) -> Floats:
    drawn: Floats = chance.standard_normal(shape, np.float32) * np.float32(size)
    return drawn


def _batches(rows: int, epochs: int, chance: np.random.Generator) -> Iterator[Integers]:
    for _ in range(epochs):
        order = chance.permutation(rows)
        for start in range(0, rows, _BATCH):
            yield order[start : start + _BATCH]


def _step(
    network: Network,
    steps: _Steps,
    matrix: Sparse,
    truth: Truth,
    *,
    rate: float,
    chance: np.random.Generator,
) -> None:
    kept = _some(chance, matrix.values.shape, _PIECES_DROPPED)
    seen = matrix.weighed(kept)
    before = seen.times(network.rows) + network.bias
    mask = (before > 0) * _some(chance, before.shape, _HIDDEN_DROPPED)
    hidden = before * mask
    pull = _pull(hidden @ network.weights + network.biases, truth) / len(truth.risk)
    back = (pull @ network.weights.T) * mask
    columns, slopes = seen.back(back)
    steps.begin()
    steps.move("weights", hidden.T @ pull + _SHRINK * network.weights, rate=rate)
    steps.move("biases", pull.sum(axis=0), rate=rate)
    steps.move("bias", back.sum(axis=0), rate=rate)
    steps.move("rows", slopes + _SHRINK * network.rows[columns], rate=rate, at=columns)


def _some(chance: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Floats:
    """Return zero for what is left out and a little more than one for what stays."""
    kept: Floats = (chance.random(shape, np.float32) >= dropped) * np.float32(1.0 / (1.0 - dropped))
    return kept


def _pull(answers: Floats, truth: Truth) -> Floats:
    """Return the slope of the loss with respect to the answers."""
    last = truth.count + 1
    pull = np.empty_like(answers)
    pull[:, 0] = sigmoid(answers[:, 0]) - truth.risk
    shares = np.exp(answers[:, 1:last] - answers[:, 1:last].max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(truth.kinds)), truth.kinds] -= 1.0
    pull[:, 1:last] = KIND_SHARE * shares
    pull[:, last] = SEVERE_SHARE * (sigmoid(answers[:, last]) - truth.severe) * truth.risk
    weighed: Floats = pull * truth.weights[:, None]
    return weighed


class _Steps:
    """Adam; of the many rows only those that a batch has touched are moved."""

    def __init__(self, network: Network) -> None:
        parts = {name: getattr(network, name) for name in ("rows", "bias", "weights", "biases")}
        self._parts = parts
        self._means = {name: np.zeros_like(part) for name, part in parts.items()}
        self._squares = {name: np.zeros_like(part) for name, part in parts.items()}
        self._taken = 0

    def begin(self) -> None:
        self._taken += 1

    def move(self, name: str, slope: Floats, *, rate: float, at: Integers | slice = slice(None)) -> None:
        mean = self._means[name][at] * _KEPT + slope * (1.0 - _KEPT)
        square = self._squares[name][at] * _KEPT_SQUARES + slope * slope * (1.0 - _KEPT_SQUARES)
        self._means[name][at], self._squares[name][at] = mean, square
        way = mean / (1.0 - _KEPT**self._taken)
        width = np.sqrt(square / (1.0 - _KEPT_SQUARES**self._taken)) + 1e-7
        self._parts[name][at] -= rate * way / width


def sigmoid(values: Floats) -> Floats:
    """Return the chance that a logit stands for."""
    chances: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))
    return chances
