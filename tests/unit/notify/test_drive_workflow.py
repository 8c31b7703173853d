from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.outbox import LEASE, OutboxState, WorkflowCommand
from hikeshi.services.incidents.drive_workflow import LONGEST_WAIT, WorkflowDriver
from hikeshi.services.messages.dispatch import Outcome
from tests.builders import NOON, a_message_row, a_workflow_order, a_workflow_row
from tests.fakes.crashing import CrashError, CrashPlan
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.messaging import InMemoryOutbox, RecordingWorkflow

START = a_workflow_row()
LADDER = a_workflow_row(
    id="ladder", body=a_workflow_order(command=WorkflowCommand.START_LADDER, name="ladder")
)
RESUME = a_workflow_row(
    id="resume",
    body=a_workflow_order(
        command=WorkflowCommand.RESUME, task_token="AQC4-invented", payload='{"choice":"done"}'
    ),
)


class Depot:
    """A driver with everything around it in memory."""

    def __init__(self) -> None:
        self.outbox, self.workflow = InMemoryOutbox(), RecordingWorkflow()
        self.clock = FrozenClock(NOON + timedelta(minutes=1))
        self.outbox.add((START, LADDER, RESUME, a_message_row()))

    @property
    def driver(self) -> WorkflowDriver:
        return WorkflowDriver(outbox=self.outbox, workflow=self.workflow, clock=self.clock, ids=SequenceIds())


def test_each_order_reaches_its_machine_once() -> None:
    depot = Depot()
    assert [depot.driver.drive(row) for row in (START, LADDER, RESUME)] == [Outcome.SENT] * 3
    assert list(depot.workflow.lifecycles) == [a_workflow_order().name]
    assert list(depot.workflow.ladders) == ["ladder"]
    assert depot.workflow.answers == {"AQC4-invented": '{"choice":"done"}'}
    assert depot.outbox.due("workflow", at=NOON + timedelta(days=1)) == ()


def test_a_done_order_is_not_carried_out_again() -> None:
    depot = Depot()
    depot.driver.drive(START)
    depot.clock.advance(hours=1)
    assert depot.driver.drive(START) is Outcome.SKIPPED


def test_a_message_is_no_order() -> None:
    assert Depot().driver.drive(a_message_row()) is Outcome.SKIPPED


def test_an_order_is_tried_ever_later_until_it_is_done() -> None:
    depot = Depot()
    depot.workflow.failures = 9
    waits = []
    for _ in range(9):
        assert depot.driver.drive(START) is Outcome.POSTPONED
        row = depot.outbox.rows[START.id]
        assert row.last_error == "ThrottlingException"
        waits.append(row.due_at - depot.clock.now())
        depot.clock.set(row.due_at)
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert waits[-1] == LONGEST_WAIT
    assert depot.driver.drive(START) is Outcome.SENT


@pytest.mark.parametrize("moment", range(1, 7))
def test_a_driver_that_dies_anywhere_leaves_an_order_that_the_next_one_carries_out(moment: int) -> None:
    depot = Depot()
    plan = CrashPlan(at=moment)
    dying = WorkflowDriver(
        outbox=plan.around(depot.outbox),
        workflow=plan.around(depot.workflow),
        clock=depot.clock,
        ids=SequenceIds(),
    )
    with pytest.raises(CrashError):
        dying.drive(START)
    depot.clock.advance(seconds=LEASE.total_seconds())
    depot.driver.drive(START)
    assert list(depot.workflow.lifecycles) == [a_workflow_order().name]
    assert depot.outbox.rows[START.id].state is OutboxState.SENT
