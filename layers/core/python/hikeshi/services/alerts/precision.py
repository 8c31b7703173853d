"""How many alerts were worth the look, by month and category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hikeshi.domain.assessment import Category
from hikeshi.domain.feedback import Feedback, FeedbackVerdict

ALL = None
"""The category of a row that counts them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Precision:
    """The alerts of one month and category that people judged.

    Attributes
    ----------
    category : Category or None
        None for all together.
    right, false_alarms : int
        Alerts; the posts of one alert count once, by the latest word on any of them.
    missed : int
        Posts that nobody was told of; they say nothing of precision.
    """

    month: str
    category: Category | None
    right: int = 0
    false_alarms: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Share of right ones among those judged, None if none was."""
        judged = self.right + self.false_alarms
        return self.right / judged if judged else None


def precision_by_month(feedback: Iterable[Feedback]) -> tuple[Precision, ...]:
    """Return for each month its total and then its categories, both in order."""
    latest: dict[tuple[str, str], Feedback] = {}
    for word in sorted(feedback, key=lambda each: (each.at, each.post_key)):
        latest[word.month, word.matter] = word
    counts: dict[tuple[str, Category | None, FeedbackVerdict], int] = defaultdict(int)
    for word in latest.values():
        for category in (ALL, word.category):
            counts[word.month, category, word.verdict] += 1
    groups = {(month, category) for month, category, _ in counts}
    return tuple(
        Precision(
            month=month,
            category=category,
            right=counts[month, category, FeedbackVerdict.RIGHT],
            false_alarms=counts[month, category, FeedbackVerdict.FALSE_ALARM],
            missed=counts[month, category, FeedbackVerdict.MISSED],
        )
        for month, category in sorted(groups, key=lambda group: (group[0], _place(group[1])))
    )


def _place(category: Category | None) -> int:
    return -1 if category is None else list(Category).index(category)
