"""Whatever people and the workflow do, in any order: the rules of a room hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import event as hypothesis_event
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hikeshi.domain.actions import DECIDING
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import HikeshiError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.headquarters import SourceKind
from hikeshi.domain.incidents import Decision, Room, Slot
from hikeshi.domain.lifecycle import TRANSITIONS, IncidentStatus, LifecycleEvent
from hikeshi.domain.timeline import first_broken
from hikeshi.services.facts import fact_register
from hikeshi.services.headquarters import headquarters_desk
from hikeshi.services.incidents import respond
from hikeshi.services.incidents.lifecycle import advance_incident, remind, request_decision
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.reports import report_desk
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.statements import statement_desk
from tests.builders import NOON, a_draft, an_alert
from tests.fakes.stage import Stage

PEOPLE = st.sampled_from(("nakano", "sato", "suzuki", "takahashi", "tanaka", "ito", "kobayashi"))
ALERT = an_alert().id


class LifeOfAnIncident(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.stage.keep(an_alert())
        self.id = open_incident(ALERT, self.stage.opening).incident_id or ""
        self.tokens = 0
        self.first: dict[tuple[int, Slot], Decision] = {}
        self.seen: list[IncidentStatus] = [IncidentStatus.DETECTED]
        self.digests: list[str] = []

    @property
    def room(self) -> Room:
        return self.stage.incidents.room(self.id)

    def act(self, action: Callable[..., Room], person: str, **form: Any) -> None:
        before = self.room
        try:
            action(self.id, by=self.stage.by(person), **form)
        except HikeshiError:
            assert self.room == before, "a refusal changes nothing"

    @rule(seconds=st.integers(1, 7200))
    def time_passes(self, seconds: int) -> None:
        self.stage.clock.advance(seconds=seconds)

    @rule(person=PEOPLE, take=st.booleans())
    def somebody_answers_the_page(self, person: str, take: bool) -> None:
        if take:
            self.act(respond.acknowledge, person)
        else:
            self.act(respond.dismiss, person, reason="思い違い")

    @rule(person=PEOPLE)
    def somebody_escalates(self, person: str) -> None:
        self.act(respond.escalate, person)

    @rule(person=PEOPLE, verdict=st.sampled_from(Verdict))
    def somebody_checks_a_claim(self, person: str, verdict: Verdict) -> None:
        self.act(fact_register.add_fact, person, claim="購入した店舗", source="電話")
        for fact in self.room.facts[-1:]:
            self.act(fact_register.judge_fact, person, fact_id=fact.id, verdict=verdict, basis="写真")

    @rule(person=PEOPLE)
    def somebody_looks_elsewhere(self, person: str) -> None:
        self.act(headquarters_desk.add_sighting, person, kind=SourceKind.NEWS, finding="なし", url="")

    @rule(person=PEOPLE)
    def somebody_establishes_the_facts(self, person: str) -> None:
        self.act(respond.establish_facts, person)

    @rule(person=PEOPLE, which=st.integers(0, 5))
    def somebody_does_a_task(self, person: str, which: int) -> None:
        for task in self.room.tasks[which : which + 1]:
            self.act(respond.complete_task, person, task_id=task.id, result="済み")

    @rule(person=PEOPLE, how=st.sampled_from(("draft", "approve", "waive")))
    def somebody_works_on_the_statement(self, person: str, how: str) -> None:
        if how == "draft":
            promise = self.stage.clock.now() + timedelta(hours=3)
            draft = a_draft(next_update_at=promise)
            self.act(statement_desk.draft_statement, person, draft=draft)
        elif how == "approve":
            version = self.room.statement.version if self.room.statement else 1
            self.act(statement_desk.approve_statement, person, version=version)
        else:
            self.act(statement_desk.waive_statement, person, reason="当社の件ではありません")

    @rule(person=PEOPLE)
    def somebody_finishes(self, person: str) -> None:
        self.act(respond.declare_calm, person, basis="静かです")
        try:
            self.stage.write_report(self.id)
        except HikeshiError:
            return
        self.somebody_signs(person)

    @rule(person=PEOPLE)
    def somebody_signs(self, person: str) -> None:
        version = self.room.report.version if self.room.report else 1
        self.act(report_desk.sign_report, person, version=version)

    @rule(slot=st.sampled_from(Slot))
    def the_workflow_asks(self, slot: Slot) -> None:
        self.tokens += 1
        request_decision(self.id, slot, f"token-{self.tokens}", self.stage.lifecycle)

    @rule(event=st.sampled_from([each for each in LifecycleEvent if each is not LifecycleEvent.REOPENED]))
    def the_workflow_steps(self, event: LifecycleEvent) -> None:
        before = self.room
        try:
            advance_incident(self.id, event, self.stage.lifecycle)
        except HikeshiError:
            assert self.room == before

    @rule()
    def the_work_goes_on(self) -> None:
        """Take the next step that a willing company would take."""
        match self.room.incident.status:
            case IncidentStatus.DETECTED | IncidentStatus.REOPENED:
                self.act(respond.acknowledge, "sato")
                self.the_workflow_steps(LifecycleEvent.ACKNOWLEDGED)
            case IncidentStatus.ACKNOWLEDGED:
                self.the_workflow_steps(LifecycleEvent.FACT_CHECK_STARTED)
            case IncidentStatus.FACT_FINDING:
                self.somebody_checks_a_claim("ito", Verdict.CONFIRMED)
                self.somebody_looks_elsewhere("watanabe")
                self.act(respond.establish_facts, "sato")
                self.the_workflow_steps(LifecycleEvent.FACTS_ESTABLISHED)
            case IncidentStatus.RESPONDING:
                for task in self.room.tasks:
                    self.act(respond.complete_task, task.owner, task_id=task.id, result="済み")
                self.act(statement_desk.waive_statement, "takahashi", reason="当社の件ではありません")
                self.the_workflow_steps(LifecycleEvent.RESPONSE_COMPLETED)
            case IncidentStatus.CALMING:
                self.act(respond.declare_calm, "sato", basis="静かです")
                self.the_workflow_steps(LifecycleEvent.CALMED)
            case IncidentStatus.REPORTING:
                draft_report(self.id, self.stage.drafting)
                self.somebody_finishes("tanaka")
                self.somebody_signs("sato")
                self.the_workflow_steps(LifecycleEvent.REPORT_SIGNED)
            case _:
                self.stage.clock.advance(days=1)
        hypothesis_event(f"reached {self.room.incident.status}")

    @rule(slot=st.sampled_from(Slot))
    def the_workflow_reminds_or_drafts(self, slot: Slot) -> None:
        remind(self.id, slot, self.stage.lifecycle)
        if self.room.incident.status is IncidentStatus.REPORTING:
            draft_report(self.id, self.stage.drafting)

    @rule(reposts=st.integers(0, 400), level=st.sampled_from((Level.WARNING, Level.CRITICAL)))
    def posts_come_in(self, reposts: int, level: Level) -> None:
        alert = self.stage.alerts.alert(ALERT)
        assert alert is not None
        self.stage.keep(
            alert, reposts=alert.reposts + reposts, level=level, last_post_at=self.stage.clock.now()
        )
        if self.room.incident.status is not IncidentStatus.MERGED:
            open_incident(ALERT, self.stage.opening)

    @invariant()
    def every_status_was_reached_by_a_row_of_the_table(self) -> None:
        status = self.room.incident.status
        if status is not self.seen[-1]:
            reached = {target for (source, _), target in TRANSITIONS.items() if source is self.seen[-1]}
            assert status in reached
            self.seen.append(status)

    @invariant()
    def the_first_answer_of_every_slot_stands(self) -> None:
        for slot in self.room.slots:
            if slot.decision is not None:
                first = self.first.setdefault((slot.generation, slot.slot), slot.decision)
                assert slot.decision == first

    @invariant()
    def the_timeline_is_whole_and_only_grows(self) -> None:
        timeline = self.stage.incidents.timeline(self.id)
        assert first_broken(timeline) is None
        digests = [entry.digest for entry in timeline]
        assert digests[: len(self.digests)] == self.digests
        assert self.room.incident.timeline_digest == digests[-1]
        self.digests = digests

    @invariant()
    def one_execution_for_each_generation(self) -> None:
        names = [o.name for o in self.stage.incidents.orders() if o.command.value == "start_lifecycle"]
        generations = range(1, self.room.incident.generation + 1)
        assert names == [f"{self.id}-{generation}" for generation in generations]

    @invariant()
    def nobody_signs_or_approves_their_own(self) -> None:
        room = self.room
        if room.report is not None and room.report.signed_by is not None:
            assert len({each.by for each in room.report.signatures}) > 1
            assert any(each.roles & DECIDING for each in room.report.signatures)
        if room.statement is not None and room.statement.approved_by is not None:
            assert room.statement.approved_by != room.statement.drafted_by

    @invariant()
    def a_closed_incident_has_its_report(self) -> None:
        room = self.room
        if room.incident.status is IncidentStatus.CLOSED:
            assert room.report is not None
            assert room.report.uri is not None
            assert room.incident.after_care_until == (room.incident.closed_at or NOON) + timedelta(days=30)


TestLifeOfAnIncident = LifeOfAnIncident.TestCase
TestLifeOfAnIncident.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
