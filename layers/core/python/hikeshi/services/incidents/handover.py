"""What people do from a link about who has an incident: take a press back, confirm, set when it lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain import rounds
from hikeshi.domain.actions import Action, Role
from hikeshi.domain.decisions import advance, reopen
from hikeshi.domain.errors import NotAllowedError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.protecting import no_danger_of
from hikeshi.domain.rounds import Undoable
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.escalation.roll_call import closed_if_complete, on_the_roll
from hikeshi.services.incidents.executions import ladder_row, lifecycle_row, roll_call_rows
from hikeshi.services.incidents.no_danger_desk import undo_no_danger
from hikeshi.services.incidents.respond import Responder, act

_ANSWERS_FOR_ALL = frozenset({Role.DESK, Role.LEAD, Role.EXECUTIVE})
_SETS_EXPIRY = frozenset({Role.DESK, Role.LEAD})

EXPIRY_CHOICES = tuple(
    timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 1440, 4320, 10080)
)
"""What the page offers beside what holds now, from the shortest to the longest that is possible."""


def may_undo(found: Undoable, person: Person) -> bool:
    """Tell whether a person may take a press back: it was theirs.

    A dismissal also those may who answer for everybody: whoever closed it may be asleep, and nobody else
    is looking any more.
    """
    if found.by == person.id:
        return True
    return found.choice != "acknowledged" and bool(person.roles & _ANSWERS_FOR_ALL)


def may_set_expiry(room: Room, person: Person) -> bool:
    """Tell whether a person may say when the acknowledgement lapses: whoever has it, and the desk."""
    return room.incident.lead == person.id or bool(person.roles & _SETS_EXPIRY)


def undo(incident_id: str, *, by: Responder, of: str) -> Room:
    """Take an acknowledgement or a dismissal back, within ten minutes; that posts are no danger at any time.

    Parameters
    ----------
    of : str
        ISO time of what the page showed, so that nobody takes back what came after it.

    Raises
    ------
    NotReadyError
        ``undo`` if that is over, or something else has happened since.
    NotAllowedError
        If it was somebody else's, unless it is a dismissal and the person answers for everybody.
    """
    if no_danger_of(by.incidents.room(incident_id), of) is not None:
        return undo_no_danger(incident_id, by=by, of=of)

    def change(room: Room, at: datetime) -> Change:
        found = rounds.undoable(room, at=at)
        if found is None or found.at.isoformat() != of:
            raise NotReadyError(("undo",))
        if not may_undo(found, by.person):
            raise NotAllowedError(Action.UNDO.value, by.person.id)
        if found.choice == "acknowledged":
            return rounds.undo_acknowledgement(room, by=by.person.id, at=at)
        return _undo_dismissal(room, by=by.person.id, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        if room.incident.round > 1:
            return (ladder_row(room.incident, at=at),)
        rolled = roll_call_rows(room.incident, by.configuration, at=at)
        return (lifecycle_row(room.incident, at=at), *rolled)

    return act(incident_id, Action.UNDO, change, by=by, tell=tell)


def confirm(incident_id: str, *, by: Responder) -> Room:
    """Say that one has seen the incident, as the roll-call of its level asks.

    Raises
    ------
    NotAllowedError
        If the person is not on the roll.
    AlreadyDecidedError
        If the person did so before.
    """

    def change(room: Room, at: datetime) -> Change:
        if by.person.id not in {person.id for person in on_the_roll(room.incident, by.configuration)}:
            raise NotAllowedError(Action.CONFIRM.value, by.person.id)
        seen, events = rounds.confirm(room, by=by.person.id, at=at)
        return closed_if_complete(seen, by.configuration), events

    return act(incident_id, Action.CONFIRM, change, by=by)


def set_expiry(incident_id: str, *, by: Responder, after: timedelta) -> Room:
    """Set how long the incident may rest in somebody's hands without a move.

    Raises
    ------
    NotAllowedError
        If the person neither has it nor sits at the desk or in the lead.
    InvalidFormError
        If it is not from 15 minutes to 7 days.
    """

    def change(room: Room, at: datetime) -> Change:
        if not may_set_expiry(room, by.person):
            raise NotAllowedError(Action.SET_EXPIRY.value, by.person.id)
        return rounds.set_expiry(room, after, by=by.person.id, at=at)

    return act(incident_id, Action.SET_EXPIRY, change, by=by)


def _undo_dismissal(room: Room, *, by: str, at: datetime) -> Change:
    """Open the next generation, even before the workflow has noted the dismissal."""
    dismissed: Room = room
    noted: tuple[TimelineEvent, ...] = ()
    if room.incident.status is not IncidentStatus.DISMISSED:
        dismissed, noted = advance(room, LifecycleEvent.DISMISSED, at=at)
    again, reopened = reopen(dismissed, at=at, why="why.undone")
    return again, (TimelineEvent(kind="dismissal_undone", at=at, actor=by), *noted, *reopened)
