"""What each department does, as data: by category, refined by the type of crisis and by whose fault it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from hikeshi.domain.actions import RULES, Action, Role
from hikeshi.domain.assessment import Category, CrisisType, Fault
from hikeshi.domain.incidents import Incident
from hikeshi.domain.people import Person
from hikeshi.domain.peril import Peril
from hikeshi.domain.statements import StatementKind

FIRST_STEPS = 5
"""So many first steps an alert carries."""

LONGEST_SHORT = 8
"""Characters of a task's name in an SMS: beside number, topic, time and link there is no room for more."""

LINE_DECISIONS = frozenset(
    {Action.SET_KIND, Action.ESTABLISH_FACTS, Action.WAIVE_STATEMENT, Action.DECLARE_CALM}
)
"""What those who decide on the company's line decide; a playbook may name fewer of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookTask:
    """One task of one department.

    ``due_minutes`` count from the moment it is handed out, ``remind_minutes`` back from when it is due.
    ``short`` is what an SMS calls it; empty takes the title.
    """

    id: str
    department: Role
    title: str
    due_minutes: int
    remind_minutes: int = 15
    short: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """What a statement begins with, part by part; an empty part is left to the writer."""

    opening: str = ""
    fact: str = ""
    action: str = ""
    contact: str = ""
    care: str = ""

    def over(self, other: Skeleton) -> Skeleton:
        """Lay this one over another: what is empty here stays as it is there."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(other, **{name: text for name, text in own.items() if text})


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertCall:
    """Whom to ask from outside, and when."""

    field: str
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbook:
    """What is done first, checked first, by whom, and what is said.

    Attributes
    ----------
    first_steps : tuple of str
        At most five; the alert carries them.
    cards : mapping of Role to tuple of str
        The role card of each department: what it does, in its own words.
    deciders, approvers : frozenset of Role
        Who alone decides on the line and approves statements; empty leaves it to the rules of the actions.
    """

    first_steps: tuple[str, ...]
    claims: tuple[str, ...]
    tasks: tuple[PlaybookTask, ...]
    cards: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    statements: Mapping[StatementKind, Skeleton] = field(default_factory=dict)
    experts: tuple[ExpertCall, ...] = ()
    deciders: frozenset[Role] = frozenset()
    approvers: frozenset[Role] = frozenset()

    @property
    def departments(self) -> tuple[Role, ...]:
        """Return whom it engages: everybody who has a card or a task, in order."""
        return tuple(dict.fromkeys((*self.cards, *(task.department for task in self.tasks))))

    def roles_for(self, action: Action) -> frozenset[Role]:
        """Return who may take an action under it: never anybody whom the rule of the action leaves out."""
        chosen = self.deciders if action in LINE_DECISIONS else frozenset[Role]()
        if action in (Action.APPROVE_STATEMENT, Action.RETURN_STATEMENT):
            chosen = self.approvers
        return RULES[action].by & chosen if chosen else RULES[action].by

    def permits(self, person: Person, action: Action) -> bool:
        """Tell whether a person may take an action under it."""
        return person.active and not person.roles.isdisjoint(self.roles_for(action))

    def approving_roles(self, person: Person) -> frozenset[Role]:
        """Return the roles in which a person can approve a statement."""
        return person.roles & self.roles_for(Action.APPROVE_STATEMENT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refinement:
    """What changes for some incidents; laid over the playbook of the category.

    Attributes
    ----------
    category, crisis_type, fault, peril : or None
        What an incident must be for it to count; None is any.
    first_steps : tuple of str
        Take the last places of the five: what protects people stands first, whatever the type. Those that
        count for a peril alone take the first places: they protect a life.
    claims, tasks, cards, experts :
        Come in addition; a task with a known id takes the place of that one.
    stand_down : frozenset of Role
        Departments that have nothing to do then.
    statements, deciders, approvers :
        Take the place of what is there, as far as they say anything.
    """

    category: Category | None = None
    crisis_type: CrisisType | None = None
    fault: Fault | None = None
    peril: Peril | None = None
    first_steps: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    tasks: tuple[PlaybookTask, ...] = ()
    cards: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    statements: Mapping[StatementKind, Skeleton] = field(default_factory=dict)
    experts: tuple[ExpertCall, ...] = ()
    deciders: frozenset[Role] = frozenset()
    approvers: frozenset[Role] = frozenset()
    stand_down: frozenset[Role] = frozenset()

    def fits(
        self, category: Category, crisis_type: CrisisType, fault: Fault, peril: Peril | None = None
    ) -> bool:
        """Tell whether it counts for such an incident."""
        wanted = (
            (self.category, category),
            (self.crisis_type, crisis_type),
            (self.fault, fault),
            (self.peril, peril),
        )
        return all(asked is None or asked is given for asked, given in wanted)

    def over(self, base: Playbook) -> Playbook:
        """Lay it over a playbook."""
        own = {task.id for task in self.tasks}
        tasks = (*(task for task in base.tasks if task.id not in own), *self.tasks)
        roles = dict.fromkeys((*base.cards, *self.cards))
        cards = {role: (*self.cards.get(role, ()), *base.cards.get(role, ())) for role in roles}
        return Playbook(
            first_steps=base.first_steps,
            claims=_each_once((*base.claims, *self.claims)),
            tasks=tuple(task for task in tasks if task.department not in self.stand_down),
            cards={role: lines for role, lines in cards.items() if role not in self.stand_down},
            statements=laid_over(self.statements, base.statements),
            experts=tuple(dict.fromkeys((*self.experts, *base.experts))),
            deciders=self.deciders or base.deciders,
            approvers=self.approvers or base.approvers,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbooks:
    """Playbooks by category, one for every category that has none of its own, and what refines them."""

    default: Playbook
    by_category: Mapping[Category, Playbook] = field(default_factory=dict)
    refinements: tuple[Refinement, ...] = ()

    def of(self, incident: Incident) -> Playbook:
        """Return the playbook of an incident as it is judged now."""
        return self.resolve(incident.category, incident.crisis_type, incident.fault, *incident.perils)

    def beside_peril(self, incident: Incident) -> Playbook:
        """Return what would be the playbook of an incident if no life were at risk."""
        return self.resolve(incident.category, incident.crisis_type, incident.fault)

    def resolve(
        self, category: Category, crisis_type: CrisisType, fault: Fault, *perils: Peril | None
    ) -> Playbook:
        """Return the playbook of such incidents, every refinement that fits laid over it in order.

        What a category does not say of statements, experts and authority, the default says. Of several
        perils the gravest comes first, and it alone says who stands down: what protects each life is asked
        for, and nobody is sent away whom one of them needs.
        """
        own = self.by_category.get(category, self.default)
        found = replace(
            own,
            statements=laid_over(own.statements, self.default.statements),
            experts=own.experts or self.default.experts,
            deciders=own.deciders or self.default.deciders,
            approvers=own.approvers or self.default.approvers,
        )
        gravest, *others = perils or (None,)
        fitting = [each for each in self.refinements if each.fits(category, crisis_type, fault, gravest)]
        fitting += [
            replace(each, stand_down=frozenset())
            for each in self.refinements
            if each.peril in others and each.fits(category, crisis_type, fault, each.peril)
        ]
        for refinement in fitting:
            found = refinement.over(found)
        first = _each_once(step for each in fitting if each.peril for step in each.first_steps)
        last = _each_once(step for each in fitting if not each.peril for step in each.first_steps)
        kept = found.first_steps[: max(FIRST_STEPS - len(first) - len(last), 1)]
        return replace(found, first_steps=_each_once((*first, *kept, *last))[:FIRST_STEPS])


def laid_over(
    upper: Mapping[StatementKind, Skeleton], lower: Mapping[StatementKind, Skeleton]
) -> Mapping[StatementKind, Skeleton]:
    """Lay skeletons over others, part by part."""
    kinds = dict.fromkeys((*lower, *upper))
    return {kind: upper.get(kind, Skeleton()).over(lower.get(kind, Skeleton())) for kind in kinds}


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
