"""On-call rotations, the exceptions to them, and absences.

A rotation is a list of people who take turns of equal length. Nothing is stored week by week: who is on
call at a moment follows from the first hand-over alone, so a rotation has no end and no gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WEEK = timedelta(days=7)
_MOST_BOUNDARIES = 400
"""Changes looked through for the end of a shift; beyond them it counts as having none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """A time in which somebody is not to be asked.

    Attributes
    ----------
    ends_at : datetime
        The first moment at which they are back.
    deputy : str or None
        Who stands in; None leaves it to the person's usual deputy.
    made_at, made_by :
        When it was entered, and by whom; the newest of two that overlap holds.
    """

    id: str
    person_id: str
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    made_by: str
    deputy: str | None = None
    cancelled_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Tell whether the person is away at a moment."""
        return self.cancelled_at is None and self.begins_at <= at < self.ends_at

    @property
    def early_end_id(self) -> str:
        """Name what ends it early if it stands in the configuration: one that is changed there is another."""
        span = f"{self.begins_at.timestamp():.0f}-{self.ends_at.timestamp():.0f}"
        return f"early-end-{self.person_id}-{span}"

    def ended_early(self, *, at: datetime, by: str) -> Absence:
        """Return what the directory keeps so that an absence of the configuration counts no more."""
        return replace(self, id=self.early_end_id, made_at=at, made_by=by, cancelled_at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftOverride:
    """Somebody else takes the duty of a rotation for a while."""

    id: str
    rotation_id: str
    person_id: str
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    made_by: str
    cancelled_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Tell whether the override holds at a moment."""
        return self.cancelled_at is None and self.begins_at <= at < self.ends_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """A stretch in which one person is on call; ``ends_at`` is None if nobody else ever follows."""

    person_id: str
    begins_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """People who take turns.

    Attributes
    ----------
    role : str or None
        Seat that whoever is on call fills alone.
    people : tuple of str
        In the order of their turns; never empty.
    starts_at : datetime
        A hand-over to the first of them; earlier and later ones follow from it.
    overrides : tuple of ShiftOverride
        A later one in the tuple outdoes an earlier one where they overlap.
    """

    id: str
    name: str
    people: tuple[str, ...]
    starts_at: datetime
    every: timedelta = WEEK
    role: str | None = None
    overrides: tuple[ShiftOverride, ...] = ()

    def holder(self, at: datetime) -> str:
        """Return who is on call at a moment, overrides included."""
        for override in reversed(self.overrides):
            if override.covers(at):
                return override.person_id
        return self.people[self._turn(at) % len(self.people)]

    def in_order(self, at: datetime) -> tuple[str, ...]:
        """Return who is on call, and then everybody else in the order in which they would step in."""
        turn = self._turn(at)
        following = (self.people[(turn + n) % len(self.people)] for n in range(len(self.people)))
        return tuple(dict.fromkeys((self.holder(at), *following)))

    def shift_at(self, at: datetime) -> Shift:
        """Return the stretch that begins at a moment or goes on at it, up to the next change of person."""
        person = self.holder(at)
        for boundary in self._boundaries(at):
            if self.holder(boundary) != person:
                return Shift(person_id=person, begins_at=at, ends_at=boundary)
        return Shift(person_id=person, begins_at=at, ends_at=None)

    def shifts(self, at: datetime, *, count: int) -> tuple[Shift, ...]:
        """Return so many shifts from a moment on; fewer if the last of them has no end."""
        found: list[Shift] = []
        begins: datetime | None = at
        while begins is not None and len(found) < count:
            found.append(self.shift_at(begins))
            begins = found[-1].ends_at
        return tuple(found)

    def _turn(self, at: datetime) -> int:
        return (at - self.starts_at) // self.every

    def _boundaries(self, at: datetime) -> Iterator[datetime]:
        """Yield the moments after one at which somebody else may come on, in order."""
        exceptions = [edge for each in self.overrides for edge in (each.begins_at, each.ends_at)]
        turn = self._turn(at)
        for _ in range(_MOST_BOUNDARIES):
            following = self.starts_at + (turn + 1) * self.every
            at = min([following, *(edge for edge in exceptions if edge > at)])
            turn = self._turn(at)
            yield at
