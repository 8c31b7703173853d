"""Who hears that somebody has to be looked after; no message about it names anybody."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.ports.environment import Ids
from hikeshi.services.messages.audience import cause, holders_of, without
from hikeshi.services.messages.japanese_time import to_jst
from hikeshi.services.messages.notices import Notice, notice_rows

TOLD = (Role.HR, Role.LEGAL)
"""Who hears that somebody has to be protected."""


def opened_rows(
    room: Room, configuration: Configuration, *, ids: Ids, at: datetime, but: str = ""
) -> tuple[OutboxRow, ...]:
    """Tell HR and legal of the newest track; nothing if there is none."""
    if not room.protections:
        return ()
    notice = Notice(
        cause=cause(room.incident, f"care/{room.protections[-1].id}"),
        moment="due",
        params={"news_key": "news.care_opened", "ask_key": "ask.care_opened"},
        asks=True,
    )
    people = without(holders_of(TOLD, configuration.roster), but)
    return notice_rows(room.incident, people, notice, ids=ids, at=at)


def seen_rows(
    room: Room, track_id: str, configuration: Configuration, *, ids: Ids, at: datetime
) -> tuple[OutboxRow, ...]:
    """Tell HR and legal that posts expose somebody: once an hour, however many there are."""
    notice = Notice(
        cause=cause(room.incident, f"exposed/{track_id}/{to_jst(at):%Y%m%d%H}"),
        moment="due",
        params={"news_key": "news.exposure_seen", "ask_key": "ask.exposure_seen"},
        asks=True,
    )
    return notice_rows(room.incident, holders_of(TOLD, configuration.roster), notice, ids=ids, at=at)
