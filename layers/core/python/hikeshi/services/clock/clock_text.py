"""The clock from the post in the sentences of the report."""

from __future__ import annotations

from collections.abc import Iterator

from hikeshi.domain.response_clock import ResponseClock, Stage
from hikeshi.services.messages.japanese_time import duration
from hikeshi.services.messages.wording import Wording


def clock_sentences(clock: ResponseClock, words: Wording) -> Iterator[str]:
    """Say how soon what was found was passed on, and whether the target of the public word was kept."""
    found, told = clock.reached(Stage.FOUND), clock.reached(Stage.TOLD)
    if found is not None and told is not None:
        yield words.text("report.speed.shared", span=duration(told - found, words))
    if clock.allowances is None or clock.target_at is None:
        return
    target = clock.allowances.target
    yield words.text("report.figures.target", target=duration(target, words))
    if clock.spoken_at is None:
        return
    took = clock.spoken_at - clock.started_at
    key = "report.speed.kept" if took <= target else "report.speed.missed"
    yield words.text(key, took=duration(took, words), difference=duration(abs(took - target), words))
