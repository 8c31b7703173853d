"""Opening an incident, struck by crashes and by others who are faster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.timeline import first_broken
from hikeshi.services.incidents.open_incident import Opening, Outcome, open_incident
from tests.fakes.crashing import CrashError, CrashPlan
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, grow, settle, the_room


def crashing(stage: Stage, plan: CrashPlan) -> Opening:
    return replace(stage.opening, incidents=plan.around(stage.incidents), alerts=plan.around(stage.alerts))


def moments_of_opening() -> int:
    stage, plan = Stage(), CrashPlan()
    stage.keep()
    open_incident(FIRST, crashing(stage, plan))
    return plan.passed


@pytest.mark.parametrize("moment", range(1, moments_of_opening() + 1))
def test_a_crash_at_any_moment_still_ends_in_one_incident_and_one_execution(
    stage: Stage, moment: int
) -> None:
    stage.keep()
    with pytest.raises(CrashError):
        open_incident(FIRST, crashing(stage, CrashPlan(at=moment)))
    open_incident(FIRST, stage.opening)
    room = the_room(stage)
    assert [order.name for order in stage.incidents.orders()] == [room.incident.execution_name]
    assert first_broken(stage.incidents.timeline(room.incident.id)) is None
    kept = stage.alerts.alert(FIRST)
    assert kept is not None
    assert kept.incident_id == room.incident.id


@pytest.mark.parametrize("moment", range(1, 2 * moments_of_opening() + 1, 2))
def test_two_crashes_in_a_row_change_nothing_of_that(stage: Stage, moment: int) -> None:
    stage.keep()
    for at in (moment, moment + 1):
        try:
            open_incident(FIRST, crashing(stage, CrashPlan(at=at)))
        except CrashError:
            continue
    open_incident(FIRST, stage.opening)
    assert len(stage.incidents.rooms) == 1
    assert len(stage.incidents.orders()) == 1


def test_the_slower_of_two_callers_joins_what_the_faster_opened(stage: Stage) -> None:
    stage.keep()
    stage.keep(id=OTHER)

    class Overtaken:
        """Lets the other alert in just before the transaction."""

        def __init__(self) -> None:
            self.done = False

        def __getattr__(self, name: str) -> object:
            if name == "open" and not self.done:
                self.done = True
                open_incident(OTHER, stage.opening)
            return getattr(stage.incidents, name)

    answer = open_incident(FIRST, replace(stage.opening, incidents=Overtaken()))  # type: ignore[arg-type]  # stands in front of one
    assert answer.outcome is Outcome.JOINED
    assert the_room(stage).incident.alerts == (OTHER, FIRST)


def test_whoever_always_comes_second_gives_up_after_five_tries(stage: Stage) -> None:
    stage.keep()
    tries = 0

    class AlwaysLate:
        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def open(self, *_: object, **__: object) -> Room:
            nonlocal tries
            tries += 1
            raise ConcurrentChangeError("tsukimi/contamination")

    with pytest.raises(ConcurrentChangeError):
        open_incident(FIRST, replace(stage.opening, incidents=AlwaysLate()))  # type: ignore[arg-type]  # stands in front of one
    assert tries == 5


def test_slot_of_an_older_generation_does_not_count_after_reopening(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED)
    stage.clock.advance(days=1)
    grow(stage, last_post_at=stage.clock.now())
    open_incident(FIRST, stage.opening)
    assert the_room(stage).slot(Slot.TRIAGE).decision is None
