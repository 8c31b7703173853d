"""Tasks after they were handed out: whose they are, what comes in addition, and who is reminded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.adapters.dynamodb_items import from_item, to_item
from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotReadyError
from hikeshi.domain.incidents import ResponseTask, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.services.audit.reminders import due_reminders, remind_of_promises
from hikeshi.services.incidents.lifecycle import advance_incident
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.wording import Wording
from hikeshi.services.playbooks import task_desk
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_judged_fact,
    a_message,
    a_person,
    a_slot,
    a_task,
    an_incident,
)
from tests.fakes.stage import Stage

S = IncidentStatus
ID = an_incident().id
DUE = NOON + timedelta(minutes=80)


def responding(stage: Stage, **changes: object) -> Room:
    return stage.room(S.RESPONDING, **{"tasks": (a_task(remind_at=DUE - timedelta(minutes=15)),)} | changes)


def test_s0_3_each_department_gets_its_own_list_and_its_own_card(
    stage: Stage, shipped: Configuration
) -> None:
    stage.configuration = a_configuration(playbooks=shipped.playbooks)
    slots = (a_slot(decision=a_decision()), a_slot(Slot.FACT_CHECK, decision=a_decision(choice="done")))
    stage.room(S.FACT_FINDING, facts=(a_judged_fact(),), slots=slots)
    room = advance_incident(ID, LifecycleEvent.FACTS_ESTABLISHED, stage.lifecycle)
    mails = {each.person_id: each.params for each in stage.incidents.messages() if each.moment == "task"}
    assert set(mails) == {"ito", "watanabe", "suzuki"}
    for person, params in mails.items():
        own = [task.title for task in room.tasks if task.owner == person]
        told = [value for name, value in params.items() if name.startswith("item_") and "due" not in name]
        assert told == own
        department = next(task.department for task in room.tasks if task.owner == person)
        assert params["card_1"] == shipped.playbooks.of(room.incident).cards[department][0]
    assert len({params["card_1"] for params in mails.values()}) == 3


def test_an_sms_calls_a_task_by_its_short_name_and_everything_else_by_its_title(stage: Stage) -> None:
    responding(stage, tasks=(a_task(short="ロット特定"),))
    task_desk.hand_task(ID, by=stage.by("ito"), task_id="1-lot", owner="yamamoto")
    told = {each.channel: _written(each) for each in stage.incidents.messages()}
    assert "ロット特定 期限" in told[Channel.SMS]
    assert "製造ロットと出荷日の特定" in told[Channel.MAIL]


@pytest.mark.parametrize(
    "params", [{"task": "在庫の確認"}, {"task": "在庫の確認", "task_short": "在庫の確認"}]
)
def test_a_task_without_a_short_name_is_called_by_its_title(params: dict[str, str]) -> None:
    assert "在庫の確認" in _written(a_message(channel=Channel.SMS, moment="task", params=params))


def test_a_task_that_was_stored_before_there_were_short_names_still_loads() -> None:
    item = to_item(a_task())
    assert item.pop("short") == {"S": ""}
    assert from_item(ResponseTask, item).called == "製造ロットと出荷日の特定"


def _written(message: Message) -> str:
    person = a_person(message.person_id)
    return compose(message, person=person, link=None, wording=Wording(), at=NOON).text


def test_a_task_goes_into_other_hands_and_the_new_owner_hears_of_it(stage: Stage) -> None:
    responding(stage)
    room = task_desk.hand_task(ID, by=stage.by("ito"), task_id="1-lot", owner="yamamoto")
    assert room.task("1-lot").owner == "yamamoto"
    assert stage.people_told("task") == ["yamamoto"]
    event = stage.incidents.timeline(ID)[-1].event
    assert (event.kind, event.details["person"], event.details["owner"]) == (
        "task_handed_over",
        "ito",
        "yamamoto",
    )


def test_whoever_takes_a_task_is_not_told_what_they_just_did(stage: Stage) -> None:
    responding(stage)
    task_desk.hand_task(ID, by=stage.by("yamamoto"), task_id="1-lot", owner="yamamoto")
    assert stage.people_told("task") == []


def test_what_is_done_or_no_longer_needed_changes_no_hands(stage: Stage) -> None:
    responding(stage, tasks=(a_task(done_by="ito", done_at=NOON), a_task(id="1-old", dropped_at=NOON)))
    with pytest.raises(AlreadyDecidedError):
        task_desk.hand_task(ID, by=stage.by("sato"), task_id="1-lot", owner="yamamoto")
    with pytest.raises(NotReadyError):
        task_desk.hand_task(ID, by=stage.by("sato"), task_id="1-old", owner="yamamoto")


@pytest.mark.parametrize("owner", ["kobayashi", "nobody"])
def test_a_task_is_given_to_nobody_outside(stage: Stage, owner: str) -> None:
    responding(stage)
    with pytest.raises(InvalidFormError) as refused:
        task_desk.hand_task(ID, by=stage.by("sato"), task_id="1-lot", owner=owner)
    assert refused.value.field == "owner"


def test_anybody_adds_a_task_with_an_owner_and_a_time(stage: Stage) -> None:
    responding(stage)
    due = stage.clock.now() + timedelta(hours=2)
    room = task_desk.add_task(
        ID, by=stage.by("sato"), title="在庫の確認", department=Role.QUALITY, owner="ito", due_at=due
    )
    added = room.tasks[-1]
    assert (added.title, added.owner, added.due_at, added.added_by) == ("在庫の確認", "ito", due, "sato")
    assert stage.people_told("task") == ["ito"]


def test_a_task_is_due_in_the_future(stage: Stage) -> None:
    responding(stage)
    for due in (None, stage.clock.now()):
        with pytest.raises(InvalidFormError):
            task_desk.add_task(
                ID, by=stage.by("sato"), title="在庫", department=Role.QUALITY, owner="ito", due_at=due
            )


def test_nobody_keeps_more_than_a_hundred_tasks_in_sight(stage: Stage) -> None:
    responding(stage, tasks=tuple(a_task(id=f"1-t{n}") for n in range(100)))
    with pytest.raises(NotReadyError):
        task_desk.add_task(
            ID,
            by=stage.by("sato"),
            title="在庫",
            department=Role.QUALITY,
            owner="ito",
            due_at=stage.clock.now() + timedelta(hours=1),
        )


# ---- reminders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "expected"),
    [(16, []), (15, ["task_reminded"]), (0, ["task_reminded", "task_late"])],
)
def test_a_task_is_a_timer(stage: Stage, before: int, expected: list[str]) -> None:
    due = due_reminders(responding(stage), stage.configuration, at=DUE - timedelta(minutes=before))
    assert [each.kind for each in due if each.kind.startswith("task")] == expected


def test_the_owner_is_reminded_once_and_the_lead_hears_once_when_it_is_late(stage: Stage) -> None:
    responding(stage)
    for minutes, moment, people in (
        (-10, "task_near", ["ito"]),
        (1, "task_late", ["ito", "sato"]),
        (30, "task_late", ["ito", "sato"]),
    ):
        stage.clock.set(DUE + timedelta(minutes=minutes))
        remind_of_promises(
            stage.incidents.room(ID),
            incidents=stage.incidents,
            configuration=stage.configuration,
            clock=stage.clock,
            ids=stage.ids,
        )
        assert stage.people_told(moment) == people
    kinds = [kind for kind in stage.incidents.kinds(ID) if kind.startswith("task")]
    assert kinds == ["task_reminded", "task_late"]


@pytest.mark.parametrize("over", [{"done_by": "ito", "done_at": NOON}, {"dropped_at": NOON}])
def test_nobody_is_reminded_of_what_is_over(stage: Stage, over: dict[str, object]) -> None:
    room = responding(stage, tasks=(a_task(remind_at=NOON, **over),))
    found = due_reminders(room, stage.configuration, at=DUE + timedelta(hours=1))
    assert not [each for each in found if each.kind.startswith("task")]


def test_a_closed_incident_reminds_of_no_task(stage: Stage) -> None:
    room = stage.room(S.CLOSED, tasks=(a_task(),))
    assert not [
        each for each in due_reminders(room, stage.configuration, at=DUE) if each.kind.startswith("task")
    ]
