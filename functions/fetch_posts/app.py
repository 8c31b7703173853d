"""Every minute: read the feeds that are due and queue their new posts."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_collect import FetchPostsAnswer
from hikeshi.services.collection.collect import Collecting, collect_posts

logger = get_logger("fetch_posts")


def lambda_handler(
    event: dict[str, Any], context: object, *, ports: Collecting | None = None
) -> dict[str, Any]:
    """Collect, and answer how every source did."""
    report = collect_posts(bootstrap.configuration(), ports or bootstrap.collecting())
    answer = FetchPostsAnswer.of(report)
    if answer.silent:
        logger.error("sources are silent", sources=answer.silent)
    if report.fault is not None:
        logger.error("no word about open incidents", error=type(report.fault).__name__)
    logger.info("collected", **answer.model_dump())
    bootstrap.beat("fetch_posts")
    return answer.model_dump(mode="json")
