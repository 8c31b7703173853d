from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.escalation import Ladder, LadderStep
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.services.escalation.ladder import Rung, page_rung
from hikeshi.services.escalation.page import LAST_RESORT, LadderPlace, Paging, Step, page_step, plan_ladder
from tests.builders import (
    NOON,
    a_configuration,
    a_decision,
    a_person,
    a_room,
    a_roster,
    a_slot,
    an_escalation_policy,
    an_incident,
)
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.responding import InMemoryIncidentRepository

INCIDENT = an_incident().id
PEOPLE = tuple(a_roster().people)
OUTSIDE = frozenset({"kobayashi"})
"""Who only advises: no ladder ever pages them."""


class Scene:
    """An incident and the configuration that it is paged by."""

    def __init__(self, room: Room | None = None, **configuration: Any) -> None:
        self.incidents = InMemoryIncidentRepository()
        self.incidents.put(room or a_room())
        self.configuration = a_configuration(**configuration)
        self.ids = SequenceIds()

    def page(self, position: int = 0, *, level: Level = Level.WARNING, generation: int = 1) -> bool:
        return self.step(position, level=level, generation=generation).answered

    def step(self, position: int = 0, *, level: Level = Level.WARNING, **place: Any) -> Step:
        wanted: dict[str, Any] = {
            "incident_id": INCIDENT,
            "generation": 1,
            "level": level,
            "position": position,
        }
        return page_step(LadderPlace(**wanted | place), paging=self.paging())

    def plan(self, level: Level = Level.WARNING) -> tuple[int, ...]:
        return plan_ladder(INCIDENT, level=level, paging=self.paging())

    def paging(self) -> Paging:
        return Paging(
            incidents=self.incidents,
            configuration=self.configuration,
            clock=FrozenClock(NOON + timedelta(minutes=2)),
            ids=self.ids,
        )

    @property
    def paged(self) -> list[str]:
        """Ids of the people who were paged, each once, in order."""
        return list(dict.fromkeys(message.person_id for message in self.incidents.messages()))


def test_the_plan_says_how_long_to_wait_after_each_step_with_repeats() -> None:
    assert Scene().plan() == (300, 300, 600, 300, 600)
    assert Scene().plan(Level.CRITICAL) == (120, 600, 120, 600)


def test_a_step_pages_its_roles_and_the_departments_of_the_category_on_both_channels() -> None:
    scene = Scene()
    assert scene.page() is False
    assert scene.paged == ["nakano", "ito", "watanabe", "suzuki"]
    assert {message.channel for message in scene.incidents.messages()} == set(Channel)
    assert f"{INCIDENT}/1/warning/0/nakano/sms" in scene.incidents.outbox
    assert scene.incidents.room(INCIDENT).incident.paged == ("1/warning/0",)


def test_critical_pages_executives_at_once() -> None:
    scene = Scene()
    scene.page(level=Level.CRITICAL)
    assert "takahashi" in scene.paged


def test_the_timeline_says_who_was_paged_and_at_which_step() -> None:
    scene = Scene()
    scene.page(1)
    (entry,) = scene.incidents.timeline(INCIDENT)
    assert entry.event.kind == "paged"
    assert entry.event.details == {"step": "2", "people": "sato"}


def test_both_channels_of_a_person_carry_the_same_link_and_number() -> None:
    scene = Scene()
    scene.page(1)
    first, second = scene.incidents.messages()
    assert (first.nonce, first.check_number) == (second.nonce, second.check_number)
    assert first.cancel_when_decided == "1/round-1"


def test_the_message_says_when_the_next_person_is_paged() -> None:
    scene = Scene()
    scene.page(1)
    message = scene.incidents.messages()[0]
    assert message.params["next_at"] == (NOON + timedelta(minutes=7)).isoformat()


def test_a_step_is_paged_once_however_often_it_is_asked_for() -> None:
    scene = Scene()
    assert [scene.page() for _ in range(3)] == [False, False, False]
    assert scene.incidents.kinds(INCIDENT) == ["paged"]


def test_a_repeat_pages_the_same_people_anew() -> None:
    scene = Scene()
    scene.page(1)
    scene.page(3)
    assert scene.paged == ["sato"]
    assert len(scene.incidents.outbox) == 4


def test_nobody_is_paged_once_somebody_has_answered() -> None:
    scene = Scene(a_room(slots=(a_slot(Slot.TRIAGE, decision=a_decision()),)))
    assert scene.page() is True
    assert scene.incidents.outbox == {}


def test_an_answer_to_an_earlier_generation_does_not_stop_the_ladder() -> None:
    room = a_room(
        incident=an_incident(generation=2, status=IncidentStatus.REOPENED),
        slots=(a_slot(Slot.TRIAGE, decision=a_decision()),),
    )
    assert Scene(room).page(generation=2) is False


@pytest.mark.parametrize("incident", [an_incident(status=IncidentStatus.MERGED), an_incident(generation=2)])
def test_the_ladder_of_a_finished_or_earlier_incident_stops(incident: Any) -> None:
    scene = Scene(a_room(incident=incident))
    assert scene.page() is True
    assert scene.incidents.outbox == {}


