"""An acknowledgement after a rise, or after a life came into it: the shorter time counts from then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import Peril
from hikeshi.services.escalation.expiry import acknowledgement_expires_at
from tests.builders import NOON, a_configuration, a_room, an_escalation_policy, an_incident
from tests.scenarios.policies import ladder

SIX_HOURS, HOUR, QUARTER = timedelta(hours=6), timedelta(hours=1), timedelta(minutes=15)
CONFIGURATION = a_configuration(
    escalation=an_escalation_policy(
        ladders={
            Level.WARNING: ladder(ack_expires_after=SIX_HOURS),
            Level.CRITICAL: ladder(ack_expires_after=HOUR),
        }
    )
)


def taken_at_noon(**changes: Any) -> Room:
    incident = an_incident(
        lead="sato",
        status=IncidentStatus.FACT_FINDING,
        taken_at=NOON,
        last_move_at=NOON,
        answered=("1/round-1",),
        **changes,
    )
    return a_room(incident=incident)


def rose(after: timedelta, **changes: Any) -> Room:
    return taken_at_noon(level=Level.CRITICAL, raised_at=NOON + after, **changes)


@pytest.mark.parametrize(
    ("after", "lapses"),
    [
        (timedelta(minutes=70), timedelta(minutes=130)),
        (timedelta(hours=5, minutes=50), SIX_HOURS),
        (timedelta(hours=5, minutes=59, seconds=30), timedelta(hours=6, minutes=1, seconds=30)),
    ],
)
def test_the_shorter_time_counts_from_the_rise_and_the_longer_one_is_not_prolonged(
    after: timedelta, lapses: timedelta
) -> None:
    assert acknowledgement_expires_at(rose(after), CONFIGURATION) == NOON + lapses


def test_whoever_did_something_since_the_rise_has_the_time_of_the_new_level() -> None:
    room = rose(-timedelta(minutes=30))
    assert acknowledgement_expires_at(room, CONFIGURATION) == NOON + HOUR


def test_a_time_that_a_person_chose_is_not_changed_by_a_rise() -> None:
    room = rose(timedelta(minutes=70), ack_expires_after=timedelta(hours=4))
    assert acknowledgement_expires_at(room, CONFIGURATION) == NOON + timedelta(hours=4)


def test_a_life_that_is_found_later_leaves_its_quarter_of_an_hour() -> None:
    found = NOON + timedelta(hours=2)
    room = taken_at_noon(level=Level.WARNING, peril=Peril.SELF_HARM, endangered_at=found)
    assert acknowledgement_expires_at(room, CONFIGURATION) == found + QUARTER


def test_a_life_at_risk_from_the_beginning_has_its_quarter_of_an_hour_at_once() -> None:
    room = taken_at_noon(level=Level.WARNING, peril=Peril.SELF_HARM)
    assert acknowledgement_expires_at(room, CONFIGURATION) == NOON + QUARTER
