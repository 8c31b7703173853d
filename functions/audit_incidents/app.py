"""Every minute: whatever stands still is set going again, or the operator is called.

A drill is played on the same beat, last and contained: it goes on when a laptop is closed, and nothing
real waits for it. Addresses that were asked to be taken down are opened after all that needs nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.services.audit.audit import Auditor, audit
from hikeshi.services.audit.bulkhead import contained
from hikeshi.services.drills.drill_play import Stage, play
from hikeshi.services.takedowns.takedown_watch import Looking, look_at

logger = get_logger("audit_incidents")


def lambda_handler(
    event: dict[str, Any],
    context: object,
    *,
    auditor: Auditor | None = None,
    stage: Stage | None = None,
    looking: Callable[[], Looking] = bootstrap.looking,
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
    looks = look_at(audited.pages, looking, began_at=audited.began_at)
    for error in looks.errors:
        logger.error("address could not be opened", exc_info=error)
    return answer | {"drill": _play_drill(stage), "opened": looks.opened}


def _play_drill(stage: Stage | None) -> str:
    """Play the drill, if there is one, after all that is real; return its id, or what broke."""
    played = contained(lambda: play(stage or bootstrap.drill_stage()))
    if isinstance(played, Exception):
        logger.error("drill could not be played", exc_info=played)
        return type(played).__name__
    if played.drill_id:
        logger.info("drill played", drill=played.drill_id, posted=played.posted, told=played.told)
    return played.drill_id
