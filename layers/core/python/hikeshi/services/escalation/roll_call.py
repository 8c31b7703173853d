"""Roll-calls: several people of whom each must confirm, whatever the others answer."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Confirmation, Incident, Room, RoomChange
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.people import Person
from hikeshi.domain.rounds import has_confirmed, is_settled, roll_call_question, settled
from hikeshi.domain.timeline import TimelineEntry, TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.escalation.ladder import LAST_RESORT, LadderPlace, Paged, place_of
from hikeshi.services.escalation.lately import WAITED_FOR, called_about_now, paged_soon
from hikeshi.services.messages.audience import among, holders_of, known, without
from hikeshi.services.messages.notices import Notice, notice_rows

ROLL_CALL = "roll_call"
"""Moment of the request to confirm."""

_CALLS = frozenset({ROLL_CALL, "page", "called_in", "level_raised"})
"""Moments by which somebody on the roll hears of an incident."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What asking a roll-call once leads to; ``answered`` if everybody has confirmed.

    ``later`` if nobody was asked yet, and the same place is to be asked for again after the wait.
    """

    answered: bool
    wait_seconds: int = 0
    change: RoomChange | None = None
    later: bool = False


def on_the_roll(incident: Incident, configuration: Configuration) -> tuple[Person, ...]:
    """Return the people who must confirm the incident at its level, as the roster stands now."""
    policy = configuration.escalation.roll_call_for(incident.category, incident.level)
    named = holders_of(policy.roles, configuration.roster) if policy is not None else ()
    return who_may_know(incident.circle, named)


def confirmations(incident: Incident) -> tuple[Confirmation, ...]:
    """Return who has confirmed the incident at its level, in order."""
    return tuple(known for known in incident.confirmed if known.level is incident.level)


def missing(incident: Incident, configuration: Configuration) -> tuple[Person, ...]:
    """Return who has not confirmed yet."""
    roll = on_the_roll(incident, configuration)
    return tuple(person for person in roll if not has_confirmed(incident, person.id))


def out_of_reach(people: Iterable[Person], incident: Incident, sent: Iterable[OutboxRow]) -> frozenset[str]:
    """Return the ids of those to whom no call about an incident at its level came, nor is under way.

    ``sent`` is what people were sent about it; somebody who was sent nothing counts only without an address.
    """
    calls: dict[str, set[OutboxState]] = {}
    for row in sent:
        body = row.body
        if not isinstance(body, Message) or body.moment not in _CALLS:
            continue
        if (body.generation, body.level) == (incident.generation, incident.level):
            calls.setdefault(body.person_id, set()).add(row.state)
    lost = {person_id for person_id, states in calls.items() if states == {OutboxState.FAILED}}
    return frozenset(
        person.id
        for person in people
        if person.id in lost or (person.id not in calls and not person.contacts(urgent=True))
    )


def unreached_on_the_roll(level: Level, person_ids: Iterable[str], *, at: datetime) -> TimelineEvent:
    """Return the line that says who of a roll-call cannot be asked."""
    details = {"people": ",".join(person_ids), "level": level.value}
    return TimelineEvent(kind="roll_unreached", at=at, details=details)


def closed_if_complete(room: Room, configuration: Configuration) -> Room:
    """Settle the roll-call's question once nobody is missing."""
    incident = room.incident
    if not on_the_roll(incident, configuration) or missing(incident, configuration):
        return room
    question = roll_call_question(incident, incident.level)
    return replace(room, incident=settled(incident, question))


def next_asked_at(room: Room, configuration: Configuration) -> datetime | None:
    """Return when those who are missing are asked next, None if they are not: it may be long ago."""
    incident = room.incident
    question = roll_call_question(incident, incident.level)
    if is_settled(room, question) or not missing(incident, configuration):
        return None
    first = replace(place_of(incident, 0), roll_call=True)
    if first.key in incident.paged:
        return incident.next_roll_call_at
    return incident.raised_at or incident.status_since or incident.opened_at


def waits(incident: Incident, level: Level, configuration: Configuration) -> tuple[int, ...]:
    """Return the seconds to wait after each time of asking."""
    policy = configuration.escalation.roll_call_for(incident.category, level)
    if policy is None:
        return ()
    return (int(policy.every.total_seconds()),) * (policy.repeats + 1)


def asking_both(paged: Paged, configuration: Configuration) -> Paged:
    """Let the calls of a moment ask for the confirmation as well, whom they reach and who still owes it."""
    owing = {person.id for person in missing(paged.room.incident, configuration)}
    return replace(paged, outbox=tuple(_asking_both(row, owing) for row in paged.outbox))


