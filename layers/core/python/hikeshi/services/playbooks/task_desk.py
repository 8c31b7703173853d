"""What people do with tasks beside doing them: hand them on and add more; and when they are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hikeshi.domain import tasking
from hikeshi.domain.actions import Action, Role
from hikeshi.domain.circles import may_know
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, ResponseTask, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.typed_times import check_to_come
from hikeshi.services.audit.reminding import Reminder
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.playbooks.engaging import Engaging, task_rows

REMINDED_BEFORE = timedelta(minutes=15)
"""How long before its time the owner of a task that somebody added is reminded."""


def hand_task(incident_id: str, *, by: Responder, task_id: str, owner: str) -> Room:
    """Put a task into another person's hands, and tell them.

    Raises
    ------
    InvalidFormError
        ``owner`` if nobody who may do tasks has this id.
    """

    def change(room: Room, at: datetime) -> Change:
        return tasking.hand_over(room, task_id, to=_able(owner, room, by), by=by.person.id, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return _told(room, room.task(task_id), by=by, at=at)

    return act(incident_id, Action.HAND_TASK, change, by=by, tell=tell)


def add_task(
    incident_id: str,
    *,
    by: Responder,
    title: str,
    department: Role,
    owner: str,
    due_at: datetime | None,
) -> Room:
    """Ask a person for something that no playbook has foreseen.

    Raises
    ------
    InvalidFormError
        ``owner`` if nobody who may do tasks has this id, ``due_at`` if it is past or too far.
    """
    task_id = f"task-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        if due_at is None:
            raise InvalidFormError("a task has a time", field="due_at", why="missing")
        check_to_come(due_at, now=at, field="due_at")
        task = ResponseTask(
            id=task_id,
            department=department,
            title=title,
            owner=_able(owner, room, by),
            due_at=due_at,
            remind_at=max(due_at - REMINDED_BEFORE, at),
            added_by=by.person.id,
        )
        return tasking.add_task(room, task, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return _told(room, room.task(task_id), by=by, at=at)

    return act(incident_id, Action.ADD_TASK, change, by=by, tell=tell)


def promised_tasks(room: Room) -> Iterator[Reminder]:
    """Yield each open task: to its owner before its time, and to the lead as well when it has passed."""
    for task in room.tasks if room.incident.status.is_open else ():
        if not task.is_open:
            continue
        name = f"task/{task.id}/{task.due_at:%Y%m%d%H%M}"
        params = {"task": task.title, "task_short": task.called, "due_at": task.due_at.isoformat()}
        details = {"title": task.title, "owner": task.owner}
        if task.remind_at is not None:
            yield Reminder(
                key=f"{name}/near",
                kind="task_reminded",
                moment="task_near",
                due_at=task.remind_at,
                params=params,
                details=details,
                people=(task.owner,),
            )
        yield Reminder(
            key=f"{name}/late",
            kind="task_late",
            moment="task_late",
            due_at=task.due_at,
            params=params,
            details=details,
            people=(task.owner, room.incident.lead or ""),
            roles=(Role.LEAD,),
        )


def _able(person_id: str, room: Room, by: Responder) -> str:
    """Return the id of somebody who may do tasks."""
    configuration = by.configuration
    person = configuration.roster.people.get(person_id)
    playbook = configuration.playbooks.of(room.incident)
    if person is None or not playbook.permits(person, Action.COMPLETE_TASK):
        raise InvalidFormError("nobody who may do tasks has this id", field="owner")
    if not may_know(room.incident.circle, person):
        raise InvalidFormError("this person may not know of the incident", field="owner")
    return person.id


def _told(room: Room, task: ResponseTask, *, by: Responder, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell the new owner, unless they gave it to themselves."""
    if task.owner == by.person.id:
        return ()
    engaging = Engaging(configuration=by.configuration, words=by.words, ids=by.ids, at=at)
    return task_rows(room, (task,), engaging=engaging, why=f"task/{task.id}/{at:%Y%m%d%H%M%S%f}")
