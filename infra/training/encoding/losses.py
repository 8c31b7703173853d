"""How far answers are from what is right, and from what a teacher says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from infra.training.corpus import Row
from infra.training.fitting import KIND_SHARE, SEVERE_SHARE
from infra.training.learning import truth_of

_LOGIT_SHARE, _FURTHEST = 0.05, 4.0
"""What the distance of the logits counts beside that of the chances, and from where it counts no more."""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What is right for each row."""

    risk: Tensor
    kinds: Tensor
    severe: Tensor
    weights: Tensor

    def take(self, rows: Tensor) -> Labels:
        """Return some of the rows."""
        return Labels(
            risk=self.risk[rows], kinds=self.kinds[rows], severe=self.severe[rows], weights=self.weights[rows]
        )


def labels_of(rows: Sequence[Row]) -> Labels:
    """Return what is right for rows."""
    truth = truth_of(rows)
    return Labels(
        risk=torch.from_numpy(truth.risk),
        kinds=torch.from_numpy(truth.kinds),
        severe=torch.from_numpy(truth.severe),
        weights=torch.from_numpy(truth.weights),
    )


def from_labels(answers: Tensor, right: Labels) -> Tensor:
    """Return for each row how far it is from its label."""
    risk = functional.binary_cross_entropy_with_logits(answers[:, 0], right.risk, reduction="none")
    kinds = functional.cross_entropy(answers[:, 1:-1], right.kinds, reduction="none")
    severe = functional.binary_cross_entropy_with_logits(answers[:, -1], right.severe, reduction="none")
    return risk + KIND_SHARE * kinds + SEVERE_SHARE * right.risk * severe


def from_teacher(answers: Tensor, told: Tensor) -> Tensor:
    """Return for each row how far it is from the teacher's answers."""
    chance = torch.sigmoid(told[:, 0])
    risk = functional.binary_cross_entropy_with_logits(answers[:, 0], chance, reduction="none")
    apart = (answers[:, 0] - told[:, 0]).clamp(-_FURTHEST, _FURTHEST).pow(2)
    kinds = functional.kl_div(
        functional.log_softmax(answers[:, 1:-1], -1), functional.softmax(told[:, 1:-1], -1), reduction="none"
    ).sum(1)
    severe = functional.binary_cross_entropy_with_logits(
        answers[:, -1], torch.sigmoid(told[:, -1]), reduction="none"
    )
    return risk + _LOGIT_SHARE * apart + KIND_SHARE * kinds + SEVERE_SHARE * chance * severe
