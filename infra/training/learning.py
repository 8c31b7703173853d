"""The whole of ``make train``: read, fit, judge on rows not seen, fit on all, write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Tokenizer
from hikeshi.services.scoring.lexicon import Lexicon
from hikeshi.services.scoring.model import FORMAT
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.training import judging
from infra.training.corpus import BENIGN, ROOT, Row, digest
from infra.training.fitting import fit_binary, fit_classes
from infra.training.vectors import FOLDS, Floats, Integers, Sparse, fold_of, vectorise
from infra.training.weights import ship

FOLDER = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon"
RIDGE, KIND_RIDGE, SEVERE_RIDGE = 0.7, 0.7, 2.0
CATEGORIES = list(Category)
KIND_COLUMNS, KIND_STEPS = 12_000, 40
_KIND_SHARE = 10
"""Of the harmless texts of others, one in so many helps to tell categories apart."""
SEVERE_CUT = 0.5
"""Logit of severity from which a risk is a warning: out of fold, nine grave ones in ten lie above it."""
_RULE_BONUS = 2.5
"""What a rule's verdict adds to the logit of its own category."""
_EVEN = 0.25
"""Share of a piece's room that does not depend on how telling it is."""
_EASIER = 3.0
"""A rule's verdict stands down to this far below the cut that the text alone must reach."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """Fitted weights: risk or not, and a column for each category and last one for severity."""

    risk: Floats
    kinds: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A model ready to be written."""

    packed: bytes
    described: dict[str, Any]

    def write(self, folder: Path = FOLDER) -> None:
        """Write ``model.bin`` and ``model.json``."""
        (folder / "model.bin").write_bytes(self.packed)
        text = json.dumps(self.described, ensure_ascii=False, indent=1)
        (folder / "model.json").write_text(text + "\n", "utf-8")


def learn(rows: Sequence[Row], *, lexicon: Lexicon, tokenizer: Tokenizer) -> Learned:
    """Learn from the rows; the same rows give the same bytes."""
    scorer = LexiconScorer(tokenizer=tokenizer, lexicon=lexicon, learned=False)
    matrix, names = vectorise(rows, scorer)
    folds = np.array([fold_of(row) for row in rows])
    logits = np.zeros(len(rows))
    kinds = np.zeros((len(rows), len(CATEGORIES) + 1))
    for fold in range(FOLDS):
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
        heads = fit(matrix, rows, np.flatnonzero(folds != fold))
        unseen = np.flatnonzero(folds == fold)
        if unseen.size:
            logits[unseen] = matrix.take(unseen).times(heads.risk)
            kinds[unseen] = matrix.take(unseen).times(heads.kinds)
    cut = judging.cut_at(rows, logits, alarms=judging.NOTICE_ALARMS)
    warning_cut = judging.cut_at(rows, logits, alarms=judging.WARNING_ALARMS)
    heads = fit(matrix, rows, np.arange(len(rows)))
    shipped = ship(names, heads.risk, heads.kinds)
    described = {
        "format": FORMAT,
        "digest": digest(),
        "rows": {name: sum(row.source == name for row in rows) for name in sorted({r.source for r in rows})},
        "categories": [str(name) for name in CATEGORIES],
        "cuts": {
            "rule": round(cut - _EASIER, 4),
            "rule_category": _RULE_BONUS,
            "warning": round(warning_cut, 4),
            "severe": SEVERE_CUT,
            "support": 0.0,
        },
        "table": judging.score_table(rows, logits, cut),
        "out_of_fold": judging.figures(
            rows, logits, kinds, cut=cut, warning_cut=warning_cut, severe_cut=SEVERE_CUT
        ),
        **shipped.numbers,
    }
    return Learned(packed=shipped.packed, described=described)


def fit(matrix: Sparse, rows: Sequence[Row], of: Integers) -> Heads:
    """Fit every head on some of the rows."""
    weights = np.array([row.weight for row in rows])[of]
    risky = np.array([row.is_risk for row in rows], dtype=np.float64)[of]
    mine = matrix.take(of)
    telling = _telling(mine, rows, of)
    risk = fit_binary(mine.scaled(telling), risky, weights, ridge=RIDGE, steps=60) * telling
    some = np.array([at for at in of if rows[at].source not in BENIGN or at % _KIND_SHARE == 0])
    classes = np.array([CATEGORIES.index(rows[at].category) for at in some])
    shares = np.array([rows[at].weight for at in some])
    sample = matrix.take(some)
    kept = sample.frequent_columns(KIND_COLUMNS)
    kinds = np.zeros((matrix.width, len(CATEGORIES)))
    kinds[kept] = fit_classes(
        sample.keep_columns(kept), classes, len(CATEGORIES), shares, ridge=KIND_RIDGE, steps=KIND_STEPS
    )
    risks = np.array([at for at in of if rows[at].is_risk])
    grave = np.array([rows[at].is_severe for at in risks], dtype=np.float64)
    severe = fit_binary(matrix.take(risks), grave, np.ones(len(risks)), ridge=SEVERE_RIDGE, steps=40)
    return Heads(risk=risk, kinds=np.column_stack((kinds, severe)))


def _telling(matrix: Sparse, rows: Sequence[Row], of: Integers) -> Floats:
    """Return for each column how unequally our own risks and harmless posts share it.

    Pieces that tell much begin with more room than those that stand in every post; it makes a few
    thousand posts go further.
    """
    own = np.array([rows[at].source not in BENIGN for at in of])
    risky = np.array([rows[at].is_risk for at in of])
    counts = [
        np.bincount(matrix.take(np.flatnonzero(own & kind)).columns, minlength=matrix.width) + 1.0
        for kind in (risky, ~risky)
    ]
    risks, calm = (count / count.sum() for count in counts)
    ratio: Floats = _EVEN + (1.0 - _EVEN) * np.abs(np.log(risks / calm))
    ratio[matrix.plain] = 1.0
    return ratio
