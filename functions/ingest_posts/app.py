"""``POST /ingest``: take signed posts from a webhook."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from hikeshi.domain.errors import HikeshiError
from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_collect import IngestAccepted, IngestRequest, http_answer, refusal
from hikeshi.services.collection.ingest import Ingesting, ingest

logger = get_logger("ingest_posts")


def lambda_handler(
    event: dict[str, Any], context: object, *, ports: Ingesting | None = None
) -> dict[str, Any]:
    """Answer 202 with what was taken, or say why nothing was."""
    try:
        call = IngestRequest.model_validate(event).signed_body()
        brands = bootstrap.published().watches.brands
        result = ingest(call, ports or bootstrap.ingesting(), brands=brands)
    except HikeshiError as error:
        logger.warning("call refused", code=error.code, reason=str(error))
        return refusal(error)
    logger.info("call taken", accepted=result.accepted, rejected=len(result.rejected))
    return http_answer(HTTPStatus.ACCEPTED, IngestAccepted.of(result))
