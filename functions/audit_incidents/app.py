"""Every minute: whatever stands still is set going again, or the operator is called."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.services.audit import Auditor, audit

logger = get_logger("audit_incidents")


def lambda_handler(
    event: dict[str, Any], context: object, *, auditor: Auditor | None = None
) -> dict[str, Any]:
    """Look at everything once; only an audit that came to its end is a heartbeat."""
    audited = audit(auditor or bootstrap.auditor())
    for error in audited.errors:
        logger.error("could not be looked at", exc_info=error)
    answer: dict[str, Any] = {
        "looked_at": audited.looked_at,
        "redriven": audited.redriven,
        "lapsed": audited.lapsed,
        "findings": [finding.key for finding in audited.findings],
        "told": audited.told,
        "outside": audited.outside,
    }
    logger.info("audited", **answer)
    bootstrap.beat("audit_incidents")
    return answer
