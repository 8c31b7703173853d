"""The score sheet of a drill, as it is read on a phone and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.drills import waves_that_came
from hikeshi.domain.people import Roster
from hikeshi.services.drills.drill_score import (
    A_SLIP_COSTS,
    ANSWERS_WORTH,
    CARE_WORTH,
    NOTHING_LEFT_AFTER,
    DrillScore,
    Timed,
)
from hikeshi.services.drills.drill_talk import talking_points
from hikeshi.services.messages.japanese_time import clock, duration, full
from hikeshi.services.messages.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreRow:
    """One thing that is scored: what came of it, beside what, and its points."""

    label: str
    value: str
    beside: str
    points: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A wave of the story: when, what, and whether it came."""

    at: str
    about: str
    state: str
    came: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillPage:
    """The whole sheet; ``plight`` says that nobody did anything, and is empty if somebody did."""

    page_title: str
    scenario: str
    summary: str
    state: str
    total: str
    plight: str
    rows: tuple[ScoreRow, ...]
    silent: tuple[str, ...]
    talk: tuple[str, ...]
    sent: tuple[str, ...]
    turns: tuple[Turn, ...]
    counting: tuple[str, ...]
    care: str = ""
    helplines: tuple[str, ...] = ()


def drill_page(
    score: DrillScore, *, roster: Roster, words: Wording, at: datetime, helplines: tuple[str, ...] = ()
) -> DrillPage:
    """Compose the sheet; while the drill runs it shows how it stands.

    ``helplines`` are shown where the story was about a life, to those who read it.
    """
    drill = score.drill
    about_a_life = drill.scenario.is_about_a_life
    running = drill.is_running(at)
    began = full(drill.started_at, words)
    state = "running" if running else "ended"
    marks = (_mark_row(each, words, running=running) for each in score.marks)
    return DrillPage(
        page_title=words.text("drill.page.title", name=drill.scenario.name),
        scenario=drill.scenario.name,
        summary=drill.scenario.summary.replace("{brand}", drill.brand_name),
        state=words.text(f"drill.page.{state}", began=began, at=clock(drill.ends_at)),
        total=str(score.total),
        plight=_plight(score, words, running=running),
        rows=(*marks, *_people_rows(score, words, running=running)),
        silent=tuple(_name(person, roster) for person in score.silent),
        talk=talking_points(score, roster=roster, words=words, at=at),
        sent=_sent(score, words),
        turns=_turns(score, words, at=at),
        counting=tuple(
            words.text(
                f"drill.counting.{key}",
                times=NOTHING_LEFT_AFTER,
                answers=ANSWERS_WORTH,
                care=CARE_WORTH,
                slip=A_SLIP_COSTS,
            )
            for key in ("marks_life" if about_a_life else "marks", "answers", "care")
        ),
        care=words.text("drill.page.care_for_readers") if about_a_life else "",
        helplines=helplines if about_a_life else (),
    )


def _mark_row(timed: Timed, words: Wording, *, running: bool) -> ScoreRow:
    target = duration(timed.target, words)
    if timed.took is None or timed.reached_at is None:
        value, verdict, tone = words.text("drill.page.not_yet" if running else "drill.page.never"), "", "late"
        if running:
            tone = "wait"
    else:
        value = words.text("drill.page.took", span=duration(timed.took, words), at=clock(timed.reached_at))
        verdict = words.text("drill.page.met" if timed.is_met else "drill.page.missed")
        tone = "calm" if timed.is_met else "late"
    return ScoreRow(
        label=words.text(f"drill.mark_of.{timed.mark}"),
        value=value,
        beside=words.text("drill.page.target", span=target) + verdict,
        points=_of(timed.points, timed.of, words),
        tone=tone,
    )


def _people_rows(score: DrillScore, words: Wording, *, running: bool) -> tuple[ScoreRow, ...]:
    answers = words.text("drill.page.answered", asked=len(score.asked), answered=score.answered)
    if score.undecided:
        left = "cut_short" if score.drill.ended_at is not None else "waiting"
        answers += words.text(f"drill.page.{left}", count=len(score.undecided))
    slips, idle = score.wrong_numbers + score.failed_sms, _idle(score, running=running)
    return (
        ScoreRow(
            label=words.text("drill.page.answers"),
            value=answers,
            beside="",
            points=_of(score.for_answers, ANSWERS_WORTH, words),
            tone="late" if score.silent else "wait" if score.undecided else idle or "calm",
        ),
        ScoreRow(
            label=words.text("drill.page.care"),
            value=words.text("drill.page.slips", wrong=score.wrong_numbers, failed=score.failed_sms),
            beside="" if score.answered else words.text("drill.page.no_care"),
            points=_of(score.for_care, CARE_WORTH, words),
            tone="late" if slips else idle or "calm",
        ),
    )


def _idle(score: DrillScore, *, running: bool) -> str:
    """Return the tone of what nobody has answered: that nothing went wrong there is no success."""
    if score.answered:
        return ""
    return "wait" if running or score.undecided else "late"


def _plight(score: DrillScore, words: Wording, *, running: bool) -> str:
    if running or score.answered or score.reached:
        return ""
    return words.text("drill.page.nobody" if score.asked else "drill.page.nobody_asked")


def _sent(score: DrillScore, words: Wording) -> tuple[str, ...]:
    sent = words.text("drill.page.sent", sms=score.sms, mails=score.mails)
    if not score.withheld:
        return (sent,)
    return sent, words.text("drill.page.withheld", count=len(score.withheld))


def _turns(score: DrillScore, words: Wording, *, at: datetime) -> tuple[Turn, ...]:
    drill = score.drill
    until = min(at, drill.ends_at)
    came = {wave.id for wave in waves_that_came(drill, score.reached, until=until)}
    turns = []
    for wave in sorted(drill.scenario.waves, key=lambda each: each.at):
        moment = drill.started_at + wave.at
        state = "came" if wave.id in came else "spared" if moment <= until else "to_come"
        if state == "to_come" and at < drill.ends_at:
            continue  # whoever takes part reads this as well
        turns.append(
            Turn(
                at=clock(moment),
                about=wave.about,
                state="" if state == "came" else words.text(f"drill.page.{state}"),
                came=state == "came",
            )
        )
    return tuple(turns)


def _of(points: int, of: int, words: Wording) -> str:
    return words.text("drill.page.points", points=points, of=of)


def _name(person_id: str, roster: Roster) -> str:
    person = roster.people.get(person_id)
    return person.name if person is not None else person_id
