"""What follows from each step of the lifecycle: claims to check, tasks to do, people to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.decisions import assign_tasks, settle_response
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import LifecycleEvent
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.timeline import SYSTEM, TimelineEntry, TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.care.care_notices import opened_rows
from hikeshi.services.escalation.taken_notice import taken_rows
from hikeshi.services.messages.audience import cause, involved_people, known, paged_people, without
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.wording import Wording
from hikeshi.services.playbooks.engaging import Engaging, join_rows, seed_claims, task_rows, tasks_of
from hikeshi.services.reports.signing import leading


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
    follow = _FOLLOWS.get(event)
    return follow(step) if follow else Effect(room=room)


def _taken(step: _Step) -> Effect:
    return Effect(room=step.room, outbox=(*_tell_taken(step), *_care_for(step)))


def _tell_taken(step: _Step) -> tuple[OutboxRow, ...]:
    """Tell everybody who was paged who has it, and what each is asked now."""
    decision = step.room.slot(Slot.TRIAGE).decision
    if decision is None:
        return ()
    roster = step.configuration.roster
    decider = roster.people.get(decision.by)
    return taken_rows(
        step.room,
        without(paged_people(step.timeline, roster), decision.by),
        cause=cause(step.room.incident, "acknowledged"),
        by=decider.name if decider else decision.by,
        decided_at=decision.at,
        configuration=step.configuration,
        ids=step.ids,
        at=step.at,
    )


def _dismissed(step: _Step) -> Effect:
    """Tell the lead and the headquarters too, whom nobody has to have paged."""
    room = step.room
    members = room.headquarters.members if room.headquarters is not None else ()
    return Effect(room=room, outbox=_tell_paged(step, "dismissed", room.incident.lead or "", *members))


def _care_for(step: _Step) -> tuple[OutboxRow, ...]:
    """Tell HR and legal, once somebody took it for real, that a member of staff is to be looked after."""
    return opened_rows(step.room, step.configuration, ids=step.ids, at=step.at)


def _tell_paged(step: _Step, moment: str, *others: str) -> tuple[OutboxRow, ...]:
    """Let everybody who was paged go back to what they were doing; whoever decided knows."""
    decision = step.room.dismissal or step.room.slot(Slot.TRIAGE).decision
    if decision is None:
        return ()
    roster = step.configuration.roster
    decider = roster.people.get(decision.by)
    params = {"by": decider.name if decider else decision.by, "decided_at": decision.at.isoformat()}
    if decision.note:
        params["reason"] = decision.note
    notice = Notice(cause=cause(step.room.incident, moment), moment=moment, params=params)
    paged = [person.id for person in paged_people(step.timeline, roster)]
    return step.rows(without(known([*paged, *others], roster), decision.by), notice)


def _seed_claims(step: _Step) -> Effect:
    playbook = step.configuration.playbooks.of(step.room.incident)
    room, events = seed_claims(step.room, playbook, at=step.at)
    return Effect(room=room, events=events)


def _hand_out_tasks(step: _Step) -> Effect:
    incident, at = step.room.incident, step.at
    playbook = step.configuration.playbooks.of(incident)
    tasks = tasks_of(playbook, incident, roster=step.configuration.roster, at=at)
    room, events = assign_tasks(step.room, tasks, at=at)
    done_by = room.slot(Slot.FACT_CHECK).decision
    room, settled = settle_response(room, by=done_by.by if done_by else SYSTEM, at=at)
    engaging = Engaging(configuration=step.configuration, words=step.words, ids=step.ids, at=at)
    rows = task_rows(room, tasks, engaging=engaging, why="task")
    without_task = set(playbook.departments) - {task.department for task in tasks}
    joining = [role for role in playbook.departments if role in without_task]
    told = [task.owner for task in tasks]
    rows += join_rows(room, joining, apart_from=told, engaging=engaging, why="join")
    return Effect(room=room, events=(*events, *settled), outbox=rows)


def _ask_for_feedback(step: _Step) -> Effect:
    """Ask those who took part how they saw it, by mail and with a link.

    Whoever leads is asked for the report instead.
    """
    params = {"news_key": "news.report_feedback", "ask_key": "ask.report_feedback"}
    notice = Notice(
        cause=cause(step.room.incident, "feedback"),
        moment="due",
        params=params,
        channels=(Channel.MAIL,),
    )
    people = involved_people(step.room, step.timeline, step.configuration.roster)
    spared = [person.id for person in leading(step.room, step.configuration)]
    return Effect(room=step.room, outbox=step.rows(without(people, *spared), notice))


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


_FOLLOWS: Mapping[LifecycleEvent, Callable[[_Step], Effect]] = {
    LifecycleEvent.ACKNOWLEDGED: _taken,
    LifecycleEvent.DISMISSED: _dismissed,
    LifecycleEvent.FACT_CHECK_STARTED: _seed_claims,
    LifecycleEvent.FACTS_ESTABLISHED: _hand_out_tasks,
    LifecycleEvent.CALMED: _ask_for_feedback,
    LifecycleEvent.REPORT_SIGNED: _close,
}
