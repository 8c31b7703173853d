"""Drafts the completion report from what is on record."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.decisions import attach_report
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.committing import change_room
from hikeshi.services.report_text import QUOTED_POSTS, ReportMaterial, report_text
from hikeshi.services.wording import Wording

MAX_ALERTS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafting:
    """What drafting needs to work."""

    incidents: IncidentRepository
    alerts: AlertStore
    configuration: Configuration
    words: Wording
    clock: Clock


def draft_report(incident_id: str, drafting: Drafting) -> Room:
    """Attach the draft to the incident; drafted again, it keeps what people wrote beside it.

    A report that is signed stays as it was signed.
    """

    def plan(room: Room) -> RoomChange | None:
        report = room.report
        if report is not None and report.signed_at is not None:
            return None
        members = [
            member
            for alert_id in room.incident.alerts[:MAX_ALERTS]
            for member in drafting.alerts.posts(alert_id, limit=QUOTED_POSTS)
        ]
        material = ReportMaterial(
            room=room,
            timeline=drafting.incidents.timeline(incident_id),
            posts=sorted(members, key=lambda member: member.post.published_at),
            configuration=drafting.configuration,
            words=drafting.words,
        )
        body = report_text(material)
        if report is not None and report.body == body:
            return None
        drafted, events = attach_report(room, body, at=drafting.clock.now())
        return RoomChange(before=room, after=drafted, events=events)

    return change_room(incident_id, plan, incidents=drafting.incidents)
