"""The clock from the post as every page of an incident shows it, in one line and in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.response_clock import Outlook, Reading, ResponseClock, Stage
from hikeshi.services.clock.clock_promises import clock_of
from hikeshi.services.room.visit import Visit

_TONES: Mapping[Outlook, str] = {
    Outlook.BEHIND: "wait",
    Outlook.OVERDUE: "late",
    Outlook.BROKEN: "late",
    Outlook.KEPT: "calm",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockRow:
    """A stage: when it was reached, how long after the post, and by when it had to be."""

    label: str
    at: str
    machine_at: str
    since_post: str
    own_time: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockStrip:
    """The clock: ``used`` is the share of the target in percent, at most 100 and empty without one.

    ``urgent`` tells whether the reader must not miss the sentence.
    """

    elapsed: str
    of_target: str
    used: str
    tone: str
    sentence: str
    notes: tuple[str, ...]
    rows: tuple[ClockRow, ...]
    urgent: bool


def clock_strip(visit: Visit) -> ClockStrip:
    """Compose the clock for a reader at a moment."""
    clock, at = clock_of(visit.room, visit.configuration), visit.at
    outlook, share = clock.outlook(at), clock.share(at)
    percent = None if share is None else int(share * 100)
    span = visit.lasting(clock.elapsed(at))
    return ClockStrip(
        elapsed=visit.text(f"clock.{_ended_by(clock)}", span=span),
        of_target=_of_target(visit, clock, percent),
        used="" if percent is None else str(min(percent, 100)),
        tone=_TONES.get(outlook, ""),
        sentence=_sentence(visit, clock, outlook),
        notes=tuple(_notes(visit, clock)),
        rows=(_post(visit, clock), *(_row(visit, clock, reading) for reading in _shown(clock))),
        urgent=outlook in (Outlook.BEHIND, Outlook.OVERDUE),
    )


def _ended_by(clock: ResponseClock) -> str:
    if clock.spoken_at is not None:
        return "waived" if clock.waived else "spoken"
    return "since" if clock.ended_at is None else "ended"


def _of_target(visit: Visit, clock: ResponseClock, percent: int | None) -> str:
    if clock.allowances is None or percent is None:
        return ""
    target = visit.lasting(clock.allowances.target)
    return visit.text("clock.of_target", target=target, percent=percent)


def _sentence(visit: Visit, clock: ResponseClock, outlook: Outlook) -> str:
    """Say how it stands, and why a breach is foreseen or not: the time left against what is still needed."""
    target_at, at = clock.target_at, visit.at
    if target_at is None:
        return visit.text("clock.no_target" if clock.allowances is None else "clock.no_word")
    target = visit.when(target_at)
    if outlook in (Outlook.KEPT, Outlook.BROKEN):
        if clock.spoken_at is None:
            return visit.text("clock.broken_silent")
        key = f"clock.{outlook}_waived" if clock.waived else f"clock.{outlook}"
        late = {} if outlook is Outlook.KEPT else {"late": visit.lasting(clock.spoken_at - target_at)}
        return visit.text(key, at=target, **late)
    stages = visit.text("page.comma").join(visit.text(f"clock_stage.{each}") for each in clock.stages_ahead())
    if outlook is Outlook.OVERDUE:
        return visit.text("clock.overdue", at=target, late=visit.lasting(at - target_at), stages=stages)
    left, needed = visit.lasting(target_at - at), visit.lasting(clock.needed(at))
    return visit.text(f"clock.{outlook}", at=target, left=left, needed=needed, stages=stages)


def _notes(visit: Visit, clock: ResponseClock) -> list[str]:
    notes = []
    statement = visit.room.statement
    if clock.spoken_at is None and statement is not None and statement.approved_at is not None:
        notes.append(visit.text("clock.approved"))
    if clock.explained_at is not None:
        span = visit.lasting(clock.explained_at - clock.started_at)
        notes.append(visit.text("clock.explained", span=span))
    return notes


def _shown(clock: ResponseClock) -> list[Reading]:
    """Return the stages; the executive only if one is asked for, or answered."""
    beside = Stage.EXECUTIVE
    return [
        each
        for each in clock.readings
        if each.stage is not beside
        or each.at is not None
        or (clock.allowances is not None and clock.allowances.executive is not None)
    ]


def _post(visit: Visit, clock: ResponseClock) -> ClockRow:
    started_at = clock.started_at
    return ClockRow(
        label=visit.text("clock.post"),
        at=visit.when(started_at),
        machine_at=started_at.isoformat(),
        since_post="",
        own_time="",
    )


def shown_due(clock: ResponseClock, reading: Reading) -> datetime | None:
    """Return by when people read that a stage is due: never after the word itself, however late it began."""
    if reading.due_at is None or clock.target_at is None:
        return reading.due_at
    return min(reading.due_at, clock.target_at)


def _row(visit: Visit, clock: ResponseClock, reading: Reading) -> ClockRow:
    label = visit.text(f"clock_stage.{reading.stage}")
    due_at = shown_due(clock, reading)
    own_time = visit.when(due_at) if due_at is not None else ""
    if reading.at is None:
        waiting = visit.text("clock.waiting")
        awaited = clock.awaits and reading.stage in (*clock.stages_ahead(), Stage.EXECUTIVE)
        tone = "late" if awaited and _is_late(due_at, visit.at) else "quiet"
        return ClockRow(label=label, at=waiting, machine_at="", since_post="", own_time=own_time, tone=tone)
    return ClockRow(
        label=label,
        at=visit.when(reading.at),
        machine_at=reading.at.isoformat(),
        since_post=visit.lasting(reading.at - clock.started_at),
        own_time=own_time,
        tone="late" if _is_late(due_at, reading.at) else "",
    )


def _is_late(due_at: datetime | None, at: datetime) -> bool:
    return due_at is not None and at > due_at
