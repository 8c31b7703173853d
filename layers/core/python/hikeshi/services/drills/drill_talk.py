"""What a drill gives its people to talk about: what was slow, what was missing, what it let happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hikeshi.domain.drills import Mark, waves_that_came
from hikeshi.domain.people import Roster
from hikeshi.services.drills.drill_score import DrillScore, Timed
from hikeshi.services.messages.japanese_time import duration
from hikeshi.services.messages.wording import Wording


def talking_points(score: DrillScore, *, roster: Roster, words: Wording, at: datetime) -> tuple[str, ...]:
    """Return the questions that a drill leaves, the gravest first; none while it runs."""
    if score.drill.is_running(at):
        return ()
    spoken = _spoken(score, words)
    found = (*spoken, *_slow(score, words), *_let_happen(score, words), *_people(score, roster, words))
    if found:
        return found
    all_met = all(timed.is_met for timed in score.marks)
    return (words.text("drill.talk.well" if all_met else "drill.talk.short"),)


def _slow(score: DrillScore, words: Wording) -> Iterator[str]:
    for timed in score.marks:
        target = duration(timed.target, words)
        if timed.took is not None and not timed.is_met:
            yield words.text(f"drill.talk.late.{timed.mark}", span=duration(timed.took, words), target=target)
        elif timed.took is None and _had_time(score, timed):
            yield words.text(f"drill.talk.never.{timed.mark}")


def _spoken(score: DrillScore, words: Wording) -> Iterator[str]:
    """Ask about a word in public where a life was at risk: it was never what was asked for."""
    if score.drill.scenario.is_about_a_life and Mark.SPOKEN in score.reached:
        yield words.text("drill.talk.spoken")


def _had_time(score: DrillScore, timed: Timed) -> bool:
    """Tell whether the drill lasted to the target: one that was stopped before it shows nothing."""
    return score.drill.first_post_at + timed.target <= score.drill.ends_at


def _let_happen(score: DrillScore, words: Wording) -> Iterator[str]:
    """Ask about the first turn of the story that came because something was late."""
    missed = {timed.mark for timed in score.marks if not timed.is_met}
    came = waves_that_came(score.drill, score.reached, until=score.drill.ends_at)
    worse = next((w for w in came if missed.intersection(w.unless) or Mark.SPOKEN in w.when), None)
    if worse is not None:
        yield words.text("drill.talk.worse", about=worse.about)


def _people(score: DrillScore, roster: Roster, words: Wording) -> Iterator[str]:
    if score.silent:
        names = words.text("drill.talk.joint").join(
            roster.people[each].name if each in roster.people else each for each in score.silent
        )
        yield words.text("drill.talk.silent", names=names)
    if score.wrong_numbers:
        yield words.text("drill.talk.wrong_number", count=score.wrong_numbers)
    if score.failed_sms:
        yield words.text("drill.talk.failed_sms", count=score.failed_sms)
