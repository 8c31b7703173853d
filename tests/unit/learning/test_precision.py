from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.assessment import Category
from hikeshi.domain.feedback import Feedback, FeedbackVerdict
from hikeshi.services.alerts.precision import precision_by_month
from tests.builders import NOON, a_feedback, a_post

_made = iter(range(10_000))


def word(
    verdict: FeedbackVerdict,
    category: Category = Category.CONTAMINATION,
    *,
    alert: str | None = None,
    days: int = 0,
    said: int = 0,
) -> Feedback:
    number = next(_made)
    post = a_post(id=f"p{number}", published_at=NOON + timedelta(days=days), author=None, url=None)
    alert_id = None if verdict is FeedbackVerdict.MISSED else alert or f"alert-{number}"
    at = NOON + timedelta(days=60, minutes=said)
    return a_feedback(post=post, alert_id=alert_id, verdict=verdict, category=category, at=at)


RIGHT, FALSE, MISSED = FeedbackVerdict.RIGHT, FeedbackVerdict.FALSE_ALARM, FeedbackVerdict.MISSED


def test_precision_is_the_share_of_right_ones_in_a_month_and_each_category() -> None:
    may = [word(RIGHT), word(RIGHT), word(RIGHT), word(FALSE)]
    may += [word(RIGHT, Category.LEAK), word(FALSE, Category.LEAK), word(FALSE, Category.LEAK)]
    june = [word(FALSE, days=30)]
    rows = precision_by_month(may + june)
    assert [(r.month, r.category, r.right, r.false_alarms) for r in rows] == [
        ("2026-05", None, 4, 3),
        ("2026-05", Category.CONTAMINATION, 3, 1),
        ("2026-05", Category.LEAK, 1, 2),
        ("2026-06", None, 0, 1),
        ("2026-06", Category.CONTAMINATION, 0, 1),
    ]
    assert [round(r.precision, 3) if r.precision is not None else None for r in rows] == [
        0.571, 0.75, 0.333, 0.0, 0.0,
    ]  # fmt: skip


def test_the_posts_of_one_alert_count_once() -> None:
    rows = precision_by_month([word(FALSE, alert="alert-x") for _ in range(40)] + [word(RIGHT)])
    assert (rows[0].right, rows[0].false_alarms, rows[0].precision) == (1, 1, 0.5)


def test_the_latest_word_on_an_alert_counts() -> None:
    early, late = word(FALSE, alert="alert-x", said=1), word(RIGHT, alert="alert-x", said=2)
    for order in ([early, late], [late, early]):
        assert precision_by_month(order)[0].precision == 1.0


def test_missed_posts_are_counted_but_say_nothing_of_precision() -> None:
    rows = precision_by_month([word(MISSED), word(MISSED, Category.LEAK)])
    assert (rows[0].missed, rows[0].precision) == (2, None)


def test_without_feedback_there_are_no_rows() -> None:
    assert precision_by_month([]) == ()
