"""Rounds: how often people are called to take one incident on, and what settles or reopens the call.

A round asks one question, who takes the incident on. An acknowledgement settles it; when that is taken
back, or lapses because nothing moved, the next round asks again. A roll-call asks another question
beside it, which each of its people answers alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import RULES, Action
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotReadyError
from hikeshi.domain.incidents import Change, Confirmation, Incident, Room, Slot
from hikeshi.domain.people import Person
from hikeshi.domain.timeline import TimelineEvent

UNDO_WINDOW = timedelta(minutes=10)
"""How long an acknowledgement or a dismissal can be taken back."""

SHORTEST_EXPIRY = timedelta(minutes=15)
LONGEST_EXPIRY = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoable:
    """What can be taken back: ``choice`` as in :class:`Decision`, who took it when, and until when."""

    choice: str
    by: str
    at: datetime

    @property
    def until(self) -> datetime:
        """Return the end of the window."""
        return self.at + UNDO_WINDOW


def roll_call_question(incident: Incident, level: Level) -> str:
    """Name the question of the roll-call of a level."""
    return f"{incident.generation}/roll-call-{level.value}"


def is_settled(room: Room, question: str) -> bool:
    """Tell whether a question needs no further answer.

    A room that was stored before rounds were counted has its answer in the triage slot.
    """
    incident = room.incident
    if question in incident.answered:
        return True
    if question == incident.question and incident.round == 1:
        return room.slot(Slot.TRIAGE).decision is not None
    generation, _, asked = question.partition("/")
    is_earlier_round = asked.startswith("round-") and question != incident.question
    return generation != str(incident.generation) or is_earlier_round


def is_taken(room: Room) -> bool:
    """Tell whether somebody has the incident in this round, or found it to be a false alarm."""
    return is_settled(room, room.incident.question)


def is_left_to_lead(room: Room, action: Action, person: Person) -> bool:
    """Tell whether an action is somebody else's, because that person has the incident in this round."""
    over_lead, lead = RULES[action].over_lead, room.incident.lead
    if over_lead is None or lead is None or lead == person.id:
        return False
    return is_taken(room) and person.roles.isdisjoint(over_lead)


def settled(incident: Incident, *questions: str) -> Incident:
    """Note that questions are settled; no ladder waits any more if the round's is among them."""
    new = tuple(question for question in questions if question not in incident.answered)
    next_page_at = None if incident.question in questions else incident.next_page_at
    return replace(incident, answered=(*incident.answered, *new), next_page_at=next_page_at)


def taken(room: Room, *, by: str, at: datetime) -> Room:
    """Put the incident into somebody's hands for this round."""
    incident = settled(room.incident, room.incident.question)
    return replace(room, incident=replace(incident, lead=by, taken_at=at, expired_at=None, last_move_at=at))


def take_over(room: Room, *, by: str, at: datetime) -> Change:
    """Take the incident on in a later round.

    Raises
    ------
    AlreadyDecidedError
        If somebody has it in this round; carries who.
    """
    incident = room.incident
    if is_taken(room):
        raise taken_already(room)
    event = TimelineEvent(kind="taken_over", at=at, actor=by, details={"round": str(incident.round)})
    return taken(room, by=by, at=at), (event,)


def taken_already(room: Room) -> AlreadyDecidedError:
    """Say that somebody has the incident, and since when."""
    incident = room.incident
    return AlreadyDecidedError(
        decision="acknowledged", by=incident.lead or "", at=incident.taken_at or incident.opened_at
    )


def moved(room: Room, *, at: datetime) -> Room:
    """Note that somebody did something: an acknowledgement does not lapse while things move."""
    return replace(room, incident=replace(room.incident, last_move_at=at))


def expire_acknowledgement(room: Room, *, at: datetime) -> Change:
    """Ask anew, because nothing moved: the lead stays named, but the next round looks for somebody."""
    incident = room.incident
    since = incident.last_move_at or incident.taken_at or incident.opened_at
    details = {"lead": incident.lead or "", "since": since.isoformat(), "round": str(incident.round)}
    event = TimelineEvent(kind="acknowledgement_expired", at=at, details=details)
    asked = replace(_next_round(incident, at=at), expired_at=at)
    return replace(room, incident=asked), (event,)


