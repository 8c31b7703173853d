"""The whole of ``make train``: read, fit, judge on rows not seen, fit on all, write."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
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
from infra.training.fitting import Network, Truth, fit
from infra.training.glancing import STREAM_WEIGHT, fit_look
from infra.training.vectors import FOLDS, Floats, Integers, Seen, fold_of, vectorise
from infra.training.weights import ship

FOLDER = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon"
CATEGORIES = list(Category)
SEED = 20261122
SEVERE_CUT = 0.0
"""Logit of severity from which a risk is a warning: more likely severe than not."""
SUPPORT_CUT = -3.5
"""How far a plea for help may lie behind another category: the harmless are many and always near."""
_RULE_BONUS = 2.5
"""What a rule's verdict adds to the logit of its own category."""
_EASIER, _MUCH_EASIER = 1.0, 3.0
"""How far below the cut a rule's verdict stands, and that of rules that are sure."""


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
    seen = vectorise(rows, scorer)
    truth = truth_of(rows)
    sparing = np.array([STREAM_WEIGHT if row.source in BENIGN else row.weight for row in rows])
    folds = np.array([fold_of(row) for row in rows])
    answers, looks, network = _out_of_fold(seen, truth, sparing, folds)
    logits, kinds = answers[:, 0], answers[:, 1:]
    cut = judging.notice_cut(rows, logits)
    warning_cut = judging.warning_cut(rows, logits)
    first_cut = judging.first_cut(rows, looks)
    look = fit_look(seen.short, truth.risk, sparing)
    shipped = ship(seen.names, network, look, seen.matrix.counts())
    described = {
        "format": FORMAT,
        "digest": digest(),
        "rows": {name: sum(row.source == name for row in rows) for name in sorted({r.source for r in rows})},
        "categories": [str(name) for name in CATEGORIES],
        "cuts": {
            "first": round(first_cut, 4),
            "rule": round(cut - _EASIER, 4),
            "sure_rule": round(cut - _MUCH_EASIER, 4),
            "rule_category": _RULE_BONUS,
            "warning": round(warning_cut, 4),
            "severe": SEVERE_CUT,
            "support": SUPPORT_CUT,
        },
        "table": judging.score_table(rows, logits, cut),
        "out_of_fold": judging.figures(
            rows, logits, kinds, cut=cut, warning_cut=warning_cut, severe_cut=SEVERE_CUT
        )
        | {"second_looks": judging.second_looks(rows, looks, cut=first_cut)},
        **shipped.numbers,
    }
    return Learned(packed=shipped.packed, described=described)


def _out_of_fold(
    seen: Seen, truth: Truth, sparing: Floats, folds: Integers
) -> tuple[Floats, Floats, Network]:
    """Return answers and first looks of models that had not seen the row, and the network of all rows.

    ``sparing`` is what each row weighs in the first look.
    """
    every = np.arange(len(folds))
    unseen = [found for fold in range(FOLDS) if (found := np.flatnonzero(folds == fold)).size]
    parts = [*(np.setdiff1d(every, found) for found in unseen), every]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        *networks, whole = pool.map(
            partial(fit, seed=SEED), map(seen.matrix.take, parts), map(truth.take, parts), chunksize=1
        )
    answers = np.zeros((len(folds), len(CATEGORIES) + 2), np.float32)
    looks = np.zeros(len(folds))
    for found, rest, network in zip(unseen, parts, networks, strict=False):
        answers[found] = network.answers(seen.matrix.take(found))
        look = fit_look(seen.short.take(rest), truth.risk[rest], sparing[rest])
        looks[found] = look.logits(seen.short.take(found))
    return answers, looks, whole


def truth_of(rows: Sequence[Row]) -> Truth:
    """Return what is right for each row."""
    return Truth(
        risk=np.array([row.is_risk for row in rows], np.float32),
        kinds=np.array([CATEGORIES.index(row.category) for row in rows]),
        severe=np.array([row.is_severe for row in rows], np.float32),
        weights=np.array([row.weight for row in rows], np.float32),
        count=len(CATEGORIES),
    )
