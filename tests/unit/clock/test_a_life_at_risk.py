"""Where a life is at risk, the facts are asked for sooner, and a word to the public never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import LifeAtRisk, Peril
from hikeshi.domain.response_clock import Outlook, Stage
from hikeshi.services.clock.clock_promises import clock_of, on_the_clock
from hikeshi.services.escalation.expiry import acknowledgement_expires_at, expire_acknowledgement
from tests.builders import a_configuration, an_escalation_policy
from tests.fakes.stage import Stage as House
from tests.unit.clock.test_clock_promises import TIMED, minute, room_of, taken

SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE


def due(peril: Peril | None, stage: Stage, *, level: Level = Level.CRITICAL) -> float | None:
    clock = clock_of(room_of(taken(level=level, peril=peril)), TIMED)
    at = next(reading.due_at for reading in clock.readings if reading.stage is stage)
    return None if at is None else (at - minute(0)) / timedelta(minutes=1)


@pytest.mark.parametrize("level", [Level.WARNING, Level.CRITICAL])
def test_the_facts_are_due_in_a_quarter_of_an_hour_after_people_were_told(level: Level) -> None:
    ordinary = due(None, Stage.FACTS, level=level)
    assert ordinary is not None
    for peril in Peril:
        assert due(peril, Stage.FACTS, level=level) == ordinary - 75


@pytest.mark.parametrize("peril", Peril)
def test_nobody_is_hurried_to_publish_while_the_facts_are_asked_for(peril: Peril) -> None:
    assert due(None, Stage.STATEMENT) == 180
    assert due(peril, Stage.STATEMENT) is None
    room = room_of(taken(level=Level.CRITICAL, peril=peril))
    clock = clock_of(room, TIMED)
    assert (clock.outlook(minute(400)), clock.share(minute(400)), clock.behind_from) == (
        Outlook.UNTIMED,
        None,
        None,
    )
    kinds = [reminder.kind for reminder in on_the_clock(room, TIMED)]
    assert kinds
    assert set(kinds) == {"stage_overran"}


@pytest.mark.parametrize("peril", Peril)
def test_who_has_it_and_does_nothing_for_a_quarter_of_an_hour_has_it_no_more(peril: Peril) -> None:
    house = House(configuration=TIMED)
    room = house.incidents.put(room_of(taken(peril=peril)))
    assert acknowledgement_expires_at(room, TIMED) == minute(20)
    for at, lapsed in ((minute(19), False), (minute(20), True)):
        got = expire_acknowledgement(room.incident.id, incidents=house.incidents, configuration=TIMED, at=at)
        assert got is lapsed


def test_a_move_holds_it_for_another_quarter_of_an_hour() -> None:
    room = room_of(taken(peril=SELF_HARM, last_move_at=minute(12)))
    assert acknowledgement_expires_at(room, TIMED) == minute(27)


def test_what_a_person_chose_wins() -> None:
    room = room_of(taken(peril=SELF_HARM, ack_expires_after=timedelta(hours=2)))
    assert acknowledgement_expires_at(room, TIMED) == minute(125)


def test_once_the_facts_are_established_the_level_says_how_long() -> None:
    status, room = IncidentStatus.RESPONDING, room_of(taken(peril=SELF_HARM), facts=10)
    responding = replace(room, incident=replace(room.incident, status=status))
    assert responding.slot(Slot.FACT_CHECK).decision is not None
    assert acknowledgement_expires_at(responding, TIMED) == minute(10) + timedelta(hours=6)


def test_the_spans_are_the_firms_own_and_never_longer_than_those_of_the_level() -> None:
    own = LifeAtRisk(facts=timedelta(hours=9), ack_expires_after=timedelta(minutes=45))
    policy = an_escalation_policy(life_at_risk=own)
    configuration = a_configuration(escalation=policy)
    room = room_of(taken(peril=VIOLENCE, level=Level.CRITICAL))
    assert acknowledgement_expires_at(room, configuration) == minute(50)
    clock = clock_of(room, configuration)
    assert clock.allowances is not None
    assert clock.allowances.facts == timedelta(minutes=90)
    late = a_configuration(
        escalation=replace(policy, life_at_risk=replace(own, ack_expires_after=timedelta(days=2)))
    )
    assert acknowledgement_expires_at(room, late) == minute(65)
