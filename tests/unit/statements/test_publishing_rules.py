"""Whatever people do in a room, in any order: what goes out is approved, and its facts hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import event as hypothesis_event
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.decisions import raise_level, reopen
from hikeshi.domain.errors import HikeshiError, NotReadyError
from hikeshi.domain.facts import Credibility, Verdict, holds
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import all_statements
from hikeshi.domain.statements import Statement, StatementKind, broken_facts
from hikeshi.services.facts import fact_register
from hikeshi.services.incidents import respond
from hikeshi.services.statements import statement_desk
from tests.builders import a_draft, a_judged_fact, a_statement, an_incident
from tests.fakes.stage import Stage

ID = an_incident().id
EVERYBODY = ("nakano", "sato", "suzuki", "takahashi", "tanaka", "ito", "kobayashi")
PEOPLE = st.sampled_from(EVERYBODY)
APPROVERS = st.sampled_from(("sato", "takahashi", "tanaka"))
VERSIONS = st.integers(0, 1)
STATUSES = st.sampled_from((IncidentStatus.RESPONDING, IncidentStatus.CALMING, IncidentStatus.REPORTING))


class PublicWord(RuleBasedStateMachine):
    """A room in which people check, write, approve, publish, doubt and take back."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.texts: dict[tuple[int, int], object] = {}
        self.out: dict[tuple[int, int], datetime] = {}

    @initialize()
    def the_response_begins(self) -> None:
        self.stage.room(IncidentStatus.RESPONDING)
        for _ in range(2):
            self.somebody_claims("ito", key=False, rests=False)
        for which in range(2):
            self.somebody_judges("ito", which=which, verdict=Verdict.CONFIRMED)

    @property
    def room(self) -> Room:
        return self.stage.incidents.room(ID)

    def act(self, action: Callable[..., Room], person: str, **form: Any) -> bool:
        before = self.room
        self.stage.clock.advance(seconds=7)
        try:
            action(ID, by=self.stage.by(person), **form)
        except HikeshiError:
            assert self.room == before, "a refusal changes nothing"
            return False
        return True

    def version(self, behind: int) -> int:
        return self.room.statement.version - behind if self.room.statement else 1

    # ---- facts ---------------------------------------------------------------------------------

    @rule(person=PEOPLE, key=st.booleans(), rests=st.booleans())
    def somebody_claims(self, person: str, key: bool, rests: bool) -> None:
        if len(self.room.facts) < 5:
            bases = (len(self.room.facts),) if rests and self.room.facts else ()
            form = {"claim": "出荷は半年前", "source": "", "key": key, "rests_on": bases}
            self.act(fact_register.add_fact, person, **form)

    @rule(person=PEOPLE, which=st.integers(0, 4), verdict=st.sampled_from(Verdict))
    def somebody_judges(self, person: str, which: int, verdict: Verdict) -> None:
        for fact in self.room.facts[which : which + 1]:
            form = {"fact_id": fact.id, "verdict": verdict, "basis": "記録"}
            self.act(fact_register.judge_fact, person, **form)

    @rule(person=PEOPLE, which=st.integers(0, 4), origin=st.sampled_from(("a", "b")))
    def somebody_bears_out(self, person: str, which: int, origin: str) -> None:
        for fact in self.room.facts[which : which + 1]:
            form = {"name": "記録", "credibility": Credibility.A, "origin": origin, "url": ""}
            self.act(fact_register.add_source, person, fact_id=fact.id, **form)

    @rule(person=PEOPLE, which=st.integers(0, 4), key=st.booleans())
    def somebody_weighs(self, person: str, which: int, key: bool) -> None:
        for fact in self.room.facts[which : which + 1]:
            self.act(fact_register.mark_key, person, fact_id=fact.id, key=key)

    # ---- statements ----------------------------------------------------------------------------

    @rule(person=PEOPLE, which=st.integers(1, 4), full=st.booleans(), named=st.booleans())
    def somebody_writes(self, person: str, which: int, full: bool, named: bool) -> None:
        number = min(which, len(self.room.facts))
        mark = f"［{number}］" if named and number else ""
        draft = a_draft(
            kind=StatementKind.FULL if full else StatementKind.HOLDING,
            fact=f"出荷の記録を確認いたしました{mark}。",
            next_update_at=self.stage.clock.now() + timedelta(hours=3),
        )
        self.act(statement_desk.draft_statement, person, draft=draft)

    @rule(person=PEOPLE, behind=VERSIONS)
    def somebody_approves(self, person: str, behind: int) -> None:
        self.act(statement_desk.approve_statement, person, version=self.version(behind))

    @rule(person=APPROVERS)
    def an_approver_approves(self, person: str) -> None:
        self.act(statement_desk.approve_statement, person, version=self.version(0))

    @rule(person=APPROVERS)
    def an_approver_sends_it_back(self, person: str) -> None:
        version = self.version(0)
        if self.act(statement_desk.return_statement, person, version=version, reason="言葉が足りません"):
            assert not self.act(statement_desk.approve_statement, "sato", version=version)
            assert not self.act(statement_desk.publish_statement, "suzuki", version=version)

    @rule(person=PEOPLE, behind=VERSIONS)
    def somebody_publishes(self, person: str, behind: int) -> None:
        if self.act(statement_desk.publish_statement, person, version=self.version(behind)):
            room = self.room
            assert room.statement is not None
            assert all(holds(room.facts, fact) for fact in room.statement.facts)
            assert room.statement.flagged_at is None
            assert_is_approved(room.statement, room.incident.level)
            hypothesis_event(f"published a {room.statement.kind} statement")

    @rule(full=st.booleans(), doubt=st.integers(0, 5), verdict=st.sampled_from(Verdict))
    def willing_people_carry_a_text_through(self, full: bool, doubt: int, verdict: Verdict) -> None:
        """Write, approve, approve, publish; before one of the steps, or after all, somebody doubts."""
        steps: tuple[Callable[[], None], ...] = (
            lambda: self.somebody_writes("suzuki", which=1, full=full, named=True),
            lambda: self.somebody_approves("sato", behind=0),
            lambda: self.somebody_approves("tanaka", behind=0),
            lambda: self.somebody_publishes("suzuki", behind=0),
        )
        for place, step in enumerate(steps):
            if place == doubt:
                self.somebody_judges("ito", which=0, verdict=verdict)
            step()
        if doubt == len(steps):
            self.somebody_judges("ito", which=0, verdict=verdict)

    @rule(person=PEOPLE)
    def somebody_says_nothing(self, person: str) -> None:
        self.act(statement_desk.waive_statement, person, reason="個別にお詫びしました")

    # ---- the world around ----------------------------------------------------------------------

    @rule(status=STATUSES)
    def the_workflow_moves(self, status: IncidentStatus) -> None:
        room = self.room
        self.stage.incidents.put(replace(room, incident=replace(room.incident, status=status)))

    @rule()
    def it_grows(self) -> None:
        room = self.room
        after, events = raise_level(room, Level.CRITICAL, at=self.stage.clock.now(), why="転載300件")
        if events:
            self.stage.incidents.commit(RoomChange(before=room, after=after, events=events))

    @rule()
    def it_flares_up_again(self) -> None:
        room = self.room
        closed = replace(room, incident=replace(room.incident, status=IncidentStatus.CLOSED))
        after, _ = reopen(closed, at=self.stage.clock.now(), why="再燃")
        again = replace(after.incident, status=IncidentStatus.RESPONDING, lead="sato")
        self.stage.incidents.put(replace(after, incident=again))

    @rule(person=PEOPLE)
    def somebody_does_something_else(self, person: str) -> None:
        self.act(respond.establish_facts, person)
        self.act(respond.declare_calm, person, basis="静かです")

    # ---- what always holds ---------------------------------------------------------------------

    @invariant()
    def an_approved_text_rests_on_facts_that_hold_or_is_flagged(self) -> None:
        room = self.stage.incidents.rooms.get(ID)
        for statement in all_statements(room) if room else ():
            if statement.approvals and statement.flagged_at is None:
                assert broken_facts(statement, room.facts if room else ()) == ()

    @invariant()
    def what_is_out_was_approved_by_two_and_never_changes(self) -> None:
        room = self.stage.incidents.rooms.get(ID)
        for statement in all_statements(room) if room else ():
            key = (statement.generation, statement.version)
            said = (statement.text, statement.sentences, statement.kind, statement.drafted_by)
            assert self.texts.setdefault(key, said) == said
            if statement.published_at is not None:
                assert self.out.setdefault(key, statement.published_at) == statement.published_at
                assert_is_approved(statement, Level.WARNING)

    @invariant()
    def no_version_is_ever_lost(self) -> None:
        room = self.stage.incidents.rooms.get(ID)
        kept = [(each.generation, each.version) for each in all_statements(room)] if room else []
        assert len(kept) == len(set(kept))
        assert set(self.texts) <= set(kept)