def test_after_the_last_step_the_last_resort_is_paged() -> None:
    scene = Scene()
    assert scene.page(LAST_RESORT) is False
    assert scene.paged == ["takahashi", "tanaka"]
    assert scene.incidents.timeline(INCIDENT)[0].event.details["step"] == "last"
    assert "next_at" not in scene.incidents.messages()[0].params


def test_after_the_last_resort_the_ladder_pages_no_more() -> None:
    scene = Scene(a_room(incident=an_incident(next_page_at=NOON)))
    scene.step(LAST_RESORT)
    assert scene.incidents.room(INCIDENT).incident.next_page_at is None


def test_a_last_resort_that_was_called_before_its_turn_ends_the_ladder_all_the_same() -> None:
    scene = Scene(a_room(incident=an_incident(paged=("1/warning/-1",), next_page_at=NOON)))
    scene.step(LAST_RESORT)
    assert scene.paged == []
    assert scene.incidents.room(INCIDENT).incident.next_page_at is None


def test_a_last_resort_before_its_turn_takes_no_time_from_the_ladder() -> None:
    room = a_room(incident=an_incident(next_page_at=NOON + timedelta(minutes=3)))
    company = a_configuration()
    paged = page_rung(
        room,
        Rung(position=LAST_RESORT, people=(a_person("takahashi"),)),
        level=Level.WARNING,
        playbooks=company.playbooks,
        at=NOON,
        ids=SequenceIds(),
    )
    assert paged.room.incident.next_page_at == NOON + timedelta(minutes=3)


def test_an_empty_step_falls_through_to_the_next() -> None:
    roster = a_roster(people={"nakano": a_person("nakano", active=False)})
    policy = an_escalation_policy(
        ladders={
            Level.WARNING: Ladder(
                steps=(
                    LadderStep(wait_seconds=300, roles=(Role.DESK,)),
                    LadderStep(wait_seconds=600, roles=(Role.LEAD,)),
                )
            )
        }
    )
    scene = Scene(roster=roster, escalation=policy)
    scene.page(0)
    assert scene.paged == ["sato"]


def test_an_absent_holder_is_replaced_by_the_deputy() -> None:
    scene = Scene(roster=a_roster(people={"ito": a_person("ito", active=False)}))
    scene.page()
    assert "yamamoto" in scene.paged
    assert "ito" not in scene.paged


def test_a_person_who_lacks_the_channel_of_a_step_is_paged_on_the_other() -> None:
    policy = an_escalation_policy(
        ladders={
            Level.WARNING: Ladder(
                steps=(LadderStep(wait_seconds=60, roles=(Role.DESK,), channels=(Channel.SMS,)),)
            )
        }
    )
    scene = Scene(roster=a_roster(people={"nakano": a_person("nakano", phone=None)}), escalation=policy)
    scene.page()
    (message,) = scene.incidents.messages()
    assert message.channel is Channel.MAIL


def test_a_level_without_a_ladder_climbs_that_of_the_level_above() -> None:
    policy = an_escalation_policy()
    ladders: dict[Level, Ladder] = dict(policy.ladders)
    del ladders[Level.WARNING]
    scene = Scene(escalation=replace(policy, ladders=ladders))
    assert scene.plan(Level.WARNING) == scene.plan(Level.CRITICAL)


def test_a_category_with_a_ladder_of_its_own_climbs_that() -> None:
    own = Ladder(steps=(LadderStep(wait_seconds=45, roles=(Role.LEGAL,)),), repeats=0)
    policy = an_escalation_policy(overrides={Category.CONTAMINATION: {Level.WARNING: own}})
    scene = Scene(escalation=policy)
    assert scene.plan() == (45,)
    scene.page()
    assert scene.paged == ["tanaka"]


def test_a_room_that_changes_meanwhile_is_loaded_again() -> None:
    scene = Scene()
    commit, failures = scene.incidents.commit, [1, 1]

    def contested(change: RoomChange) -> Room:
        if failures:
            failures.pop()
            raise ConcurrentChangeError(INCIDENT)
        return commit(change)

    scene.incidents.commit = contested  # type: ignore[method-assign]  # the race happens twice, then not
    assert scene.page() is False
    assert scene.incidents.kinds(INCIDENT) == ["paged"]


@given(
    absent=st.sets(st.sampled_from(PEOPLE)),
    speechless=st.sets(st.sampled_from(PEOPLE)),
    position=st.sampled_from([0, 1, 2, 3, 4, LAST_RESORT]),
)
@example(absent=set(PEOPLE) - OUTSIDE, speechless=set(), position=0)
@example(absent=set(), speechless=set(PEOPLE) - OUTSIDE, position=LAST_RESORT)
def test_whoever_is_away_somebody_of_the_house_who_can_be_reached_is_paged(
    absent: set[str], speechless: set[str], position: int
) -> None:
    people = {
        each: a_person(each, active=each not in absent, **_addresses(each in speechless)) for each in PEOPLE
    }
    scene = Scene(roster=a_roster(people=people))
    scene.page(position)
    reachable = {each for each in PEOPLE if each not in absent | speechless} - OUTSIDE
    assert set(scene.paged) <= reachable
    assert bool(scene.paged) == bool(reachable)
    assert all(isinstance(row.body, Message) for row in scene.incidents.outbox.values())


def _addresses(speechless: bool) -> dict[str, None]:
    return {"phone": None, "mail": None} if speechless else {}
