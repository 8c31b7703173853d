"""Who may know of an incident, and how it is still never missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.errors import AlreadyDecidedError, NotAllowedError, NotReadyError
from hikeshi.domain.incidents import Incident, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand, WorkflowOrder
from hikeshi.domain.people import Person
from hikeshi.services.escalation.ladder import LAST_RESORT, last_resort_of, page_rung, place_of, rung_at
from hikeshi.services.incidents.need_to_know import admit, lift_restriction, restrict
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.incidents.respond import acknowledge
from tests.builders import (
    a_circle,
    a_configuration,
    a_person,
    a_room,
    a_roster,
    a_slot,
    a_task,
    an_escalation_policy,
    an_incident,
)
from tests.fakes.environment import SequenceIds
from tests.fakes.stage import Stage

ID = an_incident().id
S = IncidentStatus


@pytest.fixture
def stage() -> Stage:
    return Stage()


def kept_among_few(**changes: Any) -> Incident:
    return an_incident(category=Category.HARASSMENT, circle=a_circle(), **changes)


def named(people: tuple[Person, ...]) -> list[str]:
    return [person.id for person in people]


# ---- from its opening ------------------------------------------------------------------------------


@pytest.mark.parametrize("category", Category)
def test_s2_11_harassment_and_scandal_are_kept_among_few_from_the_start(
    stage: Stage, category: Category
) -> None:
    alert = stage.keep(category=category)
    opened = open_incident(alert.id, stage.opening)
    assert opened.incident_id is not None
    circle = stage.incidents.room(opened.incident_id).incident.circle
    assert (circle is not None) is (category in (Category.HARASSMENT, Category.SCANDAL))


def test_s2_11_the_configuration_says_which_and_among_whom(stage: Stage) -> None:
    few = NeedToKnow(
        categories=frozenset(),
        crisis_types=frozenset({CrisisType.OWN_FAULT}),
        roles=(Role.EXECUTIVE,),
    )
    stage.configuration = a_configuration(escalation=an_escalation_policy(need_to_know=few))
    opened = open_incident(stage.keep(crisis_type=CrisisType.OWN_FAULT).id, stage.opening)
    assert opened.incident_id is not None
    circle = stage.incidents.room(opened.incident_id).incident.circle
    assert circle is not None
    assert circle.roles == (Role.EXECUTIVE,)


# ---- the ladder ------------------------------------------------------------------------------------


def test_s2_11_a_rung_pages_its_members_and_one_without_any_is_passed_over() -> None:
    room = a_room(incident=kept_among_few())
    configuration = a_configuration()
    first = rung_at(room, place_of(room.incident, 0), configuration, at=room.incident.opened_at)
    assert named(first.people) == ["sato"]
    assert first.position == 1, "the desk and its departments know nothing"


def test_s2_11_a_ladder_without_a_single_member_pages_the_whole_circle_legal_first() -> None:
    circle = a_circle(roles=(Role.LEGAL, Role.HR))
    room = a_room(incident=an_incident(circle=circle))
    rung = rung_at(room, place_of(room.incident, 0), a_configuration(), at=room.incident.opened_at)
    assert (rung.position, named(rung.people)) == (LAST_RESORT, ["tanaka", "kato"])


@pytest.mark.parametrize(
    ("gone", "paged"),
    [
        ((), ["tanaka"]),
        (("tanaka",), ["takahashi"]),
        (("tanaka", "takahashi"), ["nakano", "sato", "suzuki"]),
    ],
)
def test_s2_11_the_last_resort_is_never_empty(gone: tuple[str, ...], paged: list[str]) -> None:
    left = {each: a_person(each, active=False) for each in gone}
    configuration = a_configuration(roster=a_roster(people=left))
    incident = an_incident(circle=a_circle(roles=(Role.LEGAL,)))
    found = named(last_resort_of(incident, configuration))
    assert found[: len(paged)] == paged or set(paged) <= set(found)
    assert "kobayashi" not in found


def test_s2_11_whoever_is_paged_for_want_of_members_is_let_in_and_the_record_says_so() -> None:
    left = {"tanaka": a_person("tanaka", active=False)}
    configuration = a_configuration(roster=a_roster(people=left))
    room = a_room(incident=an_incident(circle=a_circle(roles=(Role.LEGAL,))))
    at = room.incident.opened_at
    rung = rung_at(room, place_of(room.incident, 0), configuration, at=at)
    paged = page_rung(
        room,
        rung,
        level=room.incident.level,
        playbooks=configuration.playbooks,
        at=at,
        ids=SequenceIds(),
    )
    circle = paged.room.incident.circle
    assert circle is not None
    assert circle.people == ("takahashi",)
    assert [event.kind for event in paged.events] == ["circle_widened", "paged"]
    assert {row.id.split("/")[-2] for row in paged.outbox} == {"takahashi"}


def test_s2_11_a_deputy_from_outside_does_not_come_in_by_standing_in() -> None:
    away = {"tanaka": a_person("tanaka", away=True, deputy="suzuki")}
    configuration = a_configuration(roster=a_roster(people=away))
    room = a_room(incident=an_incident(circle=a_circle(roles=(Role.LEGAL, Role.HR))))
    rung = rung_at(room, place_of(room.incident, 0), configuration, at=room.incident.opened_at)
    assert named(rung.people) == ["kato"]


# ---- by a button -----------------------------------------------------------------------------------


def test_s2_11_a_circle_drawn_while_nobody_has_it_pages_every_member_at_once(stage: Stage) -> None:
    stage.room()
    restrict(ID, by=stage.by("kato"), reason="従業員個人の話です")
    assert stage.people_told("page") == ["sato", "takahashi", "tanaka"]
    assert stage.incidents.room(ID).incident.circle == a_circle(
        since=stage.clock.now(), by="kato", reason="従業員個人の話です", people=("kato",)
    )


def test_s2_11_a_circle_drawn_while_a_member_has_it_tells_the_other_members(stage: Stage) -> None:
    stage.room(S.FACT_FINDING, slots=(a_slot(decision=stage.decided(Slot.TRIAGE, "acknowledged")),))
    restrict(ID, by=stage.by("sato"), reason="従業員個人の話です")
    assert stage.people_told("status") == ["kato", "takahashi", "tanaka"]
    assert stage.incidents.room(ID).incident.lead == "sato"


def test_s2_11_a_lead_who_is_not_in_the_circle_loses_it_and_the_next_round_asks_members(
    stage: Stage,
) -> None:
    stage.room()
    acknowledge(ID, by=stage.by("suzuki"))
    restrict(ID, by=stage.by("tanaka"), reason="広報の者が当事者です")
    incident = stage.incidents.room(ID).incident
    assert (incident.lead, incident.round) == (None, 2)
    orders = [row.body for row in stage.incidents.outbox.values() if isinstance(row.body, WorkflowOrder)]
    assert orders[-1].command is WorkflowCommand.START_LADDER


def test_s2_11_open_tasks_of_those_outside_fall_to_whoever_drew_the_circle(stage: Stage) -> None:
    mine, theirs = a_task(id="1-own", owner="tanaka"), a_task(id="1-lot", owner="ito")
    done = replace(theirs, id="1-done", done_by="ito", done_at=stage.clock.now())
    stage.room(S.RESPONDING, tasks=(mine, theirs, done))
    restrict(ID, by=stage.by("sato"), reason="従業員個人の話です")
    owners = {task.id: task.owner for task in stage.incidents.room(ID).tasks}
    assert owners == {"1-own": "tanaka", "1-lot": "sato", "1-done": "ito"}


def test_s2_11_whoever_comes_second_is_told_who_drew_it(stage: Stage) -> None:
    stage.room()
    restrict(ID, by=stage.by("kato"), reason="従業員個人の話です")
    with pytest.raises(AlreadyDecidedError) as told:
        restrict(ID, by=stage.by("tanaka"), reason="同じです")
    assert (told.value.by, told.value.decision) == ("kato", "restricted")


def test_s2_11_a_non_member_can_do_nothing_in_it(stage: Stage) -> None:
    stage.incidents.put(a_room(incident=kept_among_few()))
    with pytest.raises(NotAllowedError):
        acknowledge(ID, by=stage.by("suzuki"))
    assert acknowledge(ID, by=stage.by("kato")).incident.lead == "kato"


def test_s2_11_any_member_lets_somebody_in_who_is_told(stage: Stage) -> None:
    stage.incidents.put(a_room(incident=kept_among_few()))
    admit(ID, by=stage.by("kato"), person_id="suzuki", reason="公表文を書くため")
    assert stage.people_told("status") == ["suzuki"]
    assert acknowledge(ID, by=stage.by("suzuki")).incident.lead == "suzuki"
    with pytest.raises(NotReadyError, match="member"):
        admit(ID, by=stage.by("kato"), person_id="suzuki", reason="もう一度")


def test_s2_11_what_is_lifted_is_everybodys_again(stage: Stage) -> None:
    stage.incidents.put(a_room(incident=kept_among_few()))
    stage.clock.set(stage.clock.now() + timedelta(hours=1))
    lift_restriction(ID, by=stage.by("tanaka"), reason="報道されました")
    assert stage.incidents.room(ID).incident.circle is None
    assert stage.people_told("status") == ["kato", "sato", "takahashi"]
    with pytest.raises(NotReadyError, match="not_restricted"):
        lift_restriction(ID, by=stage.by("tanaka"), reason="もう一度")
