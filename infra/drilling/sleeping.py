"""Whose quiet hours a drill would run into: it is as loud as the real thing, and can wait for the morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Person
from hikeshi.domain.quiet_hours import QuietHours

_DAY = timedelta(days=1)


def asleep_during(people: Iterable[Person], *, begins: datetime, ends: datetime) -> tuple[Person, ...]:
    """Return the people whose quiet hours cover any moment of a drill."""
    return tuple(
        person
        for person in people
        if person.active and person.quiet is not None and _meets(person.quiet, begins=begins, ends=ends)
    )


def _meets(quiet: QuietHours, *, begins: datetime, ends: datetime) -> bool:
    if quiet.end_after(begins) is not None:
        return True
    here = begins.astimezone(JST)
    falls = datetime.combine(here.date(), quiet.begins, JST)
    return (falls if falls >= here else falls + _DAY) < ends
