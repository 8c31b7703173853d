"""What posting to chats needs."""

from __future__ import annotations

from typing import Protocol

from hikeshi.domain.chats import Chat


class ChatSender(Protocol):
    """Posts one text into one room."""

    def post(self, chat: Chat, text: str, *, key: str) -> str:
        """Hand the text to the service, once, and return its id of the request (may be empty).

        ``key`` names the text: a service that knows it already has it, and is told so.

        Raises
        ------
        DeliveryError
            If the service did not take it, or its answer was lost.
        UndeliverableError
            If it never will: no such webhook, a token that is not valid, a host that is not its own.
        """
        ...
