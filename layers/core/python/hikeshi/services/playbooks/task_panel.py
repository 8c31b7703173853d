"""The tasks of an incident, as the room shows them in short and the playbook's page in full."""

from __future__ import annotations

from collections.abc import Sequence

from hikeshi.domain.actions import Action
from hikeshi.domain.incidents import ResponseTask
from hikeshi.services.room.page_models import Gate, TaskGroup, TaskItem
from hikeshi.services.room.room_models import TasksPanel
from hikeshi.services.room.visit import Visit, shown

MAX_TASKS = 40


def tasks_panel(visit: Visit) -> TasksPanel | None:
    """Show the tasks by department, the reader's own first and open ones before done ones."""
    tasks = [task for task in visit.room.tasks if task.dropped_at is None or task.done_at is not None]
    if not tasks:
        return None
    ranked = by_urgency(visit, tasks)
    groups = task_groups(visit, ranked[:MAX_TASKS])
    hidden = len(tasks) - min(len(tasks), MAX_TASKS)
    return TasksPanel(
        groups=groups,
        progress=progress(visit, tasks),
        more=visit.text("page.more", count=hidden) if hidden else "",
    )


def by_urgency(visit: Visit, tasks: Sequence[ResponseTask]) -> list[ResponseTask]:
    """Put the reader's own first, then what is open, by time."""
    return sorted(tasks, key=lambda task: (task.owner != visit.reader.id, not task.is_open, task.due_at))


def task_groups(visit: Visit, tasks: Sequence[ResponseTask]) -> tuple[TaskGroup, ...]:
    """Group tasks by department; the reader's first open one is unfolded."""
    by_group: dict[str, list[TaskItem]] = {}
    for place, task in enumerate(tasks):
        first = place == 0 and task.owner == visit.reader.id
        by_group.setdefault(_heading(visit, task), []).append(_task(visit, task, first=first))
    return tuple(TaskGroup(heading=name, tasks=tuple(items)) for name, items in by_group.items())


def progress(visit: Visit, tasks: Sequence[ResponseTask]) -> str:
    """Say how many of these tasks are done."""
    done = sum(1 for task in tasks if task.done_at is not None)
    return visit.text("page.task.progress", done=done, total=len(tasks))


def _heading(visit: Visit, task: ResponseTask) -> str:
    department = visit.text(f"role.{task.department}")
    mine = task.owner == visit.reader.id
    return visit.text("page.task.mine", department=department) if mine else department


def _task(visit: Visit, task: ResponseTask, *, first: bool) -> TaskItem:
    state, tone = _task_state(visit, task)
    trail = [visit.text("page.task.owner", owner=visit.name(task.owner), due=visit.when(task.due_at))]
    if task.added_by is not None:
        trail.append(visit.text("page.task.added_by", by=visit.name(task.added_by)))
    if task.done_by is not None and task.done_at is not None:
        if task.result:
            trail.append(visit.text("page.task.result", result=shown(task.result, 240)))
        trail.append(visit.text("page.task.done_by", by=visit.by_at(task.done_by, task.done_at)))
    gate = visit.gate(Action.COMPLETE_TASK) if task.is_open else Gate(open=False)
    form = visit.form(Action.COMPLETE_TASK, gate=gate, item=task.id)
    return TaskItem(
        id=task.id,
        anchor=f"at-{task.id}",
        title=shown(task.title, 120),
        state=state,
        tone=tone,
        trail=tuple(trail),
        done=form,
        expanded=bool(form.typed) or first,
    )


def _task_state(visit: Visit, task: ResponseTask) -> tuple[str, str]:
    if task.done_at is not None:
        return visit.text("page.task.done"), "calm"
    if task.dropped_at is not None:
        return visit.text("page.task.dropped", at=visit.when(task.dropped_at)), "quiet"
    if visit.at > task.due_at:
        return visit.text("page.task.late", span=visit.lasting(visit.at - task.due_at)), "late"
    return visit.text("page.task.open", span=visit.lasting(task.due_at - visit.at)), "wait"
