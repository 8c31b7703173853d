"""The composition root: the only module that picks adapters.

Nothing is built at import. Each factory imports what it needs itself, so that a function loads only
the adapters that it uses; ``functools.cache`` keeps one instance for the life of a container.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hikeshi.domain.configuration import Configuration
    from hikeshi.ports.configuring import ConfigurationSource
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


@cache
def client(service: str, *, attempts: int = 3) -> Any:
    """Return a boto3 client whose time-outs fit inside a function's own.

    ``attempts`` counts the first call: a client that must not send twice takes 1.
    """
    import boto3
    from botocore.config import Config

    retries = {"total_max_attempts": attempts, "mode": "standard"}
    config = Config(connect_timeout=2, read_timeout=5, retries=retries)  # type: ignore[arg-type]  # the stub wants a TypedDict
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # one factory for every service


@cache
def _configuration_source() -> ConfigurationSource:
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    bucket = os.environ["CONFIG_BUCKET"]
    return S3ConfigurationSource(client=client("s3"), bucket=bucket, clock=clock())


def configuration() -> Configuration:
    """Return the deployed configuration, at most a minute old."""
    return _configuration_source().current()


# ---- collecting: fetch_posts, ingest_posts -----------------------------------------------------

# ---- scoring: score_posts ----------------------------------------------------------------------

# ---- incidents: open_incident, request_decision, advance_incident, draft_report ----------------

# ---- escalation and messages: page_step, dispatch_messages, drive_workflow ---------------------

# ---- pages: responder_api ----------------------------------------------------------------------
