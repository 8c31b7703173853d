"""Facts, tasks, statements, and calling the next people by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.decisions import ask, decide
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    NotFoundError,
    NotReadyError,
)
from hikeshi.domain.incidents import Slot
from hikeshi.services import (
    respond,
    statement_desk,
)
from tests.builders import (
    a_configuration,
    a_decision,
    a_fact,
    a_statement,
    a_task,
    an_approval,
    an_escalation_policy,
)
from tests.fakes.stage import Stage
from tests.unit.incidents.acts import ABLE, ACTS, ID, S, set_scene


def test_facts_suffice_only_with_a_verdict(stage: Stage) -> None:
    set_scene(stage, S.FACT_FINDING, facts=(a_fact(),))
    with pytest.raises(NotReadyError) as refused:
        respond.establish_facts(ID, by=stage.by("sato"))
    assert refused.value.missing == ("verdict",)


def test_unknown_facts_and_tasks_are_not_found(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, facts=(), tasks=())
    with pytest.raises(NotFoundError):
        ACTS[Action.JUDGE_FACT](stage.by("ito"))
    with pytest.raises(NotFoundError):
        ACTS[Action.COMPLETE_TASK](stage.by("ito"))


def test_a_task_is_done_once(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING)
    ACTS[Action.COMPLETE_TASK](stage.by("ito"))
    with pytest.raises(AlreadyDecidedError) as refused:
        ACTS[Action.COMPLETE_TASK](stage.by("yamamoto"))
    assert refused.value.by == "ito"


@pytest.mark.parametrize("last", [Action.COMPLETE_TASK, Action.APPROVE_STATEMENT, Action.WAIVE_STATEMENT])
def test_whatever_comes_last_completes_the_response(stage: Stage, last: Action) -> None:
    one_in = a_statement(approvals=(an_approval("sato"),))
    room = set_scene(stage, S.RESPONDING, tasks=(a_task(),), statement=one_in)
    stage.incidents.put(ask(room, Slot.RESPONSE, task_token="token", at=stage.clock.now()))
    before = Action.COMPLETE_TASK if last is not Action.COMPLETE_TASK else Action.APPROVE_STATEMENT
    ACTS[before](stage.by(ABLE.get(before, "ito")))
    assert stage.incidents.orders() == []
    ACTS[last](stage.by(ABLE.get(last, "ito")))
    (order,) = stage.incidents.orders()
    assert order.task_token == "token"
    assert stage.incidents.kinds(ID)[-1] == "response_completed"


def test_a_draft_asks_the_lead_and_legal_to_approve(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=None)
    ACTS[Action.DRAFT_STATEMENT](stage.by("suzuki"))
    assert stage.people_told("status") == ["sato", "tanaka"]
    assert {m.params["ask_key"] for m in stage.incidents.messages()} == {"ask.statement_drafted"}
    ACTS[Action.APPROVE_STATEMENT](stage.by("tanaka"))
    assert ("suzuki", "mail") not in stage.told("status")
    ACTS[Action.APPROVE_STATEMENT](stage.by("takahashi"))
    assert stage.told("status") >= {("suzuki", "mail"), ("sato", "mail")}


def test_the_writer_does_not_approve_and_an_older_text_is_not_approved(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=a_statement(drafted_by="tanaka", version=2))
    with pytest.raises(NotReadyError) as own:
        statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=2)
    assert own.value.missing == ("second_person",)
    with pytest.raises(NotReadyError) as older:
        statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=1)
    assert older.value.missing == ("newer_version",)


def test_each_press_pages_the_next_rung_at_once_and_then_the_last_resort(stage: Stage) -> None:
    stage.room()
    paged = []
    for _ in range(6):
        before = len(stage.incidents.messages())
        respond.escalate(ID, by=stage.by("nakano"))
        paged.append(sorted({m.person_id for m in stage.incidents.messages()[before:]}))
    assert paged == [
        ["ito", "suzuki", "watanabe"],
        ["sato"],
        ["takahashi"],
        ["sato"],
        ["takahashi"],
        ["takahashi", "tanaka"],
    ]
    assert stage.incidents.kinds(ID)[:2] == ["escalated", "paged"]
    respond.escalate(ID, by=stage.by("nakano"))
    assert stage.incidents.kinds(ID).count("escalated") == 7
    assert stage.incidents.room(ID).incident.paged[-1] == "1/warning/-1"


def test_a_rung_paged_by_hand_has_the_ids_that_the_ladder_would_give(stage: Stage) -> None:
    stage.room()
    respond.escalate(ID, by=stage.by("suzuki"))
    assert f"{ID}/1/warning/0/nakano/sms" in stage.incidents.outbox
    assert stage.incidents.room(ID).incident.paged == ("1/warning/0",)
    assert {m.cancel_when_decided for m in stage.incidents.messages()} == {"1/round-1"}


def test_once_somebody_has_it_the_next_rung_is_asked_to_join_instead_of_paged(stage: Stage) -> None:
    room = stage.room(S.FACT_FINDING)
    stage.incidents.put(decide(room, Slot.TRIAGE, a_decision()))
    respond.escalate(ID, by=stage.by("sato"))
    assert {m.moment for m in stage.incidents.messages()} == {"status"}
    assert {m.params["news_key"] for m in stage.incidents.messages()} == {"news.escalated"}
    assert {m.cancel_when_decided for m in stage.incidents.messages()} == {None}


def test_with_nobody_left_to_turn_to_the_page_says_so(stage: Stage) -> None:
    policy = an_escalation_policy(last_resort=(Role.EXECUTIVE,))
    stage.configuration = a_configuration(escalation=policy)
    room = stage.room()
    every = tuple(f"1/warning/{position}" for position in range(5))
    stage.incidents.put(replace(room, incident=replace(room.incident, paged=every)))
    with pytest.raises(NotReadyError) as refused:
        respond.escalate(ID, by=stage.by("takahashi"))
    assert refused.value.missing == ("next_person",)
    assert "missing.next_person" in stage.lifecycle.words
