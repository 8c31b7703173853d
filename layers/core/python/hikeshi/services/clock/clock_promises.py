"""What the clock from the post asks of people: before a breach, at the breach, and where nobody moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.response_clock import ResponseClock, Stage, response_clock
from hikeshi.services.audit.reminding import Reminder
from hikeshi.services.incidents.standing import standing

EXECUTIVES_AFTER = timedelta(minutes=15)
"""How long the lead is left alone with a foreseen breach."""

CLOCK_WORD = "clock"
"""Moment of every word that says what did not happen in time."""

_BROKEN = "clock_broken"
_JUST_AFTER = timedelta(seconds=1)
"""At the very moment it is still in time."""

_CALLING = (Stage.TOLD, Stage.EXECUTIVE, Stage.FACTS)
"""Stages whose overrun calls the next step of the ladder; the word that is late is told to all who lead."""


def clock_of(room: Room, configuration: Configuration) -> ResponseClock:
    """Read the clock of a room by the allowances of its level, and of a life where one is at risk."""
    allowances = configuration.escalation.response_clock.get(room.incident.level)
    if allowances is not None and room.incident.peril is not None:
        # The facts are asked for sooner; a countdown to a public word would hurry whoever has to save a life.
        facts = min(allowances.facts, configuration.escalation.life_at_risk.facts)
        allowances = replace(allowances, facts=facts, statement=None)
    return response_clock(room, allowances)


def is_late(incident: Incident) -> bool:
    """Tell from its head alone whether people were told that the target has passed."""
    return _key(incident, _BROKEN) in incident.reminded


def on_the_clock(room: Room, configuration: Configuration) -> Iterator[Reminder]:
    """Yield what is due on the clock from the post, each once in a generation.

    A breach that is foreseen goes to the lead, and to the executives if nothing changed a quarter of an
    hour later; a breach goes to all of them. A stage that overruns its time calls the next step.
    """
    clock = clock_of(room, configuration)
    if clock.behind_from is not None and clock.target_at is not None:
        yield from _foreseen(room, clock, behind_from=clock.behind_from, target_at=clock.target_at)
        yield _told(
            room,
            clock,
            _BROKEN,
            due_at=clock.target_at + _JUST_AFTER,
            roles=(Role.LEAD, Role.PR, Role.EXECUTIVE),
        )
    if clock.awaits:
        yield from _overrun(room, clock)


def stands_still(room: Room, configuration: Configuration) -> Iterator[Reminder]:
    """Yield the call that follows when nobody does anything for long where no acknowledgement lapses."""
    incident = room.incident
    limit = configuration.escalation.standstill.get(standing(room))
    if limit is None:
        return
    decided = (slot.decision.at for slot in room.slots if slot.decision is not None)
    known = (incident.last_move_at, incident.taken_at, incident.status_since, *decided)
    since = max((moment for moment in known if moment is not None), default=incident.opened_at)
    yield Reminder(
        key=f"standstill/{incident.generation}/{since.isoformat()}",
        kind="stood_still",
        moment=CLOCK_WORD,
        due_at=since + limit,
        params={"news_key": "news.stood_still", "ask_key": "ask.stood_still"},
        details={"since": since.isoformat()},
        people=(incident.lead or "",),
        roles=(Role.LEAD,),
        calls_next_step=True,
    )


def _foreseen(
    room: Room, clock: ResponseClock, *, behind_from: datetime, target_at: datetime
) -> Iterator[Reminder]:
    for kind, due_at, roles in (
        ("clock_behind", behind_from, (Role.LEAD,)),
        ("clock_still_behind", behind_from + EXECUTIVES_AFTER, (Role.EXECUTIVE,)),
    ):
        if due_at < target_at:
            yield _told(room, clock, kind, due_at=due_at + _JUST_AFTER, roles=roles)


def _told(
    room: Room, clock: ResponseClock, kind: str, *, due_at: datetime, roles: tuple[Role, ...]
) -> Reminder:
    target_at = clock.target_at or clock.started_at
    stage = clock.stages_ahead()[0].value
    return Reminder(
        key=_key(room.incident, kind),
        kind=kind,
        moment=CLOCK_WORD,
        due_at=due_at,
        params={
            "news_key": f"news.{kind}",
            "ask_key": f"ask.{kind}",
            "target_at": target_at.isoformat(),
            "stage_key": f"clock_stage.{stage}",
        },
        details={"target": target_at.isoformat(), "stage": stage},
        people=(room.incident.lead or "",) if Role.LEAD in roles else (),
        roles=roles,
    )


def _overrun(room: Room, clock: ResponseClock) -> Iterator[Reminder]:
    """Yield the stage at hand, and the executive beside it, when their time is over."""
    awaited = (Stage.EXECUTIVE, clock.stages_ahead()[0])
    for reading in clock.readings:
        if reading.stage in awaited and reading.stage in _CALLING and reading.at is None and reading.due_at:
            yield Reminder(
                key=_key(room.incident, f"overrun/{reading.stage}"),
                kind="stage_overran",
                moment=CLOCK_WORD,
                due_at=reading.due_at + _JUST_AFTER,
                details={"stage": reading.stage.value},
                calls_next_step=True,
            )


def _key(incident: Incident, what: str) -> str:
    return f"clock/{incident.generation}/{what}"
