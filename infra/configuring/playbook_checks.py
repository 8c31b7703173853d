"""What no single field of ``playbooks.yaml`` shows: whether every playbook can be worked by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product

from hikeshi.adapters.playbooks_document import (
    DepartmentModel,
    PlaybookModel,
    PlaybooksModel,
    RefinementModel,
)
from hikeshi.domain.actions import RULES, Action, Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.peril import Peril
from hikeshi.domain.playbooks import Playbook, Skeleton
from hikeshi.domain.statements import Approval, StatementKind, approvals_suffice
from hikeshi.services.messages.wording import Wording
from hikeshi.services.statements.statement_check import gaps, tone_findings
from hikeshi.services.statements.statement_text import Draft, sentences_of
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem

SHORTEST_DUE = timedelta(minutes=5)
LONGEST_DUE = timedelta(days=30)
MOST_TASKS = 15
"""Tasks of one incident by its playbook: a change of kind may drop as many and hand out as many at once."""

_ANY_TIME = datetime(2026, 1, 5, 9, 0, tzinfo=JST)
_LEFT_TO_THE_WRITER = "no_fact_named"
"""What a full skeleton lacks on purpose: its facts."""

_PART_OF = {"no_contact": "contact", "no_care": "care"}
"""The part of a skeleton that a finding is about, where it is about one."""

_Book = PlaybookModel | RefinementModel
_Such = tuple[Category, CrisisType, Fault, Peril | None]


def playbook_problems(
    playbooks: PlaybooksModel, configuration: Configuration, file: Document
) -> Iterator[Problem]:
    """Check playbooks whose fields are all valid."""
    for loc, book in _books(playbooks):
        yield from _departments(loc, book, configuration.roster, file)
        yield from _roles(loc, book, file)
    yield from _left_out(playbooks, configuration.roster, file)
    yield from _too_many(playbooks, configuration, file)
    yield from _authority(playbooks, configuration, file)
    yield from _skeletons(playbooks, configuration, file)


def _books(playbooks: PlaybooksModel) -> Iterator[tuple[Loc, _Book]]:
    yield ("default",), playbooks.default
    for category, book in playbooks.categories.items():
        yield ("categories", category.value), book
    for index, refinement in enumerate(playbooks.refinements):
        yield ("refinements", index), refinement


def _departments(loc: Loc, book: _Book, roster: Roster, file: Document) -> Iterator[Problem]:
    """Find tasks that nobody would own, that share an id, or whose times make no sense."""
    seen: dict[str, int] = {}
    for role, department in book.departments.items():
        place = (*loc, "departments", role.value)
        if department.tasks and not roster.holders(role):
            yield file.problem("no_owner", place, value=role.value)
        yield from _times(place, department, file)
        for index, task in enumerate(department.tasks):
            where = (*place, "tasks", index, "id")
            if task.id in seen:
                yield file.problem("duplicate_id", where, value=task.id, line=seen[task.id])
            seen.setdefault(task.id, file.line_of(where))


def _times(place: Loc, department: DepartmentModel, file: Document) -> Iterator[Problem]:
    for index, task in enumerate(department.tasks):
        where = (*place, "tasks", index)
        if not SHORTEST_DUE <= task.due <= LONGEST_DUE:
            written = file.value_of((*where, "due"))
            yield file.problem("span_out_of_range", (*where, "due"), value=written, least="5m", most="30d")
        elif task.remind >= task.due:
            yield file.problem("remind_too_early", (*where, "remind"), value=task.title)


def _roles(loc: Loc, book: _Book, file: Document) -> Iterator[Problem]:
    """Find roles that are named for something that they may never do."""
    named = (("approve", book.approve, Action.APPROVE_STATEMENT), ("decide", book.decide, Action.SET_KIND))
    for field, roles, action in named:
        for role in sorted(set(roles) - RULES[action].by):
            allowed = ", ".join(sorted(RULES[action].by))
            yield file.problem("role_may_not", (*loc, field), value=role.value, allowed=allowed)


def _left_out(playbooks: PlaybooksModel, roster: Roster, file: Document) -> Iterator[Problem]:
    """Find departments that are paged for a category and have no card in its playbook."""
    for category, book in playbooks.categories.items():
        for role in roster.departments_for(category):
            if role not in book.departments:
                place = ("categories", category.value, "departments")
                yield file.problem("no_card", place, value=role.value, category=category.value)


def _too_many(playbooks: PlaybooksModel, configuration: Configuration, file: Document) -> Iterator[Problem]:
    """Find categories that come to more tasks, with what refines them, than one transaction can exchange."""
    for category in playbooks.categories:
        most = max(
            len(configuration.playbooks.resolve(*such).tasks)
            for such in _every_kind(playbooks)
            if such[0] is category
        )
        if most > MOST_TASKS:
            place = ("categories", category.value, "departments")
            yield file.problem("too_many_tasks", place, value=most, limit=MOST_TASKS)


def _authority(playbooks: PlaybooksModel, configuration: Configuration, file: Document) -> Iterator[Problem]:
    """Find incidents whose statement nobody could get approved, or on which nobody could decide.

    Where incidents are kept among few, only those few count.
    """
    seen: set[tuple[str, frozenset[Role], tuple[Role, ...]]] = set()
    for each in _every_kind(playbooks):
        playbook = configuration.playbooks.resolve(*each)
        circle = configuration.escalation.need_to_know.circle_for(each[0], each[1], at=_ANY_TIME)
        inside = who_may_know(circle, configuration.roster.people.values())
        for field, named in (("approve", playbook.approvers), ("decide", playbook.deciders)):
            key = field, named, circle.roles if circle else ()
            if key in seen:
                continue
            seen.add(key)
            if not _is_possible(field, playbook, inside):
                yield file.problem(f"nobody_{field}s", (*_last_to_say(playbooks, field, each), field))


def _is_possible(field: str, playbook: Playbook, people: Sequence[Person]) -> bool:
    if field == "approve":
        return _can_be_approved(playbook, people)
    return any(playbook.permits(each, Action.DECLARE_CALM) for each in people)


def _can_be_approved(playbook: Playbook, people: Sequence[Person]) -> bool:
    given = [
        Approval(by=each.id, at=_ANY_TIME, roles=playbook.approving_roles(each))
        for each in people
        if playbook.permits(each, Action.APPROVE_STATEMENT)
    ]
    return approvals_suffice(given, Level.CRITICAL)


def _skeletons(playbooks: PlaybooksModel, configuration: Configuration, file: Document) -> Iterator[Problem]:
    """Read every skeleton as a draft would be read."""
    seen: set[tuple[StatementKind, Skeleton, Fault]] = set()
    words = Wording()
    for such in _every_kind(playbooks):
        fault = such[2]
        for which, skeleton in configuration.playbooks.resolve(*such).statements.items():
            if (which, skeleton, fault) in seen:
                continue
            seen.add((which, skeleton, fault))
            for finding in _findings(which, skeleton, fault, words):
                part = _PART_OF.get(finding, "")
                above = _last_to_say(playbooks, which, such, part)
                place = (*above, "statements", which.value)
                yield file.problem("skeleton", place, detail=words.text(f"finding.{finding}"))


def _findings(which: StatementKind, skeleton: Skeleton, fault: Fault, words: Wording) -> Iterator[str]:
    draft = Draft(
        kind=which,
        opening=skeleton.opening,
        fact=skeleton.fact,
        action=skeleton.action,
        contact=skeleton.contact,
        care=skeleton.care,
        next_update_at=_ANY_TIME,
    )
    sentences = sentences_of(draft, (), words)
    for finding in (*gaps(draft, sentences), *tone_findings(sentences, fault=fault)):
        if finding.key != _LEFT_TO_THE_WRITER:
            yield finding.key


def _every_kind(playbooks: PlaybooksModel) -> Iterator[_Such]:
    categories = tuple(playbooks.categories) or (Category.NONE,)
    return product(categories, CrisisType, Fault, (None, *Peril))


def _last_to_say(playbooks: PlaybooksModel, what: str, such: _Such, part: str = "") -> Loc:
    """Return the place that has the last word on a field, or on (a part of) a skeleton, of such incidents."""
    place: Loc = ("default",)
    category = such[0]
    if (book := playbooks.categories.get(category)) is not None and _says(book, what, part):
        place = ("categories", category.value)
    for index, each in enumerate(playbooks.refinements):
        if each.to_refinement().fits(*such) and _says(each, what, part):
            place = ("refinements", index)
    return place


def _says(book: _Book, what: str, part: str) -> bool:
    if what in set(StatementKind):
        parts = getattr(book.statements, what).model_dump()
        return bool(parts[part]) if part else any(parts.values())
    return bool(getattr(book, what))
