"""Corrective actions that come due after the end: the work itself, and the look at whether it works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.incidents import Room
from hikeshi.domain.reports import CorrectiveAction
from hikeshi.services.audit.reminding import Reminder

A_WEEK = timedelta(weeks=1)
WEEKS_OF_NAGGING = 26
"""How often an overdue action is asked for again; the morning mail lists it for as long as it is open."""


def corrections(room: Room) -> Iterator[Reminder]:
    """Yield the next step of each corrective action: when it is due, and every week until it is taken."""
    for action in room.corrections:
        if not action.is_over:
            yield from _weekly(room, action)


def _weekly(room: Room, action: CorrectiveAction) -> Iterator[Reminder]:
    done = action.done_at is not None
    step, first = ("check", action.check_at) if done else ("work", action.due_at)
    for week in range(WEEKS_OF_NAGGING):
        late = "late" if week else "due"
        yield Reminder(
            key=f"{action.id}/{step}/{week}",
            kind=f"correction_{step}_reminded",
            moment="due",
            details={"title": action.title},
            due_at=first + week * A_WEEK,
            params={
                "news_key": f"news.correction_{step}_{late}",
                "ask_key": f"ask.correction_{step}",
                "what": action.title,
                "due_at": first.isoformat(),
            },
            people=(action.owner, *((room.incident.lead or "",) if done or week else ())),
            roles=(Role.LEAD,) if week else (),
        )
