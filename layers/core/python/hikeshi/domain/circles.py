"""Who may know of an incident: everybody inside, or only a circle of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType
from hikeshi.domain.people import Person
from hikeshi.domain.timeline import SYSTEM


@dataclass(frozen=True, kw_only=True, slots=True)
class Circle:
    """Those who may know of an incident that is kept among few (関係者限り).

    Attributes
    ----------
    roles : tuple of Role
        Whoever has one of them is in; the order is the order in which they are asked.
    people : tuple of str
        Ids of those who were let in beside them.
    by : str
        Who drew it: a person id, or ``hikeshi`` if the kind of incident did.
    reason : str
        Why, as it was given; empty if the kind of incident is the reason.
    """

    roles: tuple[Role, ...]
    since: datetime
    people: tuple[str, ...] = ()
    by: str = SYSTEM
    reason: str = ""

    def has(self, person: Person) -> bool:
        """Tell whether a person is in."""
        return person.id in self.people or not person.roles.isdisjoint(self.roles)

    def with_people(self, person_ids: Iterable[str]) -> Circle:
        """Return the circle with more people in it, each once."""
        return replace(self, people=tuple(dict.fromkeys((*self.people, *person_ids))))


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedToKnow:
    """Which incidents are kept among few from the moment they are opened, and among whom.

    ``roles`` also make the circle that a person draws by hand.
    """

    categories: frozenset[Category] = frozenset({Category.HARASSMENT, Category.SCANDAL})
    crisis_types: frozenset[CrisisType] = frozenset()
    roles: tuple[Role, ...] = (Role.LEGAL, Role.HR, Role.EXECUTIVE, Role.LEAD)

    def circle_for(self, category: Category, crisis_type: CrisisType, *, at: datetime) -> Circle | None:
        """Return the circle of a new incident, None if everybody may know of it."""
        if category in self.categories or crisis_type in self.crisis_types:
            return Circle(roles=self.roles, since=at)
        return None


def is_outsider(person: Person) -> bool:
    """Tell whether a person only advises us: they see what was shared with them, and no room at all."""
    return person.is_outside


def may_know(circle: Circle | None, person: Person) -> bool:
    """Tell whether a person may hear of an incident and see it."""
    return not is_outsider(person) and (circle is None or circle.has(person))


def who_may_know(circle: Circle | None, people: Iterable[Person]) -> tuple[Person, ...]:
    """Return those who may know, in the order given."""
    return tuple(person for person in people if may_know(circle, person))
