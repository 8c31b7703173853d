"""Places on a ladder: which people stand on one, who comes after it, and what paging them stores.

A ladder is climbed by its state machine (:mod:`hikeshi.services.escalation.page`), by hand
(:mod:`hikeshi.services.escalation.stepping_up`) and at once when the level rises
(:mod:`hikeshi.services.incidents.raising`). All three find and page a place here, under the same name,
so that whoever comes second pages nobody twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.actions import POSSIBLE_WHILE, Action, Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.escalation import Ladder, people_of
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.playbooks import Playbooks
from hikeshi.domain.response_clock import told
from hikeshi.domain.restricting import widen
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.services.messages.audience import holders_of, known, members, without
from hikeshi.services.messages.notices import CALLED_AGAIN, EVERY_CHANNEL, Notice, notice_rows
from hikeshi.services.playbooks.engaging import step_params

LAST_RESORT = -1
"""Position of the place that comes when every other has passed unanswered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderPlace:
    """A place on the ladder of one level, in one round of one generation of an incident.

    ``position`` counts the ladder's schedule, repeats included; ``roll_call`` places belong to the
    level's roll-call instead.
    """

    incident_id: str
    generation: int
    level: Level
    position: int
    round: int = 1
    roll_call: bool = False

    @property
    def key(self) -> str:
        """Name of the place within its incident, as ``Incident.paged`` keeps it."""
        ladder = f"{self.generation}/{self.level.value}"
        if self.roll_call:
            return f"{ladder}/roll/{self.position}"
        return f"{ladder}/r{self.round}/{self.position}" if self.round > 1 else f"{ladder}/{self.position}"

    @property
    def unreached_key(self) -> str:
        """Name that ``Incident.paged`` keeps of a place that was called too early and reached nobody."""
        return f"{self.key}/unreached"

    @property
    def question(self) -> str:
        """Name of the question that is asked there."""
        asked = f"roll-call-{self.level.value}" if self.roll_call else f"round-{self.round}"
        return f"{self.generation}/{asked}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """Who is paged at a place.

    Attributes
    ----------
    position : int
        Where on the schedule, or the last resort.
    wait_seconds : int or None
        How long they have before the next place; None after the last resort.
    """

    position: int
    people: tuple[Person, ...]
    channels: tuple[Channel, ...] = EVERY_CHANNEL
    wait_seconds: int | None = None

    @property
    def step(self) -> str:
        """Name of the rung in the timeline: counted from 1, ``last`` for the last resort."""
        return "last" if self.position == LAST_RESORT else str(self.position + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paged:
    """What paging a place leads to: the room after it, what happened, and what goes out."""

    room: Room
    events: tuple[TimelineEvent, ...]
    outbox: tuple[OutboxRow, ...]


def place_of(incident: Incident, position: int) -> LadderPlace:
    """Return a place on the ladder that the incident climbs now."""
    return LadderPlace(
        incident_id=incident.id,
        generation=incident.generation,
        level=incident.level,
        position=position,
        round=incident.round,
    )


def ladder_of(incident: Incident, level: Level, configuration: Configuration) -> Ladder:
    """Return the ladder of a level for an incident."""
    return configuration.escalation.ladder_for(incident.category, level)


def rung_at(room: Room, place: LadderPlace, configuration: Configuration, *, at: datetime) -> Rung:
    """Find who is paged at a place.

    A step whose condition does not hold, or that has nobody on it who can be reached, is passed over at
    once; after the last one comes the last resort.
    """
    ladder = ladder_of(room.incident, place.level, configuration)
    schedule = ladder.schedule()
    first = len(schedule) if place.position == LAST_RESORT else place.position
    for position in range(first, len(schedule)):
        rung = _rung(room, ladder, position, configuration, at=at)
        if rung is not None:
            return rung
    return Rung(position=LAST_RESORT, people=last_resort_of(room.incident, configuration))


def next_rung(room: Room, configuration: Configuration, *, apart_from: str, at: datetime) -> Rung:
    """Find the first place not paged yet, or else the last resort, with somebody whom nobody tried to reach.

    Whoever was tried before is left to the ladder's own time: while a provider is down every page fails, and
    places that were spent on it in minutes would call nobody once it is back.

    Raises
    ------
    NotReadyError
        ``next_person`` if nobody else is left.
    """
    incident = room.incident
    ladder = ladder_of(incident, incident.level, configuration)
    for position in range(len(ladder.schedule())):
        rung = _rung(room, ladder, position, configuration, at=at)
        if rung is None or place_of(incident, position).key in incident.paged:
            continue
        others = without(rung.people, apart_from)
        if _somebody_new(others, incident):
            return replace(rung, people=others)
    others = without(_named(incident, configuration), apart_from)
    if not _somebody_new(others, incident):
        raise NotReadyError(("next_person",))
    return Rung(position=LAST_RESORT, people=others)


def rung_above(
    room: Room, configuration: Configuration, *, answered: Collection[str], by: str, at: datetime
) -> Rung:
    """Find the first place not paged yet that has somebody on it whom this round has not reached.

    A repeat calls the same people once more, which is no step up: it is left to the ladder. Whoever stands
    on the place and was called without answering is called with the new ones; who has answered is not.
    After the last such place comes the last resort, whoever of it was called before. ``by`` is who asks.

    Raises
    ------
    NotReadyError
        ``next_person`` if nobody is left.
    """
    incident = room.incident
    ladder = ladder_of(incident, incident.level, configuration)
    for position in range(len(ladder.schedule())):
        rung = _rung(room, ladder, position, configuration, at=at)
        if rung is None or place_of(incident, position).key in incident.paged:
            continue
        people = without(rung.people, *answered)
        if _somebody_new(people, incident):
            return replace(rung, people=people)
    named = _named(incident, configuration)
    people = without(named, *answered) or without(named, by, incident.lead)
    if not people:
        raise NotReadyError(("next_person",))
    return Rung(position=LAST_RESORT, people=people)


def _somebody_new(people: Iterable[Person], incident: Incident) -> bool:
    return any(person.id not in incident.reached for person in people)


def last_resort(configuration: Configuration) -> tuple[Person, ...]:
    """Return the holders of the last resort's roles, or else everybody of the house who can be reached.

    Somebody from outside is never among them: they know of no incident but by what was shared with them.
    """
    roster = configuration.roster
    named = _reachable(holders_of(configuration.escalation.last_resort, roster))
    return named or _reachable(holders_of(Role, roster)) or _reachable(roster.people.values())


def last_resort_of(incident: Incident, configuration: Configuration) -> tuple[Person, ...]:
    """Return the last resort of an incident: for one that is kept among few, its circle.

    If nobody in the circle can be reached, executives are let in, and after them whoever is of the house:
    that one too many knows is less harm than that nobody does.
    """
    if incident.circle is None:
        return last_resort(configuration)
    inside = _reachable(members(incident, configuration.roster))
    executives = _reachable(configuration.roster.holders(Role.EXECUTIVE))
    return inside or executives or last_resort(configuration)


def _named(incident: Incident, configuration: Configuration) -> tuple[Person, ...]:
    if incident.circle is not None:
        return members(incident, configuration.roster)
    return holders_of(configuration.escalation.last_resort, configuration.roster)


def page_rung(
    room: Room,
    rung: Rung,
    *,
    level: Level,
    playbooks: Playbooks,
    at: datetime,
    ids: Ids,
    press: str = "",
    call: Mapping[str, str] | None = None,
) -> Paged:
    """Page a rung of a ladder in the incident's round.

    While nobody has the incident, they are asked to take it on, and told what is done first; afterwards
    they are asked to join. ``press`` tells one more page of a place from the one before: only the last
    resort needs it. Called before its turn, the last resort leaves the ladder its time: places are still to
    come. ``call`` says why they are called before the ladder comes to them
    (:mod:`hikeshi.services.escalation.calling`).
    """
    room, widened = widen(room, rung.people, at=at)
    incident = room.incident
    place = replace(place_of(incident, rung.position), level=level)
    next_at = at + timedelta(seconds=rung.wait_seconds) if rung.wait_seconds else None
    reached = tuple(dict.fromkeys((*incident.reached, *(person.id for person in rung.people))))
    marked = replace(incident, paged=_with(incident.paged, place.key), reached=reached)
    named = place.key + (f"/{press}" if press else "")
    if is_taken(room):
        notice = Notice(
            cause=f"{incident.id}/{named}",
            moment="called_in",
            params=dict(call or {}),
            asks=True,
            step=named,
        )
    else:
        early = incident.next_page_at if rung.position == LAST_RESORT else None
        marked = replace(marked, next_page_at=next_at or early)
        notice = Notice(
            cause=f"{incident.id}/{named}",
            moment="page",
            params=_why_called(incident)
            | step_params(playbooks.of(incident))
            | ({"next_at": next_at.isoformat()} if next_at else {})
            | dict(call or {}),
            asks=True,
            channels=rung.channels,
            cancel_when_decided=incident.question,
            step=place.key,
        )
    if rung.people:
        marked = replace(marked, clock=told(incident.clock, at=at))
    people = ",".join(person.id for person in rung.people)
    event = TimelineEvent(kind="paged", at=at, details={"step": rung.step, "people": people})
    return Paged(
        room=replace(room, incident=marked),
        events=(*widened, event) if rung.people else (),
        outbox=notice_rows(incident, rung.people, notice, ids=ids, at=at),
    )


def with_last_resort_to_come(room: Room) -> Room:
    """Let a last resort that was called before its turn, and reached nobody, be called when its turn comes.

    Once, so that somebody who can never be reached is not called for ever.
    """
    incident, last = room.incident, place_of(room.incident, LAST_RESORT)
    if incident.next_page_at is None or last.unreached_key in incident.paged:
        return room
    paged = tuple(last.unreached_key if key == last.key else key for key in incident.paged)
    return replace(room, incident=replace(incident, paged=paged))


def with_former_lead(room: Room, rung: Rung, roster: Roster) -> Rung:
    """Put the person whose acknowledgement lapsed in front: they may only have been too busy to say so.

    Whoever is away by now was not: their deputy is asked, if there is one, and nobody beside.
    """
    lead = room.incident.lead if room.incident.expired_at is not None else None
    asked = roster.stand_in(lead or "")
    people = known([asked.id if asked else "", *(person.id for person in rung.people)], roster)
    inside = who_may_know(room.incident.circle, people)
    return replace(rung, people=inside or rung.people)


def _rung(
    room: Room, ladder: Ladder, position: int, configuration: Configuration, *, at: datetime
) -> Rung | None:
    step = ladder.steps[ladder.schedule()[position]]
    if not step.is_wanted(room.incident, at=at):
        return None
    named = people_of(step, category=room.incident.category, roster=configuration.roster)
    people = _reachable(who_may_know(room.incident.circle, named))
    if not people:
        return None
    return Rung(position=position, people=people, channels=step.channels, wait_seconds=step.wait_seconds)


def _why_called(incident: Incident) -> dict[str, str]:
    """Say why people are called again, and as long as it can be, that it may be nothing."""
    can_be_nothing = incident.status in POSSIBLE_WHILE[Action.DISMISS]
    why = {"dismiss_key": "ask.dismiss", "unproved_key": "called_why.unproved"} if can_be_nothing else {}
    if incident.round == 1:
        return why
    ended = "undone" if incident.expired_at is None else "expired" if incident.lead is not None else "left"
    again = f"again.{ended}"
    return why | {"again_key": again, "called_key": CALLED_AGAIN}


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)


def _reachable(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(person for person in people if person.can_be_reached)
