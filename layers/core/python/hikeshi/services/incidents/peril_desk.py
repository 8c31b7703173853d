"""What people note of a life at risk, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hikeshi.domain import protecting
from hikeshi.domain.actions import Action
from hikeshi.domain.caps import ABOUT_A_LIFE
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import WENT_OUT, Message, OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import HELP_CALL_PRACTISED, HELP_CALLED
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import cause, known, without
from hikeshi.services.messages.life_words import PERIL_LEFT
from hikeshi.services.messages.notices import Notice, notice_rows

CALLED_LATELY = timedelta(minutes=30)
"""Whoever was called within this time is awake, and may be about to call the police too."""

ASKS_FOR_HELP = frozenset(
    {"page", "roll_call", "called_in", "headquarters", "level_raised", "clock", "peril", PERIL_LEFT}
)
"""Moments whose first words, where a life is at risk, are to read the post and call the police."""

_CALLS = frozenset({"paged", "roll_called"})
_NOTED = frozenset({HELP_CALLED, HELP_CALL_PRACTISED})


def note_call(incident_id: str, *, by: Responder, told: str) -> Room:
    """Note that somebody called for help, and what they told; in a drill, what they would have told.

    The first call is told in one SMS to whoever has the incident and to those who were called a short while
    ago: each of them was asked to call the police. A later one is told only if people were asked since the
    one before, of a further post or because a danger came back. Nobody else is woken for it: the top of the
    room says it.
    """

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        if room.incident.peril is None:
            return ()
        call = room.incident.help_call
        is_first = call is not None and (call.by, call.at) == (by.person.id, at)
        asked = _asked_lately(room.incident, by, at=at)
        return _calming(room, asked, by, at=at) if is_first or asked else ()

    return act(
        incident_id,
        Action.NOTE_CALL,
        lambda room, at: protecting.note_call(room, by=by.person.id, at=at, told=told),
        by=by,
        tell=tell,
    )


def _calming(room: Room, asked: Sequence[str], by: Responder, *, at: datetime) -> tuple[OutboxRow, ...]:
    incident, roster = room.incident, by.configuration.roster
    people = known([*filter(None, (incident.lead,)), *asked], roster)
    drill = "_drill" if incident.drill else ""
    notice = Notice(
        cause=cause(incident, f"help_called/{at:%Y%m%d%H%M%S%f}"),
        moment="help_called",
        params={
            "help_key": f"help.called{drill}",
            "more_key": f"help.more{drill}",
            "by": by.person.name,
            "noted_at": at.isoformat(),
        },
        channels=(Channel.SMS,),
    )
    return notice_rows(incident, without(people, by.person.id), notice, ids=by.ids, at=at)


def _asked_lately(incident: Incident, by: Responder, *, at: datetime) -> tuple[str, ...]:
    """Return who was called, or sent word of the life, a short while ago and since the call before."""
    timeline = by.incidents.timeline(incident.id)
    noted_at = max((entry.event.at for entry in timeline if entry.event.kind in _NOTED), default=None)
    since = at - CALLED_LATELY
    rows = by.outbox.about(incident.id)
    sent = (_sent_word(row, incident, since=since, noted_at=noted_at, at=at) for row in rows)
    return (*_called(timeline, since=since), *filter(None, sent))


def _called(timeline: Sequence[TimelineEntry], *, since: datetime) -> Iterator[str]:
    for entry in reversed(timeline):
        event = entry.event
        if event.at < since or event.kind in _NOTED or event.kind == "reopened":
            return
        if event.kind in _CALLS:
            yield from event.details.get("people", "").split(",")


def _sent_word(
    row: OutboxRow, incident: Incident, *, since: datetime, noted_at: datetime | None, at: datetime
) -> str:
    """Return whom a message asked to call the police in that time; nobody if it waits, or never left."""
    body = row.body
    if not isinstance(body, Message) or body.generation != incident.generation:
        return ""
    if body.moment not in ASKS_FOR_HELP or ABOUT_A_LIFE not in body.params:
        return ""
    is_out = row.state in WENT_OUT or (row.is_due and (row.attempts > 0 or row.due_at <= at))
    heard_at = (row.finished_at or row.due_at) if body.held else row.created_at
    is_new = heard_at >= since and (noted_at is None or heard_at > noted_at)
    return body.person_id if is_out and is_new else ""
