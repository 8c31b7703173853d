"""Carries out the outbox's orders to the state machines, from the stream and every minute."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_outbox import new_rows, report
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from hikeshi.services.messages.sweep import sweep

logger = get_logger("drive_workflow")


def lambda_handler(
    event: dict[str, Any], context: object, *, driver: WorkflowDriver | None = None
) -> dict[str, Any]:
    """Carry out what is due; a broken row fails the scheduled run after the others are done."""
    driving = driver or bootstrap.workflow_driver()
    new = new_rows(event, logger=logger)
    rows = driving.due() if new is None else new
    swept = sweep(rows, driving.drive, clock=driving.clock)
    answer = report(swept, logger=logger)
    if new is None and swept.errors:
        raise ExceptionGroup("rows that broke", list(swept.errors.values()))
    if new is None:
        bootstrap.beat("drive_workflow")
    return answer.model_dump()
