"""``roster.yaml``: people and how they want to be reached, rotations, and absences known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from hikeshi.adapters.document_types import (
    Duration,
    Id,
    Model,
    Text,
    read_clock,
    read_duration,
    write_duration,
)
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.experts import Expert, ExpertField
from hikeshi.domain.japan_time import read_moment
from hikeshi.domain.people import Channel, Person, Roster, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.rotations import WEEK, Absence, Rotation, ShiftOverride

CONFIGURED_AT = datetime(1970, 1, 1, tzinfo=UTC)
"""What is configured is older than anything the desk enters, and so gives way to it."""

CONFIGURED_BY = "roster.yaml"


def read_way(value: object) -> Way:
    """Read ``sms`` or ``mail 3m``: a channel, and how long it waits.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, Way):
        return value
    channel, _, delay = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    return Way(channel=Channel(channel), delay=read_duration(delay.strip() or "0s"))


def write_way(way: Way) -> str:
    """Write a channel and its wait as they are read."""
    return f"{way.channel.value} {write_duration(way.delay)}"


def read_quiet_hours(value: object) -> QuietHours:
    """Read ``22:00-07:00``.

    Raises
    ------
    ValueError
        If it is anything else, or no time at all.
    """
    if isinstance(value, QuietHours):
        return value
    begins, _, ends = value.partition("-") if isinstance(value, str) else ("", "", "")
    hours = QuietHours(begins=read_clock(begins), ends=read_clock(ends))
    if hours.begins == hours.ends:
        raise ValueError("a whole day of quiet leaves no time to be reached")
    return hours


def write_quiet_hours(hours: QuietHours) -> str:
    """Write quiet hours as they are read."""
    return f"{hours.begins:%H:%M}-{hours.ends:%H:%M}"


WrittenWay = Annotated[Way, BeforeValidator(read_way), PlainSerializer(write_way, return_type=str)]
WrittenQuiet = Annotated[
    QuietHours, BeforeValidator(read_quiet_hours), PlainSerializer(write_quiet_hours, return_type=str)
]
Opening = Annotated[
    datetime, BeforeValidator(read_moment), PlainSerializer(datetime.isoformat, return_type=str)
]
Closing = Annotated[
    datetime,
    BeforeValidator(lambda value: read_moment(value, closing=True)),
    PlainSerializer(datetime.isoformat, return_type=str),
]


class PersonModel(Model):
    """Somebody who can be reached; ``phone`` is E.164 by now."""

    id: Id
    name: Text
    title: Text
    department: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    phone: Annotated[str, Field(pattern=r"^\+[1-9]\d{7,14}$")] | None = None
    mail: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)] | None = None
    deputy: str | None = None
    active: bool = True
    urgent: tuple[WrittenWay, ...] = ()
    normal: tuple[WrittenWay, ...] = ()
    quiet: WrittenQuiet | None = None

    def to_person(self) -> Person:
        """Return the person as the services know them."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Person(**{**fields, "roles": frozenset(self.roles)})


class ShiftOverrideModel(Model):
    """Somebody else takes the duty for a while."""

    person: str
    since: Opening
    until: Closing


class RotationModel(Model):
    """People who take turns; ``starts`` is a hand-over to the first of them."""

    id: Id
    name: Text
    people: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    starts: Opening
    every: Duration = WEEK
    role: Role | None = None
    overrides: tuple[ShiftOverrideModel, ...] = ()

    def to_rotation(self) -> Rotation:
        """Return the rotation as the services know it."""
        return Rotation(
            id=self.id,
            name=self.name,
            people=self.people,
            starts_at=self.starts,
            every=self.every,
            role=self.role,
            overrides=tuple(self._override(index, each) for index, each in enumerate(self.overrides)),
        )

    def _override(self, index: int, model: ShiftOverrideModel) -> ShiftOverride:
        return ShiftOverride(
            id=f"{self.id}-{index}",
            rotation_id=self.id,
            person_id=model.person,
            begins_at=model.since,
            ends_at=model.until,
            made_at=CONFIGURED_AT,
            made_by=CONFIGURED_BY,
        )


class AbsenceModel(Model):
    """A time in which somebody is not to be asked."""

    person: str
    since: Opening
    until: Closing
    deputy: str | None = None

    def to_absence(self, index: int) -> Absence:
        """Return the absence as the services know it."""
        return Absence(
            id=f"absence-{index}",
            person_id=self.person,
            begins_at=self.since,
            ends_at=self.until,
            made_at=CONFIGURED_AT,
            made_by=CONFIGURED_BY,
            deputy=self.deputy,
        )


class ExpertModel(Model):
    """Somebody from outside who can be asked; ``hours`` like ``09:00-18:00``."""

    person: Id
    field: ExpertField
    contract: Text
    hours: WrittenQuiet | None = None
    weekdays: bool = True

    def to_expert(self) -> Expert:
        """Return the entry of the register."""
        return Expert(
            person_id=self.person,
            field=self.field,
            contract=self.contract,
            opens=self.hours.begins if self.hours is not None else None,
            closes=self.hours.ends if self.hours is not None else None,
            weekdays=self.weekdays,
        )


class RosterModel(Model):
    """``roster.yaml``; the order of people is the order in which a role is asked."""

    people: Annotated[tuple[PersonModel, ...], Field(min_length=1)]
    engages: Mapping[Category, tuple[Role, ...]] = Field(default_factory=dict)
    default_engages: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.PR, Role.CUSTOMER_SUPPORT)
    rotations: tuple[RotationModel, ...] = ()
    absences: tuple[AbsenceModel, ...] = ()
    experts: tuple[ExpertModel, ...] = ()
    surge: Annotated[tuple[str, ...], Field(max_length=20)] = ()

    def to_roster(self) -> Roster:
        """Return the roster as it is configured; what holds now is laid over it elsewhere."""
        people = {person.id: person.to_person() for person in self.people}
        seats = {role: tuple(p.id for p in people.values() if role in p.roles) for role in Role}
        return Roster(
            people=people,
            seats={role: ids for role, ids in seats.items() if ids},
            engages=dict(self.engages),
            default_engages=self.default_engages,
            rotations={each.id: each.to_rotation() for each in self.rotations},
            absences=tuple(each.to_absence(index) for index, each in enumerate(self.absences)),
            experts=tuple(each.to_expert() for each in self.experts),
            surge=self.surge,
        )
