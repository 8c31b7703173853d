"""Rooms of chats that are told what people are told: an addition to SMS and mail, never in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.domain.assessment import Level


class ChatKind(StrEnum):
    """Which service a room belongs to."""

    SLACK = "slack"
    TEAMS = "teams"
    LINE = "line"


TARGET_PREFIX = "chat:"
"""What a room is called where people are: ``chat:<name>``."""

HOSTS: Mapping[ChatKind, tuple[str, ...]] = {
    ChatKind.SLACK: ("hooks.slack.com",),
    ChatKind.TEAMS: (".logic.azure.com", ".api.powerplatform.com", ".webhook.office.com"),
    ChatKind.LINE: ("api.line.me",),
}
"""Hosts that a post may go to; one that begins with a dot stands for all below it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A room that is posted to.

    Attributes
    ----------
    secret : str
        Name of the secret that holds the address of the webhook, or the channel's token.
    levels : frozenset of Level
        Levels of incidents that the room hears of.
    language : str
        Catalogue that its texts come from.
    """

    name: str
    kind: ChatKind
    secret: str
    levels: frozenset[Level] = frozenset({Level.WARNING, Level.CRITICAL})
    language: str = "ja"


def is_allowed(kind: ChatKind, host: str) -> bool:
    """Tell whether a host belongs to the service."""
    host = host.lower().rstrip(".")
    return any(host == known or (known[0] == "." and host.endswith(known)) for known in HOSTS[kind])
