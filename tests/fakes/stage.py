"""A stage for the use cases: fakes for every port, and the invented company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Decision, Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import is_last_word_open
from hikeshi.domain.reporting import current_proposals
from hikeshi.domain.reports import Answer, RootCause
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.incidents.lifecycle import Lifecycle
from hikeshi.services.incidents.open_incident import Opening
from hikeshi.services.incidents.respond import Responder
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports import report_desk
from hikeshi.services.reports.draft_report import Drafting
from hikeshi.services.statements import statement_desk
from tests.builders import NOON, a_configuration, a_person, a_room, an_alert, an_incident, an_outcome
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository, InMemoryProofStore, InMemoryReportStore
from tests.fakes.scoring import InMemoryAlertStore


@dataclass
class Stage:
    """Everything that a use case of the incident part touches."""

    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    reports: InMemoryReportStore = field(default_factory=InMemoryReportStore)
    proofs: InMemoryProofStore = field(default_factory=InMemoryProofStore)
    feedback: InMemoryFeedbackStore = field(default_factory=InMemoryFeedbackStore)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOON + timedelta(minutes=1)))
    ids: SequenceIds = field(default_factory=SequenceIds)
    configuration: Configuration = field(default_factory=a_configuration)

    @property
    def opening(self) -> Opening:
        return Opening(
            alerts=self.alerts,
            incidents=self.incidents,
            configuration=self.configuration,
            words=Wording(),
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(
            incidents=self.incidents,
            configuration=self.configuration,
            reports=self.reports,
            alerts=self.alerts,
            feedback=self.feedback,
            words=Wording(),
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def drafting(self) -> Drafting:
        return Drafting(
            incidents=self.incidents,
            alerts=self.alerts,
            configuration=self.configuration,
            words=Wording(),
            clock=self.clock,
        )

    def by(self, person_id: str) -> Responder:
        return Responder(
            person=self.configuration.roster.people.get(person_id) or a_person(person_id),
            incidents=self.incidents,
            outbox=InMemoryOutbox(self.incidents.outbox),
            proofs=self.proofs,
            alerts=self.alerts,
            configuration=self.configuration,
            clock=self.clock,
            ids=self.ids,
            words=Wording(),
        )

    def write_report(self, incident_id: str, *, signers: Sequence[str] = ()) -> Room:
        """Fill the report in as a willing company would, answer the changes, and let people sign it."""
        by = self.by("suzuki")
        report_desk.edit_report(incident_id, by=by, evaluation="検知から4分で担当が決まりました。")
        report_desk.note_outcome(incident_id, by=by, outcome=an_outcome())
        room = report_desk.note_lessons(
            incident_id,
            by=by,
            causes=(RootCause.QUALITY_GAP,),
            lessons="写真の受け付け窓口を常に開きます。",
            no_corrections="手順どおりに進みました。",
        )
        for change in current_proposals(room):
            room = report_desk.answer_proposal(
                incident_id,
                by=by,
                proposal_id=change.id,
                answer=Answer.DECLINE,
                text="",
                reason="足りています",
            )
        if signers and is_last_word_open(room):
            reason = "調査の結果は、お申し出の方へお伝えしました。"
            room = statement_desk.waive_statement(incident_id, by=self.by("sato"), reason=reason)
        for person in signers:
            version = room.report.version if room.report else 0
            room = report_desk.sign_report(incident_id, by=self.by(person), version=version)
        return room

    def keep(self, alert: Alert | None = None, *members: AlertedPost, **changes: Any) -> Alert:
        """Store an alert as it is, whatever version is there."""
        alert = replace(alert or an_alert(), **changes)
        there = self.alerts.alert(alert.id)
        alert = self.alerts.save(replace(alert, version=there.version if there else 0), None)
        for member in members:
            alert = self.alerts.save(alert, member)
        return alert

    def room(self, status: IncidentStatus = IncidentStatus.DETECTED, **changes: Any) -> Room:
        """Put a room on the stage; the lead is 佐藤 once somebody has it."""
        lead = None if status in (IncidentStatus.DETECTED, IncidentStatus.REOPENED) else "sato"
        return self.incidents.put(a_room(incident=an_incident(status=status, lead=lead), **changes))

    def page(self, room: Room, *person_ids: str) -> Room:
        """Note that people were paged."""
        event = TimelineEvent(
            kind="paged", at=self.clock.now(), details={"step": "1", "people": ",".join(person_ids)}
        )
        return self.incidents.commit(RoomChange(before=room, after=room, events=(event,)))

    def decided(self, slot: Slot, choice: str = "done", by: str = "sato") -> Decision:
        return Decision(choice=choice, by=by, at=self.clock.now())

    def told(self, moment: str) -> set[tuple[str, str]]:
        """Return who was told of a moment, on which channel."""
        return {
            (message.person_id, message.channel.value)
            for message in self.incidents.messages()
            if message.moment == moment
        }

    def people_told(self, moment: str) -> Sequence[str]:
        return sorted({person for person, _ in self.told(moment)})
