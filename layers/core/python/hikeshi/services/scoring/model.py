"""The small learned model, read from ``lexicon/model.bin``: rows of weights for pieces of text and for marks.

The rows of a post's pieces are added and cut off below zero; what is left, the hidden values, is weighed for
each question: is it a risk, of which category, is it severe. ``make train`` writes it.
"""

from __future__ import annotations

import json
import math
import struct
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import add, mul
from typing import Any

from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError

FORMAT = 5
_HEAD = struct.Struct("<III")
_LANE = array("H").itemsize
_ZERO = 128
"""Added to each weight of a row, so that none is negative and borrows from its neighbour."""
_RAISED = bytes((byte + _ZERO) % 256 for byte in range(256))
"""Turns the byte of a signed weight into that of the weight and ``_ZERO``."""
_LOW = 0 if sys.byteorder == "little" else _LANE - 1
_AT_ONCE = 256
"""Rows that can be added before a lane of 16 bits would overflow."""
PIECES_LENGTH = 8.0
"""A text counts as a vector of this length however many pieces it has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """From which logit a post is what, and how a logit reads as a score.

    Attributes
    ----------
    table : sequence of (logit, score)
        Rising points between which a risk logit is read off as a score.
    """

    cuts: Mapping[str, float]
    table: tuple[tuple[float, float], ...]

    def score(self, logit: float) -> int:
        """Read a logit off the table."""
        points = self.table
        at = bisect_right(points, (logit, math.inf))
        if at == 0:
            return round(points[0][1])
        if at == len(points):
            return round(points[-1][1])
        (x0, y0), (x1, y1) = points[at - 1], points[at]
        return round(y0 + (y1 - y0) * (logit - x0) / (x1 - x0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """Weights, ready to be summed.

    Attributes
    ----------
    first : mapping of str to int
        Short piece → its weight for the first look, in units of ``first_unit``.
    rows : mapping of str to int
        Piece or mark → its weights for the hidden values. A row is one number with 16 bits for each weight,
        so that adding two numbers adds all their weights at once.
    bias : tuple of float
        For each hidden value what it is without any piece.
    unit, mark_unit : float
        What one unit of a row is worth, for pieces and for marks.
    weights : tuple of tuple of float
        For each question the weights of the hidden values: risk, each category, severity.
    first_cut : float
        From which first look on a post is looked at again.
    alone, read, read_all : Calibration
        What the logits mean without encoders, with them, and if the thorough one reads all.
    """

    first: Mapping[str, int]
    first_bias: float
    first_unit: float
    rows: Mapping[str, int]
    bias: tuple[float, ...]
    unit: float
    mark_unit: float
    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]
    categories: tuple[Category, ...]
    first_cut: float
    alone: Calibration
    read: Calibration
    read_all: Calibration

    def may_be_risk(self, short: Collection[str]) -> bool:
        """Tell from short pieces alone whether a post is worth a second look."""
        told = sum(filter(None, map(self.first.get, short)))
        return self.first_bias + self.first_unit * told * _scale(short) >= self.first_cut

    def hidden(self, pieces: Collection[str], marks: Collection[str]) -> list[float]:
        """Return the hidden values of a post."""
        text, known = self._sum(pieces)
        scene, seen = self._sum(marks)
        unit, mark_unit = self.unit * _scale(pieces), self.mark_unit
        zero = _ZERO * (unit * known + mark_unit * seen)
        if not seen:
            values = [bias + unit * lane for bias, lane in zip(self.bias, text, strict=True)]
        else:
            values = [
                bias + unit * lane + mark_unit * mark
                for bias, lane, mark in zip(self.bias, text, scene, strict=True)
            ]
        return [value - zero if value > zero else 0.0 for value in values]

    def risk(self, hidden: Sequence[float]) -> float:
        """Return how strongly a post looks like a risk, as a logit."""
        return sum(map(mul, self.weights[0], hidden), self.biases[0])

    def kinds(self, hidden: Sequence[float]) -> tuple[dict[Category, float], float]:
        """Return a logit for each category, and one for being severe."""
        _, *logits, last = (
            bias + sum(map(mul, weights, hidden))
            for bias, weights in zip(self.biases, self.weights, strict=True)
        )
        return dict(zip(self.categories, logits, strict=True)), last

    def voices(self, names: Collection[str], hidden: Sequence[float]) -> dict[str, float]:
        """Return how much each known piece of a post speaks for a risk, given what else stands there."""
        awake = [
            weight * self.unit if value > 0.0 else 0.0
            for weight, value in zip(self.weights[0], hidden, strict=True)
        ]
        rest = _ZERO * sum(awake)
        return {
            name: sum(map(mul, awake, self._lanes(row))) - rest
            for name in names
            if (row := self.rows.get(name)) is not None
        }

    def _sum(self, names: Collection[str]) -> tuple[Sequence[int], int]:
        """Return the added lanes of the names that are known, and how many these are."""
        rows = list(filter(None, map(self.rows.get, names)))
        lanes: Sequence[int] = self._lanes(sum(rows[:_AT_ONCE]))
        for at in range(_AT_ONCE, len(rows), _AT_ONCE):
            lanes = list(map(add, lanes, self._lanes(sum(rows[at : at + _AT_ONCE]))))
        return lanes, len(rows)

    def _lanes(self, number: int) -> memoryview[int]:
        return memoryview(number.to_bytes(len(self.bias) * _LANE, sys.byteorder)).cast("H")


def _scale(pieces: Collection[str]) -> float:
    return PIECES_LENGTH / math.sqrt(len(pieces) or 1)


@cache
def load_model() -> Model:
    """Read the model that ships with hikeshi.

    Raises
    ------
    ConfigError
        If its two files cannot be read, or do not belong together.
    """
    folder = resources.files("hikeshi") / "lexicon"
    try:
        described = json.loads((folder / "model.json").read_text("utf-8"))
    except ValueError as error:
        raise ConfigError(f"lexicon/model.json: {type(error).__name__}: run make train") from None
    return unpack((folder / "model.bin").read_bytes(), described)


def pack(names: Sequence[str], rows: Sequence[int], first: Sequence[int]) -> bytes:
    """Return the bytes of a model.

    ``rows`` has as many weights for each name as there are hidden values; ``first`` has one for each of the
    first names.
    """
    text = "\n".join(names).encode()
    head = _HEAD.pack(len(text), len(names), len(first))
    return zlib.compress(head + text + array("b", [*first, *rows]).tobytes(), 9)


def unpack(packed: bytes, described: Mapping[str, Any]) -> Model:
    """Build a model from its bytes and its description."""
    try:
        body = zlib.decompress(packed)
        text_length, count, looks = _HEAD.unpack_from(body)
        text_end = _HEAD.size + text_length
        names = body[_HEAD.size : text_end].decode().split("\n")
        looks_end = text_end + looks
        width = len(described["bias"])
        fits = len(names) == count and len(body) == looks_end + count * width
        if described["format"] != FORMAT or not fits:
            raise ConfigError("lexicon/model.bin and model.json do not belong together: run make train")
        return Model(
            first=dict(zip(names, array("b", body[text_end:looks_end]), strict=False)),
            first_bias=described["first_bias"],
            first_unit=described["first_unit"],
            rows=dict(zip(names, _rows(body[looks_end:], width), strict=True)),
            bias=tuple(described["bias"]),
            unit=described["unit"],
            mark_unit=described["mark_unit"],
            weights=tuple(tuple(weights) for weights in described["weights"]),
            biases=tuple(described["biases"]),
            categories=tuple(Category(name) for name in described["categories"]),
            first_cut=described["first_cut"],
            alone=_calibration(described["alone"]),
            read=_calibration(described["read"]),
            read_all=_calibration(described["read_all"]),
        )
    except (zlib.error, struct.error, KeyError, ValueError, UnicodeDecodeError) as error:
        raise ConfigError(f"lexicon/model.bin: {type(error).__name__}: run make train") from None


def _calibration(described: Mapping[str, Any]) -> Calibration:
    return Calibration(cuts=described["cuts"], table=tuple((x, y) for x, y in described["table"]))


def _rows(weights: bytes, width: int) -> Iterator[int]:
    lanes = bytearray(len(weights) * _LANE)
    lanes[_LOW::_LANE] = weights.translate(_RAISED)
    step = width * _LANE
    for at in range(0, len(lanes), step):
        yield int.from_bytes(lanes[at : at + step], sys.byteorder)
