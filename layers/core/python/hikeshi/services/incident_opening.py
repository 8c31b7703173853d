"""A new incident out of an alert."""

from __future__ import annotations

import json
from dataclasses import replace

from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.alert_joining import Joining


def new_incident(joining: Joining, *, number: int) -> RoomChange:
    """Make the incident, its first two timeline entries, and the order to start its execution."""
    alert, at = joining.alert, joining.at
    brand = joining.configuration.watches.brands.get(alert.brand)
    area = "title_media" if alert.has_media else "title"
    incident = Incident(
        id=f"inc-{joining.ids.ulid()}",
        number=number,
        brand=alert.brand,
        brand_name=brand.name if brand else alert.brand,
        category=alert.category,
        crisis_type=alert.crisis_type,
        level=alert.level,
        title=joining.words.text(f"{area}.{alert.category}"),
        quote=alert.quote,
        source=alert.source,
        has_media=alert.has_media,
        first_post_at=alert.first_post_at,
        detected_at=alert.detected_at,
        opened_at=at,
        alerts=(alert.id,),
    )
    room = Room(incident=replace(incident, spread=joining.spread_of(incident)))
    events = (
        TimelineEvent(kind="detected", at=alert.detected_at, details={"alert": alert.id}),
        TimelineEvent(kind="opened", at=at, details={"level": alert.level.value}),
    )
    return RoomChange(before=None, after=room, events=events, outbox=(lifecycle_row(room, joining),))


def lifecycle_row(room: Room, joining: Joining) -> OutboxRow:
    """Order the execution of this generation; its name makes a second one impossible."""
    return _order(room, joining, WorkflowCommand.START_LIFECYCLE, room.incident.execution_name)


def ladder_row(room: Room, joining: Joining) -> OutboxRow:
    """Order a ladder of the incident's level."""
    incident = room.incident
    name = f"{incident.execution_name}-{incident.level.value}"
    return _order(room, joining, WorkflowCommand.START_LADDER, name)


def _order(room: Room, joining: Joining, command: WorkflowCommand, name: str) -> OutboxRow:
    incident = room.incident
    payload = {
        "incident_id": incident.id,
        "generation": incident.generation,
        "level": incident.level.value,
    }
    order = WorkflowOrder(command=command, incident_id=incident.id, name=name, payload=json.dumps(payload))
    return OutboxRow(id=f"{name}/start", body=order, created_at=joining.at, due_at=joining.at)
