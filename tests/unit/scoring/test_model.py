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
from hikeshi.services.scoring.features import LONGEST_READ, framed, longer_pieces, short_pieces
from hikeshi.services.scoring.model import FORMAT, Model, load_model, pack, unpack

Assess = Callable[..., Assessment]

NAMES = ["虫", "\x01g:insect", "虫が"]
ROWS = [10, -1, 4, 0, 20, 0]
FIRST = [5]
"""Two hidden values: the second never wakes but for its bias."""
QUESTIONS = len(Category) + 2
TABLE = [[-2.0, 0.0], [0.0, 30.0], [4.0, 100.0]]


def described(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "format": FORMAT,
        "categories": [str(category) for category in Category],
        "first_bias": -1.0,
        "first_unit": 0.1,
        "bias": [-0.5, 0.25],
        "unit": 0.1,
        "mark_unit": 0.5,
        "weights": [[2.0, 1.0]] + [[1.0, 0.0]] + [[0.0, 0.0]] * (QUESTIONS - 2),
        "biases": [-1.0] + [0.0] * (QUESTIONS - 1),
        "first_cut": 0.0,
        "alone": {"table": TABLE, "cuts": {}},
        "read": {"table": TABLE, "cuts": {}},
        "read_all": {"table": TABLE, "cuts": {}},
    }
    return plain | changes


def small() -> Model:
    return unpack(pack(NAMES, ROWS, FIRST), described())


def test_hidden_values_are_sums_cut_off_below_zero() -> None:
    model = small()
    hidden = model.hidden({"虫", "が", "い", "た"}, ["\x01g:insect", "\x01g:none"])
    assert hidden == pytest.approx([-0.5 + 0.1 * 10 * 8 / 2 + 0.5 * 4, 0.0])
    assert model.hidden(set(), []) == pytest.approx([0.0, 0.25])


def test_the_first_look_reads_short_pieces_alone() -> None:
    assert small().may_be_risk({"虫", "い", "た", "。"})
    assert not small().may_be_risk({"虫", *map(str, range(100))})
    assert not small().may_be_risk({"鳥"})


def test_each_question_weighs_the_hidden_values() -> None:
    model = small()
    assert model.risk([3.0, 0.5]) == pytest.approx(-1.0 + 2 * 3.0 + 0.5)
    named, severe = model.kinds([3.0, 0.5])
    assert named[Category.CONTAMINATION] == pytest.approx(3.0)
    assert severe == 0


def test_a_piece_speaks_only_through_hidden_values_that_are_awake() -> None:
    model = small()
    assert model.voices({"虫", "鳥"}, [1.0, 0.0]) == pytest.approx({"虫": 2.0 * 0.1 * 10})
    assert model.voices({"虫"}, [0.0, 1.0]) == pytest.approx({"虫": 1.0 * 0.1 * -1})


def test_many_rows_are_added_without_running_over() -> None:
    names = [f"語{number}" for number in range(700)]
    model = unpack(pack(names, [127, -127] * 700, []), described())
    scale = 8 / 700**0.5
    assert model.hidden(names, []) == pytest.approx([-0.5 + 0.1 * scale * 127 * 700, 0.0])


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_a_higher_logit_never_scores_lower(one: float, other: float) -> None:
    model = load_model()
    low, high = sorted((one, other))
    assert 0 <= model.alone.score(low) <= model.alone.score(high) <= 100


@pytest.mark.parametrize(
    ("packed", "changes"),
    [
        (b"not packed", {}),
        (pack(NAMES, ROWS, FIRST), {"format": FORMAT + 1}),
        (pack(NAMES, ROWS[:4], FIRST), {}),
        (pack(NAMES, ROWS, FIRST), {"categories": ["weather"]}),
        (pack(NAMES, ROWS, FIRST), {"read_all": {}}),
    ],
)
def test_a_model_that_does_not_fit_its_description_is_refused(packed: bytes, changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="make train"):
        unpack(packed, described(**changes))


def test_the_shipped_model_is_small() -> None:
    folder = resources.files("hikeshi") / "lexicon"
    assert len((folder / "model.bin").read_bytes()) <= 4_000_000
    assert json.loads((folder / "model.json").read_text("utf-8"))["format"] == FORMAT


@given(st.text(max_size=60))
def test_pieces_are_the_runs_of_one_to_three_characters(text: str) -> None:
    whole = framed(text)
    assert whole == "\x02" + " ".join(text.split()) + "\x03"
    runs = {n: {whole[at : at + n] for at in range(len(whole) - n + 1)} for n in (1, 2, 3)}
    assert short_pieces(whole) == runs[1] | runs[2]
    assert set(longer_pieces(whole)) == runs[3]


def test_of_a_long_text_only_the_beginning_is_read() -> None:
    assert framed("あ" * LONGEST_READ + "い") == framed("あ" * LONGEST_READ)


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
