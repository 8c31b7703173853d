"""The small learned model: a weight for each piece of text and mark, read from ``lexicon/model.bin``.

It is linear, so a judgement is a sum, and each part of the sum can be shown. ``make train`` writes it.
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
from typing import Any

from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError

FORMAT = 1
_HEAD = struct.Struct("<III")
_LANE = array("I").itemsize
_ZERO = 256
"""Added to each weight of a row, so that none is negative and borrows from its neighbour."""
_SHARED = {weight: weight for weight in range(-128, 128)}
"""One object for each weight there is: what is looked at all the time should lie close together."""
PIECES_LENGTH = 8.0
"""A text counts as a vector of this length however many pieces it has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """Weights, ready to be summed.

    Attributes
    ----------
    risk : mapping of str to int
        Piece or mark → weight, in units of ``risk_unit`` or ``mark_unit``.
    rows : mapping of str to int
        Piece or mark → a weight for each category, and last one for severity, in units of ``kind_unit``
        or, for marks, of ``kind_mark_unit``. A row is one number with 32 bits for each weight, so that
        adding two numbers adds all their weights at once.
    table : sequence of (logit, score)
        Rising points between which a risk logit is read off as a score.
    """

    risk: Mapping[str, int]
    risk_bias: float
    risk_unit: float
    mark_unit: float
    rows: Mapping[str, int]
    kind_biases: tuple[float, ...]
    kind_unit: float
    kind_mark_unit: float
    categories: tuple[Category, ...]
    table: tuple[tuple[float, float], ...]
    cuts: Mapping[str, float]

    def logit(self, pieces: Collection[str], marks: Collection[str]) -> float:
        """Return how strongly a post looks like a risk."""
        text = sum(filter(None, map(self.risk.get, pieces)))
        scene = sum(filter(None, map(self.risk.get, marks)))
        return self.risk_bias + self.risk_unit * text * _scale(pieces) + self.mark_unit * scene

    def score(self, logit: float) -> int:
        """Read a logit off the calibration table."""
        points = self.table
        at = bisect_right(points, (logit, math.inf))
        if at == 0:
            return round(points[0][1])
        if at == len(points):
            return round(points[-1][1])
        (x0, y0), (x1, y1) = points[at - 1], points[at]
        return round(y0 + (y1 - y0) * (logit - x0) / (x1 - x0))

    def kinds_of(self, pieces: Collection[str], marks: Collection[str]) -> tuple[list[float], float]:
        """Return a logit for each category, and one for being severe."""
        width = len(self.kind_biases)
        text = self._sum(pieces, width)
        scene = self._sum(marks, width)
        unit = self.kind_unit * _scale(pieces)
        logits = [
            bias + unit * a + self.kind_mark_unit * b
            for bias, a, b in zip(self.kind_biases, text, scene, strict=True)
        ]
        return logits[:-1], logits[-1]

    def _sum(self, names: Collection[str], width: int) -> list[int]:
        rows = list(filter(None, map(self.rows.get, names)))
        lanes = sum(rows).to_bytes(width * _LANE, sys.byteorder)
        return [lane - _ZERO * len(rows) for lane in memoryview(lanes).cast("I")]


def _scale(pieces: Collection[str]) -> float:
    return PIECES_LENGTH / math.sqrt(len(pieces) or 1)


@cache
def load_model() -> Model:
    """Read the model that ships with hikeshi.

    Raises
    ------
    ConfigError
        If its two files do not belong together.
    """
    folder = resources.files("hikeshi") / "lexicon"
    described = json.loads((folder / "model.json").read_text("utf-8"))
    return unpack((folder / "model.bin").read_bytes(), described)


def pack(names: Sequence[str], risk: Sequence[int], kinds: Sequence[int]) -> bytes:
    """Return the bytes of a model; the first names are those that have a row in ``kinds``."""
    text = "\n".join(names).encode()
    head = _HEAD.pack(len(text), len(names), len(kinds))
    body = head + text + array("b", risk).tobytes() + array("b", kinds).tobytes()
    return zlib.compress(body, 9)


def unpack(packed: bytes, described: Mapping[str, Any]) -> Model:
    """Build a model from its bytes and its description."""
    try:
        body = zlib.decompress(packed)
        text_length, count, cells = _HEAD.unpack_from(body)
        text_end = _HEAD.size + text_length
        names = body[_HEAD.size : text_end].decode().split("\n")
        risk = array("b", body[text_end : text_end + count])
        kinds = array("b", body[text_end + count :])
        width = len(described["kind_biases"])
        if described["format"] != FORMAT or len(names) != count or len(kinds) != cells:
            raise ConfigError("lexicon/model.bin and model.json do not belong together: run make train")
        return Model(
            risk={name: _SHARED[weight] for name, weight in zip(names, risk, strict=True) if weight},
            risk_bias=described["risk_bias"],
            risk_unit=described["risk_unit"],
            mark_unit=described["mark_unit"],
            rows=dict(zip(names[: cells // width], _rows(kinds, width), strict=True)),
            kind_biases=tuple(described["kind_biases"]),
            kind_unit=described["kind_unit"],
            kind_mark_unit=described["kind_mark_unit"],
            categories=tuple(Category(name) for name in described["categories"]),
            table=tuple((x, y) for x, y in described["table"]),
            cuts=described["cuts"],
        )
    except (zlib.error, struct.error, KeyError, ValueError, UnicodeDecodeError) as error:
        raise ConfigError(f"lexicon/model.bin: {type(error).__name__}: run make train") from None


def _rows(kinds: array[int], width: int) -> Iterator[int]:
    lanes = array("I", [weight + _ZERO for weight in kinds])
    for at in range(0, len(lanes), width):
        yield int.from_bytes(lanes[at : at + width].tobytes(), sys.byteorder)
