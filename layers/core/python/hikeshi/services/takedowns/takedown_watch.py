"""Looks after requests to take posts down: ends what waits in vain, and opens the addresses once a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from hikeshi.domain import removing
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.takedowns import Takedown, TakedownState, judged, look_is_due
from hikeshi.domain.timeline import SYSTEM
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.looking import PageProbe
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.audit.bulkhead import contained
from hikeshi.services.incidents.committing import change_room
from hikeshi.services.messages.audience import cause, known
from hikeshi.services.messages.notices import Notice, notice_rows

BUDGET = timedelta(seconds=25)
"""No address is opened later than this after the run began; the function has 50 seconds."""

LOOKS_A_RUN = 4

_NEWS = {TakedownState.REMOVED: "takedown_removed", TakedownState.APPROVED: "takedown_seen_again"}
"""What whoever asked is told of when a look brought it about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageDue:
    """An address that is to be opened."""

    incident_id: str
    takedown_id: str
    url: str
    passage: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Looking:
    """What looking works with."""

    probe: PageProbe
    incidents: IncidentRepository
    configuration: Callable[[], Configuration]
    clock: Clock
    ids: Ids


@dataclass(kw_only=True, slots=True)
class Looks:
    """How many addresses were opened in a run, and what broke."""

    opened: int = 0
    errors: list[Exception] = field(default_factory=list)


def pages_due(room: Room, *, at: datetime) -> tuple[PageDue, ...]:
    """Return the addresses of a room that are to be opened; those of a drill stand nowhere."""
    if room.incident.drill:
        return ()
    return tuple(
        PageDue(incident_id=room.incident.id, takedown_id=each.id, url=each.url, passage=each.passage)
        for each in room.takedowns
        if look_is_due(each, at=at)
    )


def end_overdue(room: Room, *, incidents: IncidentRepository, at: datetime) -> Room:
    """Let expire what is overdue, and withdraw what nobody sent for a month."""

    def plan(newest: Room) -> RoomChange | None:
        after, events = removing.expire_overdue(newest, at=at)
        return RoomChange(before=newest, after=after, events=events) if events else None

    if not removing.expire_overdue(room, at=at)[1]:
        return room
    return change_room(room.incident.id, plan, incidents=incidents)


def look_at(pages: Sequence[PageDue], looking: Callable[[], Looking], *, began_at: datetime) -> Looks:
    """Open a few of the addresses and note what is there; one that breaks keeps no other from its turn."""
    looks = Looks()
    for page in pages[:LOOKS_A_RUN]:
        opened = contained(partial(_look, page, looking, began_at=began_at))
        if isinstance(opened, Exception):
            looks.errors.append(opened)
        else:
            looks.opened += opened
    return looks


def _look(page: PageDue, make: Callable[[], Looking], *, began_at: datetime) -> bool:
    """Open an address, unless it is too late for that; tell whether it was opened."""
    looking = make()
    if looking.clock.now() - began_at > BUDGET:
        return False
    sight = looking.probe.look(page.url, passage=page.passage)
    at = looking.clock.now()

    def plan(room: Room) -> RoomChange | None:
        before = removing.takedown_in(room, page.takedown_id)
        if not look_is_due(before, at=at):
            return None  # somebody looked meanwhile
        look = judged(before, sight)
        after, events = removing.note_look(room, page.takedown_id, look, by=SYSTEM, at=at)
        moved = removing.takedown_in(after, page.takedown_id)
        rows = () if moved.state is before.state else _told(after, moved, looking, at=at)
        return RoomChange(before=room, after=after, events=events, outbox=rows)

    change_room(page.incident_id, plan, incidents=looking.incidents)
    return True


def _told(room: Room, takedown: Takedown, looking: Looking, *, at: datetime) -> tuple[OutboxRow, ...]:
    """Tell whoever asked for it, and whoever sent it."""
    key = _NEWS[takedown.state]
    notice = Notice(
        cause=cause(room.incident, f"{takedown.id}/{key}/{at.isoformat()}"),
        moment="status",
        params={"news_key": f"news.{key}", "ask_key": f"ask.{key}"},
    )
    roster = looking.configuration().roster
    people = known((takedown.requested_by, takedown.sent_by or ""), roster)
    return notice_rows(room.incident, people, notice, ids=looking.ids, at=at)
