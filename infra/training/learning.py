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
from hikeshi.ports.scoring import Encoders, Tokenizer
from hikeshi.services.scoring.lexicon import Lexicon
from hikeshi.services.scoring.model import FORMAT
from hikeshi.services.scoring.scorer import LexiconScorer
from infra.lexicon.digests import seal
from infra.training import calibrating, judging
from infra.training.corpus import BENIGN, FOLDS, ROOT, Row, digest, fold_of, is_for_judging
from infra.training.fitting import Network, Truth, fit
from infra.training.glancing import STREAM_WEIGHT, fit_look
from infra.training.vectors import Floats, Integers, Seen, vectorise
from infra.training.weights import ship

FOLDER = ROOT / "layers" / "core" / "python" / "hikeshi" / "lexicon"
CATEGORIES = list(Category)
SEED = 20261122


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A model ready to be written."""

    packed: bytes
    described: dict[str, Any]

    def write(self, folder: Path = FOLDER) -> None:
        """Write ``model.bin`` and ``model.json``, and the digests of both."""
        (folder / "model.bin").write_bytes(self.packed)
        text = json.dumps(self.described, ensure_ascii=False, indent=1)
        (folder / "model.json").write_text(text + "\n", "utf-8")
        seal(("model.bin", "model.json"), folder)


def learn(
    rows: Sequence[Row],
    *,
    lexicon: Lexicon,
    tokenizer: Tokenizer,
    encoders: Encoders,
    unseen: Sequence[Row] = (),
) -> Learned:
    """Learn from the rows; the same rows give the same bytes.

    Parameters
    ----------
    encoders : Encoders
        What reads the posts that the network finds suspicious, taught already.
    unseen : sequence of Row
        Further harmless rows that no encoder has seen: what they make of unknown posts sets the cuts.
    """
    scorer = LexiconScorer(tokenizer=tokenizer, lexicon=lexicon, learned=False)
    seen = vectorise(rows, scorer)
    truth = truth_of(rows)
    sparing = np.array([STREAM_WEIGHT if row.source in BENIGN else row.weight for row in rows])
    folds = np.array([fold_of(row) for row in rows])
    answers, looks, network = _out_of_fold(seen, truth, sparing, folds)
    known = {row.text for row in rows}
    further = [row for row in unseen if row.text not in known]
    judged = np.flatnonzero([is_for_judging(row) for row in rows])
    strange = [*(rows[at] for at in judged.tolist()), *further]
    look = fit_look(seen.short, truth.risk, sparing)
    told, glanced = [answers[judged]], [looks[judged]]
    if further:
        new = vectorise(further, scorer, names=seen.names)
        told.append(network.answers(new.matrix))
        glanced.append(look.logits(new.short))
    first_cut = judging.first_cut(rows, looks)
    alone = calibrating.alone(rows, answers)
    read = calibrating.read(strange, np.concatenate(told), encoders)
    read_all = calibrating.read_all(
        strange, np.concatenate(told), encoders.thorough, np.concatenate(glanced) >= first_cut
    )
    shipped = ship(seen.names, network, look, seen.matrix.counts())
    described = {
        "format": FORMAT,
        "digest": digest(),
        "rows": {name: sum(row.source == name for row in rows) for name in sorted({r.source for r in rows})},
        "categories": [str(name) for name in CATEGORIES],
        "first_cut": round(first_cut, 4),
        "alone": alone.described,
        "read": read.described,
        "read_all": read_all.described,
        "unseen": {
            "alone": alone.judged | {"second_looks": judging.second_looks(rows, looks, cut=first_cut)},
            "read": read.judged,
            "read_all": read_all.judged,
        },
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
