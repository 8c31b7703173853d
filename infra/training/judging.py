"""Out-of-fold judgement: where to cut, how to read a logit as a score, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.domain.assessment import Category
from infra.training.corpus import BENIGN, Row
from infra.training.vectors import Floats, Integers

NOTICE_ALARMS, WARNING_ALARMS = 0.035, 0.025
"""Shares of our own harmless posts, most of them written to mislead, that may pass either cut."""
MISSED_AT_FIRST = 0.015
"""Share of the risks that the first look may lose; the network finds none of these."""
BENIGN_NOTICES = {"open2ch_posts": 100, "asdc_utterances": 35, "quasi_reviews": 35, "chabsa": 35}
BENIGN_WARNINGS = {"open2ch_posts": 14, "asdc_utterances": 7, "quasi_reviews": 7, "chabsa": 7}
"""Flags per 10,000 harmless texts of others that either cut may cost, with room below what is allowed."""
NOTICE, WARNING, FULL = 30.0, 60.0, 100.0
QUICK, THOROUGH = {"open2ch_posts": 500}, {"open2ch_posts": 40}
"""Posts per 10,000 of a rough stream that either encoder may read: one takes as long as four posts without,
the other as long as two hundred."""
_LEXICON = "lexicon"


def auc(scores: Floats, truth: NDArray[np.bool_]) -> float:
    """Return the chance that a true row outscores a false one; ties count half."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    positives = int(truth.sum())
    above = float(ranks[truth].sum()) - positives * (positives + 1) / 2
    return above / (positives * (len(truth) - positives))


def cut_at(rows: Sequence[Row], logits: Floats, *, alarms: float, streams: Mapping[str, int]) -> float:
    """Return the lowest logit at which neither twins nor harmless streams are flagged too often."""
    calm = np.array([not row.is_risk for row in rows])
    source = np.array([row.source for row in rows])
    ours = ~np.isin(source, [*BENIGN, _LEXICON])
    cut = _beyond(logits[calm & ours], alarms)
    for name, most in streams.items():
        found = logits[source == name]
        if found.size:
            cut = max(cut, _beyond(found, most / 10_000))
    return cut


def notice_cut(rows: Sequence[Row], logits: Floats) -> float:
    """Return the logit from which a post is shown to a person."""
    return cut_at(rows, logits, alarms=NOTICE_ALARMS, streams=BENIGN_NOTICES)


def warning_cut(rows: Sequence[Row], logits: Floats, severe: NDArray[np.bool_], *, notice: float) -> float:
    """Return the logit from which a severe post calls someone, ``notice`` at least.

    Only what is taken for severe counts: no other post becomes a warning, however sure its risk.
    """
    severely = np.where(severe, logits, -np.inf)
    return max(notice, cut_at(rows, severely, alarms=WARNING_ALARMS, streams=BENIGN_WARNINGS))


def first_cut(rows: Sequence[Row], looks: Floats) -> float:
    """Return how far down the first look must let posts through to lose hardly any risk."""
    risky = np.array([row.is_risk and row.source != _LEXICON for row in rows])
    return float(np.quantile(looks[risky], MISSED_AT_FIRST))


def read_cut(rows: Sequence[Row], logits: Floats, streams: Mapping[str, int]) -> float:
    """Return the logit from which a post is worth an encoder's time."""
    source = np.array([row.source for row in rows])
    cuts = [
        _beyond(logits[source == name], most / 10_000)
        for name, most in streams.items()
        if (source == name).any()
    ]
    return max(cuts, default=float(np.median(logits)))


def share_of(rows: Sequence[Row], chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of each set that was chosen, and of our own risks."""
    source = np.array([row.source for row in rows])
    ours = np.array([row.is_risk and row.source != _LEXICON for row in rows])
    parts = {name: source == name for name in BENIGN} | {"risks": ours}
    return {name: round(float(chosen[part].mean()), 4) for name, part in parts.items() if part.any()}


def second_looks(rows: Sequence[Row], looks: Floats, *, cut: float) -> dict[str, float]:
    """Return the share of each harmless set that the first look lets through."""
    source = np.array([row.source for row in rows])
    return {
        name: round(float((looks[source == name] >= cut).mean()), 3)
        for name in BENIGN
        if (source == name).any()
    }


def _beyond(logits: Floats, share: float) -> float:
    """Return the logit that just this share of the rows exceeds."""
    ordered = np.sort(logits)[::-1]
    return float(ordered[int(len(ordered) * share)]) + 1e-6


def score_table(rows: Sequence[Row], logits: Floats, cut: float) -> list[tuple[float, float]]:
    """Return rising points (logit, score): quantiles of the harmless below the cut, of the risks above."""
    ours = np.array([row.source not in BENIGN and row.source != _LEXICON for row in rows])
    risky = np.array([row.is_risk for row in rows])
    low = float(np.quantile(logits[ours & ~risky], 0.1))
    high = max(float(np.quantile(logits[ours & risky], 0.98)), cut + 1.0)
    return [
        (round(min(low, cut - 1.0), 4), 0.0),
        (round(cut, 4), NOTICE),
        (round((cut + high) / 2, 4), WARNING),
        (round(high, 4), FULL),
    ]


def figures(
    rows: Sequence[Row], logits: Floats, kinds: Floats, *, cut: float, warning_cut: float, severe_cut: float
) -> dict[str, Any]:
    """Return how good the model alone is on rows that it had not seen."""
    source = np.array([row.source for row in rows])
    risky = np.array([row.is_risk for row in rows])
    grave = np.array([row.is_severe for row in rows])
    answer: dict[str, Any] = {}
    parts = {
        "development": source == "dev",
        "training": ~np.isin(source, ["dev", _LEXICON, *BENIGN]),
    }
    names = np.array([list(Category).index(row.category) for row in rows])
    best, severe = best_category(kinds[:, :-1]), kinds[:, -1]
    for part, inside in parts.items():
        if not (inside & risky).any() or not (inside & ~risky).any():
            continue
        found = inside & risky & (logits >= cut)
        answer[part] = {
            "rows": int(inside.sum()),
            "auc": round(auc(logits[inside], risky[inside]), 4),
            "recall": round(float((logits[inside & risky] >= cut).mean()), 4),
            "false_alarms": round(float((logits[inside & ~risky] >= cut).mean()), 4),
            "category_of_found": round(float((best[found] == names[found]).mean()), 4),
            "severe_at_warning": round(
                float(((logits >= warning_cut) & (severe >= severe_cut))[inside & grave].mean()), 4
            ),
            "notice_not_raised": round(float((severe < severe_cut)[inside & risky & ~grave].mean()), 4),
        }
    for name in BENIGN:
        inside = source == name
        if inside.any():
            answer[name] = {"per_10000": round(float((logits[inside] >= cut).mean()) * 10_000, 1)}
    return answer


def best_category(kinds: Floats) -> Integers:
    """Return for each row the heaviest of the risk categories."""
    risks = [at for at, name in enumerate(Category) if name not in (Category.NONE, Category.SUPPORT)]
    best: Integers = np.array(risks)[np.argmax(kinds[:, risks], axis=1)]
    return best
