"""Every day: who cannot be reached any more, and once a month who does not press."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.services.people.check_contacts import ContactChecking, check_contacts

logger = get_logger("check_contacts")


def lambda_handler(
    event: dict[str, Any], context: object, *, checking: ContactChecking | None = None
) -> dict[str, Any]:
    """Check everything; the run fails, which raises its alarm, after every part had its turn."""
    checked = check_contacts(checking or bootstrap.contact_checking())
    answer: dict[str, Any] = {
        "lost": checked.lost,
        "regained": checked.regained,
        "unsubscribed": checked.unsubscribed,
        "started": checked.started,
        "reported": checked.reported,
    }
    logger.info("contacts checked", **answer)
    if checked.errors:
        raise ExceptionGroup("checks that broke", checked.errors)
    bootstrap.beat("check_contacts")
    return answer
