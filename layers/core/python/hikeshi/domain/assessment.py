"""What scoring says of one post: score, level, category, and every reason for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How soon a person must look, in rising order."""

    NONE = "none"
    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for critical."""
        return list(Level).index(self)

    def at_least(self, other: Level) -> bool:
        """Tell whether this level is as high as ``other`` or higher."""
        return self.rank >= other.rank


class Category(StrEnum):
    """What kind of risk a post tells of."""

    CONTAMINATION = "contamination"
    MISCONDUCT = "misconduct"
    LEAK = "leak"
    HARASSMENT = "harassment"
    DISCRIMINATION = "discrimination"
    STEALTH_MARKETING = "stealth_marketing"
    DEFECT = "defect"
    COMPLAINT = "complaint"
    SCANDAL = "scandal"
    ATTACK = "attack"
    DOXXING = "doxxing"
    BOYCOTT = "boycott"
    SUPPORT = "support"
    NONE = "none"


class CrisisType(StrEnum):
    """The five types of crisis, and none."""

    CUSTOMER_COMPLAINT = "customer_complaint"
    FLAMING = "flaming"
    SCANDAL = "scandal"
    COMPETITOR_ATTACK = "competitor_attack"
    OWN_FAULT = "own_fault"
    NONE = "none"


class Fault(StrEnum):
    """Whose fault it is, as far as it is known."""

    OURS = "ours"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """What the writer wants."""

    RISK = "risk"
    SUPPORT = "support"
    PRAISE = "praise"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """The three axes, each 0–100."""

    importance: int = 0
    impact: int = 0
    urgency: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One part of a score; the parts add up to it.

    Attributes
    ----------
    rule : str
        Stable id of the rule or feature.
    label : str
        Its name in Japanese as the lexicon has it, or a key where code gave it
        (:mod:`hikeshi.domain.phrases`).
    points : int
        What it added (or took away, if negative).
    span : str or None
        The words of the post that set it off.
    """

    rule: str
    label: str
    points: int
    span: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The whole judgement on one post; ``score`` is 0–100."""

    score: int
    level: Level
    category: Category
    crisis_type: CrisisType
    intent: Intent
    axes: Axes = Axes()
    reasons: tuple[Reason, ...] = ()

    @property
    def is_risk(self) -> bool:
        """Tell whether the post belongs in an alert."""
        return self.level is not Level.NONE


HARMLESS = Assessment(
    score=0,
    level=Level.NONE,
    category=Category.NONE,
    crisis_type=CrisisType.NONE,
    intent=Intent.OTHER,
)