def _asking_both(row: OutboxRow, owing: Collection[str]) -> OutboxRow:
    body = row.body
    if not isinstance(body, Message) or body.moment == ROLL_CALL or body.moment not in _CALLS:
        return row
    if body.person_id not in owing:
        return row
    return replace(row, body=replace(body, params={**body.params, "confirm_key": "ask.confirm_too"}))


def ask(
    room: Room,
    place: LadderPlace,
    configuration: Configuration,
    *,
    timeline: Sequence[TimelineEntry],
    ids: Ids,
    at: datetime,
) -> Asked:
    """Ask those who have not confirmed; whom a call reached just now, or is to, is not asked beside it."""
    incident = room.incident
    absent = missing(incident, configuration)
    plan = waits(incident, place.level, configuration)
    if not absent or not plan:
        return Asked(answered=True)
    if place.key in incident.paged:
        # Asked for again: only what is left, so that a roll-call that begins anew goes on where one died.
        left = math.ceil(((incident.next_roll_call_at or at) - at).total_seconds())
        return Asked(answered=False, wait_seconds=min(plan[0], max(left, 0)))
    if place.position == LAST_RESORT:
        return Asked(answered=False, change=_report(room, place, absent, configuration, ids=ids, at=at))
    called = called_about_now(room, timeline, configuration, at=at, soon=timedelta())
    if place.position == 0:
        called |= frozenset(incident.reached)
    people = without(absent, *called)
    seconds = _until_paged(room, people, configuration, at=at)
    if seconds is not None:
        # Until it came, whoever takes the incident on may cancel it, and it would be no call at all.
        return Asked(answered=False, wait_seconds=seconds, later=True)
    next_at = at + timedelta(seconds=plan[0])
    change = _change(room, place, people, ids=ids, at=at, next_at=next_at)
    return Asked(answered=False, wait_seconds=plan[0], change=change)


def _until_paged(
    room: Room, people: Iterable[Person], configuration: Configuration, *, at: datetime
) -> int | None:
    """Return the seconds until the ladder pages one of them, None if that is not in a moment."""
    soon = frozenset(paged_soon(room, configuration, at=at, soon=WAITED_FOR))
    next_at = room.incident.next_page_at
    if next_at is None or not any(person.id in soon for person in people):
        return None
    return math.ceil((next_at - at).total_seconds())


def _change(
    room: Room, place: LadderPlace, people: tuple[Person, ...], *, ids: Ids, at: datetime, next_at: datetime
) -> RoomChange:
    incident = room.incident
    notice = Notice(
        cause=f"{incident.id}/{place.key}",
        moment=ROLL_CALL,
        cancel_when_decided=place.question,
    )
    asked = [person for person in people if person.contacts(urgent=True)]
    named = ",".join(person.id for person in asked)
    event = TimelineEvent(
        kind="roll_called", at=at, details={"step": str(place.position + 1), "people": named}
    )
    mute = [person.id for person in people if person not in asked] if place.position == 0 else []
    silent = (unreached_on_the_roll(place.level, mute, at=at),) if mute else ()
    return RoomChange(
        before=room,
        after=_marked(room, place, next_at=next_at),
        events=(*((event,) if asked else ()), *silent),
        outbox=notice_rows(incident, people, notice, ids=ids, at=at),
    )


def _report(
    room: Room,
    place: LadderPlace,
    absent: tuple[Person, ...],
    configuration: Configuration,
    *,
    ids: Ids,
    at: datetime,
) -> RoomChange:
    """Tell whoever leads the incident, and the desk, who never confirmed."""
    incident, roster = room.incident, configuration.roster
    told = known([incident.lead or "", *(p.id for p in roster.holders(Role.DESK))], roster)
    notice = Notice(
        cause=f"{incident.id}/{place.key}",
        moment="status",
        params={"news_key": "news.roll_call_missing", "ask_key": "ask.roll_call_missing"},
    )
    event = TimelineEvent(
        kind="roll_call_ended", at=at, details={"people": ",".join(person.id for person in absent)}
    )
    return RoomChange(
        before=room,
        after=_marked(room, place, next_at=None),
        events=(event,),
        outbox=notice_rows(incident, among(incident, told, roster), notice, ids=ids, at=at),
    )


def _marked(room: Room, place: LadderPlace, *, next_at: datetime | None) -> Room:
    incident = room.incident
    paged = (*incident.paged, place.key)
    return replace(room, incident=replace(incident, paged=paged, next_roll_call_at=next_at))
