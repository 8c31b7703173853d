"""The times of what the company says: a word that is approved and not put out, and the next one promised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hikeshi.domain.actions import SPEAKING, Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.publishing import hand_off_gaps, last_published
from hikeshi.services.audit.reminding import Reminder
from hikeshi.services.incidents.standing import standing

UPDATE_NOTICE = timedelta(minutes=30)
"""How long before a promised update its writers are reminded."""


def unpublished(room: Room, configuration: Configuration) -> Iterator[Reminder]:
    """Yield what is due while a text lies approved and nobody has said that it is out.

    First to the lead, and after as long again to the executives. A text that may not go out just now
    reminds of nothing: whoever has to mend it was called for that.
    """
    said = room.statement
    if said is None or said.waived or said.approved_at is None or said.published_at is not None:
        return
    if standing(room) not in SPEAKING or hand_off_gaps(room, said):
        return
    name = f"publish/{said.generation}/{said.version}"
    for times, kind, people, roles in (
        (1, "publish_reminded", (room.incident.lead or "",), (Role.LEAD,)),
        (2, "publish_late", (), (Role.EXECUTIVE,)),
    ):
        yield Reminder(
            key=f"{name}/{kind}",
            kind=kind,
            moment="status",
            due_at=said.approved_at + times * configuration.publish_within,
            params={"news_key": f"news.{kind}", "ask_key": f"ask.{kind}"},
            details={"version": str(said.version)},
            people=people,
            roles=roles,
            asks=True,
        )


def promised_update(room: Room) -> Iterator[Reminder]:
    """Yield the next update that the public was promised: once before its time, once when it has passed.

    Only what was put out promises anything; the next thing that is put out keeps the promise, and the
    decision to say nothing more takes it back.
    """
    said = last_published(room)
    if room.statement is not None and room.statement.waived:
        return
    if said is None or said.published_at is None or said.next_update_at is None:
        return
    at = said.next_update_at
    name = f"update/{said.generation}/{said.version}"
    promised = {"promised": at.isoformat()}
    people = (said.drafted_by, room.incident.lead or "")
    yield Reminder(
        key=f"{name}/near",
        kind="promise_reminded",
        moment="status",
        details=promised,
        due_at=max(at - UPDATE_NOTICE, said.published_at),
        params={
            "news_key": "news.promise_near",
            "ask_key": "ask.promise_near",
            "next_at": at.isoformat(),
        },
        people=people,
        roles=(Role.PR,),
    )
    yield Reminder(
        key=f"{name}/missed",
        kind="promise_missed",
        moment="status",
        details=promised,
        due_at=at,
        params={"news_key": "news.promise_missed", "ask_key": "ask.promise_missed"},
        people=people,
        roles=(Role.PR, Role.LEAD, Role.EXECUTIVE),
    )
