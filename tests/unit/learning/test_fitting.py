from __future__ import annotations

import pytest

from hikeshi.domain.assessment import Level, Reason
from infra.lab.cases import Case
from infra.lab.fitting import LEAST_CASES, LONGEST_STEP, Sample, errors, fit, learn, pruned, samples_of
from tests.builders import a_post, an_assessment
from tests.fakes.scoring import ScriptedScorer

NOTICE, WARNING = 30, 60


def sample(score: float, *, risk: bool, rule: str = "r", weight: float = 1.0, matter: str = "") -> Sample:
    return Sample(
        score=score,
        parts={rule: 1.0},
        answers=((NOTICE, risk),),
        weight=weight,
        matter=matter or f"{score}{risk}",
    )


def test_a_rule_that_falls_short_of_its_cases_gains_points_and_one_that_overshoots_loses_some() -> None:
    steps = learn([sample(27, risk=True, rule="low")] * 10 + [sample(33, risk=False, rule="high")] * 10)
    assert steps["low"] > 2
    assert steps["high"] < -2


def test_no_step_is_longer_than_allowed() -> None:
    steps = learn([sample(0, risk=True)] * 500)
    assert steps == {"r": LONGEST_STEP}


def test_a_rule_seen_too_seldom_is_left_alone() -> None:
    assert learn([sample(20, risk=True)] * (LEAST_CASES - 1)) == {}


def test_evidence_both_ways_moves_little() -> None:
    steps = learn([sample(30, risk=True), sample(30, risk=False)] * 20)
    assert abs(steps["r"]) < 1


def test_a_word_on_a_real_alert_weighs_more_than_a_labelled_text() -> None:
    both = [sample(29.5, risk=True), sample(29.5, risk=False, weight=3.0)] * 10
    assert learn(both)["r"] < -1


def test_a_step_that_changes_no_answer_is_dropped() -> None:
    right = [sample(50, risk=True)] * 10
    assert learn(right)["r"] > 0
    assert pruned(right, learn(right)) == {}
    wrong = [sample(28, risk=True)] * 10
    assert pruned(wrong, learn(wrong))["r"] >= 2


def test_wrong_answers_are_counted_by_weight() -> None:
    samples = [sample(20, risk=True), sample(40, risk=False, weight=3.0), sample(40, risk=True)]
    assert errors(samples, {}) == 4.0
    assert errors(samples, {"r": 12.0}) == 3.0


def test_the_same_data_and_seed_give_the_same_fit_whatever_the_order() -> None:
    samples = [sample(25 + n % 7, risk=n % 3 > 0, rule=f"r{n % 4}", matter=str(n)) for n in range(60)]
    points = {f"r{n}": 40 for n in range(4)}
    once = fit(samples, points=points, seed=7)
    again = fit(list(reversed(samples)), points=points, seed=7)
    assert once.weights == again.weights
    assert once.errors_after == again.errors_after


def test_new_points_stay_within_what_a_rule_can_have() -> None:
    samples = [sample(27, risk=True, rule="top")] * 10 + [sample(33, risk=False, rule="small")] * 10
    samples += [sample(27, risk=True, rule="damp")] * 10
    found = fit(samples, points={"top": 99, "small": 2, "damp": -2}, seed=0)
    assert found.weights == {"top": 100, "small": 1, "damp": -1}


@pytest.mark.parametrize(("level", "answers"), [
    (Level.NONE, (False, False)), (Level.NOTICE, (True, False)), (Level.WARNING, (True, True)),
])  # fmt: skip
def test_samples_know_the_share_of_each_rule_and_what_should_be_reached(
    level: Level, answers: tuple[bool, bool]
) -> None:
    reasons = (
        Reason(rule="a", label="a", points=60, span=None),
        Reason(rule="b", label="b", points=12, span=None),
        Reason(rule="limit.ceiling", label="c", points=-2, span=None),
    )
    scorer = ScriptedScorer({"虫": an_assessment(score=70, reasons=reasons)})
    cases = [Case(post=a_post(), expected=level), Case(post=a_post(id="2"), expected=None)]
    (found,) = samples_of(cases, scorer, points={"a": 60, "b": 60}, notice=NOTICE, warning=WARNING)
    assert found.parts == {"a": 1.0, "b": 0.2}
    assert tuple(should for _, should in found.answers) == answers
