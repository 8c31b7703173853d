"""The encoder's arithmetic for one post: embedding, layers of attention and of a small network, answers.

Each layer normalises after it has added, as the first transformers did. Everything is in 32-bit floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int8]
_TOLD = 4
"""At how many depths the meaning of a post is taken."""
_BEND, _CUBED = np.float32(math.sqrt(2 / math.pi)), np.float32(0.044715)


@dataclass(frozen=True, kw_only=True, slots=True)
class Norm:
    """Brings each row to mean 0 and variance 1, then weighs and shifts its columns; both of shape (H,).

    ``epsilon`` is added to the variance, so that a row of equal numbers stays finite.
    """

    weight: Floats
    bias: Floats
    epsilon: float

    def of(self, rows: Floats) -> Floats:
        """Return the normalised rows; ``rows`` itself is used up."""
        rows -= np.add.reduce(rows, axis=1, keepdims=True) / np.float32(rows.shape[1])
        spread = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(spread + np.float32(self.epsilon)))[:, None]
        rows *= self.weight
        rows += self.bias
        return rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Linear:
    """Weighs columns.

    Attributes
    ----------
    weight : array of int8, shape (blocks, in, columns)
        Block by block the columns of what comes out. A block becomes floats only while it is multiplied, in
        the processor's cache: that takes a quarter of the memory, and less time than to fetch floats.
    scale, bias : array of float32, shape (out,)
        What one unit of each column is worth, and what is added to it.
    """

    weight: Whole
    scale: Floats
    bias: Floats

    def of(self, rows: Floats) -> Floats:
        """Return the weighed rows, shape (tokens, out)."""
        _, inward, columns = self.weight.shape
        answer = np.empty((len(rows), len(self.bias)), np.float32)
        block = np.empty((inward, columns), np.float32)
        for at, whole in enumerate(self.weight):
            np.copyto(block, whole)
            np.matmul(rows, block, out=answer[:, at * columns : (at + 1) * columns])
        answer *= self.scale
        answer += self.bias
        return answer


class Layer:
    """Attention of every token to every other, then a small network on each.

    Parameters
    ----------
    qkv : Linear
        From H to 3 H columns: queries, keys and values, each with one head's columns after the other's.
    out, up, down : Linear
        From H to H, from H to the inner width, and back.
    after_attention, after_network : Norm
        What follows each of the two.
    heads : int
        Into how many parts the H columns are divided.
    """

    def __init__(
        self,
        *,
        qkv: Linear,
        out: Linear,
        up: Linear,
        down: Linear,
        after_attention: Norm,
        after_network: Norm,
        heads: int,
    ) -> None:
        self._qkv = _with_scaled_queries(qkv, heads)
        self._out, self._up, self._down = out, up, down
        self._after_attention, self._after_network = after_attention, after_network
        self._heads = heads

    def of(self, rows: Floats) -> Floats:
        """Return the rows of the next layer, shape (tokens, H)."""
        mixed = self._out.of(self._attend(rows))
        mixed += rows
        rows = self._after_attention.of(mixed)
        inner = self._down.of(gelu(self._up.of(rows)))
        inner += rows
        return self._after_network.of(inner)

    def _attend(self, rows: Floats) -> Floats:
        parts = self._qkv.of(rows).reshape(len(rows), 3, self._heads, -1)
        queries, keys, values = parts.transpose(1, 2, 0, 3)
        heed: Floats = queries @ keys.transpose(0, 2, 1)
        heed -= np.maximum.reduce(heed, axis=2, keepdims=True)
        np.exp(heed, out=heed)
        heed /= np.add.reduce(heed, axis=2, keepdims=True)
        return (heed @ values).transpose(1, 0, 2).reshape(rows.shape)


def gelu(values: Floats) -> Floats:
    """Let pass what is above zero and little of what is below, by the usual approximation with tanh."""
    bent = values * values
    bent *= _CUBED
    bent += 1
    bent *= values
    bent *= _BEND
    np.tanh(bent, out=bent)
    bent += 1
    bent *= values
    bent *= np.float32(0.5)
    return bent


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """The whole encoder.

    Attributes
    ----------
    embedding : array of int8, shape (numbers, H)
        A row for each number; turned into floats only for the tokens of a post.
    embedding_scale : array of float32, shape (numbers,)
        What one unit of a row is worth.
    positions : array of float32, shape (at least the tokens of a post, H)
        Added to the first token, the second, and so on.
    head : array of float32, shape (questions, H)
        From H to one answer for each question.
    head_bias : array of float32, shape (questions,)
    """

    embedding: Whole
    embedding_scale: Floats
    positions: Floats
    norm: Norm
    layers: tuple[Layer, ...]
    head: Floats
    head_bias: Floats

    def meaning(self, numbers: Sequence[int]) -> Floats:
        """Return the means of four layers' rows for the tokens of a post, shape (4 H,).

        The last layer's first, then those a quarter, half and three quarters of the way down: what a layer
        drops as of no use for the questions of the head, a lower one still tells.
        """
        chosen = np.asarray(numbers)
        scale = self.embedding_scale[chosen, None]
        rows: Floats = np.multiply(self.embedding[chosen], scale, dtype=np.float32)
        rows += self.positions[: len(chosen)]
        rows = self.norm.of(rows)
        sums = [np.add.reduce(rows, axis=0)]
        for layer in self.layers:
            rows = layer.of(rows)
            sums.append(np.add.reduce(rows, axis=0))
        told = np.concatenate([sums[depth] for depth in told_depths(len(self.layers))])
        meaning: Floats = np.divide(told, len(rows), dtype=np.float32)
        return meaning

    def answers(self, meaning: Floats) -> list[float]:
        """Return the answers, as logits, to what a post means; they come from the last layer alone."""
        last = meaning[: self.head.shape[1]]
        answers: list[float] = (self.head @ last + self.head_bias).tolist()
        return answers


def told_depths(layers: int) -> list[int]:
    """Return after how many layers a meaning is taken, the last first; 0 is before any."""
    return [layers - math.ceil(layers * part / _TOLD) for part in range(_TOLD)]


def _with_scaled_queries(qkv: Linear, heads: int) -> Linear:
    """Divide the queries once instead of every product of a query with a key."""
    width = len(qkv.bias) // 3
    share = np.ones(3 * width, dtype=np.float32)
    share[:width] = 1 / math.sqrt(width // heads)
    return Linear(weight=qkv.weight, scale=qkv.scale * share, bias=qkv.bias * share)
