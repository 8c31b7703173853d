"""The next word that the public was promised, and who is reminded of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.reminders import due_reminders, remind_of_promises
from tests.builders import (
    NOON,
    a_configuration,
    a_room,
    an_approved_statement,
    an_escalation_policy,
    an_incident,
)
from tests.fakes.stage import Stage

OUT = NOON + timedelta(minutes=100)
UNTIMED = a_configuration(escalation=an_escalation_policy(response_clock={}))
PROMISED = NOON + timedelta(hours=3, minutes=33)


def said(**changes: object) -> Room:
    word = {"published_by": "suzuki", "published_at": OUT, "next_update_at": PROMISED} | changes
    return a_room(incident=an_incident(lead="sato"), statement=an_approved_statement(**word))


def kinds(room: Room, at: datetime) -> list[str]:
    return [each.kind for each in due_reminders(room, UNTIMED, at=at)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (PROMISED - timedelta(minutes=31), []),
        (PROMISED - timedelta(minutes=30), ["promise_reminded"]),
        (PROMISED, ["promise_reminded", "promise_missed"]),
    ],
)
def test_s2_5_a_promised_update_becomes_a_timer(at: datetime, expected: list[str]) -> None:
    assert kinds(said(), at) == expected


def test_what_is_not_out_promises_nothing() -> None:
    assert kinds(said(published_by=None, published_at=None), PROMISED) == []
    assert kinds(said(next_update_at=None), PROMISED) == []
    assert kinds(a_room(), PROMISED) == []


def test_the_next_word_keeps_the_promise() -> None:
    room = said(version=2, published_at=PROMISED, next_update_at=PROMISED + timedelta(hours=5))
    earlier = said().statement
    assert earlier is not None
    assert kinds(replace(room, earlier_statements=(earlier,)), PROMISED + timedelta(minutes=1)) == []


def test_each_reminder_goes_out_once(stage: Stage) -> None:
    room = stage.incidents.put(said())
    stage.clock.set(PROMISED - timedelta(minutes=20))
    for expected in (1, 0):
        sent = remind_of_promises(
            stage.incidents.room(room.incident.id),
            incidents=stage.incidents,
            configuration=stage.configuration,
            clock=stage.clock,
            ids=stage.ids,
        )
        assert sent == expected
    assert stage.people_told("status") == ["sato", "suzuki"]
    assert stage.incidents.room(room.incident.id).incident.status is IncidentStatus.DETECTED
    assert stage.incidents.kinds(room.incident.id) == ["promise_reminded"]
