"""A call to join, by hand or because nothing moved, that reached nobody: who comes next, or who hears of it.

While nobody has the incident the ladder goes on by itself; once somebody has it nothing does, and whoever
pressed waits for people who never heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.timeline import SYSTEM, TimelineEntry
from hikeshi.ports.environment import Ids
from hikeshi.services.escalation.calling import who_answered
from hikeshi.services.escalation.ladder import LAST_RESORT, Paged, Rung, page_rung, rung_above
from hikeshi.services.messages.audience import known
from hikeshi.services.messages.notices import Notice, notice_rows

CALLED_IN = "called_in"
_WHY = ("called_key", "called_why_key", "by", "do_key", "lead")
"""What a call says of why it came: the next one came for the same."""


def call_further(
    room: Room,
    row: OutboxRow,
    message: Message,
    *,
    timeline: Sequence[TimelineEntry],
    configuration: Configuration,
    ids: Ids,
    at: datetime,
) -> Paged:
    """Call the next people above; if nobody is left, tell whoever pressed that nobody was reached."""
    by = _who_pressed(row, message, timeline)
    rung = _above(room, timeline, configuration, by=by, at=at)
    if rung is None:
        return _told(room, message, by, configuration, ids=ids, at=at)
    return page_rung(
        room,
        rung,
        level=room.incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=ids,
        press=ids.ulid() if rung.position == LAST_RESORT else "",
        call={name: message.params[name] for name in _WHY if name in message.params},
    )


def _above(
    room: Room, timeline: Sequence[TimelineEntry], configuration: Configuration, *, by: str, at: datetime
) -> Rung | None:
    """Return the next place with somebody new on it; None if everybody was called in this round."""
    answered = who_answered(room, timeline) | {by}
    try:
        rung = rung_above(room, configuration, answered=answered, by=by, at=at)
    except NotReadyError:
        return None
    people = tuple(each for each in rung.people if each.id not in room.incident.reached)
    return replace(rung, people=people) if people else None


def _told(
    room: Room, message: Message, by: str, configuration: Configuration, *, ids: Ids, at: datetime
) -> Paged:
    """Say that nobody was reached: to whoever pressed, or else to whoever has the incident."""
    incident = room.incident
    people: tuple[Person, ...] = known([by], configuration.roster) or known(
        [incident.lead or ""], configuration.roster
    )
    notice = Notice(
        cause=f"{incident.id}/{message.step}/unreached",
        moment="status",
        params={"news_key": "news.call_unreached", "ask_key": "ask.call_unreached"},
    )
    rows = notice_rows(incident, people, notice, ids=ids, at=at)
    # They are at it: their quiet hours are over.
    return Paged(room=room, events=(), outbox=tuple(_at_once(each, at=at) for each in rows))


def _at_once(row: OutboxRow, *, at: datetime) -> OutboxRow:
    body = replace(row.body, held=False) if isinstance(row.body, Message) else row.body
    return replace(row, body=body, due_at=at)


def _who_pressed(row: OutboxRow, message: Message, timeline: Sequence[TimelineEntry]) -> str:
    """Return who turned to the next one; hikeshi, if nothing but the time did."""
    if message.params.get("called_key") != "called.up":
        return SYSTEM
    presses = [each.event for each in timeline if each.event.kind == "escalated"]
    return next((each.actor for each in reversed(presses) if each.at <= row.created_at), SYSTEM)
