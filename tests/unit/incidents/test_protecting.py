"""A life that turns out to be at risk while an incident is worked on: its questions, its tasks, who hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.decisions import reopen
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import HELP_CALL_PRACTISED, HELP_CALLED, HelpCall, Peril
from hikeshi.domain.playbooks import Playbooks, PlaybookTask, Refinement
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.incidents.peril_desk import note_call
from tests.builders import (
    a_configuration,
    a_playbook,
    a_slot,
    a_statement,
    a_task,
)
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, grow, the_room

S = IncidentStatus
SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE


def a_piece(name: str, department: Role) -> PlaybookTask:
    return PlaybookTask(id=name, department=department, title=f"{name}の作業", due_minutes=15)


ORDINARY = (a_piece("lot", Role.QUALITY), a_piece("draft", Role.PR))
BOOKS = Playbooks(
    default=a_playbook(claims=("購入した店舗",), tasks=ORDINARY, cards={}),
    refinements=(
        Refinement(
            peril=SELF_HARM,
            claims=("本人は無事か",),
            tasks=(a_piece("police", Role.LEGAL), a_piece("person", Role.HR)),
            stand_down=frozenset({Role.PR}),
        ),
        Refinement(
            peril=VIOLENCE,
            claims=("場所は安全か",),
            tasks=(a_piece("police", Role.LEGAL),),
            cards={Role.STORE_OPS: ("退避を決める",)},
        ),
    ),
)


def works(stage: Stage, status: IncidentStatus = S.RESPONDING, **changes: Any) -> Room:
    """An ordinary incident that stands somewhere, with the tasks of its playbook, one of them done."""
    stage.configuration = a_configuration(playbooks=BOOKS)
    stage.keep(category=Category.LEAK)
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    tasks = (
        a_task(id="1-lot", owner="ito"),
        a_task(id="1-draft", department=Role.PR, owner="suzuki", done_by=None),
        a_task(id="task-9", department=Role.PR, owner="suzuki", added_by="sato"),
    )
    working = replace(
        room, incident=replace(room.incident, status=status), tasks=tasks if status is S.RESPONDING else ()
    )
    stage.incidents.put(replace(working, **changes))
    stage.incidents.outbox.clear()
    return the_room(stage)


def turns_out(stage: Stage, peril: Peril, *, posts: int = 2) -> Room:
    grow(stage, posts=posts, peril=peril)
    open_incident(FIRST, stage.opening)
    return the_room(stage)


def told(stage: Stage, moment: str) -> set[str]:
    return {each.person_id for each in stage.incidents.messages() if each.moment == moment}


def test_in_a_running_response_its_tasks_are_handed_out_beside_the_others(stage: Stage) -> None:
    before = works(stage)
    room = turns_out(stage, VIOLENCE)
    assert [task.id for task in room.tasks] == ["1-lot", "1-draft", "task-9", "1-police"]
    assert room.tasks[:3] == before.tasks
    police = room.task("1-police")
    assert (police.owner, police.is_open) == ("tanaka", True)
    assert told(stage, "task") == {"tanaka"}
    assert {"tanaka", "yamada"} <= told(stage, "peril")


def test_whoever_comes_in_by_it_hears_what_comes_first_even_where_the_level_rises(stage: Stage) -> None:
    works(stage)
    grow(stage, posts=2, peril=VIOLENCE, level=Level.CRITICAL)
    open_incident(FIRST, stage.opening)
    assert told(stage, "peril") == {"yamada"}
    assert told(stage, "task") == {"tanaka"}
    assert "tanaka" in told(stage, "level_raised") | told(stage, "page")


def test_they_are_handed_out_once_however_often_the_alert_comes_back(stage: Stage) -> None:
    works(stage)
    room = turns_out(stage, VIOLENCE)
    messages = len(stage.incidents.messages())
    stage.clock.advance(minutes=1)
    again = turns_out(stage, VIOLENCE, posts=3)
    assert again.tasks == room.tasks
    assert len(stage.incidents.messages()) == messages
    assert stage.incidents.kinds(room.incident.id).count("task_assigned") == 1


def test_who_stands_down_is_not_reminded_any_more_and_what_people_added_stays(stage: Stage) -> None:
    works(stage)
    room = turns_out(stage, SELF_HARM)
    assert [task.id for task in room.tasks if task.is_open] == ["1-lot", "task-9", "1-police", "1-person"]
    assert room.task("1-draft").dropped_at == stage.clock.now()
    assert told(stage, "task") == {"tanaka", "kato"}


def test_what_protects_the_writer_stays_when_others_are_threatened_too(stage: Stage) -> None:
    works(stage)
    turns_out(stage, SELF_HARM)
    room = turns_out(stage, VIOLENCE, posts=3)
    assert room.incident.peril is VIOLENCE
    assert [task.id for task in room.tasks if task.is_open] == ["1-lot", "task-9", "1-police", "1-person"]
    assert not room.task("1-draft").is_open
    assert stage.incidents.kinds(room.incident.id).count("task_assigned") == 2


def test_while_facts_are_checked_its_questions_come_and_no_task_yet(stage: Stage) -> None:
    works(stage, S.FACT_FINDING)
    room = turns_out(stage, SELF_HARM)
    assert "本人は無事か" in [fact.claim for fact in room.facts]
    assert room.tasks == ()
    assert not told(stage, "task")


@pytest.mark.parametrize("status", [S.DETECTED, S.ACKNOWLEDGED])
def test_before_that_the_lifecycle_brings_all_of_it(stage: Stage, status: IncidentStatus) -> None:
    works(stage, status)
    room = turns_out(stage, SELF_HARM)
    assert room.incident.peril is SELF_HARM
    assert (room.facts, room.tasks) == ((), ())


def test_a_response_that_is_complete_by_it_goes_on(stage: Stage) -> None:
    """Whoever stood down had the last open task, and the playbook of the life asks for none."""
    only_pr = a_task(id="1-draft", department=Role.PR, owner="suzuki")
    works(
        stage,
        tasks=(only_pr,),
        statement=a_statement(waived=True),
        slots=(a_slot(slot=Slot.RESPONSE, task_token="token", decision=None),),
    )
    refinement = Refinement(peril=SELF_HARM, stand_down=frozenset({Role.PR}))
    stage.configuration = a_configuration(playbooks=replace(BOOKS, refinements=(refinement,)))
    room = turns_out(stage, SELF_HARM)
    decision = room.slot(Slot.RESPONSE).decision
    assert decision is not None
    assert decision.choice == "done"
    (order,) = (each for each in stage.incidents.orders() if each.command is WorkflowCommand.RESUME)
    assert order.task_token == "token"


def test_the_first_call_for_help_is_kept_and_every_one_is_noted(stage: Stage) -> None:
    room = works(stage)
    note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えました")
    first = stage.clock.now()
    stage.clock.advance(minutes=2)
    after = note_call(room.incident.id, by=stage.by("tanaka"), told="続きを伝えました")
    assert after.incident.help_call == HelpCall(by="ito", at=first)
    events = [each.event for each in stage.incidents.timeline(room.incident.id)][-2:]
    assert [(each.kind, each.details["told"]) for each in events] == [
        (HELP_CALLED, "URLを伝えました"),
        (HELP_CALLED, "続きを伝えました"),
    ]


def called_at(stage: Stage, minutes: int, kind: str, people: str) -> None:
    """Put into the timeline that people were called so many minutes ago."""
    room, now = the_room(stage), stage.clock.now()
    event = TimelineEvent(kind=kind, at=now - timedelta(minutes=minutes), details={"people": people})
    stage.incidents.commit(RoomChange(before=room, after=room, events=(event,)))


def endangered(stage: Stage, **changes: Any) -> Room:
    room = works(stage)
    stage.clock.advance(minutes=120)
    stage.incidents.put(
        replace(room, incident=replace(room.incident, peril=VIOLENCE, lead="sato", **changes))
    )
    return the_room(stage)


def test_one_sms_tells_the_lead_and_whoever_was_just_called_that_help_was_called(stage: Stage) -> None:
    room = endangered(stage)
    called_at(stage, 31, "paged", "watanabe")
    called_at(stage, 20, "roll_called", "takahashi")
    called_at(stage, 5, "paged", "ito,tanaka")
    note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えました")
    messages = [each for each in stage.incidents.messages() if each.moment == "help_called"]
    assert sorted(each.person_id for each in messages) == ["sato", "takahashi", "tanaka"]
    assert {each.channel for each in messages} == {Channel.SMS}
    assert {each.params["help_key"] for each in messages} == {"help.called"}
    stage.clock.advance(minutes=2)
    note_call(room.incident.id, by=stage.by("tanaka"), told="続きを伝えました")
    assert len([each for each in stage.incidents.messages() if each.moment == "help_called"]) == 3


def test_nobody_is_woken_for_it_who_was_not_called_a_short_while_ago(stage: Stage) -> None:
    room = endangered(stage)
    called_at(stage, 45, "paged", "takahashi,tanaka")
    note_call(room.incident.id, by=stage.by("sato"), told="URLを伝えました")
    assert told(stage, "help_called") == set()


def test_who_was_called_of_the_matter_before_it_came_back_hears_nothing(stage: Stage) -> None:
    room = endangered(stage)
    called_at(stage, 20, "paged", "takahashi")
    called_at(stage, 10, "reopened", "")
    note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えました")
    assert told(stage, "help_called") == {"sato"}


def test_in_a_drill_the_word_says_that_it_was_noted_and_not_that_anybody_called(stage: Stage) -> None:
    room = endangered(stage, drill="drill-1")
    note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えるはずでした")
    (message,) = (each for each in stage.incidents.messages() if each.moment == "help_called")
    keys = (message.params["help_key"], message.params["more_key"])
    assert keys == ("help.called_drill", "help.more_drill")


def test_where_no_life_is_at_risk_a_note_is_told_to_nobody(stage: Stage) -> None:
    room = works(stage)
    called_at(stage, 5, "paged", "takahashi")
    note_call(room.incident.id, by=stage.by("ito"), told="念のため伝えました")
    assert told(stage, "help_called") == set()


def test_in_a_drill_the_timeline_says_that_nobody_telephoned(stage: Stage) -> None:
    room = works(stage)
    stage.incidents.put(replace(room, incident=replace(room.incident, drill="drill-1")))
    note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えるはずでした")
    assert stage.incidents.kinds(room.incident.id)[-1] == HELP_CALL_PRACTISED


def test_a_matter_that_comes_back_asks_for_help_anew(stage: Stage) -> None:
    room = works(stage)
    called = note_call(room.incident.id, by=stage.by("ito"), told="URLを伝えました")
    closed = replace(called, incident=replace(called.incident, status=S.CLOSED))
    again, _ = reopen(closed, at=stage.clock.now(), why="再発")
    assert again.incident.help_call is None
