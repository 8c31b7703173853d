"""People as they are at the moment: what the desk entered and people confirmed, over the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import UnavailableError
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.standings import Departure, OptOut, Standings, address_digest, roster_at
from hikeshi.ports.directory import Directory, OptOuts
from hikeshi.ports.environment import Clock, Ids

FRESH_FOR = timedelta(seconds=30)
"""With the run of a function, whoever left is out within a minute."""


def effective(configuration: Configuration, standings: Standings, *, at: datetime) -> Configuration:
    """Return the configuration with the roster as it holds at a moment."""
    return replace(configuration, roster=roster_at(configuration.roster, standings, at=at))


class FreshStandings:
    """What the directory keeps, at most half a minute old.

    A directory that cannot be read now stops nobody: what was read last still holds, and before anything
    was read, the configuration alone does. To reach somebody who has just left is the lesser harm.
    """

    def __init__(self, *, directory: Directory, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self._held = Standings()
        self._read_at: datetime | None = None

    def current(self) -> Standings:
        """Return the standings."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= FRESH_FOR:
            try:
                self._held = self._directory.standings()
            except UnavailableError:
                return self._held
            self._read_at = now
        return self._held


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """What a change to the directory works with; ``by`` is whoever makes it."""

    directory: Directory
    roster: Roster
    clock: Clock
    ids: Ids
    by: str


def leave(person_id: str, *, records: Records) -> Departure:
    """Let somebody go: no message, no link, no shift.

    Raises
    ------
    NotFoundError
        If nobody has this id.
    """
    departure = Departure(
        person_id=records.roster.person(person_id).id, at=records.clock.now(), by=records.by
    )
    records.directory.put(departure)
    return departure


def come_back(person_id: str, *, records: Records) -> int:
    """End a departure and every absence of a person now; returns how many there were.

    An absence that stands in the configuration is ended as well: whoever is back is asked at once, and not
    when somebody has changed a file.
    """
    at, standings = records.clock.now(), records.directory.standings()
    ended = 0
    for departure in standings.departures:
        if departure.person_id == person_id and departure.returned_at is None:
            records.directory.put(replace(departure, returned_at=at))
            ended += 1
    for absence in standings.absences:
        if absence.person_id == person_id and absence.covers(at):
            records.directory.put(replace(absence, cancelled_at=at))
            ended += 1
    entered = {absence.id for absence in standings.absences}
    for absence in records.roster.absences:
        if absence.person_id == person_id and absence.covers(at) and absence.id not in entered:
            records.directory.put(absence.ended_early(at=at, by=records.by))
            ended += 1
    return ended


def check_opt_outs(people: Iterable[Person], *, opt_outs: OptOuts, records: Records) -> tuple[OptOut, ...]:
    """Ask the provider about every number, and keep what changed; returns that.

    The person is then reached on other channels only, until the number is free again.
    """
    at = records.clock.now()
    known = {
        (each.person_id, each.channel, each.digest): each for each in records.directory.standings().opt_outs
    }
    changed: list[OptOut] = []
    for person in people:
        if not person.active or person.phone is None:
            continue
        digest = address_digest(person.phone)
        before = known.get((person.id, Channel.SMS, digest))
        marked = before is not None and before.lifted_at is None
        refused = opt_outs.is_opted_out(person.phone)
        if refused and not marked:
            changed.append(OptOut(person_id=person.id, channel=Channel.SMS, digest=digest, at=at))
        elif before is not None and marked and not refused:
            changed.append(replace(before, lifted_at=at))
    for entry in changed:
        records.directory.put(entry)
    return tuple(changed)
