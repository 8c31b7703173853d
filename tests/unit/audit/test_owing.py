"""What is over but not done with is still asked for its promises, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.aftercare import end_key
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.services.audit.audit import audit
from tests.builders import NOON, a_room, an_incident
from tests.unit.audit.night import Night


def audit_at(night: Night, minute: int) -> int:
    night.clock.set(NOON + timedelta(minutes=minute))
    return audit(night.auditor).looked_at


def closed_room() -> Room:
    return a_room(
        incident=an_incident(
            status=IncidentStatus.CLOSED, closed_at=NOON, after_care_until=NOON + timedelta(days=30)
        )
    )


def test_s0_22_an_incident_in_after_care_is_looked_at_every_quarter_of_an_hour() -> None:
    night = Night()
    night.incidents.put(closed_room())
    looks = [audit_at(night, minute) for minute in range(60)]
    assert (sum(looks), max(looks)) == (4, 1)


def test_an_incident_whose_after_care_is_over_is_left_alone() -> None:
    room = closed_room()
    assert owes(room)
    assert not owes(replace(room, incident=replace(room.incident, reminded=(end_key(room.incident),))))


def test_an_open_incident_is_not_owing_and_neither_is_an_exercise() -> None:
    assert not owes(a_room())
    room = closed_room()
    assert not owes(replace(room, incident=replace(room.incident, drill="drill-1")))
