"""The times of a consultation: half of its window without an answer, and its end without one."""

from __future__ import annotations

from collections.abc import Iterator

from hikeshi.domain.actions import Role
from hikeshi.domain.incidents import Room
from hikeshi.services.audit.reminding import Reminder


def consultations(room: Room) -> Iterator[Reminder]:
    """Yield for each question that waits: a word to both sides half-way, and to ours when it is over."""
    for asked in room.consultations if room.incident.status.is_open else ():
        if not asked.is_waiting:
            continue
        name = f"expert/{asked.number}"
        details = {"person": asked.expert}
        people = (asked.asked_by, room.incident.lead or "")
        yield Reminder(
            key=f"{name}/half",
            kind="expert_reminded",
            moment="status",
            due_at=asked.asked_at + (asked.until - asked.asked_at) / 2,
            params={"news_key": "news.expert_waiting", "ask_key": "ask.expert_waiting"},
            details=details,
            people=people[:1],
            consultation=asked.id,
        )
        yield Reminder(
            key=f"{name}/over",
            kind="expert_silent",
            moment="status",
            due_at=asked.until,
            params={"news_key": "news.expert_silent", "ask_key": "ask.expert_silent"},
            details=details,
            people=people,
            roles=(Role.LEGAL,),
        )
