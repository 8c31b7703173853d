"""One step of the lifecycle, a reminder of the decision it waits for, or what its dismissal teaches."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_lifecycle import IncidentAnswer, LessonRequest, StepRequest, advance_request
from hikeshi.services.incidents.lifecycle import Lifecycle, advance_incident, learn_from_dismissal, remind

logger = get_logger("advance_incident")


def lambda_handler(
    event: dict[str, Any], context: object, *, ports: Lifecycle | None = None
) -> dict[str, Any]:
    """Take the step, with everything that follows from it."""
    request = advance_request(event)
    lifecycle = ports or bootstrap.lifecycle()
    if isinstance(request, StepRequest):
        room = advance_incident(request.incident_id, request.event, lifecycle, generation=request.generation)
        logger.info("step taken", incident_id=request.incident_id, step=request.event.value)
    elif isinstance(request, LessonRequest):
        room = learn_from_dismissal(request.incident_id, lifecycle, generation=request.generation)
        logger.info("dismissal learned", incident_id=request.incident_id)
    else:
        room = remind(request.incident_id, request.remind, lifecycle)
        logger.info("reminder checked", incident_id=request.incident_id, slot=request.remind.value)
    return IncidentAnswer.of(room).model_dump(mode="json")