def undoable(room: Room, *, at: datetime) -> Undoable | None:
    """Return what can be taken back now, if anything."""
    found = _dismissal(room) or _acknowledgement(room)
    return found if found is not None and at <= found.until else None


def undo_acknowledgement(room: Room, *, by: str, at: datetime) -> Change:
    """Take an acknowledgement back: nobody has the incident, and the next round asks.

    Raises
    ------
    NotReadyError
        ``undo`` if nobody has it, or its ten minutes are over.
    """
    found = undoable(room, at=at)
    if found is None or found.choice != "acknowledged":
        raise NotReadyError(("undo",))
    event = TimelineEvent(kind="acknowledgement_undone", at=at, actor=by, details={"lead": found.by})
    return moved(ask_anew(room, at=at), at=at), (event,)


def ask_anew(room: Room, *, at: datetime) -> Room:
    """Leave the incident with nobody, so that the next round looks for somebody."""
    return replace(room, incident=replace(_next_round(room.incident, at=at), lead=None, taken_at=None))


def left_behind(room: Room, *, at: datetime) -> Change:
    """Ask anew, because whoever had the incident is not there to see to it."""
    incident = room.incident
    event = TimelineEvent(kind="lead_left", at=at, details={"lead": incident.lead or ""})
    asked = ask_anew(room, at=at)
    return replace(asked, incident=replace(asked.incident, expired_at=at)), (event,)


def passed_on(room: Room, *, to: str, at: datetime) -> Change:
    """Put the incident into the hands of whoever stands in for the lead, in the same round."""
    details = {"person": room.incident.lead or "", "lead": to}
    incident = replace(room.incident, lead=to, taken_at=at, passed_on_at=at)
    return replace(room, incident=incident), (TimelineEvent(kind="passed_on", at=at, details=details),)


def confirm(room: Room, *, by: str, at: datetime) -> Change:
    """Answer the roll-call of the level that the incident has now.

    Raises
    ------
    AlreadyDecidedError
        If the person did so before.
    """
    incident = room.incident
    for known in incident.confirmed:
        if known.by == by and known.level is incident.level:
            raise AlreadyDecidedError(decision="confirmed", by=by, at=known.at)
    seen = Confirmation(level=incident.level, by=by, at=at)
    changed = replace(incident, confirmed=(*incident.confirmed, seen))
    event = TimelineEvent(kind="confirmed", at=at, actor=by, details={"level": incident.level.value})
    return replace(room, incident=changed), (event,)


def has_confirmed(incident: Incident, person_id: str) -> bool:
    """Tell whether a person answered the roll-call of the level that the incident has now."""
    return any(known.by == person_id and known.level is incident.level for known in incident.confirmed)


def set_expiry(room: Room, after: timedelta, *, by: str, at: datetime) -> Change:
    """Set how long the incident may rest in somebody's hands without a move.

    Raises
    ------
    InvalidFormError
        If it is not from 15 minutes to 7 days.
    """
    if not SHORTEST_EXPIRY <= after <= LONGEST_EXPIRY:
        raise InvalidFormError("it is from 15 minutes to 7 days", field="expires_after")
    changed = replace(room.incident, ack_expires_after=after)
    details = {"minutes": str(int(after.total_seconds() // 60))}
    return replace(room, incident=changed), (
        TimelineEvent(kind="expiry_set", at=at, actor=by, details=details),
    )


def _next_round(incident: Incident, *, at: datetime) -> Incident:
    return replace(incident, round=incident.round + 1, round_began_at=at, reached=(), next_page_at=at)


def _acknowledgement(room: Room) -> Undoable | None:
    incident = room.incident
    triage = room.slot(Slot.TRIAGE).decision
    at = incident.taken_at or (triage.at if triage is not None else None)
    held = incident.lead is not None and incident.status.is_open and is_taken(room)
    if not held or at is None or incident.lead is None or _has_spoken(room, since=at):
        return None
    return Undoable(choice="acknowledged", by=incident.lead, at=at)


def _has_spoken(room: Room, *, since: datetime) -> bool:
    """Tell whether something was published since: whoever has it then answers for what is out."""
    said = (room.statement, *room.earlier_statements)
    out = (each.published_at for each in said if each is not None)
    return any(at is not None and at >= since for at in out)


def _dismissal(room: Room) -> Undoable | None:
    said = room.dismissal
    return Undoable(choice=said.choice, by=said.by, at=said.at) if said is not None else None
