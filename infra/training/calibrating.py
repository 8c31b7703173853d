"""Where to cut what the network says, alone or with an encoder that reads what it finds suspicious."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Encoder
from infra.training import judging
from infra.training.corpus import Row
from infra.training.vectors import Floats

SEVERE_CUT = 0.0
"""Logit of severity from which a risk is a warning: more likely severe than not."""
SUPPORT_CUT = -3.5
"""How far a plea for help may lie behind another category: the harmless are many and always near."""
_RULE_BONUS = 2.5
"""What a rule's verdict adds to the logit of its own category."""
_EASIER, _MUCH_EASIER = 1.0, 3.0
"""How far below the cut a rule's verdict stands, and that of rules that are sure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibrated:
    """Cuts and table as they are written, and how good they are on rows not seen."""

    described: dict[str, Any]
    judged: dict[str, Any]


def alone(rows: Sequence[Row], answers: Floats) -> Calibrated:
    """Set the cuts for a network that judges alone, from its answers to rows it has not seen."""
    risks = answers[:, 0]
    cut = judging.notice_cut(rows, risks)
    warning_cut = judging.warning_cut(rows, risks)
    return Calibrated(
        described={
            "cuts": {
                "rule": round(cut - _EASIER, 4),
                "sure_rule": round(cut - _MUCH_EASIER, 4),
                "rule_category": _RULE_BONUS,
                "warning": round(warning_cut, 4),
                "severe": SEVERE_CUT,
                "support": SUPPORT_CUT,
            },
            "table": judging.score_table(rows, risks, cut),
        },
        judged=judging.figures(
            rows, risks, answers[:, 1:], cut=cut, warning_cut=warning_cut, severe_cut=SEVERE_CUT
        ),
    )


def read(rows: Sequence[Row], answers: Floats, encoder: Encoder) -> Calibrated:
    """Set the cuts for a network and an encoder, from their answers to rows that neither has seen."""
    from_here = judging.read_cut(rows, answers[:, 0])
    is_read = answers[:, 0] >= from_here
    both, unread = _both(rows, answers, encoder, is_read)
    found = alone(rows, both)
    found.described["cuts"] |= {"read": round(from_here, 4), "unread": round(unread, 4)}
    return Calibrated(
        described=found.described, judged=found.judged | {"read": judging.share_of(rows, is_read)}
    )


def _both(
    rows: Sequence[Row], answers: Floats, encoder: Encoder, is_read: np.ndarray
) -> tuple[Floats, float]:
    """Return the mean of both answers, and the risk that stands for the encoder's where it does not read.

    That is what it mostly says of a harmless post that it does read.
    """
    told = answers.copy()
    for at in np.flatnonzero(is_read).tolist():
        reading = encoder.read(rows[at].text)
        told[at] = [reading.risk, *(reading.kinds[name] for name in Category), reading.severe]
    harmless = np.array([not row.is_risk for row in rows])
    unread = float(np.median(told[is_read & harmless, 0])) if (is_read & harmless).any() else 0.0
    told[~is_read, 0] = unread
    both: Floats = (answers + told) / 2
    return both, unread
