"""What is known of people beyond the configuration, and the roster as it holds at a moment.

The configuration says who does what; the desk adds absences and changes of duty, people confirm their
addresses and leave. All of it is laid over the configured roster in one place, :func:`roster_at`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.rotations import Absence, Rotation, ShiftOverride


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """Somebody left: from now on no message reaches them and none of their links opens anything."""

    person_id: str
    at: datetime
    by: str
    returned_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """A person confirmed that an address is theirs; ``digest`` stands for the address."""

    person_id: str
    channel: Channel
    digest: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOut:
    """The provider refuses to send to an address, because its owner told it to.

    Attributes
    ----------
    lifted_at : datetime or None
        When the provider was found to send to it again.
    """

    person_id: str
    channel: Channel
    digest: str
    at: datetime
    lifted_at: datetime | None = None


Entry = Absence | ShiftOverride | Departure | Verification | OptOut
"""One thing that the directory keeps."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standings:
    """Everything that the directory keeps."""

    absences: tuple[Absence, ...] = ()
    overrides: tuple[ShiftOverride, ...] = ()
    departures: tuple[Departure, ...] = ()
    verifications: tuple[Verification, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Standings:
        """Sort entries by kind, older ones first."""
        kept = list(entries)
        return cls(
            absences=tuple(sorted((e for e in kept if isinstance(e, Absence)), key=_made)),
            overrides=tuple(sorted((e for e in kept if isinstance(e, ShiftOverride)), key=_made)),
            departures=tuple(e for e in kept if isinstance(e, Departure)),
            verifications=tuple(e for e in kept if isinstance(e, Verification)),
            opt_outs=tuple(e for e in kept if isinstance(e, OptOut)),
        )


def address_digest(address: str) -> str:
    """Return what stands for an address where the address itself has no business."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def roster_at(roster: Roster, standings: Standings, *, at: datetime) -> Roster:
    """Return the roster as it holds at a moment.

    Leavers are inactive, people who are away are marked and have the deputy of their absence, confirmed
    and refused addresses are marked, and whoever is on call fills the seat of the rotation's role. A
    seat for which no rotation has anybody who can be reached at that moment keeps its configured holders:
    reaching somebody beats order.
    """
    absences = (*_not_ended_early(roster.absences, standings), *standings.absences)
    people = {
        person.id: _person_at(person, standings, absences=absences, at=at)
        for person in roster.people.values()
    }
    rotations = {each.id: _with_overrides(each, standings) for each in roster.rotations.values()}
    now = replace(
        roster,
        people=people,
        rotations=rotations,
        absences=absences,
        on_duty={each.id: each.in_order(at) for each in rotations.values()},
    )
    return replace(now, seats={**roster.seats, **_rotating_seats(now)})


def _not_ended_early(absences: Iterable[Absence], standings: Standings) -> tuple[Absence, ...]:
    """Leave out the absences of the configuration whose people came back before their end."""
    ended = {each.id for each in standings.absences if each.cancelled_at is not None}
    return tuple(each for each in absences if each.early_end_id not in ended)


def _with_overrides(rotation: Rotation, standings: Standings) -> Rotation:
    own = tuple(each for each in standings.overrides if each.rotation_id == rotation.id)
    return replace(rotation, overrides=(*rotation.overrides, *own))


def _rotating_seats(roster: Roster) -> dict[Role, tuple[str, ...]]:
    seats: dict[Role, tuple[str, ...]] = {}
    for rotation in roster.rotations.values():
        found = [person.id for person in roster.on_call(rotation.id) if person.can_be_reached]
        if rotation.role is not None and found:
            role = Role(rotation.role)
            seats[role] = (*seats.get(role, ()), *found)
    return seats


def _person_at(
    person: Person, standings: Standings, *, absences: tuple[Absence, ...], at: datetime
) -> Person:
    left = any(each.person_id == person.id and each.returned_at is None for each in standings.departures)
    away = [each for each in absences if each.person_id == person.id and each.covers(at)]
    confirmed = {
        (each.channel, each.digest) for each in standings.verifications if each.person_id == person.id
    }
    refused = {
        (each.channel, each.digest)
        for each in standings.opt_outs
        if each.person_id == person.id and each.lifted_at is None
    }
    return replace(
        person,
        active=person.active and not left,
        away=bool(away),
        deputy=(away[-1].deputy or person.deputy) if away else person.deputy,
        verified=_channels(person, confirmed),
        opted_out=_channels(person, refused),
    )


def _channels(person: Person, marked: set[tuple[Channel, str]]) -> frozenset[Channel]:
    """Return the channels whose present address is marked; an address that changed is another one."""
    return frozenset(
        channel
        for channel in Channel
        if (address := person.address(channel)) is not None and (channel, address_digest(address)) in marked
    )


def _made(entry: Absence | ShiftOverride) -> tuple[datetime, str]:
    return entry.made_at, entry.id
