"""One step of the escalation ladder: plan it, or page its people."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_ladder import LadderPlan, LadderPosition, PageStepAnswer, PageStepRequest
from hikeshi.services.escalation.page import Paging, page_step, plan_ladder

logger = get_logger("page_step")


def lambda_handler(event: dict[str, Any], context: object, *, paging: Paging | None = None) -> dict[str, Any]:
    """Answer a plan with the waits of its steps, and a page with whether somebody has it already."""
    request, ports = PageStepRequest.model_validate(event), paging or bootstrap.paging()
    if request.plan:
        waits = plan_ladder(
            request.incident_id, level=request.level, paging=ports, of_roll_call=request.of_roll_call
        )
        positions = tuple(LadderPosition(wait_seconds=seconds) for seconds in waits)
        return LadderPlan(positions=positions).model_dump()
    step = page_step(request.place(), paging=ports)
    logger.info(
        "paged",
        incident_id=request.incident_id,
        level=request.level.value,
        question=request.question,
        position=step.position,
        acknowledged=step.answered,
    )
    return PageStepAnswer(
        acknowledged=step.answered, position=step.position, wait_seconds=step.wait_seconds
    ).model_dump()
