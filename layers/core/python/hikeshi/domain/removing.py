"""What people and checks do with requests to take posts down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.takedowns import (
    ASKED,
    KEPT_FOR,
    MOST_LOOKS,
    UNSENT,
    UNSETTLED,
    Ground,
    Look,
    Looked,
    Takedown,
    TakedownEvent,
    TakedownState,
    address_of,
    next_state,
)
from hikeshi.domain.timeline import SYSTEM, TimelineEvent

MOST_TAKEDOWNS = 300
"""Requests of one incident."""

_DECIDED = frozenset({TakedownEvent.ADOPTED, TakedownEvent.APPROVED})
"""Steps that are decisions of a person whose name counts, not records of what happened."""


def takedown_in(room: Room, takedown_id: str) -> Takedown:
    """Look a request up; NotFoundError if there is none."""
    for takedown in room.takedowns:
        if takedown.id == takedown_id:
            return takedown
    raise NotFoundError("takedown", takedown_id)


def owes_an_answer(room: Room) -> bool:
    """Tell whether a request is under way, so that it is still asked after when the incident is over."""
    return any(each.state in UNSETTLED for each in room.takedowns)


def known_addresses(room: Room) -> frozenset[str]:
    """Return every address that was ever asked about here."""
    return frozenset(address_of(each.url) for each in room.takedowns)


def request_takedown(room: Room, takedown: Takedown) -> Change:
    """Put a request on the list; its evidence lies in the archive already.

    Raises
    ------
    NotReadyError
        ``takedown_ground`` if it rests on criticism alone, ``takedown_known`` if the address is on the
        list, ``fewer_takedowns`` if the list is full.
    """
    if takedown.ground is Ground.CRITICISM:
        raise NotReadyError(("takedown_ground",))
    if address_of(takedown.url) in known_addresses(room):
        raise NotReadyError(("takedown_known",))
    if len(room.takedowns) >= MOST_TAKEDOWNS:
        raise NotReadyError(("fewer_takedowns",))
    numbered = replace(takedown, number=len(room.takedowns) + 1)
    kind = "takedown_proposed" if takedown.state is TakedownState.PROPOSED else "takedown_requested"
    event = _event(numbered, kind, by=takedown.requested_by, at=takedown.requested_at)
    return replace(room, takedowns=(*room.takedowns, numbered)), (event,)


def adopt_takedown(
    room: Room, takedown_id: str, *, by: str, at: datetime, reason: str, doubt_reason: str = ""
) -> Change:
    """Make a proposal one's own request."""
    return _stepped(
        room,
        takedown_id,
        TakedownEvent.ADOPTED,
        lambda known: replace(
            known, requested_by=by, requested_at=at, reason=reason, doubt_reason=doubt_reason
        ),
        by=by,
        at=at,
    )


def approve_takedown(room: Room, takedown_id: str, *, by: str, at: datetime) -> Change:
    """Approve a request; whoever made it cannot.

    Raises
    ------
    NotReadyError
        ``second_person``.
    AlreadyDecidedError
        If it was approved before.
    """
    known = takedown_in(room, takedown_id)
    if known.approved_by is not None and known.approved_at is not None:
        raise AlreadyDecidedError(decision="takedown_approved", by=known.approved_by, at=known.approved_at)
    if known.requested_by == by:
        raise NotReadyError(("second_person",))
    return _stepped(
        room,
        takedown_id,
        TakedownEvent.APPROVED,
        lambda waiting: replace(waiting, approved_by=by, approved_at=at),
        by=by,
        at=at,
    )


def record_step(
    room: Room,
    takedown_id: str,
    event: TakedownEvent,
    *,
    by: str,
    at: datetime,
    note: str = "",
    answer_within: timedelta = timedelta(),
) -> Change:
    """Record what a person did with the site, or what it answered.

    ``note`` is the site's reference or its answer; ``answer_within`` counts from a sending.

    Raises
    ------
    NotReadyError
        ``takedown_step`` if the chart has no such step, or it is not one that is recorded.
    """
    if event in _DECIDED:
        raise NotReadyError(("takedown_step",))

    def change(known: Takedown) -> Takedown:
        if event is TakedownEvent.SENT:
            deadline = at + answer_within
            return replace(known, sent_by=by, sent_at=at, deadline=deadline, reference=note, result="")
        if event is TakedownEvent.ACKNOWLEDGED:
            return replace(known, reference=note or known.reference)
        return replace(known, settled_by=by, settled_at=at, result=note or known.result)

    return _stepped(room, takedown_id, event, change, by=by, at=at, note=note)


