"""What follows from each step of the lifecycle: claims to check, tasks to do, people to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.checking import add_fact
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.decisions import assign_tasks, settle_response
from hikeshi.domain.facts import Fact
from hikeshi.domain.incidents import ResponseTask, Room, Slot
from hikeshi.domain.lifecycle import LifecycleEvent
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.playbooks import PlaybookTask
from hikeshi.domain.timeline import SYSTEM, TimelineEntry, TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.audience import cause, involved_people, known, paged_people, without
from hikeshi.services.care_notices import opened_rows
from hikeshi.services.notices import Notice, notice_rows
from hikeshi.services.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """The room after a step, what else happened with it, and what goes out."""

    room: Room
    events: tuple[TimelineEvent, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    room: Room
    timeline: Sequence[TimelineEntry]
    configuration: Configuration
    words: Wording
    ids: Ids
    at: datetime

    def rows(self, people: Sequence[Person], notice: Notice) -> tuple[OutboxRow, ...]:
        return notice_rows(self.room.incident, people, notice, ids=self.ids, at=self.at)


def effects_of(
    event: LifecycleEvent,
    room: Room,
    *,
    timeline: Sequence[TimelineEntry],
    configuration: Configuration,
    words: Wording,
    ids: Ids,
    at: datetime,
) -> Effect:
    """Return what follows from a step; ``room`` stands where the step led."""
    step = _Step(room=room, timeline=timeline, configuration=configuration, words=words, ids=ids, at=at)
    match event:
        case LifecycleEvent.ACKNOWLEDGED:
            return Effect(room=room, outbox=(*_tell_paged(step, "acknowledged"), *_care_for(step)))
        case LifecycleEvent.DISMISSED:
            return Effect(room=room, outbox=_tell_paged(step, "dismissed"))
        case LifecycleEvent.FACT_CHECK_STARTED:
            return _seed_claims(step)
        case LifecycleEvent.FACTS_ESTABLISHED:
            return _hand_out_tasks(step)
        case LifecycleEvent.REPORT_SIGNED:
            return _close(step)
        case _:
            return Effect(room=room)


def _care_for(step: _Step) -> tuple[OutboxRow, ...]:
    """Tell HR and legal, once somebody took it for real, that a member of staff is to be looked after."""
    return opened_rows(step.room, step.configuration, ids=step.ids, at=step.at)


def _tell_paged(step: _Step, moment: str) -> tuple[OutboxRow, ...]:
    """Let everybody who was paged go back to what they were doing; whoever decided knows."""
    decision = step.room.slot(Slot.TRIAGE).decision
    if decision is None:
        return ()
    roster = step.configuration.roster
    decider = roster.people.get(decision.by)
    params = {"by": decider.name if decider else decision.by, "decided_at": decision.at.isoformat()}
    if decision.note:
        params["reason"] = decision.note
    notice = Notice(cause=cause(step.room.incident, moment), moment=moment, params=params)
    return step.rows(without(paged_people(step.timeline, roster), decision.by), notice)


def _seed_claims(step: _Step) -> Effect:
    """Put the playbook's first questions on the list, as nobody's findings yet."""
    room = step.room
    events: tuple[TimelineEvent, ...] = ()
    incident = room.incident
    playbook = step.configuration.playbooks.for_category(incident.category)
    known_claims = {fact.claim for fact in room.facts}
    for number, claim in enumerate(playbook.claims, start=1):
        if claim in known_claims:
            continue
        fact = Fact(
            id=f"{incident.generation}-claim-{number:02d}",
            claim=claim,
            source="playbook",
            added_by=SYSTEM,
            added_at=step.at,
        )
        room, added = add_fact(room, fact)
        events += added
    return Effect(room=room, events=events)


def _hand_out_tasks(step: _Step) -> Effect:
    tasks = _tasks(step)
    room, events = assign_tasks(step.room, tasks, at=step.at)
    done_by = room.slot(Slot.FACT_CHECK).decision
    room, settled = settle_response(room, by=done_by.by if done_by else SYSTEM, at=step.at)
    rows: tuple[OutboxRow, ...] = ()
    roster = step.configuration.roster
    lead = roster.people.get(room.incident.lead or "")
    for owner in known([task.owner for task in tasks], roster):
        own = [task for task in tasks if task.owner == owner.id]
        titled = own[0].title
        if len(own) > 1:
            titled = step.words.text("task_list.more", title=titled, count=len(own) - 1)
        params = {"task": titled, "due_at": min(task.due_at for task in own).isoformat()}
        if lead is not None:
            params["lead"] = lead.name
        rows += step.rows([owner], Notice(cause=cause(room.incident, "task"), moment="task", params=params))
    return Effect(room=room, events=(*events, *settled), outbox=rows)


def _tasks(step: _Step) -> tuple[ResponseTask, ...]:
    """Give each engaged department its tasks; one without a holder falls to the lead."""
    incident, roster = step.room.incident, step.configuration.roster
    playbook = step.configuration.playbooks.for_category(incident.category)
    engaged = roster.departments_for(incident.category)
    wanted = [task for task in playbook.tasks if task.department in engaged] or list(playbook.tasks)
    return tuple(
        ResponseTask(
            id=f"{incident.generation}-{task.id}",
            department=task.department,
            title=task.title,
            owner=_owner(task, step),
            due_at=step.at + timedelta(minutes=task.due_minutes),
        )
        for task in wanted
    )


def _owner(task: PlaybookTask, step: _Step) -> str:
    roster = step.configuration.roster
    circle = step.room.incident.circle
    holders = who_may_know(circle, roster.holders(task.department) or roster.holders(Role.LEAD))
    return holders[0].id if holders else (step.room.incident.lead or SYSTEM)


def _close(step: _Step) -> Effect:
    incident = step.room.incident
    after_care = step.at + step.configuration.after_care
    room = replace(step.room, incident=replace(incident, after_care_until=after_care))
    notice = Notice(
        cause=cause(incident, "closed"),
        moment="closed",
        params={"closed_at": step.at.isoformat(), "after_care_at": after_care.isoformat()},
        channels=(Channel.MAIL,),
    )
    people = involved_people(room, step.timeline, step.configuration.roster)
    return Effect(room=room, outbox=step.rows(people, notice))
