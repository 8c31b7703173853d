"""The playbook on a page of its own: the reader's card first, then who does what until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hikeshi.domain.actions import EVERYONE, Action, Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.incidents.kind_text import kind_in_words
from hikeshi.services.playbooks.playbook_panel import own_departments
from hikeshi.services.playbooks.task_panel import by_urgency, progress, task_groups
from hikeshi.services.reports.timeline_text import sentence
from hikeshi.services.room.page_models import Form, Notice, TaskGroup
from hikeshi.services.room.room_picture import reasons_of
from hikeshi.services.room.visit import Visit, shown
from hikeshi.services.statements.statement_page import NumberedFact, numbered_facts

A_PAGE = 20
"""Tasks on one page."""

MOST_CHOICES = 120
"""People and tasks that a field offers."""

MOST_REASONS = 3

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """The role card of a department."""

    department: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookPage:
    """The page; ``before`` and ``after`` are addresses of more tasks, empty at the ends.

    Attributes
    ----------
    own, others : tuple of Card
        The cards of the reader's departments, and all others.
    why : tuple of str
        How it came to be judged as it is.
    authority : tuple of pair
        What is decided, and by whom.
    """

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    own: tuple[Card, ...]
    others: tuple[Card, ...]
    steps: tuple[str, ...]
    progress: str
    groups: tuple[TaskGroup, ...]
    place: str
    before: str
    after: str
    kind: str
    why: tuple[str, ...]
    set_kind: Form
    types: Choices
    faults: Choices
    facts: tuple[NumberedFact, ...]
    hand: Form
    add: Form
    tasks: Choices
    people: Choices
    departments: Choices
    experts: Choices
    authority: Choices


def playbook_page(visit: Visit, *, notices: tuple[Notice, ...] = (), page: str = "") -> PlaybookPage:
    """Compose the page; a page number that is none shows the first."""
    playbook, tasks = visit.playbook, by_urgency(visit, visit.room.tasks)
    pages = max((len(tasks) + A_PAGE - 1) // A_PAGE, 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1  # noqa: PLR2004  # no room has a thousand pages
    own = own_departments(visit)
    return PlaybookPage(
        page_title=visit.text("playbook.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        own=_cards(visit, own),
        others=_cards(visit, (role for role in playbook.cards if role not in own)),
        steps=playbook.first_steps,
        progress=progress(visit, [task for task in tasks if task.is_open or task.done_at is not None]),
        groups=task_groups(visit, tasks[(number - 1) * A_PAGE : number * A_PAGE]),
        place=visit.text("facts.place", page=number, pages=pages) if pages > 1 else "",
        before=f"playbook?page={number - 1}" if number > 1 else "",
        after=f"playbook?page={number + 1}" if number < pages else "",
        kind=kind_in_words(visit.incident, visit.words),
        why=_why(visit),
        set_kind=_as_judged(visit, visit.form(Action.SET_KIND)),
        types=tuple(
            (kind.value, visit.text(f"crisis_type.{kind}"))
            for kind in CrisisType
            if kind is not CrisisType.NONE
        ),
        faults=tuple((fault.value, visit.text(f"fault.{fault}")) for fault in Fault),
        facts=numbered_facts(visit),
        hand=_offered(visit, visit.form(Action.HAND_TASK)),
        add=visit.form(Action.ADD_TASK),
        tasks=_open_tasks(visit),
        people=_people(visit),
        departments=tuple((role.value, visit.text(f"role.{role}")) for role in Role if role in EVERYONE),
        experts=tuple((call.field, call.when) for call in playbook.experts),
        authority=tuple(
            (visit.text(f"playbook.{what}"), _roles(visit, playbook.roles_for(action)))
            for what, action in (("decides", Action.SET_KIND), ("approves", Action.APPROVE_STATEMENT))
        ),
    )


def _cards(visit: Visit, roles: Iterable[Role]) -> tuple[Card, ...]:
    cards = visit.playbook.cards
    return tuple(
        Card(department=visit.text(f"role.{role}"), lines=cards[role]) for role in roles if role in cards
    )


def _why(visit: Visit) -> tuple[str, ...]:
    """Say on what the judgement rests: what a person said last, or else what the scoring saw."""
    said = _last_said(visit)
    if said is not None:
        roster = visit.configuration.roster
        told = sentence(said.event, words=visit.words, roster=roster)
        return (visit.text("playbook.said", at=visit.when(said.event.at), what=told),)
    category = visit.text(f"category.{visit.incident.category}")
    reasons = visit.text("page.comma").join(reasons_of(visit)[:MOST_REASONS])
    key = "playbook.judged" if reasons else "playbook.judged_bare"
    return (visit.text(key, category=category, reasons=reasons),)


def _last_said(visit: Visit) -> TimelineEntry | None:
    return next((entry for entry in reversed(visit.timeline) if entry.event.kind == "kind_set"), None)


def _as_judged(visit: Visit, form: Form) -> Form:
    incident = visit.incident
    now: Mapping[str, str] = {"crisis_type": incident.crisis_type.value, "fault": incident.fault.value}
    return form if form.typed else replace(form, typed=now)


def _offered(visit: Visit, form: Form) -> Form:
    """Offer to hand a task over only while there is one."""
    return form if _open_tasks(visit) else replace(form, gate=replace(form.gate, open=False, why=""))


def _open_tasks(visit: Visit) -> Choices:
    tasks = by_urgency(visit, [task for task in visit.room.tasks if task.is_open])
    return tuple(
        (
            task.id,
            visit.text("playbook.task_of", title=shown(task.title, 60), owner=visit.name(task.owner)),
        )
        for task in tasks[:MOST_CHOICES]
    )


def _people(visit: Visit) -> Choices:
    insiders = who_may_know(visit.incident.circle, visit.configuration.roster.people.values())
    able = (person for person in insiders if visit.playbook.permits(person, Action.COMPLETE_TASK))
    named = [
        (each.id, visit.text("playbook.person", name=each.name, department=each.department)) for each in able
    ]
    return tuple(named[:MOST_CHOICES])


def _roles(visit: Visit, roles: Iterable[Role]) -> str:
    allowed = set(roles)
    return visit.text("page.and").join(visit.text(f"role.{role}") for role in Role if role in allowed)