def expire_overdue(room: Room, *, at: datetime) -> Change:
    """End what waits in vain: an answer that is overdue, and what nobody sent for a month.

    So every request comes to an end, and no incident is asked after for ever.
    """
    events: tuple[TimelineEvent, ...] = ()
    for each in room.takedowns:
        overdue = each.state in ASKED and each.deadline is not None and each.deadline <= at
        forgotten = each.state in UNSENT and each.moved_at + KEPT_FOR <= at
        if overdue or forgotten:
            step = TakedownEvent.EXPIRED if overdue else TakedownEvent.WITHDRAWN
            room, more = record_step(room, each.id, step, by=SYSTEM, at=at)
            events += more
    return room, events


def note_look(room: Room, takedown_id: str, look: Look, *, by: str, at: datetime) -> Change:
    """Note what somebody found at the address, and let the request follow.

    Gone settles what was asked for; seen again after it was removed asks once more. A person's look is
    always told of, hikeshi's only when it changes something.
    """
    known = takedown_in(room, takedown_id)
    looks = (*known.looks, Looked(look=look, by=by, at=at))[-MOST_LOOKS:]
    after = _put(room, replace(known, looks=looks))
    was_gone = known.last_look is not None and known.last_look.look is Look.GONE
    events: tuple[TimelineEvent, ...] = ()
    if by != SYSTEM or (look is Look.GONE and not was_gone):
        events = (_event(known, "takedown_looked", by=by, at=at, look=look.value),)
    step = _follows(known, look)
    if step is None:
        return after, events
    moved, more = record_step(after, takedown_id, step, by=by, at=at)
    return moved, (*events, *more)


def _follows(known: Takedown, look: Look) -> TakedownEvent | None:
    """Return the step that a look brings about."""
    asked = known.state in ASKED | {TakedownState.EXPIRED, TakedownState.REFUSED}
    if look is Look.GONE and asked:
        return TakedownEvent.REMOVED
    if look is Look.THERE and known.state is TakedownState.REMOVED:
        return TakedownEvent.SEEN_AGAIN
    return None


def propose_mirrors(room: Room, mirrors: Sequence[Takedown]) -> Change:
    """Put copies of what was asked about on the list, for people to adopt or to leave."""
    events: tuple[TimelineEvent, ...] = ()
    for mirror in mirrors:
        if address_of(mirror.url) in known_addresses(room) or len(room.takedowns) >= MOST_TAKEDOWNS:
            continue
        room, more = request_takedown(room, mirror)
        events += more
    return room, events


def _stepped(
    room: Room,
    takedown_id: str,
    event: TakedownEvent,
    change: Callable[[Takedown], Takedown],
    *,
    by: str,
    at: datetime,
    note: str = "",
) -> Change:
    known = takedown_in(room, takedown_id)
    moved = replace(change(known), state=next_state(known.state, event))
    more = {"note": note} if note else {}
    return _put(room, moved), (_event(moved, f"takedown_{event}", by=by, at=at, **more),)


def _put(room: Room, takedown: Takedown) -> Room:
    changed = tuple(takedown if known.id == takedown.id else known for known in room.takedowns)
    return replace(room, takedowns=changed)


def _event(takedown: Takedown, kind: str, *, by: str, at: datetime, **more: str) -> TimelineEvent:
    """Return a line of the timeline; the address may hold a name, so the request goes by its number."""
    details = {
        "takedown": takedown.id,
        "request": str(takedown.number),
        "platform": takedown.platform.value,
        "ground": takedown.ground.value,
    }
    if kind in ("takedown_requested", "takedown_proposed"):
        details["sha256"] = takedown.evidence.sha256
    return TimelineEvent(kind=kind, at=at, actor=by, details=details | more)
