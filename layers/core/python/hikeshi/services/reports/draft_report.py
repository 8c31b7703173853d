"""Drafts the completion report from what is on record, and the changes that the incident asks for."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.reporting import attach_report, propose
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.proposing import proposals_for
from hikeshi.services.reports.report_figures import response_figures, result_figures
from hikeshi.services.reports.report_text import ReportMaterial, report_text

MAX_ALERTS = 20
MAX_POSTS = 1000
"""Posts of one alert that the curve and the shares are counted from."""


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
        at = drafting.clock.now()
        members = [
            member
            for alert_id in room.incident.alerts[:MAX_ALERTS]
            for member in drafting.alerts.posts(alert_id, limit=MAX_POSTS)
        ]
        material = ReportMaterial(
            room=room,
            timeline=drafting.incidents.timeline(incident_id),
            posts=sorted(members, key=lambda member: member.post.published_at),
            configuration=drafting.configuration,
            words=drafting.words,
            at=at,
        )
        body = report_text(material)
        if report is not None and report.body == body:
            return None
        drafted, events = attach_report(
            room,
            body,
            response_figures=response_figures(material),
            result_figures=result_figures(material),
            at=at,
        )
        proposals = proposals_for(drafted, drafting.configuration.manual, drafting.words)
        return RoomChange(before=room, after=propose(drafted, proposals), events=events)

    return change_room(incident_id, plan, incidents=drafting.incidents)
