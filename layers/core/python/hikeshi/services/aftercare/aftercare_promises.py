"""What comes due for those outside, and after the end: replies, compensation, the weekly check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.aftercare import after_care_runs, end_key
from hikeshi.domain.incidents import Room
from hikeshi.services.audit.reminding import Reminder

A_WEEK = timedelta(weeks=1)
A_DAY = timedelta(days=1)
WEEKS_OF_NAGGING = 8
"""How often an overdue compensation is asked for again, week by week."""

_MOMENT = "due"
_SUPPORT = (Role.CUSTOMER_SUPPORT,)


def after_care(room: Room) -> Iterator[Reminder]:
    """Yield the weekly checks, and the end; a check that was made within the week before is not asked for."""
    incident = room.incident
    if not after_care_runs(room) or incident.closed_at is None or incident.after_care_until is None:
        return
    people = (incident.lead or "",)
    for week, due_at in _weeks(incident.closed_at, incident.after_care_until):
        if any(due_at - A_WEEK < check.at <= due_at for check in room.care_checks):
            continue
        yield Reminder(
            key=f"after-care/{incident.generation}/week-{week}",
            kind="care_check_reminded",
            moment=_MOMENT,
            details={"week": str(week)},
            due_at=due_at,
            params={"news_key": "news.care_check", "ask_key": "ask.care_check"},
            people=people,
            roles=(Role.PR, *_SUPPORT),
        )
    yield Reminder(
        key=end_key(incident),
        kind="care_ended",
        moment=_MOMENT,
        due_at=incident.after_care_until,
        params={"news_key": "news.care_ended", "ask_key": "ask.care_ended"},
        people=people,
        roles=(Role.PR, *_SUPPORT),
    )


def replies(room: Room) -> Iterator[Reminder]:
    """Yield each enquiry whose reply is due."""
    for inquiry in room.inquiries:
        if inquiry.reply is None:
            yield Reminder(
                key=f"{inquiry.id}/due",
                kind="reply_reminded",
                moment=_MOMENT,
                details={"number": inquiry.number},
                due_at=inquiry.due_at,
                params={
                    "news_key": "news.reply_due",
                    "ask_key": "ask.reply_due",
                    "case": inquiry.number,
                    "due_at": inquiry.due_at.isoformat(),
                },
                people=(inquiry.taken_by,),
                roles=_SUPPORT,
            )


def compensations(room: Room) -> Iterator[Reminder]:
    """Yield what was promised and not given: a day before it is due, when it is, and every week after."""
    for each in room.compensations:
        if each.paid_at is not None:
            continue
        near = max(each.due_at - A_DAY, each.promised_at)
        late = ((f"late-{week}", each.due_at + week * A_WEEK) for week in range(WEEKS_OF_NAGGING))
        for when, due_at in (("near", near), *late):
            state = "near" if when == "near" else "late"
            yield Reminder(
                key=f"{each.id}/{when}",
                kind=f"compensation_{state}",
                moment=_MOMENT,
                details={"number": each.number},
                due_at=due_at,
                params={
                    "news_key": f"news.compensation_{state}",
                    "ask_key": f"ask.compensation_{state}",
                    "case": each.number,
                    "what": f"¥{each.amount_yen:,}",
                    "due_at": each.due_at.isoformat(),
                },
                people=(each.promised_by,)
                if state == "near"
                else (each.promised_by, room.incident.lead or ""),
                roles=_SUPPORT,
            )


def _weeks(closed_at: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield each full week before the end, by its number."""
    for week in range(1, (until - closed_at) // A_WEEK + 1):
        if closed_at + week * A_WEEK < until:
            yield week, closed_at + week * A_WEEK
