"""Rooms of chats in memory."""

from __future__ import annotations

from hikeshi.domain.chats import Chat
from hikeshi.domain.errors import DeliveryError, UndeliverableError


class RecordingChats:
    """Posts into a list; rooms in ``gone`` take nothing, and ``failures`` posts are turned down first."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, str]] = []
        self.gone: set[str] = set()
        self.failures = 0

    def post(self, chat: Chat, text: str, *, key: str) -> str:
        if chat.name in self.gone:
            raise UndeliverableError("HTTP 404")
        if self.failures:
            self.failures -= 1
            raise DeliveryError("HTTP 503")
        self.posted.append((chat.name, text))
        return f"request-{len(self.posted)}"
