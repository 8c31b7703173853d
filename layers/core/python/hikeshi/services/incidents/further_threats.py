"""Word of a further alert about a life in an incident that is about one already: at once, or with others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.peril import Peril, peril_again, peril_held, told_of_further
from hikeshi.domain.similarity import SAME_FAMILY, likeness
from hikeshi.domain.targets import names_another, targets_of
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.incidents.alert_joining import Joining
from hikeshi.services.messages.audience import cause, involved_people
from hikeshi.services.messages.notices import Notice, notice_rows

FURTHER = {"more_key": "life_more.found", "found_key": "life_found.found"}
"""What a word says that people get because one more post was found."""

Word = tuple[tuple[TimelineEvent, ...], tuple[OutboxRow, ...]]


def word_of_further(room: Room, peril: Peril, joining: Joining, *, incidents: IncidentRepository) -> Word:
    """Return what is noted and sent, now or once five minutes have passed since people heard last.

    What waits lies in the outbox from the moment that the alert joins, in the same transaction: nothing
    has to remember it. More alerts until then add no word, but whoever was called in the meantime.
    """
    timeline = incidents.timeline(room.incident.id)
    events = tuple(entry.event for entry in timeline)
    at = joining.at
    due_at = told_of_further(events, at=at, is_another=False)
    if due_at > at and _threatens_another(room.incident, joining):
        due_at = told_of_further(events, at=at, is_another=True)
    people = involved_people(room, timeline, joining.configuration.roster)
    what = f"{peril}/{joining.alert.id}" if due_at == at else f"held/{due_at.isoformat()}"
    notice = Notice(cause=cause(room.incident, f"peril/{what}"), moment="peril", params=FURTHER)
    rows = notice_rows(room.incident, people, notice, ids=joining.ids, at=at)
    if due_at == at:
        return (peril_again(peril, at=at),), rows
    held = peril_held(peril, until=due_at, at=at)
    is_planned = any(event.kind == held.kind and event.details == held.details for event in events)
    return () if is_planned else (held,), tuple(_held(row, until=due_at) for row in rows)


def _threatens_another(incident: Incident, joining: Joining) -> bool:
    """Tell whether the alert names a place or a person that none of the incident's alerts names.

    One in the very words of another would be part of that one, did it not name somebody else.
    """
    alert = joining.alert
    others = [each for each in joining.members(incident) if each.id != alert.id]
    if any(each.perils and likeness(each.signature, alert.signature) >= SAME_FAMILY for each in others):
        return True
    known = frozenset[str]().union(*(targets_of(each.quote) for each in others), targets_of(incident.quote))
    return names_another(targets_of(alert.quote), known)


def _held(row: OutboxRow, *, until: datetime) -> OutboxRow:
    body = replace(row.body, held=True) if isinstance(row.body, Message) else row.body
    return replace(row, body=body, due_at=max(row.due_at, until))
