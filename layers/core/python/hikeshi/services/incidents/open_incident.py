"""Turns an alert into an incident: a new one, or a part of the one that is about the same thing.

Two conditional writes carry the whole of it. The incident and its pointer under (brand, topic) are
stored in one transaction, so two callers at once make one incident; the start of its execution is an
outbox row of that same transaction, so an incident without an execution cannot be. The alert learns
its incident last: a caller that died before that finds the alert in the incident and only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.peril import Peril
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.grouping import root_of
from hikeshi.services.incidents.alert_joining import Joining
from hikeshi.services.incidents.committing import TRIES
from hikeshi.services.incidents.incident_opening import new_incident
from hikeshi.services.incidents.joining_effects import joined
from hikeshi.services.incidents.past_cases import LOOKED_AT
from hikeshi.services.incidents.reopening import Standing, standing_of
from hikeshi.services.messages.wording import Wording


class Outcome(StrEnum):
    """What became of the alert."""

    OPENED = "opened"
    JOINED = "joined"
    RAISED = "raised"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"
    TOO_LOW = "too_low"


_TELLING = (
    ("reopened", Outcome.REOPENED),
    ("level_raised", Outcome.RAISED),
    ("alert_joined", Outcome.JOINED),
)
"""Which timeline event names the outcome, the weightiest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedIncident:
    """The incident that an alert belongs to now; none if its level is too low to open one."""

    incident_id: str | None
    number: int | None
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What opening needs to work."""

    alerts: AlertStore
    incidents: IncidentRepository
    configuration: Configuration
    words: Wording
    clock: Clock
    ids: Ids


def open_incident(alert_id: str, opening: Opening) -> OpenedIncident:
    """Open an incident for an alert, join it to an open one, raise that one's level, or reopen it.

    Raises
    ------
    NotFoundError
        If there is no such alert.
    ConcurrentChangeError
        If others were faster five times running; asking again is safe.
    """
    for tries_left in reversed(range(TRIES)):
        alert = root_of(alert_id, opening.alerts)
        if alert is None:
            raise NotFoundError("alert", alert_id)
        joining = Joining(
            alert=alert,
            alerts=opening.alerts,
            configuration=opening.configuration,
            words=opening.words,
            ids=opening.ids,
            at=opening.clock.now(),
        )
        try:
            return _once(joining, opening.incidents)
        except ConcurrentChangeError:
            if not tries_left:
                raise
    raise ConcurrentChangeError(alert_id)


def _once(joining: Joining, incidents: IncidentRepository) -> OpenedIncident:
    alert = joining.alert
    # A life is a matter of its own: an open incident of the same category would swallow it.
    topic = (alert.peril or alert.category).value
    pointed = incidents.topic(alert.brand, topic)
    for room in _candidates(joining, pointed, incidents):
        standing = standing_of(room, joining)
        if standing is not Standing.ANOTHER_MATTER:
            return _joined(room, standing, joining, incidents)
    if not alert.level.at_least(Level.WARNING):
        return OpenedIncident(incident_id=None, number=None, outcome=Outcome.TOO_LOW)
    number = incidents.next_number(drill=alert.drill)
    change = new_incident(joining, number=number, past=incidents.recent(limit=LOOKED_AT))
    room = incidents.open(change, topic=topic, replacing=pointed)
    return _answer(room, Outcome.OPENED, joining)


def _candidates(joining: Joining, pointed: str | None, incidents: IncidentRepository) -> Iterator[Room]:
    """Yield the incidents that an alert may be about: its own, and the one of its topic.

    Where it puts a life at risk, only those that know of the same, under whatever topic they were opened:
    what runs comes before what is over, and what is over under another topic does not come back for it.
    """
    alert = joining.alert
    if alert.incident_id:
        yield incidents.room(alert.incident_id)
    topics = (*Peril, alert.category) if alert.perils else ()
    known = (pointed, *(incidents.topic(alert.brand, topic.value) for topic in topics))
    rooms = [incidents.room(each) for each in dict.fromkeys(known) if each and each != alert.incident_id]
    for room in sorted(rooms, key=lambda room: not room.incident.status.is_open):
        is_of_topic = room.incident.id == pointed
        if (is_of_topic or room.incident.status.is_open) and _knows_of_it(room.incident, joining):
            yield room


def _knows_of_it(incident: Incident, joining: Joining) -> bool:
    """Tell whether an incident is about a life that the alert puts at risk; of others nothing is asked."""
    perils = joining.perils_in(incident)
    return not perils or not set(perils).isdisjoint(incident.perils)


def _joined(
    room: Room, standing: Standing, joining: Joining, incidents: IncidentRepository
) -> OpenedIncident:
    change = joined(room, joining, standing=standing, incidents=incidents)
    if change is None:
        return _answer(room, Outcome.UNCHANGED, joining)
    kinds = {event.kind for event in change.events}
    outcome = next((named for kind, named in _TELLING if kind in kinds), Outcome.UNCHANGED)
    return _answer(incidents.commit(change), outcome, joining)


def _answer(room: Room, outcome: Outcome, joining: Joining) -> OpenedIncident:
    incident, alert = room.incident, joining.alert
    if alert.incident_id != incident.id:
        joining.alerts.save(replace(alert, incident_id=incident.id), None)
    return OpenedIncident(incident_id=incident.id, number=incident.number, outcome=outcome)
