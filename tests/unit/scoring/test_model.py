"""The learned part of the scorer: what it is read from, what it adds, and how it says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.assessment import Assessment, Category
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.features import LONGEST_READ, pieces
from hikeshi.services.scoring.model import FORMAT, Model, load_model, pack, unpack

Assess = Callable[..., Assessment]

NAMES = ["\x01g:insect", "虫", "虫が"]
KINDS = [0] * 15


def described(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "format": FORMAT,
        "categories": [str(category) for category in Category],
        "risk_bias": -1.0,
        "risk_unit": 0.1,
        "mark_unit": 0.5,
        "kind_biases": [0.0] * 15,
        "kind_unit": 0.1,
        "kind_mark_unit": 0.1,
        "table": [[-2.0, 0.0], [0.0, 30.0], [4.0, 100.0]],
        "cuts": {},
    }
    return plain | changes


def small() -> Model:
    first = [0] * 15
    first[0] = 7
    return unpack(pack(NAMES, [4, 10, 20], [*first, *KINDS, *KINDS]), described())


def test_a_logit_is_the_sum_of_its_parts() -> None:
    model = small()
    assert model.logit({"虫", "が", "い", "た"}, []) == pytest.approx(-1.0 + 0.1 * 10 * 8 / 2)
    assert model.logit(set(), ["\x01g:insect", "\x01g:none"]) == pytest.approx(-1.0 + 0.5 * 4)
    logits, severe = model.kinds_of({"虫"}, ["\x01g:insect"])
    assert logits[0] == pytest.approx(0.7)
    assert severe == 0


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_a_higher_logit_never_scores_lower(one: float, other: float) -> None:
    model = load_model()
    low, high = sorted((one, other))
    assert 0 <= model.score(low) <= model.score(high) <= 100


@pytest.mark.parametrize(
    ("packed", "changes"),
    [
        (b"not packed", {}),
        (pack(NAMES, [1, 2, 3], KINDS), {"format": FORMAT + 1}),
        (pack(NAMES, [1, 2], KINDS), {}),
        (pack(NAMES, [1, 2, 3], KINDS), {"categories": ["weather"]}),
    ],
)
def test_a_model_that_does_not_fit_its_description_is_refused(packed: bytes, changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="make train"):
        unpack(packed, described(**changes))


def test_the_shipped_model_is_small() -> None:
    folder = resources.files("hikeshi") / "lexicon"
    assert len((folder / "model.bin").read_bytes()) <= 400_000
    assert json.loads((folder / "model.json").read_text("utf-8"))["format"] == FORMAT


@given(st.text(max_size=60))
def test_pieces_are_the_runs_of_one_to_four_characters(text: str) -> None:
    framed = "\x02" + " ".join(text.split()) + "\x03"
    expected = {framed[at : at + n] for n in (1, 2, 3, 4) for at in range(len(framed) - n + 1)}
    assert pieces(text) == expected


def test_of_a_long_text_only_the_beginning_is_read() -> None:
    assert pieces("あ" * LONGEST_READ + "い") == pieces("あ" * LONGEST_READ)


def test_the_learned_part_is_a_reason_of_its_own_and_shows_its_words(assess: Assess) -> None:
    text = "サラダの底のほうで何か動いてる。箸が止まった。店に電話しても謝罪もない"
    assessment = assess(text)
    learned = [reason for reason in assessment.reasons if reason.rule == "model.text"]
    assert sum(reason.points for reason in assessment.reasons) == assessment.score
    assert len(learned) <= 1
    for reason in learned:
        assert reason.span is None or reason.span in text


def test_a_judgement_does_not_change_when_asked_again(assess: Assess) -> None:
    text = "バイト先の冷蔵庫に人が入ってる動画が回ってきた"
    assert assess(text) == assess(text)
