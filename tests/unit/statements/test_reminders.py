"""The next word that the public was promised, and who is reminded of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.audit.reminders import due_reminders, remind_of_promises
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


# ---- approved, and not out ---------------------------------------------------------------------------

APPROVED = NOON + timedelta(minutes=95)


def waiting(stage: Stage, **changes: object) -> Room:
    stage.configuration = UNTIMED
    return stage.room(IncidentStatus.RESPONDING, statement=an_approved_statement(**changes))


def reminded(stage: Stage, minutes: int) -> list[str]:
    stage.clock.set(APPROVED + timedelta(minutes=minutes))
    remind_of_promises(
        stage.incidents.room(an_incident().id),
        incidents=stage.incidents,
        configuration=stage.configuration,
        clock=stage.clock,
        ids=stage.ids,
    )
    return [kind for kind in stage.incidents.kinds(an_incident().id) if kind.startswith("publish_")]


def test_s2_5_an_approved_statement_that_is_not_out_is_asked_for_by_the_lead_and_then_by_executives() -> None:
    stage = Stage()
    waiting(stage)
    assert reminded(stage, 9) == []
    assert reminded(stage, 10) == ["publish_reminded"]
    assert stage.people_told("status") == ["sato"]
    assert reminded(stage, 19) == ["publish_reminded"]
    assert reminded(stage, 20) == ["publish_reminded", "publish_late"]
    assert stage.people_told("status") == ["sato", "takahashi"]
    assert reminded(stage, 600) == ["publish_reminded", "publish_late"]


def test_s2_5_whoever_is_asked_to_publish_has_the_number_that_it_wants() -> None:
    stage = Stage()
    waiting(stage)
    reminded(stage, 30)
    assert all(message.check_number for message in stage.incidents.messages() if message.moment == "status")


def test_s2_5_the_settings_say_how_long_an_approved_statement_may_wait() -> None:
    room = waiting(Stage())
    patient = replace(UNTIMED, publish_within=timedelta(hours=1))
    assert not due_reminders(room, patient, at=APPROVED + timedelta(minutes=59))
    due = due_reminders(room, patient, at=APPROVED + timedelta(minutes=60))
    assert [each.kind for each in due] == ["publish_reminded"]


@pytest.mark.parametrize(
    "changes",
    [
        {"published_by": "suzuki", "published_at": APPROVED, "next_update_at": None},
        {"approved_by": None, "approved_at": None, "approvals": ()},
        {"waived": True},
        {"flagged_at": APPROVED},
    ],
    ids=["out", "not approved", "waived", "flagged"],
)
def test_nobody_is_asked_to_publish_what_is_out_or_may_not_go_out(changes: dict[str, object]) -> None:
    room = waiting(Stage(), **changes)
    assert not due_reminders(room, UNTIMED, at=APPROVED + timedelta(hours=1))


def test_nobody_is_asked_to_publish_after_the_end() -> None:
    stage = Stage()
    room = waiting(stage)
    closed = replace(room, incident=replace(room.incident, status=IncidentStatus.CLOSED))
    assert not due_reminders(closed, UNTIMED, at=APPROVED + timedelta(hours=1))
