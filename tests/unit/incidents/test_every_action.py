"""What holds for every action, whatever it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import POSSIBLE_WHILE, Action
from hikeshi.domain.decisions import ask
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    ConcurrentChangeError,
    IllegalTransitionError,
    NotAllowedError,
)
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.services.facts import fact_register
from hikeshi.services.incidents import respond
from hikeshi.services.statements import statement_desk
from tests.builders import (
    a_draft,
    a_written_report,
)
from tests.fakes.stage import Stage
from tests.unit.incidents.acts import ABLE, ACTS, ID, LEAVES, SIGNED, S, set_scene


@pytest.mark.parametrize("action", LEAVES)
def test_every_action_leaves_its_line_in_the_timeline(stage: Stage, action: Action) -> None:
    status = min(POSSIBLE_WHILE[action], key=list(S).index)
    set_scene(stage, status)
    person = ABLE.get(action, "sato")
    ACTS[action](stage.by(person))
    event = stage.incidents.timeline(ID)[0].event
    assert (event.kind, event.actor, event.at) == (LEAVES[action], person, stage.clock.now())


@pytest.mark.parametrize("action", Action)
def test_nobody_does_what_their_roles_do_not_include(stage: Stage, action: Action) -> None:
    room = set_scene(stage, min(POSSIBLE_WHILE[action], key=list(S).index))
    with pytest.raises(NotAllowedError):
        ACTS[action](stage.by("kobayashi"))
    assert stage.incidents.room(ID) == room


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", S)
def test_no_action_is_possible_where_the_incident_does_not_stand(
    stage: Stage, action: Action, status: IncidentStatus
) -> None:
    if status in POSSIBLE_WHILE[action]:
        return
    room = set_scene(stage, status)
    with pytest.raises(IllegalTransitionError):
        ACTS[action](stage.by(ABLE.get(action, "sato")))
    assert stage.incidents.room(ID) == room


@pytest.mark.parametrize(
    ("action", "status", "slot", "choice"),
    [
        (Action.ACKNOWLEDGE, S.DETECTED, Slot.TRIAGE, "acknowledged"),
        (Action.DISMISS, S.REOPENED, Slot.TRIAGE, "dismissed"),
        (Action.DISMISS, S.FACT_FINDING, Slot.FACT_CHECK, "dismissed"),
        (Action.ESTABLISH_FACTS, S.FACT_FINDING, Slot.FACT_CHECK, "done"),
        (Action.DECLARE_CALM, S.CALMING, Slot.CALMING, "done"),
        (Action.CALM_EARLY, S.CALMING, Slot.CALMING, "done"),
        (Action.SIGN_REPORT, S.REPORTING, Slot.REPORT, "done"),
    ],
)
def test_a_decision_answers_the_waiting_execution_and_the_second_hears_who_was_first(
    stage: Stage, action: Action, status: IncidentStatus, slot: Slot, choice: str
) -> None:
    half_signed = a_written_report(signatures=(SIGNED,))
    room = set_scene(stage, status, report=half_signed)
    stage.incidents.put(ask(room, slot, task_token="token", at=stage.clock.now()))
    person = ABLE.get(action, "sato")
    ACTS[action](stage.by(person))
    (order,) = stage.incidents.orders()
    assert (order.command, order.task_token) == (WorkflowCommand.RESUME, "token")
    assert order.payload == f'{{"choice": "{choice}", "by": "{person}"}}'
    with pytest.raises(AlreadyDecidedError) as refused:
        ACTS[action](stage.by("takahashi"))
    assert (refused.value.by, refused.value.decision) == (person, choice)
    assert len(stage.incidents.orders()) == 1


def test_a_decision_before_the_question_waits_for_it(stage: Stage) -> None:
    stage.room()
    respond.acknowledge(ID, by=stage.by("nakano"))
    assert stage.incidents.orders() == []
    assert stage.incidents.room(ID).incident.lead == "nakano"


def test_nobody_waits_for_the_workflow_to_catch_up(stage: Stage) -> None:
    stage.room()
    respond.acknowledge(ID, by=stage.by("sato"))
    fact_register.add_fact(ID, by=stage.by("ito"), claim="購入した店舗", source="お客様")
    fact_id = stage.incidents.room(ID).facts[0].id
    fact_register.judge_fact(ID, by=stage.by("ito"), fact_id=fact_id, verdict=Verdict.CONFIRMED, basis="写真")
    ACTS[Action.ADD_SIGHTING](stage.by("ito"))
    respond.establish_facts(ID, by=stage.by("sato"))
    statement_desk.draft_statement(
        ID,
        by=stage.by("suzuki"),
        draft=a_draft(),
    )
    statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=1)
    room = statement_desk.approve_statement(ID, by=stage.by("sato"), version=1)
    assert room.incident.status is S.DETECTED
    assert room.slot(Slot.RESPONSE).decision is None


def test_whoever_always_comes_second_gives_up_after_five_tries(stage: Stage) -> None:
    stage.room()
    tries = 0

    class AlwaysLate:
        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def commit(self, change: RoomChange) -> Room:
            nonlocal tries
            tries += 1
            raise ConcurrentChangeError(ID)

    late = replace(stage.by("sato"), incidents=AlwaysLate())  # type: ignore[arg-type]  # stands in front of one
    with pytest.raises(ConcurrentChangeError):
        respond.acknowledge(ID, by=late)
    assert tries == 5
