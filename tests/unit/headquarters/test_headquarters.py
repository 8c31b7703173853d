"""Who stands together in a crisis: called by the level or a button, and established by those who came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.actions import Role
from hikeshi.domain.assembling import attend, open_headquarters, release_member
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotAllowedError, NotReadyError
from hikeshi.domain.headquarters import meeting_place
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.audit.reminders import due_reminders
from hikeshi.services.headquarters import headquarters_desk
from hikeshi.services.headquarters.headquarters_call import seated_by_roster
from hikeshi.services.incidents import respond
from tests.builders import NOON, a_configuration, a_headquarters, a_person, a_room, a_roster, an_incident
from tests.fakes.stage import Stage
from tests.unit.headquarters.settings import a_configured

ID = an_incident().id
S = IncidentStatus


def critical(stage: Stage, status: IncidentStatus = S.DETECTED, **changes: Any) -> None:
    room = stage.room(status)
    stage.incidents.put(replace(room, incident=replace(room.incident, level=Level.CRITICAL), **changes))


@pytest.mark.parametrize(
    ("category", "members"),
    [
        (Category.CONTAMINATION, {"sato", "ito", "watanabe", "suzuki"}),
        (Category.MISCONDUCT, {"sato", "yamada", "kato", "suzuki", "ito", "watanabe"}),
        (Category.SCANDAL, {"sato", "suzuki", "watanabe", "ito"}),
    ],
)
def test_s0_2_the_nature_of_the_risk_decides_which_departments_sit_in_it(
    category: Category, members: set[str]
) -> None:
    chief, others = seated_by_roster(an_incident(category=category, lead="sato"), a_configuration())
    assert {chief, *others} == members


def test_s0_12_at_critical_it_is_called_once_somebody_has_taken_the_incident_on(stage: Stage) -> None:
    critical(stage)
    room = respond.acknowledge(ID, by=stage.by("nakano"))
    assert room.headquarters is not None
    assert (room.headquarters.chief, room.headquarters.opened_by) == ("sato", "hikeshi")
    assert room.headquarters.present == ("nakano",)
    assert stage.people_told("headquarters") == ["ito", "sato", "suzuki", "watanabe"]


@pytest.mark.parametrize(("level", "asked"), [(Level.WARNING, Level.CRITICAL), (Level.CRITICAL, None)])
def test_s0_12_below_its_level_or_left_to_people_nobody_is_called(
    stage: Stage, level: Level, asked: Level | None
) -> None:
    stage.configuration = replace(stage.configuration, headquarters_from=asked)
    room = stage.room()
    stage.incidents.put(replace(room, incident=replace(room.incident, level=level)))
    assert respond.acknowledge(ID, by=stage.by("sato")).headquarters is None


def test_s0_12_the_hq_opened_event_is_followed_by_its_quorum(stage: Stage) -> None:
    stage.room(S.FACT_FINDING)
    headquarters_desk.open_headquarters(ID, by=stage.by("sato"), reason="取材がありました")
    assert "headquarters_established" not in stage.incidents.kinds(ID)
    headquarters_desk.attend(ID, by=stage.by("ito"))
    room = headquarters_desk.attend(ID, by=stage.by("suzuki"))
    assert room.headquarters is not None
    assert room.headquarters.established_at == stage.clock.now()
    established = [
        e.event for e in stage.incidents.timeline(ID) if e.event.kind == "headquarters_established"
    ]
    assert [each.details for each in established] == [{"present": "3", "total": "4", "quorum": "3"}]
    headquarters_desk.attend(ID, by=stage.by("watanabe"))
    assert stage.incidents.kinds(ID).count("headquarters_established") == 1


@given(size=st.integers(1, 20))
def test_s0_12_more_than_half_of_the_members_are_the_quorum(size: int) -> None:
    people = [f"person-{n}" for n in range(size)]
    room, _ = open_headquarters(a_room(), chief=people[0], members=people, by="hikeshi", at=NOON)
    for place, person in enumerate(people, start=1):
        room, _ = attend(room, by=person, at=NOON)
        assert room.headquarters is not None
        assert (room.headquarters.established_at is not None) == (2 * place > size)


def test_it_is_called_once_and_the_second_press_hears_who_was_first(stage: Stage) -> None:
    stage.room(S.FACT_FINDING)
    headquarters_desk.open_headquarters(ID, by=stage.by("sato"), reason="取材")
    with pytest.raises(AlreadyDecidedError) as refused:
        headquarters_desk.open_headquarters(ID, by=stage.by("takahashi"), reason="取材")
    assert refused.value.by == "sato"


def test_an_executive_among_those_named_for_the_role_is_chief_before_others() -> None:
    boss = a_person("takahashi", roles=frozenset({Role.LEAD, Role.EXECUTIVE}))
    roster = a_roster(people={"takahashi": boss})
    roster = replace(roster, seats={**roster.seats, Role.LEAD: ("sato", "takahashi")})
    assert seated_by_roster(an_incident(), a_configuration(roster=roster))[0] == "takahashi"
    alone = a_configuration(roster=replace(roster, seats={Role.EXECUTIVE: ("takahashi",)}))
    assert seated_by_roster(an_incident(), alone)[0] == boss.id


def test_the_chair_is_handed_to_somebody_who_decides_and_to_nobody_else(stage: Stage) -> None:
    stage.room(S.FACT_FINDING, headquarters=a_headquarters())
    with pytest.raises(InvalidFormError):
        headquarters_desk.hand_over(ID, by=stage.by("sato"), person="ito")
    room = headquarters_desk.hand_over(ID, by=stage.by("sato"), person="takahashi")
    assert room.headquarters is not None
    assert room.headquarters.chief == "takahashi"
    assert stage.people_told("headquarters") == ["takahashi"]
    with pytest.raises(NotAllowedError):
        headquarters_desk.hand_over(ID, by=stage.by("ito"), person="sato")


def test_an_outside_expert_is_no_member(stage: Stage) -> None:
    stage.room(S.FACT_FINDING, headquarters=a_headquarters())
    with pytest.raises(InvalidFormError):
        headquarters_desk.set_member(ID, by=stage.by("sato"), person="kobayashi", leaves=False)


def test_whoever_is_no_member_answers_no_roll_and_the_chief_is_not_let_go() -> None:
    room = a_room(headquarters=a_headquarters())
    with pytest.raises(NotReadyError):
        attend(room, by="kato", at=NOON)
    with pytest.raises(NotReadyError):
        release_member(room, "sato", by="takahashi", at=NOON)
    with pytest.raises(NotReadyError):
        attend(a_room(), by="sato", at=NOON)


def test_those_who_do_not_come_are_asked_twice_and_then_the_chief_hears_of_it() -> None:
    opened = a_headquarters()
    room = a_room(incident=an_incident(lead="sato"), headquarters=opened)
    at = {n: opened.opened_at + timedelta(minutes=n) for n in (9, 10, 20, 30)}
    assert [len(due_reminders(room, a_configured(), at=each)) for each in at.values()] == [0, 1, 2, 3]
    last = due_reminders(room, a_configured(), at=at[30])[-1]
    assert (last.kind, last.people) == ("headquarters_incomplete", ("sato", "sato"))
    there = replace(room, headquarters=replace(opened, established_at=at[9]))
    assert not due_reminders(there, a_configured(), at=at[30])


@pytest.mark.parametrize(
    "place",
    ["https://meet.example.jp/a?b=1#c", "https://a.b.example.com/", "03-0000-0000", "+81 3 0000 0000", ""],
)
def test_a_meeting_is_at_an_address_or_on_the_phone(place: str) -> None:
    assert meeting_place(f" {place} ") == place


@pytest.mark.parametrize(
    "place",
    [
        "http://meet.example.jp/",
        "javascript:alert(1)",
        "https://meet.example.jp@evil.example.com/",
        "https://meet.exаmple.jp/",
        "https://meet.example.jp:8443/",
        "https://localhost/",
        "https://192.0.2.1/",
        "https://meet.example.jp/<script>",
        "https://meet.example.jp/ x",
        "https://[::1]/",
        "https://-a.example.jp/",
        "内線3番",
        "110",
        "data:text/html,x",
    ],
)
def test_what_could_pass_for_another_address_is_no_meeting_place(place: str) -> None:
    with pytest.raises(InvalidFormError) as refused:
        meeting_place(place)
    assert refused.value.field == "meeting"
