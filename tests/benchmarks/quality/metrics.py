"""Figures made of scores and labels. Pure arithmetic, tested against values worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Return the chance that a positive outscores a negative; ties count half.

    Raises
    ------
    ValueError
        If one of the two kinds is missing.
    """
    positives = sum(positive)
    negatives = len(positive) - positives
    if not positives or not negatives:
        raise ValueError("both kinds are needed")
    won, below = 0.0, 0
    for _, tied in groupby(sorted(zip(scores, positive, strict=True)), key=lambda pair: pair[0]):
        kinds = [kind for _, kind in tied]
        mine = sum(kinds)
        theirs = len(kinds) - mine
        won += mine * (below + theirs / 2)
        below += theirs
    return won / (positives * negatives)


def average_precision(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Return the precision at each threshold, weighted by the recall gained there; ties are one threshold.

    Raises
    ------
    ValueError
        If there is no positive.
    """
    positives = sum(positive)
    if not positives:
        raise ValueError("no positive")
    total, seen, found = 0.0, 0, 0
    ranked = sorted(zip(scores, positive, strict=True), key=lambda pair: -pair[0])
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        kinds = [kind for _, kind in tied]
        seen += len(kinds)
        found += sum(kinds)
        total += sum(kinds) / positives * (found / seen)
    return total


def share(kinds: Sequence[bool]) -> float:
    """Return the share of True; NaN of nothing."""
    return sum(kinds) / len(kinds) if kinds else float("nan")


def recall(flagged: Sequence[bool], positive: Sequence[bool]) -> float:
    """Return the share of the positives that is flagged."""
    return share([flag for flag, kind in zip(flagged, positive, strict=True) if kind])


def false_alarms(flagged: Sequence[bool], positive: Sequence[bool]) -> float:
    """Return the share of the negatives that is flagged."""
    return share([flag for flag, kind in zip(flagged, positive, strict=True) if not kind])


def precision(flagged: Sequence[bool], positive: Sequence[bool]) -> float:
    """Return the share of the flagged that is positive; NaN if nothing is flagged."""
    return share([kind for flag, kind in zip(flagged, positive, strict=True) if flag])


def recall_at(scores: Sequence[float], positive: Sequence[bool], *, at_most: float) -> float:
    """Return the best recall of any threshold whose false alarms stay within ``at_most``."""
    best = 0.0
    for threshold in sorted(set(scores)):
        flagged = [score >= threshold for score in scores]
        if false_alarms(flagged, positive) <= at_most:
            best = max(best, recall(flagged, positive))
    return best


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """One row of a reliability table: scores from ``low`` to below ``high`` (the last one includes 100)."""

    low: int
    high: int
    count: int
    mean_score: float
    observed: float
    error: float


def reliability(scores: Sequence[float], positive: Sequence[bool], *, bins: int = 10) -> list[Bin]:
    """Return for each band of scores from 0 to 100 how many of it were risks; empty bands are left out."""
    width = 100 // bins
    table = []
    for place in range(bins):
        low = place * width
        inside = [
            (score, kind)
            for score, kind in zip(scores, positive, strict=True)
            if min(int(score) // width, bins - 1) == place
        ]
        if inside:
            observed = share([kind for _, kind in inside])
            table.append(
                Bin(
                    low=low,
                    high=low + width,
                    count=len(inside),
                    mean_score=sum(score for score, _ in inside) / len(inside),
                    observed=observed,
                    error=sqrt(observed * (1 - observed) / len(inside)),
                )
            )
    return table


def calibration_error(table: Sequence[Bin]) -> float:
    """Return the mean distance of score and observed share, weighted by count, 0 to 1."""
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.mean_score / 100 - row.observed) for row in table) / total


def quantile(values: Sequence[float], at: float) -> float:
    """Return the value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(at * len(ordered)), len(ordered) - 1)]
