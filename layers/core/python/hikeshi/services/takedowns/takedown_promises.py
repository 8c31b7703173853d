"""The times of the deletion desk: answers that are due, letters that nobody sent, posts left half undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.incidents import Room
from hikeshi.domain.takedowns import ASKED, Takedown, TakedownState
from hikeshi.services.audit.reminding import Reminder

ANSWER_NOTICE = timedelta(days=1)
"""How long before the answer is due people are told."""

SENT_WITHIN = timedelta(days=1)
"""How long an approved request may lie."""

OWN_POST_WITHIN = timedelta(hours=1)
"""How long a bad post of our own may be left half undone before its people are told."""

OWN_POST_RAISED_AFTER = timedelta(hours=3)
"""How long before executives are."""


def takedowns(room: Room) -> Iterator[Reminder]:
    """Yield what is due of each request."""
    for each in room.takedowns:
        if each.deadline is not None and each.state in ASKED | {TakedownState.EXPIRED}:
            name = f"takedown/{each.number}/{each.deadline:%Y-%m-%d}"
            if each.state in ASKED:
                near = each.deadline - ANSWER_NOTICE
                yield _reminder(each, f"{name}/near", "takedown_near", "takedown_reminded", due_at=near)
            yield _reminder(
                each, f"{name}/over", "takedown_overdue", "takedown_overdue", due_at=each.deadline
            )
        if each.state is TakedownState.APPROVED:
            name = f"takedown/{each.number}/{each.moved_at:%Y-%m-%d}/unsent"
            due_at = each.moved_at + SENT_WITHIN
            yield _reminder(each, name, "takedown_unsent", "takedown_unsent", due_at=due_at)


def own_posts(room: Room) -> Iterator[Reminder]:
    """Yield what is left undone of each bad post of our own, first to its people, then to executives."""
    for post in room.own_posts:
        if post.announced_at is not None:
            continue
        for step, after, roles in (
            ("told", OWN_POST_WITHIN, (Role.PR, Role.LEAD)),
            ("raised", OWN_POST_RAISED_AFTER, (Role.PR, Role.LEAD, Role.EXECUTIVE)),
        ):
            yield Reminder(
                key=f"own-post/{post.number}/{step}",
                kind="own_post_silent",
                moment="due",
                due_at=post.archived_at + after,
                params={"news_key": "news.own_post_silent", "ask_key": "ask.own_post_silent"},
                details={"own_post": post.id, "post": str(post.number)},
                people=(post.archived_by, room.incident.lead or ""),
                roles=roles,
            )


def _reminder(takedown: Takedown, key: str, news: str, kind: str, *, due_at: datetime) -> Reminder:
    answer_due = None if takedown.state is TakedownState.APPROVED else takedown.deadline
    return Reminder(
        key=key,
        kind=kind,
        moment="due",
        due_at=due_at,
        params={
            "news_key": f"news.{news}",
            "ask_key": f"ask.{news}",
            "platform_key": f"platform.{takedown.platform}",
            "due_at": (answer_due or due_at).isoformat(),
        },
        details={"takedown": takedown.id, "request": str(takedown.number)},
        people=(takedown.requested_by, takedown.sent_by or ""),
        roles=(Role.LEGAL,),
    )
