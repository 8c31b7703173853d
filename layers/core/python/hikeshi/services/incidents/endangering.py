"""What a life at risk makes of an incident that is worked on already: questions, tasks, and who hears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hikeshi.domain import protecting
from hikeshi.domain.actions import SPEAKING
from hikeshi.domain.incidents import Change, Incident, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.peril import named
from hikeshi.services.incidents.alert_joining import Joining
from hikeshi.services.incidents.further_threats import FURTHER
from hikeshi.services.incidents.resuming import resume_rows
from hikeshi.services.incidents.titles import retitled
from hikeshi.services.messages.audience import cause, holders_of, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.playbooks.engaging import Engaging, seed_claims, task_rows, tasks_of

ASKED = SPEAKING | {IncidentStatus.FACT_FINDING}
"""Where the playbook's questions are on the list already."""


def endangered(room: Room, joining: Joining) -> Change:
    """Note a life at risk that an alert tells of, and lay out what protects it as far as work has begun.

    Whoever checks facts gets the questions of the life as well. Once the departments have their tasks,
    those that protect the life are handed out beside them, and those of departments that stand down now
    are dropped. Before that the steps of the lifecycle do it, by the playbook that holds then.
    """
    noted, events = protecting.endanger(room, *joining.perils_in(room.incident), at=joining.at)
    if events:
        noted = replace(noted, incident=retitled(noted.incident, joining.words))
    if not events or noted.incident.status not in ASKED:
        return noted, events
    playbook = joining.configuration.playbooks.of(noted.incident)
    noted, asked = seed_claims(noted, playbook, at=joining.at)
    if noted.incident.status not in SPEAKING:
        return noted, (*events, *asked)
    wanted = tasks_of(playbook, noted.incident, roster=joining.configuration.roster, at=joining.at)
    beside = _ids_beside(noted.incident, joining)
    noted, dealt = protecting.work_for_life(
        noted,
        tuple(task for task in wanted if task.id not in beside),
        stood_down=beside.difference(task.id for task in wanted),
        at=joining.at,
    )
    return noted, (*events, *asked, *dealt)


def warning_rows(room: Room, people: Iterable[Person], joining: Joining) -> tuple[OutboxRow, ...]:
    """Tell people what comes first where a life is at risk."""
    incident = room.incident
    what = f"peril/{named(incident.perils)}/{joining.alert.id}/{joining.at:%Y%m%d%H%M%S%f}"
    notice = Notice(cause=cause(incident, what), moment="peril", params=FURTHER)
    return notice_rows(incident, people, notice, ids=joining.ids, at=joining.at)


def work_rows(
    before: Room, after: Room, joining: Joining, *, told: Iterable[OutboxRow]
) -> tuple[OutboxRow, ...]:
    """Tell who got a task by it, and warn the departments that come in by it unless ``told`` does."""
    if after.incident.status not in SPEAKING:
        return ()
    configuration, at = joining.configuration, joining.at
    engaging = Engaging(configuration=configuration, words=joining.words, ids=joining.ids, at=at)
    was_open = {task.id for task in before.tasks if task.is_open}
    new = [task for task in after.tasks if task.is_open and task.id not in was_open]
    playbooks = configuration.playbooks
    engaged = playbooks.of(before.incident).departments
    joins = [role for role in playbooks.of(after.incident).departments if role not in engaged]
    heard = [row.body.person_id for row in told if isinstance(row.body, Message)]
    return (
        *task_rows(
            after,
            new,
            engaging=engaging,
            why=f"peril/{named(after.incident.perils)}/{at:%Y%m%d%H%M%S%f}/work",
        ),
        *warning_rows(after, without(holders_of(joins, configuration.roster), *heard), joining),
        *(resume_rows(after, Slot.RESPONSE, at=at) if before.slot(Slot.RESPONSE).decision is None else ()),
    )


def _ids_beside(incident: Incident, joining: Joining) -> frozenset[str]:
    """Return the ids of the tasks that would be asked for if no life were at risk."""
    playbook = joining.configuration.playbooks.beside_peril(incident)
    return frozenset(f"{incident.generation}-{task.id}" for task in playbook.tasks)
