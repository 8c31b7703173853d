"""What an incident is called behind the ``#``, so that an exercise is never taken for what is real."""

from __future__ import annotations

from hikeshi.services.messages.wording import Wording


def number_of(number: int, *, drill: str, words: Wording) -> str:
    """Return the number as people read it: ``128``, in a drill ``訓練1``; each drill numbers its own."""
    return words.text("drill.number", number=number) if drill else str(number)
