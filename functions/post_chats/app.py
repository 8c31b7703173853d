"""Posts what is due into the rooms of chats, every minute; people's messages go another way."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_outbox import report
from hikeshi.services.messages.chat_posts import ChatPoster
from hikeshi.services.messages.dispatch import most_urgent_first
from hikeshi.services.messages.sweep import sweep

logger = get_logger("post_chats")


def lambda_handler(
    event: dict[str, Any], context: object, *, poster: ChatPoster | None = None
) -> dict[str, Any]:
    """Post what is due; a broken row fails the run, which raises its alarm, after the others are done."""
    posting = poster or bootstrap.chat_poster()
    swept = sweep(most_urgent_first(posting.due()), posting.post, clock=posting.clock)
    answer = report(swept, logger=logger)
    if swept.errors:
        raise ExceptionGroup("rows that broke", list(swept.errors.values()))
    bootstrap.beat("post_chats")
    return answer.model_dump()
