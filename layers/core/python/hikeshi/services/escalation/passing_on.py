"""Passes an incident on when whoever has it leaves or goes away: nothing rests in hands that are not there.

Whoever left had it, and the next round looks for somebody at once. Whoever is away is followed by the
deputy who can be paged, and told so; without one it stays theirs, and is asked of them. A deputy whom no
word of it reached has it no longer: whoever sends notices at once, the audit if that one died over it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain import rounds
from hikeshi.domain.circles import may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.outbox import WENT_OUT, Message, OutboxRow, OutboxState
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.rotations import Absence
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.escalation.calling import PASSED_ON
from hikeshi.services.escalation.ladder import Paged
from hikeshi.services.escalation.lost_calls import CALLED_IN
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.incidents.executions import ladder_row
from hikeshi.services.incidents.standing import standing
from hikeshi.services.messages.audience import cause
from hikeshi.services.messages.notices import Notice, notice_rows

_FIRST_TRIES = timedelta(minutes=2)
"""How long whoever sends has to notice by themselves that nothing came to a deputy."""

_LAST_TRY = timedelta(hours=6)
"""When nothing of it is on its way any more, whatever a cap or a delay held back."""


def is_to_be_passed_on(room: Room, configuration: Configuration, *, outbox: Outbox, at: datetime) -> bool:
    """Tell whether whoever has an open incident left, is away with a deputy, or is one who never heard."""
    roster = configuration.roster
    is_gone = _has_left(room, roster) or _heir(room, roster, at=at) is not None
    return is_gone or _never_heard(room, outbox, at=at)


def pass_on(
    room: Room,
    *,
    outbox: Outbox,
    incidents: IncidentRepository,
    configuration: Configuration,
    clock: Clock,
    ids: Ids,
) -> Room:
    """Pass an incident on if it has to be; returns it as it is then."""
    if not is_to_be_passed_on(room, configuration, outbox=outbox, at=clock.now()):
        return room

    def plan(newest: Room) -> RoomChange | None:
        at, roster = clock.now(), configuration.roster
        if _has_left(newest, roster):
            asked = ask_next(newest, at=at)
        elif _never_heard(newest, outbox, at=at):
            asked = _asked_instead(newest, at=at)
        elif (heir := _heir(newest, roster, at=at)) is not None:
            asked = _handed(newest, heir, roster, ids=ids, at=at)
        else:
            return None
        return RoomChange(before=newest, after=asked.room, events=asked.events, outbox=asked.outbox)

    return change_room(room.incident.id, plan, incidents=incidents)


def ask_next(room: Room, *, at: datetime) -> Paged:
    """Begin the next round: nobody has the incident any more."""
    after, events = rounds.left_behind(room, at=at)
    return Paged(room=after, events=events, outbox=(ladder_row(after.incident, at=at),))


def _handed(room: Room, heir: Person, roster: Roster, *, ids: Ids, at: datetime) -> Paged:
    gone = roster.person(room.incident.lead or "")
    after, events = rounds.passed_on(room, to=heir.id, at=at)
    named = _named(heir.id, at)
    notice = Notice(
        cause=cause(after.incident, named),
        moment=CALLED_IN,
        params={"called_key": PASSED_ON, "called_why_key": "called_why.passed_on", "by": gone.name},
        asks=True,
        step=named,
    )
    rows = notice_rows(after.incident, (heir,), notice, ids=ids, at=at)
    reached = tuple(dict.fromkeys((*after.incident.reached, heir.id)))
    return Paged(
        room=replace(after, incident=replace(after.incident, reached=reached)), events=events, outbox=rows
    )


def _asked_instead(room: Room, *, at: datetime) -> Paged:
    """Begin the next round, and note what whoever sends could not: that nothing came to the deputy."""
    asked = ask_next(room, at=at)
    failed = TimelineEvent(kind="message_failed", at=at, details={"person": room.incident.lead or ""})
    return replace(asked, events=(failed, *asked.events))


def _never_heard(room: Room, outbox: Outbox, *, at: datetime) -> bool:
    """Tell whether an incident is in the hands of a deputy to whom all word of it failed.

    Only where a hand-over was the last to put it into somebody's hands does this ask for the rows of it.
    """
    incident = room.incident
    got_at = incident.passed_on_at
    if got_at is None or got_at != incident.taken_at or not _is_in_hand(room):
        return False
    if not _FIRST_TRIES < at - got_at < _LAST_TRY:
        return False
    named = _named(incident.lead or "", got_at)
    word = [row for row in outbox.about(incident.id) if _tells_of(named, row)]
    may_have_come = any(row.is_due or row.state in WENT_OUT for row in word)
    return not may_have_come and any(row.state is OutboxState.FAILED for row in word)


def _tells_of(named: str, row: OutboxRow) -> bool:
    """Tell whether a row brings word of a hand-over, by a way that does not wait for another."""
    return isinstance(row.body, Message) and row.body.step == named and row.body.nth == 1


def _named(heir: str, at: datetime) -> str:
    return f"passed_on/{heir}/{at.isoformat()}"


def _has_left(room: Room, roster: Roster) -> bool:
    lead = room.incident.lead
    if lead is None or not _is_in_hand(room):
        return False
    person = roster.people.get(lead)
    return person is None or not person.active


def _heir(room: Room, roster: Roster, *, at: datetime) -> Person | None:
    """Return the first along the deputies of whoever went away since who can be paged and may know of it."""
    incident = room.incident
    lead = roster.people.get(incident.lead or "")
    if lead is None or not lead.away or not _is_in_hand(room):
        return None
    if _took_it_while_away(incident, roster, at=at):
        return None
    deputies = roster.deputies_of(lead)
    return next((each for each in deputies if each.can_be_paged and may_know(incident.circle, each)), None)


def _took_it_while_away(incident: Incident, roster: Roster, *, at: datetime) -> bool:
    """Tell whether they knew of the absence that lasts: whoever takes it on from a holiday has it."""
    taken_at = incident.taken_at or incident.opened_at
    mine = (each for each in roster.absences if each.person_id == incident.lead and each.covers(at))
    return any(each.covers(taken_at) and _was_known(each, incident, taken_at) for each in mine)


def _was_known(absence: Absence, incident: Incident, taken_at: datetime) -> bool:
    """Tell whether an absence stood when its person took the incident on.

    A file does not say when it was written: whoever was called themselves was not away by then.
    """
    stood_at = max(absence.begins_at, absence.made_at)
    called_at = incident.round_began_at or incident.opened_at
    was_called = incident.lead in incident.reached and stood_at < called_at
    return stood_at < taken_at and not was_called


def _is_in_hand(room: Room) -> bool:
    return standing(room).is_open and rounds.is_taken(room)
