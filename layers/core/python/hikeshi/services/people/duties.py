"""Absences and changes of duty, as the desk enters and takes them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hikeshi.domain.errors import InvalidFormError, NotFoundError
from hikeshi.domain.people import Person
from hikeshi.domain.rotations import Absence, ShiftOverride
from hikeshi.services.people.directory import Records

LONGEST = timedelta(days=366)
"""A longer absence is a departure, or a slip of the pen."""


def add_absence(
    person_id: str, *, begins_at: datetime, ends_at: datetime, deputy: str | None, records: Records
) -> Absence:
    """Enter an absence.

    Raises
    ------
    InvalidFormError
        If the times or the people make no sense; names the field.
    """
    person = _active(person_id, field="person", records=records)
    _check_span(begins_at, ends_at, records=records)
    if deputy is not None:
        _active(deputy, field="deputy", records=records)
        if deputy == person.id:
            raise InvalidFormError("nobody stands in for themselves", field="deputy")
        if not records.roster.person(deputy).can_be_reached:
            raise InvalidFormError("a deputy who cannot be paged stands in for nobody", field="deputy")
    absence = Absence(
        id=records.ids.ulid(),
        person_id=person.id,
        begins_at=begins_at,
        ends_at=ends_at,
        made_at=records.clock.now(),
        made_by=records.by,
        deputy=deputy,
    )
    records.directory.put(absence)
    return absence


def add_override(
    rotation_id: str, person_id: str, *, begins_at: datetime, ends_at: datetime, records: Records
) -> ShiftOverride:
    """Give the duty of a rotation to somebody for a while.

    Raises
    ------
    InvalidFormError
        If the times, the rotation or the person make no sense; names the field.
    """
    rotation = records.roster.rotations.get(rotation_id)
    if rotation is None:
        raise InvalidFormError("no such rotation", field="rotation")
    person = _active(person_id, field="person", records=records)
    if rotation.role is not None and rotation.role not in person.roles:
        raise InvalidFormError("the person does not have the role of the rotation", field="person")
    _check_span(begins_at, ends_at, records=records)
    override = ShiftOverride(
        id=records.ids.ulid(),
        rotation_id=rotation.id,
        person_id=person.id,
        begins_at=begins_at,
        ends_at=ends_at,
        made_at=records.clock.now(),
        made_by=records.by,
    )
    records.directory.put(override)
    return override


def cancel(entry_id: str, *, records: Records) -> Absence | ShiftOverride:
    """Take an absence or a change of duty back; one that was taken back already stays so.

    Raises
    ------
    NotFoundError
        If the desk entered no such thing: what stands in the configuration is changed there.
    """
    standings = records.directory.standings()
    entries: tuple[Absence | ShiftOverride, ...] = (*standings.absences, *standings.overrides)
    for entry in entries:
        if entry.id == entry_id:
            if entry.cancelled_at is not None:
                return entry
            cancelled = replace(entry, cancelled_at=records.clock.now())
            records.directory.put(cancelled)
            return cancelled
    raise NotFoundError("entry", entry_id)


def _active(person_id: str, *, field: str, records: Records) -> Person:
    person = records.roster.people.get(person_id)
    if person is None or not person.active:
        raise InvalidFormError("nobody active has this id", field=field)
    return person


def _check_span(begins_at: datetime, ends_at: datetime, *, records: Records) -> None:
    if ends_at <= begins_at:
        raise InvalidFormError("it ends before it begins", field="until")
    if ends_at <= records.clock.now():
        raise InvalidFormError("it is over already", field="until")
    if ends_at - begins_at > LONGEST:
        raise InvalidFormError("longer than a year", field="until")