def assert_is_approved(statement: Statement, level: Level) -> None:
    """Two people, neither of them the author, in roles that differ; legal among them if it is critical."""
    people = {each.by for each in statement.approvals}
    assert len(people) >= 2
    assert statement.drafted_by not in people
    assert len(frozenset().union(*(each.roles for each in statement.approvals))) >= 2
    if level is Level.CRITICAL:
        assert any(Role.LEGAL in each.roles for each in statement.approvals)


TestPublicWord = PublicWord.TestCase
TestPublicWord.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


def test_a_fact_that_falls_while_somebody_publishes_keeps_the_text_back() -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING, facts=(a_judged_fact(),))
    promise = stage.clock.now() + timedelta(hours=3)
    draft = a_draft(fact="写真の商品は当社の製品です［1］。", next_update_at=promise)
    statement_desk.draft_statement(ID, by=stage.by("suzuki"), draft=draft)
    for person in ("sato", "tanaka"):
        statement_desk.approve_statement(ID, by=stage.by(person), version=1)

    class Slow:
        """Reads the room; before it can be changed, somebody refutes the fact."""

        refuted = False

        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def commit(self, change: RoomChange) -> Room:
            if not self.refuted:
                self.refuted = True
                fact_register.judge_fact(
                    ID,
                    by=stage.by("ito"),
                    fact_id="fact-1",
                    verdict=Verdict.REFUTED,
                    basis="他社の商品でした",
                )
            return stage.incidents.commit(change)

    slow = replace(stage.by("suzuki"), incidents=Slow())  # type: ignore[arg-type]  # stands in front of one
    with pytest.raises(NotReadyError) as refused:
        statement_desk.publish_statement(ID, by=slow, version=1)
    assert "flagged_statement" in refused.value.missing
    assert stage.incidents.room(ID).statement is not None
    assert "statement_published" not in stage.incidents.kinds(ID)


def test_s4_1_a_text_that_a_change_of_kind_overtook_calls_nobody_over_a_fact() -> None:
    """Both in the same moment: the text is flagged, and no fact is the reason."""
    stage = Stage()
    fact = a_judged_fact()
    stage.room(IncidentStatus.RESPONDING, facts=(fact,))
    room = stage.incidents.room(ID)
    overtaken = a_statement(drafted_at=stage.clock.now(), flagged_at=stage.clock.now())
    stage.incidents.put(replace(room, statement=overtaken))
    fact_register.mark_key(ID, by=stage.by("sato"), fact_id=fact.id, key=True)
    assert stage.people_told("statement_flagged") == []
