"""What comes due after the end: a check every week, and the word that after-care is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.aftercare import after_care_runs, end_key
from hikeshi.domain.incidents import Room
from hikeshi.services.reminding import Reminder

A_WEEK = timedelta(weeks=1)
_MOMENT = "due"


def after_care(room: Room) -> Iterator[Reminder]:
    """Yield the weekly checks, and the end."""
    incident = room.incident
    if not after_care_runs(room) or incident.closed_at is None or incident.after_care_until is None:
        return
    people = (incident.lead or "",)
    for week, due_at in _weeks(incident.closed_at, incident.after_care_until):
        yield Reminder(
            key=f"after-care/{incident.generation}/week-{week}",
            kind="care_check_reminded",
            moment=_MOMENT,
            details={"week": str(week)},
            due_at=due_at,
            params={"news_key": "news.care_check", "ask_key": "ask.care_check"},
            people=people,
            roles=(Role.PR, Role.CUSTOMER_SUPPORT),
        )
    yield Reminder(
        key=end_key(incident),
        kind="care_ended",
        moment=_MOMENT,
        due_at=incident.after_care_until,
        params={"news_key": "news.care_ended", "ask_key": "ask.care_ended"},
        people=people,
        roles=(Role.PR, Role.CUSTOMER_SUPPORT),
    )


def _weeks(closed_at: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield each full week before the end, by its number."""
    for week in range(1, (until - closed_at) // A_WEEK + 1):
        if closed_at + week * A_WEEK < until:
            yield week, closed_at + week * A_WEEK
