"""Which functions run by a clock, and how long each may be silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.ports.upkeep import Heartbeats

_EVERY_MINUTE = timedelta(minutes=3)
_EVERY_DAY = timedelta(hours=26)

SILENT_AFTER: Mapping[str, timedelta] = {
    "fetch_posts": _EVERY_MINUTE,
    "dispatch_messages": _EVERY_MINUTE,
    "post_chats": _EVERY_MINUTE,
    "drive_workflow": _EVERY_MINUTE,
    "check_contacts": _EVERY_DAY,
    "send_digest": _EVERY_DAY,
}
"""The functions that the auditor watches; itself it cannot, that is for the alarm on its own heartbeat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SilentFunction:
    """A function that did not do its work in time."""

    name: str
    since: datetime


def silent_functions(heartbeats: Heartbeats, *, at: datetime) -> Iterator[SilentFunction]:
    """Yield what has been silent too long; a function never heard of is waited for from now on."""
    last = heartbeats.last()
    for name, limit in SILENT_AFTER.items():
        if name not in last:
            heartbeats.expect(name, at=at)
        elif at - last[name] > limit:
            yield SilentFunction(name=name, since=last[name])
