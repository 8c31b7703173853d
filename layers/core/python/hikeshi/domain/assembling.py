"""Calling a headquarters together: its chief, its members, the roll, and where they meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.headquarters import MOST_MEMBERS, Headquarters, Receipt, without
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.timeline import SYSTEM, TimelineEvent


def headquarters_of(room: Room) -> Headquarters:
    """Return the headquarters; NotReadyError ``headquarters`` if none was called."""
    if room.headquarters is None:
        raise NotReadyError(("headquarters",))
    return room.headquarters


def open_headquarters(
    room: Room, *, chief: str, members: Iterable[str], by: str, at: datetime, reason: str = ""
) -> Change:
    """Call it together; whoever calls it is there.

    Parameters
    ----------
    by : str
        Person id, or ``hikeshi`` if the level asked for it: then whoever leads the incident is there.

    Raises
    ------
    AlreadyDecidedError
        If it was called before in this generation.
    """
    if room.headquarters is not None:
        known = room.headquarters
        raise AlreadyDecidedError(decision="headquarters", by=known.opened_by, at=known.opened_at)
    seated = tuple(dict.fromkeys((chief, *members)))[:MOST_MEMBERS]
    there = room.incident.lead if by == SYSTEM else by
    headquarters = Headquarters(
        generation=room.incident.generation,
        opened_by=by,
        opened_at=at,
        chief=chief,
        members=seated,
        reason=reason,
        attendance=(Receipt(by=there, at=at),) if there in seated and there is not None else (),
    )
    details = {"person": chief, "people": ",".join(seated)}
    kind = "headquarters_opened_by_level" if by == SYSTEM else "headquarters_opened"
    if reason:
        details["reason"] = reason
    event = TimelineEvent(kind=kind, at=at, actor=by, details=details)
    return _settled(replace(room, headquarters=headquarters), (event,), at=at)


def attend(room: Room, *, by: str, at: datetime) -> Change:
    """Receipt the roll; with more than half of the members there the headquarters is established.

    Raises
    ------
    NotReadyError
        ``membership`` if the person is no member.
    AlreadyDecidedError
        If the person did so before.
    """
    headquarters = headquarters_of(room)
    if by not in headquarters.members:
        raise NotReadyError(("membership",))
    for known in headquarters.attendance:
        if known.by == by:
            raise AlreadyDecidedError(decision="attended", by=by, at=known.at)
    there = replace(headquarters, attendance=(*headquarters.attendance, Receipt(by=by, at=at)))
    event = TimelineEvent(kind="headquarters_attended", at=at, actor=by)
    return _settled(replace(room, headquarters=there), (event,), at=at)


def hand_over(room: Room, *, chief: str, by: str, at: datetime) -> Change:
    """Make somebody else the chief; whoever was stays a member."""
    headquarters = headquarters_of(room)
    if headquarters.chief == chief:
        return room, ()
    members = _with_member(headquarters, chief)
    event = TimelineEvent(
        kind="chief_changed", at=at, actor=by, details={"lead": headquarters.chief, "person": chief}
    )
    return replace(room, headquarters=replace(headquarters, chief=chief, members=members)), (event,)


def add_member(room: Room, person: str, *, by: str, at: datetime) -> Change:
    """Take somebody in; the bulletin that holds is sent to them too.

    Raises
    ------
    NotReadyError
        ``fewer_members`` if there are twenty.
    """
    headquarters = headquarters_of(room)
    if person in headquarters.members:
        return room, ()
    joined = replace(headquarters, members=_with_member(headquarters, person))
    event = TimelineEvent(kind="member_added", at=at, actor=by, details={"person": person})
    return replace(room, headquarters=joined), (event,)


def seat_members(room: Room, people: Iterable[str], *, by: str, at: datetime) -> Change:
    """Take in as many people as there are seats for, all in one line of the timeline; or change nothing."""
    headquarters = room.headquarters
    if headquarters is None:
        return room, ()
    free = MOST_MEMBERS - len(headquarters.members)
    new = without(dict.fromkeys(people), headquarters.members)[:free]
    if not new:
        return room, ()
    joined = replace(headquarters, members=(*headquarters.members, *new))
    event = TimelineEvent(kind="member_added", at=at, actor=by, details={"person": ",".join(new)})
    return replace(room, headquarters=joined), (event,)


def release_member(room: Room, person: str, *, by: str, at: datetime) -> Change:
    """Let somebody go.

    Raises
    ------
    NotReadyError
        ``chief_stays`` if it is the chief: that is handed over first.
    """
    headquarters = headquarters_of(room)
    if person == headquarters.chief:
        raise NotReadyError(("chief_stays",))
    if person not in headquarters.members:
        return room, ()
    left = replace(headquarters, members=without(headquarters.members, (person,)))
    event = TimelineEvent(kind="member_released", at=at, actor=by, details={"person": person})
    return _settled(replace(room, headquarters=left), (event,), at=at)


def keep_to(room: Room, inside: Collection[str], *, chief: str, by: str, at: datetime) -> Change:
    """Let everybody go who is not among ``inside``; ``chief`` takes the head if whoever has it goes."""
    headquarters = room.headquarters
    gone = without(headquarters.members, inside) if headquarters is not None else ()
    if headquarters is None or not gone:
        return room, ()
    head = chief if headquarters.chief in gone else headquarters.chief
    left = dict.fromkeys((head, *without(headquarters.members, gone)))
    kept = replace(headquarters, chief=head, members=tuple(left))
    details = {"people": ",".join(gone), "person": head}
    event = TimelineEvent(kind="headquarters_narrowed", at=at, actor=by, details=details)
    return _settled(replace(room, headquarters=kept), (event,), at=at)


def set_meeting(room: Room, *, place: str, code: str, by: str, at: datetime) -> Change:
    """Say where they meet; an empty place takes it back."""
    meeting = replace(headquarters_of(room), meeting=place, meeting_code=code if place else "")
    return replace(room, headquarters=meeting), (TimelineEvent(kind="meeting_set", at=at, actor=by),)


def _with_member(headquarters: Headquarters, person: str) -> tuple[str, ...]:
    members = tuple(dict.fromkeys((*headquarters.members, person)))
    if len(members) > MOST_MEMBERS:
        raise NotReadyError(("fewer_members",))
    return members


def _settled(room: Room, events: tuple[TimelineEvent, ...], *, at: datetime) -> Change:
    """Note once that enough members are there."""
    headquarters = headquarters_of(room)
    present, total = len(headquarters.present), len(headquarters.members)
    if headquarters.established_at is not None or present < headquarters.quorum:
        return room, events
    details = {"present": str(present), "total": str(total), "quorum": str(headquarters.quorum)}
    established = TimelineEvent(kind="headquarters_established", at=at, details=details)
    return replace(room, headquarters=replace(headquarters, established_at=at)), (*events, established)
