"""Sends the outbox's messages: new rows as the stream brings them, all that is due every minute."""

from __future__ import annotations

from typing import Any

from hikeshi.runtime import bootstrap
from hikeshi.runtime.observability import get_logger
from hikeshi.runtime.payloads_outbox import new_rows, report
from hikeshi.services.messages.chat_posts import tell_chats
from hikeshi.services.messages.dispatch import Dispatcher, most_urgent_first
from hikeshi.services.messages.sweep import sweep

logger = get_logger("dispatch_messages")


def lambda_handler(
    event: dict[str, Any], context: object, *, dispatcher: Dispatcher | None = None
) -> dict[str, Any]:
    """Send what is due, critical first.

    A broken row fails the scheduled run, which raises its alarm, after the others were sent; in the
    stream it would only hold up the rows behind it. Chats are told of what is new once people were.
    """
    sending = dispatcher or bootstrap.dispatcher()
    new = new_rows(event, logger=logger)
    rows = sending.due() if new is None else new
    swept = sweep(most_urgent_first(rows), sending.dispatch, clock=sending.clock)
    answer = report(swept, logger=logger)
    if new is not None:
        tell_chats(new, sending.configuration.chats, outbox=sending.outbox)
    if new is None and swept.errors:
        raise ExceptionGroup("rows that broke", list(swept.errors.values()))
    if new is None:
        bootstrap.beat("dispatch_messages")
    return answer.model_dump()
