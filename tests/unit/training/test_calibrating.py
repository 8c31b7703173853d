"""Where the cuts lie for a thorough encoder that reads all that the first look lets through."""

from __future__ import annotations

import numpy as np

from hikeshi.domain.assessment import Category, Level
from infra.training import calibrating
from infra.training.corpus import Row
from infra.training.vectors import Floats
from tests.builders.encoders import a_reading as told
from tests.fakes.scoring import ScriptedEncoder

SURE = ScriptedEncoder(
    {"虫": told(8.0, Category.CONTAMINATION, severe=8.0), "冷たい": told(8.0, Category.COMPLAINT)}
)


def rows() -> list[Row]:
    """Return forty of each: a risk that is severe, one that is not, and a harmless post."""
    kinds = (
        ("に虫", Category.CONTAMINATION, Level.WARNING),
        ("が冷たい", Category.COMPLAINT, Level.NOTICE),
        ("", Category.NONE, Level.NONE),
    )
    return [
        row(f"{number}個目の弁当{said}", category, level)
        for number in range(40)
        for said, category, level in kinds
    ]


def row(text: str, category: Category, level: Level) -> Row:
    return Row(text=text, category=category, level=level, family=text, source="shops")


def undecided(count: int) -> Floats:
    return np.zeros((count, len(Category) + 2), np.float32)


def test_what_the_encoder_tells_apart_is_told_apart_though_the_network_cannot() -> None:
    found = calibrating.read_all(rows(), undecided(120), SURE, np.full(120, fill_value=True))
    judged = found.judged["training"]
    assert (judged["recall"], judged["false_alarms"], judged["severe_at_warning"]) == (1.0, 0.0, 1.0)
    assert found.judged["thorough"] == {"risks": 1.0}


def test_what_the_first_look_sets_aside_is_not_read_and_counts_as_harmless() -> None:
    encoder = ScriptedEncoder(SURE.readings)
    let_through = np.array([number >= 30 for number in range(120)])
    found = calibrating.read_all(rows(), undecided(120), encoder, let_through)
    assert len(encoder.read_texts) == 90
    judged = found.judged["training"]
    assert (judged["recall"], judged["false_alarms"]) == (0.75, 0.0)
    assert found.judged["thorough"] == {"risks": 0.75}
