"""Configurations in one line: who is paged, when, and for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import EscalationPolicy, Ladder, LadderStep
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.response_clock import DEFAULT_ALLOWANCES
from tests.builders import a_configuration, a_person, a_roster

BOTH = (Channel.SMS, Channel.MAIL)


def rung(
    *roles: Role | str,
    minutes: float,
    people: Iterable[str] = (),
    departments: bool = False,
    channels: Iterable[Channel] = BOTH,
    **changes: Any,
) -> LadderStep:
    """One step: whom it pages, and how long it waits."""
    return LadderStep(
        wait_seconds=round(minutes * 60),
        roles=tuple(Role(role) for role in roles),
        people=tuple(people),
        departments=departments,
        channels=tuple(channels),
        **changes,
    )


def ladder(*steps: LadderStep, repeats: int = 0, repeat_from: int = 0, **changes: Any) -> Ladder:
    """Steps one after another."""
    return Ladder(steps=steps, repeats=repeats, repeat_from=repeat_from, **changes)


def a_company(**changes: Any) -> Configuration:
    """The invented company; caps, the clock and a headquarters by level have scenarios of their own."""
    company = a_configuration(**{"caps": (), "headquarters_from": None, **changes})
    return replace(company, escalation=replace(company.escalation, response_clock={}))


def on_the_clock(configuration: Configuration) -> Configuration:
    """Let the clock from the post run: three hours to the public word, as it ships."""
    policy = replace(configuration.escalation, response_clock=DEFAULT_ALLOWANCES)
    return replace(configuration, escalation=policy)


def climbing(
    warning: Ladder,
    *,
    critical: Ladder | None = None,
    last_resort: Iterable[Role | str] = ("executive",),
    overrides: Mapping[Category, Mapping[Level, Ladder]] | None = None,
    people: Iterable[Person] = (),
    **changes: Any,
) -> Configuration:
    """Return a configuration with these ladders; ``people`` replaces or adds members of the cast."""
    policy = EscalationPolicy(
        ladders={Level.WARNING: warning, Level.CRITICAL: critical or warning},
        last_resort=tuple(Role(role) for role in last_resort),
        overrides=overrides or {},
    )
    roster = a_roster(people={person.id: person for person in people})
    return a_company(escalation=policy, roster=roster, **changes)


def without(configuration: Configuration, *person_ids: str) -> Configuration:
    """Let people leave; what they stood in for goes to their deputies, if they have any."""
    roster = configuration.roster
    gone = {each: replace(roster.person(each), active=False) for each in person_ids}
    return replace(configuration, roster=replace(roster, people={**roster.people, **gone}))


def with_person(configuration: Configuration, person: Person) -> Configuration:
    """Let somebody come, or be somebody else from now on."""
    roster = configuration.roster
    return replace(configuration, roster=replace(roster, people={**roster.people, person.id: person}))


def seated(configuration: Configuration, role: Role, *people: Person) -> Configuration:
    """Give a role to these people and nobody else."""
    for person in people:
        configuration = with_person(configuration, person)
    seats = {**configuration.roster.seats, role: tuple(person.id for person in people)}
    return replace(configuration, roster=replace(configuration.roster, seats=seats))


def away(person_id: str, **changes: Any) -> Person:
    """Somebody of the cast who is not there."""
    return a_person(person_id, active=False, **changes)
