"""Judges queued posts: all are archived, risky ones are counted in alerts, grave ones ask for an incident."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_score import QueuedPosts
from hikeshi.services.alerts.assess import Assessing, score_posts

logger = get_logger("score_posts")


def lambda_handler(
    event: dict[str, Any], context: object, *, ports: Assessing | None = None
) -> dict[str, Any]:
    """Take the batch; a post that fails comes back alone, and after five times goes to the dead letters."""
    queued = QueuedPosts.of(event)
    for message_id, reason in queued.unreadable.items():
        logger.error("unreadable message", message_id=message_id, reason=reason)
    assessed = score_posts(queued.posts, ports or bootstrap.assessing())
    for key, error in assessed.errors.items():
        logger.error("post failed", post=key, error=type(error).__name__, reason=str(error))
    for key, alerts in assessed.alerts.items():
        for alert in alerts:
            logger.info(
                "post counted",
                post=key,
                alert_id=alert.alert_id,
                brand=alert.brand,
                alert_level=alert.level.value,
                requested=alert.requested,
            )
    logger.info("batch done", posts=len(queued.posts), failed=len(assessed.errors))
    return queued.answer(assessed.errors)
