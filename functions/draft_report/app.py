"""Draft the completion report from the timeline."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_lifecycle import IncidentAnswer, ReportRequest
from hikeshi.services.reports.draft_report import Drafting, draft_report

logger = get_logger("draft_report")


def lambda_handler(
    event: dict[str, Any], context: object, *, ports: Drafting | None = None
) -> dict[str, Any]:
    """Attach the draft to the incident."""
    request = ReportRequest.model_validate(event)
    room = draft_report(request.incident_id, ports or bootstrap.drafting())
    logger.info("report drafted", incident_id=request.incident_id)
    return IncidentAnswer.of(room).model_dump(mode="json")
