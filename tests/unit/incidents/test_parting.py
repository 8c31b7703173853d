"""Whoever loses sight of an incident hears that, and nothing else; what they had goes on without them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.errors import InvalidFormError, NotReadyError
from hikeshi.domain.incidents import Incident, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message, WorkflowCommand
from hikeshi.services.incidents.kind_desk import set_kind
from hikeshi.services.incidents.need_to_know import admit, exclude, restrict
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.freshness import why_pointless
from hikeshi.services.messages.wording import Wording
from tests.builders import (
    NOON,
    a_bulletin,
    a_circle,
    a_configuration,
    a_headquarters,
    a_person,
    a_room,
    a_roster,
    a_slot,
    a_task,
    an_escalation_policy,
    an_incident,
)
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.stage import Stage

S = IncidentStatus
ID = an_incident().id


@pytest.fixture
def stage() -> Stage:
    """A company that keeps scandals among legal, executives and the lead."""
    few = NeedToKnow(
        categories=frozenset(),
        crisis_types=frozenset({CrisisType.SCANDAL}),
        roles=(Role.LEGAL, Role.EXECUTIVE, Role.LEAD),
    )
    return Stage(configuration=a_configuration(escalation=an_escalation_policy(need_to_know=few)))


def partings(stage: Stage) -> list[Message]:
    return [each for each in stage.incidents.messages() if each.moment == "parting"]


def called_a_scandal(stage: Stage) -> Incident:
    """Let the lead find out, in the middle of it, that it is a scandal."""
    done = a_task(id="1-done", owner="ito", done_by="ito", done_at=NOON)
    stage.room(
        S.RESPONDING,
        slots=(a_slot(decision=stage.decided(Slot.TRIAGE, "acknowledged")),),
        tasks=(a_task(owner="ito"), done),
        headquarters=a_headquarters(),
        bulletins=(a_bulletin(),),
    )
    set_kind(
        ID,
        by=stage.by("sato"),
        crisis_type=CrisisType.SCANDAL,
        fault=Fault.UNKNOWN,
        facts=(),
        reason="役員の件と分かりました",
    )
    return stage.incidents.room(ID).incident


# ---- a circle that a change of kind draws ------------------------------------------------------------


def test_s2_11_calling_it_a_scandal_tells_those_who_lose_sight_once(stage: Stage) -> None:
    assert called_a_scandal(stage).circle is not None
    assert stage.people_told("parting") == ["ito", "suzuki", "watanabe"]
    assert "restricted" in stage.incidents.kinds(ID)
    others = {each.person_id for each in stage.incidents.messages() if each.moment != "parting"}
    assert others.isdisjoint({"ito", "suzuki", "watanabe"})


def test_s2_11_what_they_hear_tells_nothing_of_the_matter_and_opens_nothing(stage: Stage) -> None:
    called_a_scandal(stage)
    for message in partings(stage):
        assert not message.link
        said = compose(message, person=a_person(message.person_id), link=None, wording=Wording(), at=NOON)
        for telling in ("虫", "不祥事", "役員", "https://"):
            assert telling not in said.subject + said.text


def test_s2_11_work_done_stays_and_open_work_falls_to_whoever_drew_it(stage: Stage) -> None:
    called_a_scandal(stage)
    tasks = {task.id: (task.owner, task.done_by) for task in stage.incidents.room(ID).tasks}
    assert tasks["1-lot"] == ("sato", None)
    assert tasks["1-done"] == ("ito", "ito")


def test_s2_11_the_headquarters_goes_on_with_those_who_may_know(stage: Stage) -> None:
    called_a_scandal(stage)
    room = stage.incidents.room(ID)
    assert room.headquarters is not None
    assert room.headquarters.members == ("sato", "takahashi")
    (narrowed,) = (e.event for e in stage.incidents.timeline(ID) if e.event.kind == "headquarters_narrowed")
    assert narrowed.details == {"people": "ito,watanabe,suzuki", "person": "sato"}
    assert room.bulletins[0].laggards == ("takahashi",)


def test_s2_11_a_chief_who_may_not_know_hands_over_to_one_who_decides(stage: Stage) -> None:
    stage.room(
        S.RESPONDING,
        slots=(a_slot(decision=stage.decided(Slot.TRIAGE, "acknowledged")),),
        headquarters=a_headquarters(chief="suzuki", members=("suzuki", "tanaka", "takahashi")),
    )
    restrict(ID, by=stage.by("tanaka"), reason="広報の者が当事者です")
    headquarters = stage.incidents.room(ID).headquarters
    assert headquarters is not None
    assert (headquarters.chief, headquarters.members) == ("takahashi", ("takahashi", "tanaka"))


def test_s2_11_a_circle_drawn_by_a_button_parts_from_those_who_were_paged_alone(stage: Stage) -> None:
    stage.page(stage.room(), "nakano", "sato")
    restrict(ID, by=stage.by("tanaka"), reason="従業員個人の話です")
    assert stage.people_told("parting") == ["nakano"]


def test_s2_11_however_many_lose_sight_each_of_them_hears(stage: Stage) -> None:
    crowd = {each: a_person(each) for each in (f"person-{n:03d}" for n in range(120))}
    few = stage.configuration.escalation
    stage.configuration = a_configuration(escalation=few, roster=a_roster(people=crowd))
    room = stage.room(tasks=(a_task(owner="person-119"),))
    stage.page(room, *crowd)
    restrict(ID, by=stage.by("tanaka"), reason="従業員個人の話です")
    assert sorted(stage.people_told("parting")) == sorted(crowd)


# ---- one person who was let in -----------------------------------------------------------------------


@pytest.fixture
def guest(stage: Stage) -> Stage:
    """Suzuki was let in, has a task, and sits in the headquarters."""
    circle = a_circle(people=("suzuki",))
    stage.incidents.put(
        a_room(
            incident=an_incident(status=S.RESPONDING, lead="sato", circle=circle),
            slots=(a_slot(decision=stage.decided(Slot.TRIAGE, "acknowledged")),),
            tasks=(a_task(owner="suzuki"),),
            headquarters=a_headquarters(members=("sato", "suzuki")),
        )
    )
    return stage


def test_s2_11_whoever_was_let_in_is_taken_out_alone(guest: Stage) -> None:
    room = exclude(ID, by=guest.by("tanaka"), person_id="suzuki", reason="文案ができました")
    assert room.incident.circle == a_circle()
    assert guest.people_told("parting") == ["suzuki"]
    assert room.tasks[0].owner == "tanaka"
    assert room.headquarters is not None
    assert room.headquarters.members == ("sato",)
    event = guest.incidents.timeline(ID)[0].event
    assert (event.kind, event.details) == ("excluded", {"person": "suzuki", "reason": "文案ができました"})


def test_s2_11_nobody_is_taken_out_who_is_in_by_their_role_or_not_at_all(guest: Stage) -> None:
    for person in ("takahashi", "ito"):
        with pytest.raises(NotReadyError) as refused:
            exclude(ID, by=guest.by("tanaka"), person_id=person, reason="理由")
        assert refused.value.missing == ("let_in",)
    with pytest.raises(InvalidFormError):
        exclude(ID, by=guest.by("tanaka"), person_id="nobody", reason="理由")


def test_s2_11_nobody_takes_themselves_out(guest: Stage) -> None:
    room = guest.incidents.room(ID)
    drawn = replace(room.incident, circle=a_circle(roles=(Role.LEGAL,), people=("sato",)))
    guest.incidents.put(replace(room, incident=drawn))
    with pytest.raises(NotReadyError) as refused:
        exclude(ID, by=guest.by("sato"), person_id="sato", reason="理由")
    assert refused.value.missing == ("other_member",)


def test_s2_11_a_lead_who_is_taken_out_leaves_it_to_the_next_round(guest: Stage) -> None:
    room = guest.incidents.room(ID)
    guest.incidents.put(replace(room, incident=replace(room.incident, lead="suzuki")))
    room = exclude(ID, by=guest.by("tanaka"), person_id="suzuki", reason="交代します")
    assert (room.incident.lead, room.incident.round) == (None, 2)
    assert [order.command for order in guest.incidents.orders()] == [WorkflowCommand.START_LADDER]


def test_s2_11_whoever_is_let_in_again_before_it_leaves_hears_no_parting(guest: Stage) -> None:
    exclude(ID, by=guest.by("tanaka"), person_id="suzuki", reason="文案ができました")
    (message,) = partings(guest)
    ports: dict[str, Any] = {"incidents": guest.incidents, "outbox": InMemoryOutbox(), "at": NOON}
    assert why_pointless(message, a_person("suzuki"), **ports) == ""
    admit(ID, by=guest.by("tanaka"), person_id="suzuki", reason="もう一度お願いします")
    assert why_pointless(message, a_person("suzuki"), **ports)
