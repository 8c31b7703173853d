"""What brings an incident back that was closed or dismissed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, grow, settle, the_room


def test_new_posts_after_the_close_reopen_the_same_incident(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=3)
    grow(stage, last_post_at=stage.clock.now(), posts=2)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    again = the_room(stage).incident
    assert (again.id, again.status, again.generation) == (room.incident.id, IncidentStatus.REOPENED, 2)
    (order,) = stage.incidents.orders()
    assert (order.command, order.name) == (WorkflowCommand.START_LIFECYCLE, f"{again.id}-2")
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    assert len(stage.incidents.orders()) == 1


def test_posts_from_before_the_close_leave_it_closed(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED, at=NOON + timedelta(hours=9))
    grow(stage, reposts=5, last_post_at=NOON + timedelta(hours=8))
    assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    assert the_room(stage).incident.status is IncidentStatus.CLOSED


def test_an_alert_that_nobody_saw_before_the_close_reopens_it(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(hours=2)
    stage.keep(id=OTHER, detected_at=stage.clock.now(), first_post_at=NOON, last_post_at=NOON)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.REOPENED


def test_after_the_watch_has_ended_a_new_incident_is_opened(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=31)
    grow(stage, last_post_at=stage.clock.now())
    opened = open_incident(FIRST, stage.opening)
    assert opened.outcome is Outcome.OPENED
    assert opened.incident_id != room.incident.id
    kept = stage.alerts.alert(FIRST)
    assert kept is not None
    assert kept.incident_id == opened.incident_id


@pytest.mark.parametrize(
    ("growth", "outcome"),
    [
        ({"reposts": 13}, Outcome.UNCHANGED),
        ({"reposts": 14}, Outcome.REOPENED),
        ({"level": Level.CRITICAL}, Outcome.REOPENED),
        ({"level": Level.NOTICE, "reposts": 500}, Outcome.UNCHANGED),
    ],
)
def test_a_dismissed_alert_comes_back_only_if_it_rose_or_tripled(
    stage: Stage, growth: dict[str, Any], outcome: Outcome
) -> None:
    settle(stage, IncidentStatus.DISMISSED)
    grow(stage, last_post_at=NOON + timedelta(hours=1), **growth)
    assert open_incident(FIRST, stage.opening).outcome is outcome


def test_small_growth_of_a_dismissed_alert_does_not_move_the_measure(stage: Stage) -> None:
    settle(stage, IncidentStatus.DISMISSED)
    for reposts in (8, 12, 13):
        grow(stage, reposts=reposts)
        assert open_incident(FIRST, stage.opening).outcome is Outcome.UNCHANGED
    grow(stage, reposts=14)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    why = next(
        e.event.details["why"]
        for e in stage.incidents.timeline(the_room(stage).incident.id)
        if e.event.kind == "reopened"
    )
    assert said(why, Wording()) == "誤検知とした後に、広がりが5件から15件になりました"


def test_an_alert_that_nobody_dismissed_is_never_silenced_by_a_dismissal(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.DISMISSED)
    stage.keep(id=OTHER)
    opened = open_incident(OTHER, stage.opening)
    assert opened.outcome is Outcome.OPENED
    assert opened.incident_id != room.incident.id
