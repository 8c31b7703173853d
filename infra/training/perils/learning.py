"""Fit a glance and two heads, add them up on posts of hands that they had not seen, and set the cuts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.domain.peril import Peril
from hikeshi.ports.scoring import Encoders
from hikeshi.services.scoring.perils import FILE, FORMAT
from infra.lexicon.digests import seal
from infra.training.glancing import Look, fit_look
from infra.training.learning import FOLDER
from infra.training.perils.posts import Row, digest
from infra.training.vectors import Floats, Seen, glances

TO_QUICK, TO_THOROUGH = 0.010, 0.0012
"""Shares of a rough stream that either encoder reads: a millisecond and twenty of them a post."""
NOTICED, CALLED = 0.0003, 0.0001
"""Shares of all harmless streams that may be noticed, and that may call somebody."""
LOOKALIKES_CALLED = 0.05
"""Share of the posts written to sound like a life at risk that may call somebody."""
ROUGH = "open2ch_posts"
_READ = 0.03
"""Share of the harmless texts, those that a glance suspects most, that the cuts are set on."""
_HARD, _EASY = 500, 1_500
"""Texts of the streams that the heads learn from: those that a glance suspects most, and any."""
_WRITTEN = 2.0
"""What a post written for this weighs in the heads; any other weighs one."""
_RIDGE = 300.0
_MIX_RIDGE = 1.0
_STEPS, _STILL = 40, 1e-5
_LARGEST = 127
_DIGITS = 5

Truth = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """Weights of a head, one for each number of a meaning, and the bias."""

    weights: Floats
    bias: float

    def logits(self, meanings: Floats) -> Floats:
        """Return one logit for each row of meanings."""
        logits: Floats = meanings @ self.weights + self.bias
        return logits


def fit_head(meanings: Floats, truth: Truth, weights: Floats, *, ridge: float = _RIDGE) -> Fitted:
    """Fit a logistic regression by Newton's steps, on columns brought to mean 0 and variance 1."""
    mean, spread = meanings.mean(axis=0), meanings.std(axis=0) + 1e-6
    columns = np.c_[(meanings - mean) / spread, np.ones(len(meanings))]
    shrink = np.full(columns.shape[1], ridge)
    shrink[-1] = 1e-6
    point = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ point, -30, 30)))
        slope = columns.T @ (weights * (chance - truth)) + shrink * point
        bend = (columns * (weights * chance * (1 - chance) + 1e-9)[:, None]).T @ columns + np.diag(shrink)
        step = np.linalg.solve(bend, slope)
        point -= step
        if float(np.abs(step).max()) < _STILL:
            break
    scaled: Floats = point[:-1] / spread
    return Fitted(weights=scaled, bias=float(point[-1] - mean @ scaled))


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """Rows with what both encoders make of them, one row of numbers for each."""

    rows: Sequence[Row]
    quick: Floats
    thorough: Floats

    @property
    def truth(self) -> Truth:
        """Return whether each row puts a life at risk."""
        return np.array([row.is_perilous for row in self.rows])

    def take(self, chosen: Truth) -> Read:
        """Return some of the rows."""
        rows = [row for row, is_in in zip(self.rows, chosen.tolist(), strict=True) if is_in]
        return Read(rows=rows, quick=self.quick[chosen], thorough=self.thorough[chosen])


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A glance and both heads, fitted."""

    seen: Seen
    look: Look
    quick: Fitted
    thorough: Fitted

    def told(self, read: Read) -> Floats:
        """Return what each part says of each row, shape (rows, 3)."""
        texts = [row.text for row in read.rows]
        glance = self.look.logits(glances(texts, names=self.seen.names).short)
        told: Floats = np.c_[glance, self.quick.logits(read.quick), self.thorough.logits(read.thorough)]
        return told


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """All that is learned from: written posts, training posts and streams, the last two also as read."""

    written: Read
    training: Sequence[Row]
    streams: Sequence[Row]
    read: Read
    """What the heads learn from beside the written posts."""


def learn(
    written: Sequence[Row],
    training: Sequence[Row],
    streams: Sequence[Row],
    judged: Sequence[Row],
    *,
    encoders: Encoders,
) -> dict[str, Any]:
    """Learn, and return the description that is shipped; the same rows give the same bytes."""
    material = _material(written, training, streams, encoders)
    whole = fit_parts(material, material.written)
    told, truth = _by_strange_hands(material)
    glance = _glances(whole, judged)
    suspicious = glance >= beyond(glance, len(judged), _READ)
    calm = _read([row for row, is_in in zip(judged, suspicious.tolist(), strict=True) if is_in], encoders)
    calm_told = whole.told(calm)
    both, answers = np.r_[told, calm_told], np.r_[truth, np.zeros(len(calm.rows), bool)]
    suspected = fit_head(both[:, :2], answers, np.ones(len(both)), ridge=_MIX_RIDGE)
    judging = fit_head(both, answers, np.ones(len(both)), ridge=_MIX_RIDGE)
    rough = np.array([row.source == ROUGH for row in judged])
    cuts = {"to_quick": beyond(glance[rough], int(rough.sum()), TO_QUICK)}
    first = suspected.logits(both[:, :2])
    is_rough = np.r_[np.zeros(len(told), bool), np.array([row.source == ROUGH for row in calm.rows])]
    read_once = both[:, 0] >= cuts["to_quick"]
    cuts["to_thorough"] = beyond(first[is_rough & read_once], int(rough.sum()), TO_THOROUGH)
    # What is not read by both is never noticed, however sure either would have been of it.
    logits = np.where(read_once & (first >= cuts["to_thorough"]), judging.logits(both), -np.inf)
    final, final_calm = logits[: len(told)], logits[len(told) :]
    cuts["notice"] = beyond(final_calm, len(judged), NOTICED)
    cuts["warning"] = max(
        beyond(final_calm, len(judged), CALLED),
        beyond(final[~truth], int((~truth).sum()), LOOKALIKES_CALLED),
    )
    perilous = material.written.take(material.written.truth)
    violent = np.array([row.peril is Peril.VIOLENCE for row in perilous.rows])
    return {
        "format": FORMAT,
        "digest": digest(written),
        "cuts": {name: round(cut, _DIGITS) for name, cut in cuts.items()},
        "unseen": {
            "noticed": _share(final >= cuts["notice"], truth),
            "called": _share(final >= cuts["warning"], truth),
            "lookalikes_noticed": _share(final >= cuts["notice"], ~truth),
            "lookalikes_called": _share(final >= cuts["warning"], ~truth),
        },
        "suspected": _rounded([suspected.bias, *suspected.weights.tolist()]),
        "judged": _rounded([judging.bias, *judging.weights.tolist()]),
        "quick": _described(whole.quick),
        "thorough": _described(whole.thorough),
        "violence": _described(fit_head(perilous.thorough, violent, np.ones(len(violent)))),
        **_glance_described(whole),
    }


def write(described: dict[str, Any]) -> None:
    """Write the file and its digest."""
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / FILE).write_text(text + "\n", "utf-8")
    seal((FILE,), FOLDER)


def fit_parts(material: Material, written: Read) -> Parts:
    """Fit glance and heads on some of the written posts and on everything else."""
    rows = [*written.rows, *material.training, *material.streams]
    seen = glances([row.text for row in rows])
    truth = np.array([float(row.is_perilous) for row in rows])
    look = fit_look(seen.short, truth, np.array([row.weight for row in rows]))
    both = np.r_[written.truth, material.read.truth]
    weights = np.r_[np.full(len(written.rows), _WRITTEN), np.ones(len(material.read.rows))]
    return Parts(
        seen=seen,
        look=look,
        quick=fit_head(np.r_[written.quick, material.read.quick], both, weights),
        thorough=fit_head(np.r_[written.thorough, material.read.thorough], both, weights),
    )


def beyond(logits: Floats, of: int, share: float) -> float:
    """Return the logit that just this share of so many posts exceeds.

    Posts that are not among the logits are far below it; where fewer reach it anyway, even odds are enough.
    """
    ordered = np.sort(logits[np.isfinite(logits)])[::-1]
    place = int(of * share)
    return float(ordered[place]) + 1e-6 if place < len(ordered) else 0.0


def _material(
    written: Sequence[Row], training: Sequence[Row], streams: Sequence[Row], encoders: Encoders
) -> Material:
    rows = [*written, *training, *streams[::2]]
    seen = glances([row.text for row in rows])
    look = fit_look(
        seen.short, np.array([float(row.is_perilous) for row in rows]), np.array([row.weight for row in rows])
    )
    rest = streams[1::2]
    suspicion = look.logits(glances([row.text for row in rest], names=seen.names).short)
    hard = [rest[at] for at in np.argsort(-suspicion, kind="stable")[:_HARD].tolist()]
    read = _read([*training, *hard, *streams[: 2 * _EASY : 2]], encoders)
    return Material(written=_read(written, encoders), training=training, streams=streams, read=read)


def _by_strange_hands(material: Material) -> tuple[Floats, Truth]:
    """Return what parts that had not seen its hand say of each written post."""
    hands = np.array([row.source for row in material.written.rows])
    told = np.zeros((len(hands), 3))
    for hand in np.unique(hands):
        parts = fit_parts(material, material.written.take(hands != hand))
        told[hands == hand] = parts.told(material.written.take(hands == hand))
    return told, material.written.truth


def _read(rows: Sequence[Row], encoders: Encoders) -> Read:
    return Read(
        rows=rows,
        quick=np.array([encoders.quick.read(row.text).meaning for row in rows]),
        thorough=np.array([encoders.thorough.read(row.text).meaning for row in rows]),
    )


def _glances(parts: Parts, rows: Sequence[Row]) -> Floats:
    return parts.look.logits(glances([row.text for row in rows], names=parts.seen.names).short)


def _share(chosen: Truth, among: Truth) -> float:
    return round(float(chosen[among].mean()), 3)


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, _DIGITS) for value in values]


def _described(head: Fitted) -> dict[str, Any]:
    return {"weights": _rounded(head.weights.tolist()), "bias": round(head.bias, _DIGITS)}


def _glance_described(parts: Parts) -> dict[str, Any]:
    unit = float(np.abs(parts.look.weights).max()) / _LARGEST
    whole = np.rint(parts.look.weights / unit).astype(int).tolist()
    named = zip(parts.look.columns.tolist(), whole, strict=True)
    return {
        "unit": round(unit, 9),
        "bias": round(parts.look.bias, _DIGITS),
        "pieces": {parts.seen.names[at]: weight for at, weight in named if weight},
    }
