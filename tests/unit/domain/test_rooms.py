from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.checking import judge_fact
from hikeshi.domain.decisions import (
    ask,
    assign_tasks,
    complete_task,
    decide,
    raise_level,
    reopen,
    response_gaps,
    settle_response,
)
from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Change, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import approve_statement, draft_statement, waive_statement
from hikeshi.domain.statements import StatementKind
from tests.builders import (
    NOON,
    a_decision,
    a_fact,
    a_report,
    a_room,
    a_slot,
    a_statement,
    a_task,
    an_incident,
)

LATER = NOON + timedelta(minutes=30)


BOARD = frozenset({Role.EXECUTIVE})


def approved(room: Room) -> Change:
    """Legal and an executive approve the first version, one after the other."""
    room, first = approve_statement(room, version=1, by="tanaka", roles=frozenset({Role.LEGAL}), at=LATER)
    room, second = approve_statement(room, version=1, by="takahashi", roles=BOARD, at=LATER)
    return room, (*first, *second)


def responding(**changes: Any) -> Room:
    return replace(a_room(incident=an_incident(status=IncidentStatus.RESPONDING)), **changes)


# ---- slots -----------------------------------------------------------------------------------------


def test_question_and_answer_may_come_in_either_order() -> None:
    asked_first = decide(ask(a_room(), Slot.TRIAGE, task_token="t", at=NOON), Slot.TRIAGE, a_decision())
    answered_first = ask(decide(a_room(), Slot.TRIAGE, a_decision()), Slot.TRIAGE, task_token="t", at=NOON)
    assert asked_first.slot(Slot.TRIAGE) == answered_first.slot(Slot.TRIAGE)


def test_a_question_asked_again_keeps_when_it_was_first_asked() -> None:
    room = ask(a_room(), Slot.REPORT, task_token="one", at=NOON)
    again = ask(room, Slot.REPORT, task_token="two", at=LATER).slot(Slot.REPORT)
    assert (again.task_token, again.opened_at) == ("two", NOON)


def test_the_second_answer_learns_of_the_first() -> None:
    room = decide(a_room(), Slot.TRIAGE, a_decision())
    with pytest.raises(AlreadyDecidedError) as refused:
        decide(room, Slot.TRIAGE, a_decision(by="suzuki", choice="dismissed"))
    assert (refused.value.by, refused.value.at, refused.value.decision) == (
        "sato",
        a_decision().at,
        "acknowledged",
    )


def test_a_generation_has_slots_of_its_own() -> None:
    room = a_room(incident=an_incident(generation=2), slots=(a_slot(decision=a_decision()),))
    assert room.slot(Slot.TRIAGE).decision is None
    assert len(decide(room, Slot.TRIAGE, a_decision()).slots) == 2


# ---- facts and tasks ---------------------------------------------------------------------------------


def test_a_later_verdict_replaces_an_earlier_one_and_both_are_on_record() -> None:
    room = a_room(facts=(a_fact(), a_fact(id="fact-2")))
    room, first = judge_fact(room, "fact-1", verdict=Verdict.CONFIRMED, basis="写真", by="ito", at=NOON)
    room, second = judge_fact(room, "fact-1", verdict=Verdict.REFUTED, basis="製造番号", by="ito", at=LATER)
    assert room.fact("fact-1").verdict is Verdict.REFUTED
    assert room.fact("fact-2").verdict is Verdict.UNVERIFIED
    assert [event.details["verdict"] for event in (*first, *second)] == ["confirmed", "refuted"]


def test_tasks_handed_out_twice_are_there_once() -> None:
    done = a_task(done_by="ito", done_at=NOON)
    room, events = assign_tasks(responding(tasks=(done,)), (a_task(), a_task(id="1-desk")), at=LATER)
    assert room.tasks == (done, a_task(id="1-desk"))
    assert [event.details["task"] for event in events] == ["1-desk"]


@pytest.mark.parametrize("missing", ["fact", "task"])
def test_what_is_not_in_the_room_is_not_found(missing: str) -> None:
    with pytest.raises(NotFoundError):
        getattr(a_room(), missing)("unknown")


# ---- the response ------------------------------------------------------------------------------------


def test_a_response_is_open_until_tasks_and_statement_are_settled() -> None:
    room = responding(tasks=(a_task(),))
    assert response_gaps(room) == ("tasks", "statement")
    room, _ = complete_task(room, "1-lot", by="ito", at=LATER, result="済み")
    assert response_gaps(room) == ("statement",)
    room, events = waive_statement(room, by="takahashi", at=LATER, reason="当社の件ではありません")
    assert response_gaps(room) == ()
    assert [event.kind for event in events] == ["statement_waived", "response_completed"]
    assert room.slot(Slot.RESPONSE).decision == a_decision(choice="done", by="takahashi", at=LATER)


def test_an_approval_before_the_tasks_are_handed_out_completes_nothing() -> None:
    early = a_room(incident=an_incident(status=IncidentStatus.FACT_FINDING), statement=a_statement())
    room, events = approved(early)
    assert [event.kind for event in events] == [
        "statement_approved",
        "statement_approved",
        "statement_released",
    ]
    assert settle_response(room, by="tanaka", at=LATER) == (room, ())


def test_a_new_draft_takes_the_approval_of_the_old_one_away() -> None:
    room, _ = approved(responding(statement=a_statement(), tasks=(a_task(),)))
    room, _ = draft_statement(room, a_statement(kind=StatementKind.FULL, text="新しい文", drafted_at=LATER))
    assert room.statement is not None
    assert (room.statement.version, room.statement.is_settled) == (2, False)


def test_a_statement_is_settled_once() -> None:
    approved = a_statement(approved_by="tanaka", approved_at=NOON)
    for statement, decision in ((approved, "approved"), (a_statement(waived=True), "waived")):
        room = responding(statement=statement)
        acts: tuple[Callable[[], Change], ...] = (
            partial(approve_statement, room, version=1, by="takahashi", roles=BOARD, at=LATER),
            partial(waive_statement, room, by="takahashi", at=LATER, reason="なし"),
        )
        for act in acts:
            with pytest.raises(AlreadyDecidedError) as refused:
                act()
            assert refused.value.decision == decision


def test_without_a_text_there_is_nothing_to_approve() -> None:
    with pytest.raises(NotReadyError) as refused:
        approve_statement(responding(), version=1, by="tanaka", roles=BOARD, at=NOON)
    assert refused.value.missing == ("statement",)


# ---- level and generations ---------------------------------------------------------------------------


def test_a_level_only_rises() -> None:
    room, events = raise_level(a_room(), Level.CRITICAL, at=NOON, why="転載742件")
    assert (room.incident.level, events[0].kind) == (Level.CRITICAL, "level_raised")
    assert raise_level(room, Level.WARNING, at=LATER, why="") == (room, ())
    assert raise_level(room, Level.CRITICAL, at=LATER, why="") == (room, ())


def test_a_reopened_incident_is_the_next_generation_with_its_past_in_the_room() -> None:
    closed = an_incident(status=IncidentStatus.CLOSED, lead="sato", closed_at=NOON, after_care_until=LATER)
    room = a_room(incident=closed, facts=(a_fact(),), statement=a_statement(), report=a_report())
    again, events = reopen(room, at=LATER, why="新しい投稿")
    assert [event.kind for event in events] == ["status_changed", "reopened"]
    assert (again.incident.generation, again.incident.lead, again.incident.closed_at) == (2, None, None)
    assert (again.facts, again.statement, again.report) == (room.facts, None, None)
    assert again.incident.execution_name == f"{closed.id}-2"
