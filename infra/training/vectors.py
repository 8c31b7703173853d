"""Posts as sparse vectors, seen exactly as the scorer sees them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hikeshi.services.scoring.features import framed, short_pieces
from hikeshi.services.scoring.model import PIECES_LENGTH
from hikeshi.services.scoring.normalise import normalise
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.training.corpus import Row

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sparse:
    """Rows of a matrix: ``columns[starts[i]:starts[i+1]]`` hold ``values`` in row i; no row is empty."""

    columns: Integers
    values: Floats
    starts: Integers
    width: int

    def times(self, table: Floats) -> Floats:
        """Return the product with a matrix."""
        return np.add.reduceat(table[self.columns] * self.values[:, None], self.starts[:-1], axis=0)

    def back(self, outer: Floats) -> tuple[Integers, Floats]:
        """Return the rows of the transpose's product with a matrix that are not zero, and which they are."""
        order = np.argsort(self.columns, kind="stable")
        owners = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))[order]
        columns, firsts = np.unique(self.columns[order], return_index=True)
        return columns, np.add.reduceat(outer[owners] * self.values[order, None], firsts, axis=0)

    def weighed(self, factors: Floats) -> Sparse:
        """Return the matrix with each of its values times a factor."""
        return replace(self, values=self.values * factors)

    def take(self, rows: Integers) -> Sparse:
        """Return some of the rows."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        at = np.repeat(self.starts[rows], lengths) + inside
        return replace(self, columns=self.columns[at], values=self.values[at], starts=starts.astype(np.int64))

    def counts(self) -> Integers:
        """Return how many rows have each column."""
        return np.bincount(self.columns, minlength=self.width)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The rows as the scorer sees them.

    ``matrix`` holds all pieces and marks, ``short`` only the pieces of the first look; both have a column
    for each of ``names``.
    """

    matrix: Sparse
    short: Sparse
    names: list[str]


def vectorise(
    rows: Sequence[Row], scorer: LexiconScorer, *, at_least: int = 3, names: Sequence[str] | None = None
) -> Seen:
    """Return the rows as matrices.

    There is a column for each of ``names``; if none are given, for what at least ``at_least`` rows have.
    Texts that the rules were written against keep their word groups but not the rules' verdict.
    """
    found = [scorer.features(row.text) for row in rows]
    pieces = [sorted(features.pieces()) for features in found]
    if names is None:
        counts = Counter(chain.from_iterable(pieces)) + Counter(chain.from_iterable(f.marks for f in found))
        names = sorted(name for name, count in counts.items() if count >= at_least and "\n" not in name)
    place = {name: at for at, name in enumerate(names)}
    whole, short = _Rows(place), _Rows(place)
    for row, features, mine in zip(rows, found, pieces, strict=True):
        whole.begin()
        whole.add(mine, PIECES_LENGTH / math.sqrt(len(mine)))
        whole.add(sorted(set(features.scene if row.rules_knew else features.marks)), 1.0)
        short.begin()
        short.add(sorted(features.short), PIECES_LENGTH / math.sqrt(len(features.short)))
    return Seen(matrix=whole.matrix(), short=short.matrix(), names=list(names))


def glances(texts: Sequence[str], *, names: Sequence[str] | None = None, at_least: int = 3) -> Seen:
    """Return texts by their short pieces alone; columns as for :func:`vectorise`."""
    found = [sorted(short_pieces(framed(normalise(text).text))) for text in texts]
    if names is None:
        counts = Counter(chain.from_iterable(found))
        names = sorted(name for name, count in counts.items() if count >= at_least and "\n" not in name)
    rows = _Rows({name: at for at, name in enumerate(names)})
    for mine in found:
        rows.begin()
        rows.add(mine, PIECES_LENGTH / math.sqrt(len(mine)))
    return Seen(matrix=rows.matrix(), short=rows.matrix(), names=list(names))


class _Rows:
    """Gathers the rows of a matrix."""

    def __init__(self, place: Mapping[str, int]) -> None:
        self._place = place
        self._columns: list[int] = []
        self._values: list[float] = []
        self._starts: list[int] = []

    def begin(self) -> None:
        self._starts.append(len(self._columns))

    def add(self, names: Iterable[str], value: float) -> None:
        known = [self._place[name] for name in names if name in self._place]
        self._columns += known
        self._values += [value] * len(known)

    def matrix(self) -> Sparse:
        return Sparse(
            columns=np.array(self._columns, dtype=np.int64),
            values=np.array(self._values, np.float32),
            starts=np.array([*self._starts, len(self._columns)], dtype=np.int64),
            width=len(self._place),
        )
