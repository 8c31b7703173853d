"""The rows of the table: what each measures, which way is better, and what hikeshi must reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row.

    Attributes
    ----------
    target : float or None
        To be reached, or not exceeded where low is good; None where there is only the comparison.
    low_is_good : bool
        True for false alarms.
    digits : int
        Decimals to print.
    """

    key: str
    label: str
    target: float | None = None
    low_is_good: bool = False
    digits: int = 3

    def is_met(self, value: float) -> bool | None:
        """Tell whether a value reaches the target, None without one."""
        if self.target is None:
            return None
        return value <= self.target if self.low_is_good else value >= self.target

    def is_ahead(self, value: float, other: float) -> bool:
        """Tell whether a value is better than another's."""
        return value < other if self.low_is_good else value > other


def _rates(name: str, *, urgent: int, any_level: int) -> tuple[Row, Row]:
    return (
        Row(
            key=f"{name}.urgent",
            label=f"{name}: warning+ per 10,000",
            target=urgent,
            low_is_good=True,
            digits=1,
        ),
        Row(
            key=f"{name}.any",
            label=f"{name}: any level per 10,000",
            target=any_level,
            low_is_good=True,
            digits=1,
        ),
    )


ROWS = (
    Row(key="auc", label="AUC, any level against none", target=0.97),
    Row(key="ap", label="average precision"),
    Row(key="recall", label="recall at the own cut", target=0.95),
    Row(key="false_alarms", label="false alarms at the own cut", target=0.02, low_is_good=True),
    Row(key="recall_at", label="recall at ≤ 2 % false alarms", target=0.95),
    Row(key="severe", label="severe posts at warning+", target=0.85),
    Row(key="category", label="category right, of all risks", target=0.85),
    Row(key="category_of_found", label="category right, of the risks found"),
    *_rates("open2ch", urgent=20, any_level=150),
    *_rates("asdc", urgent=5, any_level=50),
    *_rates("quasi_reviews", urgent=5, any_level=50),
    *_rates("chabsa", urgent=5, any_level=50),
    Row(key="toxicity", label="toxicity AUC"),
    Row(key="support.recall", label="support questions: recall"),
    Row(key="support.precision", label="support questions: precision"),
)
