"""The figures of the benchmarks against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.quality import metrics

YES, NO = True, False


def test_a_perfect_order_has_an_auc_of_one_and_its_reverse_of_zero() -> None:
    assert metrics.auc([3, 2, 1, 0], [YES, YES, NO, NO]) == 1
    assert metrics.auc([0, 1, 2, 3], [YES, YES, NO, NO]) == 0


def test_the_auc_counts_won_pairs() -> None:
    # Positives 0.8 and 0.4 against negatives 0.6, 0.3 and 0.1: 3 + 2 of 6 pairs are won.
    scores, kinds = [0.8, 0.6, 0.4, 0.3, 0.1], [YES, NO, YES, NO, NO]
    assert metrics.auc(scores, kinds) == pytest.approx(5 / 6)


def test_a_tie_wins_half_a_pair() -> None:
    # Positive 1 ties with one negative and beats the other: (0.5 + 1) of 2.
    assert metrics.auc([1, 1, 0], [YES, NO, NO]) == pytest.approx(0.75)
    assert metrics.auc([5, 5, 5, 5], [YES, NO, YES, NO]) == pytest.approx(0.5)


def test_an_auc_of_one_kind_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        metrics.auc([1, 2], [YES, YES])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2))
def test_the_auc_is_what_counting_every_pair_gives(rows: list[tuple[int, bool]]) -> None:
    wins = [
        1.0 if mine > theirs else 0.5 if mine == theirs else 0.0
        for mine, is_mine in rows
        if is_mine
        for theirs, is_other in rows
        if not is_other
    ]
    if wins:
        scores, kinds = zip(*rows, strict=True)
        assert metrics.auc(scores, kinds) == pytest.approx(sum(wins) / len(wins))


def test_average_precision_weighs_the_precision_where_recall_is_gained() -> None:
    # Ranked yes, no, yes: 1/2 · 1/1 + 1/2 · 2/3.
    assert metrics.average_precision([3, 2, 1], [YES, NO, YES]) == pytest.approx(1 / 2 + 1 / 3)


def test_average_precision_takes_ties_as_one_threshold() -> None:
    # All alike: the only threshold flags everything, and its precision is the share of positives.
    assert metrics.average_precision([7, 7, 7, 7], [YES, NO, NO, NO]) == pytest.approx(0.25)


def test_average_precision_without_a_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="no positive"):
        metrics.average_precision([1], [NO])


def test_recall_precision_and_false_alarms_count_their_own_denominator() -> None:
    flagged, kinds = [YES, YES, NO, NO, YES], [YES, NO, YES, NO, NO]
    assert metrics.recall(flagged, kinds) == pytest.approx(1 / 2)
    assert metrics.precision(flagged, kinds) == pytest.approx(1 / 3)
    assert metrics.false_alarms(flagged, kinds) == pytest.approx(2 / 3)


def test_the_precision_of_no_flag_is_not_a_number() -> None:
    assert math.isnan(metrics.precision([NO, NO], [YES, NO]))


def test_recall_at_a_limit_moves_the_threshold_as_low_as_the_limit_lets_it() -> None:
    # At 9 nothing false is flagged and one of two is found; at 5 a quarter of the four is.
    scores, kinds = [9, 5, 5, 1, 1, 1], [YES, YES, NO, NO, NO, NO]
    assert metrics.recall_at(scores, kinds, at_most=0.0) == pytest.approx(0.5)
    assert metrics.recall_at(scores, kinds, at_most=0.25) == pytest.approx(1.0)


def test_recall_at_a_limit_that_no_threshold_keeps_is_nothing() -> None:
    assert metrics.recall_at([1, 2], [YES, NO], at_most=0.0) == 0


def test_the_reliability_table_says_how_many_of_a_band_were_risks() -> None:
    table = metrics.reliability([0, 5, 85, 88, 100], [NO, NO, YES, NO, YES])
    low, high, top = table
    assert (low.low, low.count, low.mean_score, low.observed) == (0, 2, 2.5, 0.0)
    assert (high.low, high.high, high.count, high.observed) == (80, 90, 2, 0.5)
    assert high.error == pytest.approx(math.sqrt(0.25 / 2))
    assert (top.low, top.count, top.observed) == (90, 1, 1.0)


def test_the_calibration_error_is_the_mean_distance_weighted_by_count() -> None:
    # Two posts at 20 of which none is a risk (distance 0.2), two at 80 of which all are (0.2).
    table = metrics.reliability([20, 20, 80, 80], [NO, NO, YES, YES])
    assert metrics.calibration_error(table) == pytest.approx(0.2)


def test_scores_that_mean_what_they_say_have_no_calibration_error() -> None:
    table = metrics.reliability([50, 50, 100], [YES, NO, YES])
    assert metrics.calibration_error(table) == pytest.approx(0.0)


def test_a_quantile_is_the_value_at_its_rank() -> None:
    values = [float(value) for value in range(100)]
    assert metrics.quantile(values, 0.5) == 50
    assert metrics.quantile(values, 0.99) == 99
    assert metrics.quantile([4.0], 0.99) == 4
