"""Posts as sparse vectors, seen exactly as the scorer sees them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hikeshi.services.scoring.model import PIECES_LENGTH
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.training.corpus import Row

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FOLDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Sparse:
    """Rows of a matrix: ``columns[starts[i]:starts[i+1]]`` hold ``values`` in row i.

    ``plain`` are the columns of marks and the last one, as opposed to pieces of text.
    """

    columns: Integers
    values: Floats
    starts: Integers
    width: int
    plain: Integers

    def scaled(self, factors: Floats) -> Sparse:
        """Return the matrix with each column times its factor."""
        return replace(self, values=self.values * factors[self.columns])

    def times(self, weights: Floats) -> Floats:
        """Return the product with a vector, or with a matrix of one column an output."""
        parts = weights[self.columns] * (self.values if weights.ndim == 1 else self.values[:, None])
        return np.add.reduceat(parts, self.starts[:-1], axis=0)

    def back(self, outer: Floats) -> Floats:
        """Return the product of the transpose with a vector."""
        spread = np.repeat(outer, np.diff(self.starts)) * self.values
        return np.bincount(self.columns, weights=spread, minlength=self.width).astype(np.float64)

    def take(self, rows: Integers) -> Sparse:
        """Return some of the rows."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        at = np.repeat(self.starts[rows], lengths) + inside
        return replace(self, columns=self.columns[at], values=self.values[at], starts=starts.astype(np.int64))

    def keep_columns(self, kept: Integers) -> Sparse:
        """Return the matrix with only some of its columns, which are numbered anew in their order."""
        place = np.full(self.width, -1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        known = place[self.columns] >= 0
        owner = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))[known]
        counts = np.bincount(owner, minlength=len(self.starts) - 1)
        return Sparse(
            columns=place[self.columns[known]],
            values=self.values[known],
            starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            width=len(kept),
            plain=np.flatnonzero(np.isin(kept, self.plain)),
        )

    def frequent_columns(self, most: int) -> Integers:
        """Return the columns that most rows have, in order, and always the last one."""
        counts = np.bincount(self.columns, minlength=self.width)[:-1]
        chosen = np.sort(np.argsort(-counts, kind="stable")[:most])
        return np.append(chosen[counts[chosen] > 0], self.width - 1)


def vectorise(rows: Sequence[Row], scorer: LexiconScorer, *, at_least: int = 3) -> tuple[Sparse, list[str]]:
    """Return the matrix of the rows and the names of its columns; the last column is always 1.

    A piece that fewer than ``at_least`` rows have is left out. Texts that the rules were written against
    keep their word groups but not the rules' verdict.
    """
    seen = [scorer.features(row.text) for row in rows]
    counts: Counter[str] = Counter()
    for found in seen:
        counts.update(found.pieces)
        counts.update(found.marks)
    names = sorted(name for name, count in counts.items() if count >= at_least and "\n" not in name)
    place = {name: at for at, name in enumerate(names)}
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for row, found in zip(rows, seen, strict=True):
        marks = found.scene if row.rules_knew else found.marks
        known = [place[piece] for piece in sorted(found.pieces) if piece in place]
        scale = PIECES_LENGTH / len(found.pieces) ** 0.5
        marked = [place[mark] for mark in dict.fromkeys(marks) if mark in place]
        columns += [*known, *marked, len(names)]
        values += [scale] * len(known) + [1.0] * (len(marked) + 1)
        starts.append(len(columns))
    matrix = Sparse(
        columns=np.array(columns, dtype=np.int64),
        values=np.array(values),
        starts=np.array(starts, dtype=np.int64),
        width=len(names) + 1,
        plain=np.array([*(at for at, name in enumerate(names) if name[0] == "\x01"), len(names)]),
    )
    return matrix, names


def fold_of(row: Row) -> int:
    """Return the fold of a row: texts that were written together share one."""
    return zlib.crc32(row.family.encode("utf-8", "surrogatepass")) % FOLDS
