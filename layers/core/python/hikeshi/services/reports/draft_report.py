"""Drafts the completion report from what is on record, and the changes that the incident asks for."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.reporting import attach_report, propose
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertRecords
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.proposing import proposals_for
from hikeshi.services.reports.report_alerts import gathered
from hikeshi.services.reports.report_figures import response_figures, result_figures
from hikeshi.services.reports.report_text import ReportMaterial, report_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafting:
    """What drafting needs to work."""

    incidents: IncidentRepository
    alerts: AlertRecords
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
        material = ReportMaterial(
            room=room,
            timeline=drafting.incidents.timeline(incident_id),
            known=gathered(room.incident.alerts, drafting.alerts),
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
