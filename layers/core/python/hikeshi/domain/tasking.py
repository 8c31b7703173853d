"""Tasks after they were handed out: one more, another owner, and what a changed playbook makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.decisions import assign_tasks, settle_response
from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Change, ResponseTask, Room
from hikeshi.domain.timeline import SYSTEM, TimelineEvent

MOST_TASKS = 100
"""Tasks of one incident; more than that nobody keeps in sight."""


def add_task(room: Room, task: ResponseTask, *, at: datetime) -> Change:
    """Add a task that somebody thought of.

    Raises
    ------
    NotReadyError
        ``fewer_tasks`` if there are as many as anybody can keep in sight.
    """
    if len(room.tasks) >= MOST_TASKS:
        raise NotReadyError(("fewer_tasks",))
    details = {"task": task.id, "title": task.title, "owner": task.owner, "role": task.department.value}
    event = TimelineEvent(kind="task_added", at=at, actor=task.added_by or SYSTEM, details=details)
    return replace(room, tasks=(*room.tasks, task)), (event,)


def hand_over(room: Room, task_id: str, *, to: str, by: str, at: datetime) -> Change:
    """Put a task into another person's hands.

    Raises
    ------
    AlreadyDecidedError
        If it is done already; carries who did it.
    NotReadyError
        ``needed_task`` if it is no longer needed, ``another_owner`` if the person has it already.
    """
    task = room.task(task_id)
    if task.done_by is not None and task.done_at is not None:
        raise AlreadyDecidedError(decision="done", by=task.done_by, at=task.done_at)
    if task.dropped_at is not None:
        raise NotReadyError(("needed_task",))
    if task.owner == to:
        raise NotReadyError(("another_owner",))
    details = {"task": task.id, "title": task.title, "person": task.owner, "owner": to}
    event = TimelineEvent(kind="task_handed_over", at=at, actor=by, details=details)
    return _with_tasks(room, (replace(task, owner=to),)), (event,)


def reassign(
    room: Room, wanted: tuple[ResponseTask, ...], *, by: str, at: datetime, reason: str = ""
) -> Change:
    """Bring the tasks of this generation into line with what the playbook asks for now.

    What is done stays, and so does what people added. An open task that is no longer asked for is
    dropped; one that is asked for again is taken up with its new time. Tasks that were handed to somebody
    stay in those hands. With a ``reason`` the timeline says it of each task, instead of the kind.
    """
    asked = {task.id for task in wanted}
    unasked = frozenset(task.id for task in room.tasks if task.id not in asked)
    kept, dropped = drop(room, unasked, by=by, at=at, reason=reason)
    changed, noted = resume(kept, wanted, by=by, at=at, reason=reason)
    assigned, handed_out = assign_tasks(changed, wanted, at=at)
    settled, completed = settle_response(assigned, by=by, at=at)
    return settled, (*dropped, *noted, *handed_out, *completed)


def resume(
    room: Room, wanted: tuple[ResponseTask, ...], *, by: str, at: datetime, reason: str = ""
) -> Change:
    """Take up those of the wanted tasks that were dropped, with their new times."""
    asked = {task.id: task for task in wanted}
    resumed = tuple(
        replace(task, dropped_at=None, due_at=asked[task.id].due_at, remind_at=asked[task.id].remind_at)
        for task in room.tasks
        if task.dropped_at is not None and task.id in asked
    )
    kind = "task_wanted_again" if reason else "task_resumed"
    events = tuple(_noted(kind, task, by=by, at=at, reason=reason) for task in resumed)
    return _with_tasks(room, resumed), events


def drop(room: Room, task_ids: frozenset[str], *, by: str, at: datetime, reason: str = "") -> Change:
    """Drop those of the playbook's tasks that nobody has done; what people added is not for it to drop."""
    dropped = tuple(
        replace(task, dropped_at=at)
        for task in room.tasks
        if task.id in task_ids and task.is_open and task.added_by is None and _is_current(room, task)
    )
    kind = "task_closed" if reason else "task_dropped"
    events = tuple(_noted(kind, task, by=by, at=at, reason=reason) for task in dropped)
    return _with_tasks(room, dropped), events


def _is_current(room: Room, task: ResponseTask) -> bool:
    return task.id.startswith(f"{room.incident.generation}-")


def _noted(kind: str, task: ResponseTask, *, by: str, at: datetime, reason: str) -> TimelineEvent:
    details = {
        "task": task.id,
        "title": task.title,
        "owner": task.owner,
        "role": task.department.value,
    } | ({"why": reason} if reason else {})
    return TimelineEvent(kind=kind, at=at, actor=by, details=details)


def _with_tasks(room: Room, changed: tuple[ResponseTask, ...]) -> Room:
    """Put tasks in place of those with the same ids."""
    by_id = {task.id: task for task in changed}
    return replace(room, tasks=tuple(by_id.get(task.id, task) for task in room.tasks))
