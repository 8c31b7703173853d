"""What the playbook of an incident asks of its departments: claims, tasks, and the message each gets.

Every department is told its own list, never a copy of one mail: its tasks with their times, and its card.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.checking import add_fact
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.facts import Fact
from hikeshi.domain.incidents import Change, Incident, ResponseTask, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Roster
from hikeshi.domain.playbooks import FIRST_STEPS, Playbook, PlaybookTask
from hikeshi.domain.timeline import SYSTEM, TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.messages.audience import cause, holders_of, known
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.wording import Wording

MOST_LINES = 6
"""Lines of a list in a mail; the page has them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engaging:
    """What telling departments needs; ``at`` is when it happens."""

    configuration: Configuration
    words: Wording
    ids: Ids
    at: datetime


def seed_claims(room: Room, playbook: Playbook, *, at: datetime) -> Change:
    """Put the playbook's first questions on the list, as nobody's findings yet."""
    prefix = f"{room.incident.generation}-claim-"
    number = sum(fact.id.startswith(prefix) for fact in room.facts)
    listed = {fact.claim for fact in room.facts}
    events: tuple[TimelineEvent, ...] = ()
    for claim in playbook.claims:
        if claim in listed:
            continue
        number += 1
        fact = Fact(id=f"{prefix}{number:02d}", claim=claim, source="playbook", added_by=SYSTEM, added_at=at)
        room, added = add_fact(room, fact)
        events += added
    return room, events


def tasks_of(
    playbook: Playbook, incident: Incident, *, roster: Roster, at: datetime
) -> tuple[ResponseTask, ...]:
    """Return the tasks of a playbook, handed out now; one whose department nobody holds falls to the lead."""
    return tuple(_task(task, incident, roster=roster, at=at) for task in playbook.tasks)


def step_params(playbook: Playbook) -> dict[str, str]:
    """Return the first steps as an alert carries them."""
    return {f"step_{place}": step for place, step in enumerate(playbook.first_steps[:FIRST_STEPS], start=1)}


def task_rows(
    room: Room, tasks: Sequence[ResponseTask], *, engaging: Engaging, why: str
) -> tuple[OutboxRow, ...]:
    """Tell each owner of these tasks what is asked of them; ``why`` tells one call from another."""
    rows: tuple[OutboxRow, ...] = ()
    for owner in known([task.owner for task in tasks], engaging.configuration.roster):
        own = [task for task in tasks if task.owner == owner.id]
        notice = Notice(cause=cause(room.incident, why), moment="task", params=_params(room, own, engaging))
        rows += notice_rows(room.incident, [owner], notice, ids=engaging.ids, at=engaging.at)
    return rows


def join_rows(
    room: Room, roles: Iterable[Role], *, apart_from: Iterable[str], engaging: Engaging, why: str
) -> tuple[OutboxRow, ...]:
    """Ask departments to join that have nothing to do yet but to read their card."""
    told = set(apart_from)
    roster = engaging.configuration.roster
    lead = roster.people.get(room.incident.lead or "")
    rows: tuple[OutboxRow, ...] = ()
    for person in holders_of(roles, roster):
        if person.id in told:
            continue
        params = {"news_key": "news.engaged", "ask_key": "ask.engaged"}
        if lead is not None and lead.id != person.id:
            params |= {"asker_key": "asker.person", "ask_key": "ask.engaged_by", "by": lead.name}
        notice = Notice(cause=cause(room.incident, why), moment="status", params=params)
        rows += notice_rows(room.incident, [person], notice, ids=engaging.ids, at=engaging.at)
    return rows


def _params(room: Room, own: Sequence[ResponseTask], engaging: Engaging) -> dict[str, str]:
    department = own[0].department
    params = {
        "task": _with_more("task_list.more", own[0].title, own, engaging.words),
        "task_short": _with_more("task_list.more_short", own[0].called, own, engaging.words),
        "due_at": min(task.due_at for task in own).isoformat(),
        "department_key": f"role.{department}",
    }
    for place, task in enumerate(own[:MOST_LINES], start=1):
        params |= {f"item_{place}": task.title, f"item_{place}_due_at": task.due_at.isoformat()}
    card = engaging.configuration.playbooks.of(room.incident).cards.get(department, ())
    params |= {f"card_{place}": line for place, line in enumerate(card[:MOST_LINES], start=1)}
    lead = engaging.configuration.roster.people.get(room.incident.lead or "")
    if lead is not None:
        params["lead"] = lead.name
    return params


def _with_more(key: str, first: str, own: Sequence[ResponseTask], words: Wording) -> str:
    return words.text(key, title=first, count=len(own) - 1) if len(own) > 1 else first


def _task(task: PlaybookTask, incident: Incident, *, roster: Roster, at: datetime) -> ResponseTask:
    asked = roster.holders(task.department) or roster.holders(Role.LEAD)
    holders = who_may_know(incident.circle, asked)
    due_at = at + timedelta(minutes=task.due_minutes)
    return ResponseTask(
        id=f"{incident.generation}-{task.id}",
        department=task.department,
        title=task.title,
        short=task.short,
        owner=holders[0].id if holders else (incident.lead or SYSTEM),
        due_at=due_at,
        remind_at=max(due_at - timedelta(minutes=task.remind_minutes), at),
    )
