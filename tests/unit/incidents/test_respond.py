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
from hikeshi.domain.statements import Statement
from hikeshi.services.incidents import respond
from hikeshi.services.statements import statement_desk
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_draft,
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


def test_a_text_that_was_sent_back_tells_its_writer_and_keeps_the_reason_off_the_phone(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=a_statement())
    ACTS[Action.APPROVE_STATEMENT](stage.by("takahashi"))
    room = statement_desk.return_statement(ID, by=stage.by("tanaka"), version=1, reason="お詫びが要ります")
    assert room.statement is not None
    assert (room.statement.returned_by, room.statement.return_reason) == ("tanaka", "お詫びが要ります")
    told = stage.incidents.messages()
    assert {each.params["news_key"] for each in told} == {"news.statement_returned"}
    assert {(each.person_id, each.channel.value) for each in told} == {
        (person, channel) for person in ("suzuki", "sato") for channel in ("sms", "mail")
    }
    assert not any("お詫び" in value for each in told for value in each.params.values())


def test_only_a_new_version_brings_a_returned_text_back(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=a_statement())
    ACTS[Action.APPROVE_STATEMENT](stage.by("takahashi"))
    ACTS[Action.RETURN_STATEMENT](stage.by("tanaka"))
    with pytest.raises(NotReadyError) as kept:
        statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=1)
    assert kept.value.missing == ("returned_statement",)
    with pytest.raises(AlreadyDecidedError, match="returned"):
        statement_desk.return_statement(ID, by=stage.by("sato"), version=1, reason="同じ意見です")
    room = statement_desk.draft_statement(ID, by=stage.by("suzuki"), draft=a_draft())
    assert room.statement is not None
    assert (room.statement.returned_at, room.statement.approvals) == (None, ())
    statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=2)
    done = statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=2).statement
    assert done is not None
    assert done.approved_by == "takahashi"
    with pytest.raises(AlreadyDecidedError, match="approved"):
        statement_desk.return_statement(ID, by=stage.by("sato"), version=2, reason="遅すぎます")


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        (a_statement(drafted_by="tanaka"), "second_person"),
        (a_statement(version=2), "newer_version"),
        (a_statement(flagged_at=NOON), "flagged_statement"),
    ],
)
def test_nobody_sends_back_their_own_text_an_older_one_or_one_that_fell(
    stage: Stage, statement: Statement, missing: str
) -> None:
    set_scene(stage, S.RESPONDING, statement=statement)
    with pytest.raises(NotReadyError) as refused:
        ACTS[Action.RETURN_STATEMENT](stage.by("tanaka"))
    assert refused.value.missing == (missing,)


def test_the_writer_does_not_approve_and_an_older_text_is_not_approved(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=a_statement(drafted_by="tanaka", version=2))
    with pytest.raises(NotReadyError) as own:
        statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=2)
    assert own.value.missing == ("second_person",)
    with pytest.raises(NotReadyError) as older:
        statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=1)
    assert older.value.missing == ("newer_version",)


def test_each_press_pages_who_was_not_called_yet_and_then_the_last_resort(stage: Stage) -> None:
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
        *[["takahashi", "tanaka"]] * 3,
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
    assert {m.moment for m in stage.incidents.messages()} == {"called_in"}
    assert {m.params["called_key"] for m in stage.incidents.messages()} == {"called.up"}
    assert {m.params["by"] for m in stage.incidents.messages()} == {"広報部長 佐藤 花子"}
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
