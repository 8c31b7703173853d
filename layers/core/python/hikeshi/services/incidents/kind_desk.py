"""What people say of the type of crisis and of the fault, and whom that engages."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain import kinds, tasking
from hikeshi.domain.actions import SPEAKING, Action, Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.facts import Fact
from hikeshi.domain.headquarters import without as without_ids
from hikeshi.domain.incidents import Change, Incident, ResponseTask, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.reporting import rewrite_body
from hikeshi.services.headquarters.headquarters_call import joined_by_kind, joining_rows
from hikeshi.services.incidents.kind_text import kind_line
from hikeshi.services.incidents.need_to_know import call_members, restrict_by_kind
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import cause, known, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.playbooks.engaging import Engaging, join_rows, seed_claims, task_rows, tasks_of


def set_kind(
    incident_id: str,
    *,
    by: Responder,
    crisis_type: CrisisType,
    fault: Fault,
    facts: tuple[int, ...],
    reason: str,
) -> Room:
    """Say what type of crisis it is and whose fault; ``facts`` are the numbers of those it rests on.

    The departments of the new playbook get what they do not have yet, with a seat in an open headquarters,
    and nobody else is written to but those whose text has to be written again. If such incidents are kept
    among few, a circle is drawn, and whoever loses sight of it hears that. What is done stays done.

    Raises
    ------
    InvalidFormError
        ``kind_facts`` if a number belongs to no fact.
    """
    seen: list[Room] = []

    def change(room: Room, at: datetime) -> Change:
        judged, events = kinds.set_kind(
            room,
            crisis_type=crisis_type,
            fault=fault,
            facts=_named(room, facts),
            reason=reason,
            by=by.person.id,
            at=at,
        )
        before, after = (kind_line(each.incident, by.words) for each in (room, judged))
        judged = rewrite_body(judged, before, after, by=by.person.id)
        engaged, followed = _engaged_anew(room, judged, by=by, at=at)
        seen[:] = [room]
        return engaged, (*events, *followed)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        (before,) = seen
        told = _told(before, room, by=by, at=at)
        return (*told, *call_members(room, before, by=by, at=at))

    return act(incident_id, Action.SET_KIND, change, by=by, tell=tell)


def _engaged_anew(before: Room, judged: Room, *, by: Responder, at: datetime) -> Change:
    """Draw the circle, fill the seats, and lay out the claims and tasks of the playbook that holds now."""
    configuration = by.configuration
    room, kept = restrict_by_kind(judged, by=by, at=at)
    joining = _joining(before.incident, room.incident, configuration)
    room, seated = joined_by_kind(room, joining, configuration, by=by.person.id, at=at)
    playbook = configuration.playbooks.of(room.incident)
    room, asked = seed_claims(room, playbook, at=at)
    if before.incident.status not in SPEAKING:  # nobody has been given a task yet
        return room, (*kept, *seated, *asked)
    wanted = tasks_of(playbook, room.incident, roster=configuration.roster, at=at)
    room, assigned = tasking.reassign(room, wanted, by=by.person.id, at=at)
    return room, (*kept, *seated, *asked, *assigned)


def _named(room: Room, numbers: tuple[int, ...]) -> tuple[Fact, ...]:
    if any(not 1 <= number <= len(room.facts) for number in numbers):
        raise InvalidFormError("there is no fact of this number", field="kind_facts")
    return tuple(room.facts[number - 1] for number in dict.fromkeys(numbers))


def _told(before: Room, after: Room, *, by: Responder, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell the newly engaged what is asked, and those behind a text that it must be written again."""
    engaging = Engaging(configuration=by.configuration, words=by.words, ids=by.ids, at=at)
    press = f"kind/{at:%Y%m%d%H%M%S%f}"
    new_tasks = _newly_open(before, after)
    rows = task_rows(after, new_tasks, engaging=engaging, why=press)
    # Whoever has a task hears of that, and finds the call of the headquarters behind its link.
    seated = without_ids(_newly_seated(before, after), [task.owner for task in new_tasks])
    rows += joining_rows(after, seated, by.configuration, what="kind", by=by.person.id, ids=by.ids, at=at)
    joining = _joining(before.incident, after.incident, by.configuration)
    told = (by.person.id, *seated, *(task.owner for task in new_tasks))
    rows += join_rows(after, joining, apart_from=told, engaging=engaging, why=f"{press}/join")
    return rows + _overtaken_rows(before, after, by=by, at=at, why=press)


def _joining(before: Incident, after: Incident, configuration: Configuration) -> tuple[Role, ...]:
    """Return the departments that the playbook engages now and did not before."""
    engaged = configuration.playbooks.of(before).departments
    return tuple(role for role in configuration.playbooks.of(after).departments if role not in engaged)


def _newly_seated(before: Room, after: Room) -> tuple[str, ...]:
    was_seated = before.headquarters.members if before.headquarters is not None else ()
    return without_ids(after.headquarters.members, was_seated) if after.headquarters is not None else ()


def _newly_open(before: Room, after: Room) -> tuple[ResponseTask, ...]:
    was_open = {task.id for task in before.tasks if task.is_open}
    return tuple(task for task in after.tasks if task.is_open and task.id not in was_open)


def _overtaken_rows(
    before: Room, after: Room, *, by: Responder, at: datetime, why: str
) -> tuple[OutboxRow, ...]:
    old, new = before.statement, after.statement
    if old is None or new is None or old.flagged_at == new.flagged_at:
        return ()
    people = [new.drafted_by, *(each.by for each in new.approvals), after.incident.lead or ""]
    notice = Notice(
        cause=cause(after.incident, f"{why}/statement"),
        moment="status",
        params={"news_key": "news.statement_overtaken", "ask_key": "ask.statement_overtaken"},
    )
    told = without(known(people, by.configuration.roster), by.person.id)
    return notice_rows(after.incident, told, notice, ids=by.ids, at=at)
