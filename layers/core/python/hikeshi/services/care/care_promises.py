"""What comes due for a member of staff who is looked after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from hikeshi.domain.care import PLANS, Protection
from hikeshi.domain.incidents import Room
from hikeshi.domain.timeline import SYSTEM
from hikeshi.services.audit.reminding import Reminder


def care_steps(room: Room) -> Iterator[Reminder]:
    """Yield the steps that are due together and not done, once, for whoever sees to them.

    A track that opened by itself asks nobody before somebody took the incident on.
    """
    for track in room.protections:
        if track.opened_by != SYSTEM or room.incident.lead is not None:
            yield from _of_track(track)


def _of_track(track: Protection) -> Iterator[Reminder]:
    waiting = sorted(track.open_items, key=lambda item: item.due_at)
    for due_at, together in groupby(waiting, key=lambda item: item.due_at):
        items = tuple(together)
        yield Reminder(
            key=f"{track.id}/{due_at:%Y%m%d%H%M}",
            kind="care_reminded",
            moment="due",
            details={"label": track.label, "care_step": items[0].step.value},
            due_at=due_at,
            params={
                "news_key": "news.care_due",
                "ask_key": "ask.care_due",
                "what_key": f"care.step.{items[0].step}",
                "due_at": due_at.isoformat(),
            },
            people=tuple(item.owner for item in items if item.owner),
            roles=tuple(dict.fromkeys(PLANS[item.step].role for item in items if not item.owner)),
        )
