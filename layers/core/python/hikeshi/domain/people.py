"""People, what they may do, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import NotFoundError


class Role(StrEnum):
    """A seat in the response."""

    DESK = "desk"
    LEAD = "lead"
    PR = "pr"
    LEGAL = "legal"
    CUSTOMER_SUPPORT = "customer_support"
    QUALITY = "quality"
    HR = "hr"
    IT = "it"
    STORE_OPS = "store_ops"
    EXECUTIVE = "executive"
    EXPERT = "expert"


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    MAIL = "mail"


class Action(StrEnum):
    """What a person can do from a link."""

    ACKNOWLEDGE = "acknowledge"
    DISMISS = "dismiss"
    ESCALATE = "escalate"
    ADD_FACT = "add_fact"
    JUDGE_FACT = "judge_fact"
    ESTABLISH_FACTS = "establish_facts"
    COMPLETE_TASK = "complete_task"
    DRAFT_STATEMENT = "draft_statement"
    APPROVE_STATEMENT = "approve_statement"
    WAIVE_STATEMENT = "waive_statement"
    DECLARE_CALM = "declare_calm"
    EDIT_REPORT = "edit_report"
    SIGN_REPORT = "sign_report"


NEEDS_CHECK_NUMBER = frozenset(
    {
        Action.DISMISS,
        Action.ESTABLISH_FACTS,
        Action.APPROVE_STATEMENT,
        Action.WAIVE_STATEMENT,
        Action.DECLARE_CALM,
        Action.SIGN_REPORT,
    }
)
"""Actions that cannot be taken back, so a scanner that presses buttons must not be able to."""

_EVERYONE = frozenset(
    {Action.ACKNOWLEDGE, Action.ESCALATE, Action.ADD_FACT, Action.JUDGE_FACT, Action.COMPLETE_TASK}
)
_DECIDES = _EVERYONE | {
    Action.DISMISS,
    Action.ESTABLISH_FACTS,
    Action.DRAFT_STATEMENT,
    Action.WAIVE_STATEMENT,
    Action.DECLARE_CALM,
    Action.EDIT_REPORT,
    Action.SIGN_REPORT,
}

ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.DESK: _EVERYONE | {Action.DISMISS},
    Role.LEAD: _DECIDES | {Action.APPROVE_STATEMENT},
    Role.PR: _EVERYONE
    | {
        Action.DISMISS,
        Action.ESTABLISH_FACTS,
        Action.DRAFT_STATEMENT,
        Action.EDIT_REPORT,
        Action.SIGN_REPORT,
    },
    Role.LEGAL: _EVERYONE | {Action.APPROVE_STATEMENT, Action.SIGN_REPORT},
    Role.CUSTOMER_SUPPORT: _EVERYONE,
    Role.QUALITY: _EVERYONE,
    Role.HR: _EVERYONE,
    Role.IT: _EVERYONE,
    Role.STORE_OPS: _EVERYONE,
    Role.EXECUTIVE: _DECIDES | {Action.APPROVE_STATEMENT},
    Role.EXPERT: frozenset(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who can be reached.

    Attributes
    ----------
    id : str
        Stable, lower-case; appears in timelines instead of the name.
    phone : str or None
        E.164, for SMS.
    mail : str or None
        Address that confirmed its subscription.
    """

    id: str
    name: str
    title: str
    department: str
    roles: frozenset[Role]
    phone: str | None = None
    mail: str | None = None
    deputy: str | None = None
    active: bool = True

    def may(self, action: Action) -> bool:
        """Tell whether any of the person's roles includes the action."""
        return self.active and any(action in ALLOWED[role] for role in self.roles)

    def address(self, channel: Channel) -> str | None:
        """Return the phone number or mail address, if there is one."""
        return self.phone if channel is Channel.SMS else self.mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """Who does what: people, and for each category the roles it engages.

    ``engages[category]`` is an ordered tuple; categories that are absent use ``default_engages``.
    """

    people: Mapping[str, Person]
    seats: Mapping[Role, tuple[str, ...]]
    engages: Mapping[Category, tuple[Role, ...]] = field(default_factory=dict)
    default_engages: tuple[Role, ...] = (Role.PR, Role.CUSTOMER_SUPPORT)

    def person(self, person_id: str) -> Person:
        """Look a person up.

        Raises
        ------
        NotFoundError
            If nobody has this id.
        """
        try:
            return self.people[person_id]
        except KeyError:
            raise NotFoundError("person", person_id) from None

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Return the active holders of a role; an absent one is replaced by the deputy."""
        found: list[Person] = []
        for person_id in self.seats.get(role, ()):
            person: Person | None = self.people[person_id]
            while person is not None and not person.active:
                person = self.people.get(person.deputy) if person.deputy else None
            if person is not None and person not in found:
                found.append(person)
        return tuple(found)

    def departments_for(self, category: Category) -> tuple[Role, ...]:
        """Return the roles that a risk of this category engages."""
        return self.engages.get(category, self.default_engages)
