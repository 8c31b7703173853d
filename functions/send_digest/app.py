"""Every morning: yesterday in numbers, to the desk in full and to executives in a few lines."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.services.digest.digest import Digesting
from hikeshi.services.digest.digest_mail import send_digest

logger = get_logger("send_digest")


def lambda_handler(
    event: dict[str, Any], context: object, *, digesting: Digesting | None = None
) -> dict[str, Any]:
    """Queue the morning's mails; run twice on one day, it queues none anew."""
    mails = send_digest(digesting or bootstrap.digesting())
    logger.info("digest queued", mails=mails)
    bootstrap.beat("send_digest")
    return {"mails": mails}
