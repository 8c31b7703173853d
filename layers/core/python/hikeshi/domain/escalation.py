"""Escalation ladders as data: who is paged, how long we wait, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.people import Channel, Person, Role, Roster


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep:
    """One rung: the roles and people it pages, how, and the wait before the next.

    ``departments`` adds the roles that the incident's category engages.
    """

    wait_seconds: int
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    departments: bool = False
    channels: tuple[Channel, ...] = (Channel.SMS, Channel.MAIL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Steps in order; after the last one it repeats from ``repeat_from``, ``repeats`` times."""

    steps: tuple[LadderStep, ...]
    repeat_from: int = 0
    repeats: int = 1

    def schedule(self) -> tuple[int, ...]:
        """Return the step indexes in the order they are paged, repeats included."""
        tail = tuple(range(self.repeat_from, len(self.steps)))
        return tuple(range(len(self.steps))) + tail * self.repeats


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationPolicy:
    """The ladder of each level, and who is told when every step has passed unanswered."""

    ladders: Mapping[Level, Ladder]
    last_resort: tuple[Role, ...] = (Role.EXECUTIVE,)
    overrides: Mapping[Category, Mapping[Level, Ladder]] = field(default_factory=dict)

    def ladder_for(self, category: Category, level: Level) -> Ladder:
        """Return the ladder of a category at a level."""
        return self.overrides.get(category, {}).get(level, self.ladders[level])


def people_of(step: LadderStep, *, category: Category, roster: Roster) -> tuple[Person, ...]:
    """Resolve a step to people, in order, each once."""
    roles = step.roles + (roster.departments_for(category) if step.departments else ())
    found: dict[str, Person] = {}
    for role in roles:
        for person in roster.holders(role):
            found.setdefault(person.id, person)
    for person_id in step.people:
        person = roster.person(person_id)
        if person.active:
            found.setdefault(person.id, person)
    return tuple(found.values())
