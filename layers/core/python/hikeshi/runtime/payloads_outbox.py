"""What the outbox's two functions take: new rows from the table's stream, or a tick of the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict

from hikeshi.adapters import outbox_items
from hikeshi.domain.outbox import OutboxRow
from hikeshi.services.messages.dispatch import Outcome
from hikeshi.services.messages.sweep import Swept


class SweepAnswer(BaseModel):
    """What became of the rows, counted."""

    model_config = ConfigDict(frozen=True)

    sent: int = 0
    cancelled: int = 0
    postponed: int = 0
    failed: int = 0
    skipped: int = 0
    withheld: int = 0
    broken: int = 0
    left: int = 0


def new_rows(event: Mapping[str, Any], *, logger: Logger) -> tuple[OutboxRow, ...] | None:
    """Return the rows of a stream event; None if the event is a tick of the schedule.

    A record that cannot be read is passed over: the schedule finds its row, and says so every minute.
    """
    records = event.get("Records")
    if not isinstance(records, list):
        return None
    rows = []
    for record in records:
        try:
            rows.append(outbox_items.from_item(record["dynamodb"]["NewImage"]))
        except (LookupError, TypeError, ValueError) as error:
            logger.error("unreadable stream record", error=type(error).__name__)
    return tuple(rows)


def report(swept: Swept, *, logger: Logger) -> SweepAnswer:
    """Log what became of the rows and return it counted; each that broke is logged with its trace."""
    for row_id, error in swept.errors.items():
        logger.error("row broke and will be tried again", row_id=row_id, exc_info=error)
    counts = {outcome.value: swept.outcomes.get(outcome, 0) for outcome in Outcome}
    answer = SweepAnswer(**counts, broken=len(swept.errors), left=swept.left)
    logger.info("outbox worked through", **answer.model_dump())
    return answer
