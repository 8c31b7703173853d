"""The composition root: the only module that picks adapters.

Nothing is built at import. Each factory imports what it needs itself, so that a function loads only
the adapters that it uses; ``functools.cache`` keeps one instance for the life of a container.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hikeshi.domain.configuration import Configuration
    from hikeshi.ports.environment import Clock, Ids

# ---- shared ---------------------------------------------------------------------------------


@cache
def clock() -> Clock:
    """Return the system clock."""
    from hikeshi.adapters.environment import SystemClock

    return SystemClock()


@cache
def ids() -> Ids:
    """Return the operating system's randomness."""
    from hikeshi.adapters.environment import SystemIds

    return SystemIds()


def configuration() -> Configuration:
    """Return the deployed configuration, at most a minute old."""
    return _configuration_source().current()


# ---- collecting: fetch_posts, ingest_posts -----------------------------------------------------

# ---- scoring: score_posts ----------------------------------------------------------------------

# ---- incidents: open_incident, request_decision, advance_incident, draft_report ----------------

# ---- escalation and messages: page_step, dispatch_messages, drive_workflow ---------------------

# ---- pages: responder_api ----------------------------------------------------------------------
