"""Feedback in memory, with the same promises as the stored one."""

from __future__ import annotations

from collections.abc import Sequence

from hikeshi.domain.feedback import Feedback


class InMemoryFeedbackStore:
    """Keeps the latest word on each post."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], Feedback] = {}

    def record(self, feedback: Sequence[Feedback]) -> int:
        stored = 0
        for word in feedback:
            known = self.words.get((word.month, word.post_key))
            if known is None or known.at < word.at:
                self.words[word.month, word.post_key] = word
                stored += 1
        return stored

    def month(self, month: str) -> Sequence[Feedback]:
        found = [word for (kept, _), word in self.words.items() if kept == month]
        return sorted(found, key=lambda word: word.post_key)
