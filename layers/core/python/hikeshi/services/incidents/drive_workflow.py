"""Carries out the outbox's orders: to the state machines, and to lay out what a transaction had no room for.

Every call may be repeated without harm, so an order is tried until it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import Outbox, Workflow
from hikeshi.services.messages.dispatch import Outcome

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowDriver:
    """Carries out one order at a time."""

    outbox: Outbox
    workflow: Workflow
    clock: Clock
    ids: Ids

    def due(self) -> Sequence[OutboxRow]:
        """Return the orders that are due now."""
        return self.outbox.due("workflow", at=self.clock.now())

    def drive(self, row: OutboxRow) -> Outcome:
        """Carry out an order if it is due and free; one that fails is tried again, ever later."""
        claimed = self.outbox.claim(row, by=self.ids.ulid(), at=self.clock.now())
        if claimed is None or not isinstance(claimed.body, WorkflowOrder):
            return Outcome.SKIPPED
        order = claimed.body
        try:
            self._carry_out(order)
        except DeliveryError as error:
            until = self.clock.now() + _wait(claimed.attempts)
            later = claimed.attempted().postponed(until=until, error=str(error))
            return Outcome.POSTPONED if self.outbox.finish(later) else Outcome.SKIPPED
        done = claimed.attempted().sent(provider_id=order.name, parts=0, text="")
        return Outcome.SENT if self.outbox.finish(done) else Outcome.SKIPPED

    def _carry_out(self, order: WorkflowOrder) -> None:
        match order.command:
            case WorkflowCommand.START_LIFECYCLE:
                self.workflow.start_lifecycle(name=order.name, payload=order.payload)
            case WorkflowCommand.START_LADDER:
                self.workflow.start_ladder(name=order.name, payload=order.payload)
            case WorkflowCommand.STOP_LIFECYCLE:
                self.workflow.stop_lifecycle(name=order.name)
            case WorkflowCommand.LAY_OUT:
                # One that died half-way left rows behind, and those stay as they are.
                self.outbox.add(order.rows)
            case WorkflowCommand.RESUME if order.task_token:
                self.workflow.resume(task_token=order.task_token, payload=order.payload)


def _wait(attempts: int) -> timedelta:
    # Capped before it is doubled: a large power would overflow.
    doublings = min(attempts, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
