"""Where what people said of judgements is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hikeshi.domain.feedback import Feedback


class FeedbackStore(Protocol):
    """Keeps one word on each post, by the month the post was written in."""

    def record(self, feedback: Sequence[Feedback]) -> int:
        """Store words on posts and return how many are new or newer than what was there.

        The latest word on a post counts (by ``at``); an older or the same one changes nothing, so that
        everything may be said twice.
        """
        ...

    def month(self, month: str) -> Sequence[Feedback]:
        """Return all words on the posts of a month (``2026-05``, in Tokyo), by post key."""
        ...
