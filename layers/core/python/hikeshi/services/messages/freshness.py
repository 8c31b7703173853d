"""Whether a message is still worth sending, against the incident as it stands now."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import LAST_WORDS, PAGE
from hikeshi.domain.circles import may_know
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.incidents import Incident, Room, Slot
from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import WENT_OUT, ChatPost, Message, OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import has_confirmed, is_settled
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.escalation.calling import tells_of_passing_on
from hikeshi.services.experts.expert_messages import why_not_asked
from hikeshi.services.messages.discretion import is_discreet
from hikeshi.services.messages.life_words import ALL_CLEAR, LEFT_TO_FEW, PERIL_LEFT, words_of_left
from hikeshi.services.messages.parting import PARTING

OVERTAKEN = "overtaken by a newer message"
LIFE_AGAIN = "a life is at risk again"

_RISEN = frozenset({PAGE, "level_raised", "called_in"})
"""Moments that tell somebody of the higher level."""

_ABOUT_TO = timedelta(minutes=2)
"""What falls due by then is about to be heard: its tries fit in, and the lease of one that died."""


def why_pointless(
    message: Message,
    person: Person | None,
    *,
    incidents: IncidentRepository,
    outbox: Outbox,
    at: datetime,
) -> str:
    """Say why a message need not go out any more; empty if it must."""
    if person is None or not person.active:
        return "person not active"
    if not message.incident_number:
        return ""
    try:
        room = incidents.room(message.incident_id)
    except NotFoundError:
        return "no such incident"
    stale = _not_for(person, message, room) or why_stale(message, room)
    return stale or _outdone(message, room, outbox, at=at)


def _not_for(person: Person, message: Message, room: Room) -> str:
    """Say why a message is not for this person, or not any more."""
    if message.purpose == EXPERT:
        return why_not_asked(message, person, room)
    if message.moment == PARTING:
        return "the person may know again" if may_know(room.incident.circle, person) else ""
    if not may_know(room.incident.circle, person):
        return "not in the circle"
    if tells_of_passing_on(message.params) and room.incident.lead != person.id:
        return "nobody has it any more"
    if message.moment == "roll_call" and has_confirmed(room.incident, person.id):
        return "the person has confirmed"
    return ""


def _outdone(message: Message, room: Room, outbox: Outbox, *, at: datetime) -> str:
    """Say that a page is of a level that rose since; only if its person heard of the rise, or is about to."""
    incident = room.incident
    if message.moment != PAGE or message.level.rank >= incident.level.rank:
        return ""
    heard = any(_tells_of_rise(row, message, incident.level, at=at) for row in outbox.about(incident.id))
    return OVERTAKEN if heard else ""


def _tells_of_rise(row: OutboxRow, message: Message, level: Level, *, at: datetime) -> bool:
    body = row.body
    if not isinstance(body, Message) or body.moment not in _RISEN or body.person_id != message.person_id:
        return False
    if (body.generation, body.level) != (message.generation, level):
        return False
    return row.state in WENT_OUT or (row.is_due and row.due_at <= at + _ABOUT_TO)


def why_stale(message: Message | ChatPost, room: Room) -> str:
    """Say why word of an incident has been overtaken by what happened since; empty if it has not."""
    incident = room.incident
    if incident.circle is not None and not is_discreet(message):
        return "says more than it may"
    if incident.generation != message.generation:
        return "incident was reopened since"
    was_over = isinstance(message, Message) and message.after_end
    if message.moment not in LAST_WORDS and not was_over and not incident.status.is_open:
        return f"incident is {incident.status.value}"
    if message.moment == "acknowledged" and incident.lead is None:
        return "nobody has it any more"
    return _untrue_of_a_life(message, incident) or _decided(room, message.cancel_when_decided)


def _untrue_of_a_life(message: Message | ChatPost, incident: Incident) -> str:
    """Say that a message whose whole point is a life says of it what holds no more."""
    if message.moment in ("peril", PERIL_LEFT) and incident.peril is None:
        return "no life is at risk any more"
    if message.params.get("news_key") == ALL_CLEAR and incident.perils:
        return LIFE_AGAIN
    if message.moment == PERIL_LEFT and not _is_all_that_is_left(message, incident):
        return LIFE_AGAIN
    return ""


def _is_all_that_is_left(message: Message | ChatPost, incident: Incident) -> bool:
    """Tell whether the danger of which a message says that it is left is the only one."""
    told = message.params.get("left_key")
    return len(incident.perils) == 1 and told in (LEFT_TO_FEW, words_of_left(incident.perils)["left_key"])


def _decided(room: Room, asked: str | None) -> str:
    """Say that a slot, or a question of a round, is answered."""
    if asked is None:
        return ""
    slot = next((each for each in Slot if each.value == asked), None)
    decided = is_settled(room, asked) if slot is None else room.slot(slot).decision is not None
    return f"{asked} was decided" if decided else ""
