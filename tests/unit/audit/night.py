"""A stack on a clock of its own: the real driver, ladder and auditor, and machines that can be killed.

Each minute the workflow driver sweeps, what Step Functions would do by then is done, and the auditor
looks. A part that is named in ``dead`` does nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import IllegalTransitionError
from hikeshi.domain.incidents import Incident, Room, RoomChange, Slot
from hikeshi.domain.lifecycle import LifecycleEvent
from hikeshi.services.audit.audit import Audited, Auditor, audit
from hikeshi.services.audit.heartbeats import SILENT_AFTER
from hikeshi.services.escalation.page import LAST_RESORT, LadderPlace, Paging, page_step, plan_ladder
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from hikeshi.services.incidents.executions import lifecycle_row, roll_call_rows
from hikeshi.services.incidents.lifecycle import Lifecycle, advance_incident, request_decision
from hikeshi.services.incidents.respond import Responder, acknowledge
from hikeshi.services.messages.sweep import sweep
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration, a_person, a_room, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.messaging import InMemoryOutbox, RecordingWorkflow
from tests.fakes.responding import InMemoryIncidentRepository, InMemoryProofStore, InMemoryReportStore
from tests.fakes.scoring import InMemoryAlertStore
from tests.fakes.upkeep import (
    CountingOutsideWatch,
    InMemoryHeartbeats,
    InMemoryOperatorLog,
    RecordingOperatorLine,
)

MINUTE = timedelta(minutes=1)
START = NOON + MINUTE

_NEXT = (
    (Slot.TRIAGE, LifecycleEvent.ACKNOWLEDGED),
    (Slot.FACT_CHECK, LifecycleEvent.FACTS_ESTABLISHED),
)


@dataclass
class Climbing:
    """A running ladder: where it stands, and when it goes on; ``end`` is the place after its last."""

    place: LadderPlace
    end: int
    wakes_at: datetime
    is_over: bool = False


@dataclass
class Night:
    """The stack, from the moment an incident was opened."""

    clock: FrozenClock = field(default_factory=lambda: FrozenClock(START))
    ids: SequenceIds = field(default_factory=SequenceIds)
    configuration: Configuration = field(default_factory=a_configuration)
    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    workflow: RecordingWorkflow = field(default_factory=RecordingWorkflow)
    heartbeats: InMemoryHeartbeats = field(default_factory=InMemoryHeartbeats)
    operator: RecordingOperatorLine = field(default_factory=RecordingOperatorLine)
    outside: CountingOutsideWatch = field(default_factory=CountingOutsideWatch)
    log: InMemoryOperatorLog = field(default_factory=InMemoryOperatorLog)
    dead: set[str] = field(default_factory=set)
    ladders: dict[str, Climbing] = field(default_factory=dict)
    lifecycles: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    audits: list[Audited] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outbox = InMemoryOutbox(self.incidents.outbox)

    # ---- what a test does ----------------------------------------------------------------------

    def open(self) -> None:
        """Open the incident, with the order to start its execution in the same commit."""
        incident = an_incident(opened_at=START, next_page_at=START)
        rolled = roll_call_rows(incident, self.configuration, at=START)
        rows = (lifecycle_row(incident, at=START), *rolled)
        self.incidents.commit(
            RoomChange(before=None, after=a_room(incident=incident), events=(), outbox=rows)
        )

    def acknowledge(self, person: str = "sato") -> None:
        responder = Responder(
            person=a_person(person),
            incidents=self.incidents,
            outbox=self.outbox,
            proofs=InMemoryProofStore(),
            alerts=InMemoryAlertStore(),
            configuration=self.configuration,
            clock=self.clock,
            ids=self.ids,
            words=Wording(),
        )
        acknowledge(self.incident.id, by=responder)

    def minutes(self, count: int) -> None:
        """Let so many minutes pass."""
        for _ in range(count):
            self.clock.advance(minutes=1)
            self.minute()

    def minute(self) -> None:
        """Do what one minute does."""
        at = self.clock.now()
        for function in set(SILENT_AFTER) - self.silent:
            self.heartbeats.beat(function, at=at)
        for _ in _NEXT:
            if "driver" not in self.dead:
                sweep(self.driver.due(), self.driver.drive, clock=self.clock)
            self._run_machines()
        self._send_messages()
        self.audits.append(audit(self.auditor))

    # ---- what it looks at ----------------------------------------------------------------------

    @property
    def room(self) -> Room:
        return next(iter(self.incidents.rooms.values()))

    @property
    def incident(self) -> Incident:
        return self.room.incident

    @property
    def kinds(self) -> list[str]:
        return self.incidents.kinds(self.incident.id)

    def called_after(self) -> timedelta | None:
        """Return when the operator was first called, counted from the opening."""
        told = self.log.notes.values()
        return min(told) - START if told else None

    # ---- parts ---------------------------------------------------------------------------------

    @property
    def auditor(self) -> Auditor:
        return Auditor(
            incidents=self.incidents,
            outbox=self.outbox,
            heartbeats=self.heartbeats,
            operator=self.operator,
            log=self.log,
            outside=self.outside,
            configuration=lambda: self.configuration,
            words=Wording(),
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def driver(self) -> WorkflowDriver:
        return WorkflowDriver(outbox=self.outbox, workflow=self.workflow, clock=self.clock, ids=self.ids)

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(
            incidents=self.incidents,
            configuration=self.configuration,
            reports=InMemoryReportStore(),
            alerts=InMemoryAlertStore(),
            feedback=InMemoryFeedbackStore(),
            words=Wording(),
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def paging(self) -> Paging:
        return Paging(
            incidents=self.incidents, configuration=self.configuration, clock=self.clock, ids=self.ids
        )

    # ---- Step Functions ------------------------------------------------------------------------

    def _run_machines(self) -> None:
        if "lifecycle" not in self.dead:
            for name in set(self.workflow.lifecycles) - self.lifecycles:
                self.lifecycles.add(name)
                self._begin(name)
            for token in set(self.workflow.answers) - self.answered:
                self.answered.add(token)
                self._go_on(token)
        if "ladder" not in self.dead:
            for name, payload in self.workflow.ladders.items():
                if name not in self.ladders:
                    self._climb(name, json.loads(payload))
            for ladder in list(self.ladders.values()):
                self._wake(ladder)

    def _begin(self, name: str) -> None:
        """Start a ladder beside it, and walk to the question that is open."""
        payload = self.workflow.lifecycles[name]
        self.workflow.start_ladder(name=f"{name}-{self.incident.level}", payload=payload)
        self._ask(name, _NEXT[0][0])

    def _ask(self, name: str, slot: Slot) -> None:
        request_decision(self.incident.id, slot, f"{name}/{slot}/{self.ids.ulid()}", self.lifecycle)

    def _go_on(self, token: str) -> None:
        """Take the step that the answer leads to, and ask the next question."""
        name, answered, _ = token.split("/")
        place = [slot.value for slot, _ in _NEXT].index(answered)
        self._advance(_NEXT[place][1])
        if place + 1 < len(_NEXT):
            self._ask(name, _NEXT[place + 1][0])

    def _advance(self, event: LifecycleEvent) -> None:
        try:
            advance_incident(self.incident.id, event, self.lifecycle)
            if event is LifecycleEvent.ACKNOWLEDGED:
                advance_incident(self.incident.id, LifecycleEvent.FACT_CHECK_STARTED, self.lifecycle)
        except IllegalTransitionError:
            return

    def _climb(self, name: str, order: dict[str, Any]) -> None:
        level = Level(order["level"])
        of_roll_call = "/roll-call-" in order["question"]
        place = LadderPlace(
            incident_id=self.incident.id,
            generation=order["generation"],
            level=level,
            position=0,
            round=order["round"],
            roll_call=of_roll_call,
        )
        waits = plan_ladder(self.incident.id, level=level, paging=self.paging, of_roll_call=of_roll_call)
        end = len(waits)
        self.ladders[name] = Climbing(place=place, end=end, wakes_at=self.clock.now())

    def _wake(self, ladder: Climbing) -> None:
        while not ladder.is_over and ladder.wakes_at <= self.clock.now():
            last = ladder.place.position >= ladder.end
            asked = replace(ladder.place, position=LAST_RESORT) if last else ladder.place
            step = page_step(asked, paging=self.paging)
            ladder.is_over = last or step.answered
            ladder.place = replace(ladder.place, position=step.position + 1)
            ladder.wakes_at = self.clock.now() + timedelta(seconds=step.wait_seconds)

    # ---- the dispatcher ------------------------------------------------------------------------

    def _send_messages(self) -> None:
        if "dispatcher" in self.dead:
            return
        at = self.clock.now()
        for row in self.outbox.due("message", at=at):
            claimed = self.outbox.claim(row, by="night", at=at)
            if claimed is not None:
                self.outbox.finish(claimed.attempted().sent(provider_id="1", parts=1, text=""))
