"""The lifecycle waits for a person: note for what, and tell those who decide it."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_lifecycle import DecisionRequest, IncidentAnswer
from hikeshi.services.incidents.lifecycle import Asking, request_decision

logger = get_logger("request_decision")


def lambda_handler(event: dict[str, Any], context: object, *, ports: Asking | None = None) -> dict[str, Any]:
    """Note the question; the answer travels through the outbox."""
    request = DecisionRequest.model_validate(event)
    asking = ports or bootstrap.asking()
    room = request_decision(request.incident_id, request.slot, request.task_token, asking)
    logger.info("decision asked for", incident_id=request.incident_id, slot=request.slot.value)
    return IncidentAnswer.of(room).model_dump(mode="json")
