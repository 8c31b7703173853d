"""Each request of the queue: open an incident for an alert, or find the one it belongs to."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from hikeshi.domain.exposure import Exposed
from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_lifecycle import QUEUED, ExposureReport
from hikeshi.services.care.exposure import note_exposure
from hikeshi.services.incidents.open_incident import Opening, open_incident

logger = get_logger("open_incident")


def lambda_handler(
    event: dict[str, Any], context: Any, *, ports: Opening | None = None
) -> PartialItemFailureResponse:
    """Take the batch; a request that fails comes back alone."""
    opening = ports or bootstrap.opening()

    def take(record: SQSRecord) -> None:
        request = QUEUED.validate_json(record.body)
        if isinstance(request, ExposureReport):
            exposed = Exposed(**request.exposed.model_dump())
            noted = note_exposure(exposed, opening)
            logger.info("exposure taken", incident_id=exposed.incident_id, noted=noted)
            return
        opened = open_incident(request.alert_id, opening)
        logger.info(
            "alert taken",
            alert_id=request.alert_id,
            incident_id=opened.incident_id,
            outcome=opened.outcome.value,
        )

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event, take, processor, context=context)
    for error_type, error, _ in processor.exceptions:
        logger.error("request refused", error=getattr(error_type, "__name__", ""), reason=str(error))
    return answer
