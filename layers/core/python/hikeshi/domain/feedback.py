"""What people said of a judgement: a false alarm, right, or a post that should have been found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import InputError
from hikeshi.domain.japan_time import JST
from hikeshi.domain.posts import Post

MAX_REASON = 500
"""Characters of a reason."""

JAPAN = JST
_MONTH = re.compile(r"2[0-9]{3}-(?:0[1-9]|1[0-2])")


class FeedbackVerdict(StrEnum):
    """What a judgement turned out to be."""

    FALSE_ALARM = "false_alarm"
    MISSED = "missed"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """What one person said of one post; the latest word on a post counts.

    Attributes
    ----------
    post : Post
        Without author and address: what is learned is how it is said, not who said it.
    alert_id : str or None
        The alert that counted it; None for a post that was missed.
    category, level : Category, Level
        What the alert said of it; for a missed post what it should have been.
    by : str
        Person id, or the name an operator gave.
    """

    post: Post = field(repr=False)
    alert_id: str | None
    verdict: FeedbackVerdict
    reason: str
    category: Category
    level: Level
    by: str
    at: datetime

    @property
    def post_key(self) -> str:
        """Stable name of the post."""
        return self.post.key

    @property
    def month(self) -> str:
        """The month in Tokyo in which the post was written, however late the word on it came."""
        return month_of(self.post.published_at)

    @property
    def matter(self) -> str:
        """What is counted as one: the alert, or the post if none counted it."""
        return self.alert_id or self.post.key

    @property
    def expected(self) -> Level:
        """The level that the post should have."""
        return Level.NONE if self.verdict is FeedbackVerdict.FALSE_ALARM else self.level


def feedback_on(
    member: AlertedPost, alert_id: str, *, verdict: FeedbackVerdict, reason: str, by: str, at: datetime
) -> Feedback:
    """Return a word on a post of an alert."""
    return Feedback(
        post=unsigned(member.post),
        alert_id=alert_id,
        verdict=verdict,
        reason=reason[:MAX_REASON],
        category=member.assessment.category,
        level=member.assessment.level,
        by=by,
        at=at,
    )


def missed(post: Post, *, category: Category, level: Level, reason: str, by: str, at: datetime) -> Feedback:
    """Return the word on a post that should have been found.

    Raises
    ------
    InputError
        If what it is said to be is no risk.
    """
    if category in (Category.NONE, Category.SUPPORT):
        raise InputError(
            f"--category {category} はリスクの分類ではありません。本来の分類を指定してください"
            f" / {category} is no risk; name the category it should have had",
            field="category",
        )
    if level is Level.NONE:
        raise InputError(
            "--level none はリスクの段階ではありません。本来の段階を指定してください"
            " / none is no risk; name the level it should have had",
            field="level",
        )
    return Feedback(
        post=unsigned(post),
        alert_id=None,
        verdict=FeedbackVerdict.MISSED,
        reason=reason[:MAX_REASON],
        category=category,
        level=level,
        by=by,
        at=at,
    )


def unsigned(post: Post) -> Post:
    """Return a post without what leads to its author."""
    return replace(post, author=None, url=None)


def month_of(moment: datetime) -> str:
    """Return the month in Tokyo, ``2026-05``."""
    return f"{moment.astimezone(JAPAN):%Y-%m}"


def read_month(written: str) -> str:
    """Read a month as people write it on the command line.

    Raises
    ------
    InputError
        If it is none.
    """
    if _MONTH.fullmatch(written) is None:
        raise InputError(
            f"{written} は月として読めません。2026-05 のように書いてください / write a month as 2026-05",
            field="month",
        )
    return written


def months_until(last: str, count: int) -> tuple[str, ...]:
    """Return so many months up to the last, oldest first."""
    year, month = (int(part) for part in last.split("-"))
    ordinal = year * 12 + month - 1
    return tuple(f"{each // 12:04d}-{each % 12 + 1:02d}" for each in range(ordinal - count + 1, ordinal + 1))
