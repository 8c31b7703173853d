"""Where to cut what the network says, alone or with encoders that read what it finds suspicious."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hikeshi.domain.assessment import Category
from hikeshi.ports.scoring import Encoder, Encoders
from hikeshi.services.scoring.combining import ALL_SAYS, QUICK_SAYS, THOROUGH_SAYS
from infra.training import judging
from infra.training.corpus import Row
from infra.training.vectors import Floats

SEVERE_CUT = 0.0
"""Logit of severity from which a risk is a warning: more likely severe than not."""
SUPPORT_CUT = -3.5
"""How far a plea for help may lie behind another category: the harmless are many and always near."""
_RULE_BONUS = 2.5
"""What a rule's verdict adds to the logit of its own category."""
_EASIER, _MUCH_EASIER = 1.5, 3.0
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
    warning_cut = judging.warning_cut(rows, risks, answers[:, -1] >= SEVERE_CUT, notice=cut)
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


def read(rows: Sequence[Row], answers: Floats, encoders: Encoders) -> Calibrated:
    """Set the cuts for a network and encoders, from their answers to rows that none of them has seen."""
    harmless = np.array([not row.is_risk for row in rows])
    to_quick = judging.read_cut(rows, answers[:, 0], judging.QUICK)
    quickly = answers[:, 0] >= to_quick
    told = _told(rows, answers, encoders.quick, quickly)
    not_quick = _middle(told[quickly & harmless, 0])
    told[~quickly, 0] = not_quick
    both = answers + QUICK_SAYS * (told - answers)
    to_thorough = judging.read_cut(rows, both[:, 0], judging.THOROUGH)
    thoroughly = quickly & (both[:, 0] >= to_thorough)
    last = answers + THOROUGH_SAYS * (_told(rows, answers, encoders.thorough, thoroughly) - answers)
    not_thorough = _middle((last - both)[thoroughly & harmless, 0])
    both[:, 0] += not_thorough
    both[thoroughly] = last[thoroughly]
    found = alone(rows, both)
    cuts = {
        "ruled_to_thorough": found.described["cuts"]["sure_rule"],
        "to_quick": to_quick,
        "not_quick": not_quick,
        "to_thorough": to_thorough,
        "not_thorough": not_thorough,
    }
    found.described["cuts"] |= {name: round(value, 4) for name, value in cuts.items()}
    shares = {
        "quick": judging.share_of(rows, quickly),
        "thorough": judging.share_of(rows, thoroughly),
    }
    return Calibrated(described=found.described, judged=found.judged | shares)


def read_all(
    rows: Sequence[Row], answers: Floats, thorough: Encoder, let_through: NDArray[np.bool_]
) -> Calibrated:
    """Set the cuts for a network and the thorough encoder, which reads all that the first look lets through.

    ``rows`` and ``answers`` are as for ``read``.
    """
    harmless = np.array([not row.is_risk for row in rows])
    told = _told(rows, answers, thorough, let_through)
    told[~let_through, 0] = _middle(told[let_through & harmless, 0])
    found = alone(rows, answers + ALL_SAYS * (told - answers))
    shares = {"thorough": judging.share_of(rows, let_through)}
    return Calibrated(described=found.described, judged=found.judged | shares)


def _told(rows: Sequence[Row], answers: Floats, encoder: Encoder, chosen: NDArray[np.bool_]) -> Floats:
    """Return what an encoder says of the chosen rows; of the others what the network says."""
    told = answers.copy()
    for at in np.flatnonzero(chosen).tolist():
        reading = encoder.read(rows[at].text)
        told[at] = [reading.risk, *(reading.kinds[name] for name in Category), reading.severe]
    return told


def _middle(logits: Floats) -> float:
    """Return what an encoder mostly says, or changes, of harmless posts: it stands for those not read."""
    return float(np.median(logits)) if logits.size else 0.0
