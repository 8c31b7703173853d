"""``playbooks.yaml`` as a document: what each department does, and what refines it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from hikeshi.adapters.document_types import Duration, Id, Model, Text
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault
from hikeshi.domain.peril import Peril
from hikeshi.domain.playbooks import (
    FIRST_STEPS,
    LONGEST_SHORT,
    ExpertCall,
    Playbook,
    Playbooks,
    PlaybookTask,
    Refinement,
    Skeleton,
)
from hikeshi.domain.statements import StatementKind

Lines = Annotated[tuple[Text, ...], Field(min_length=1, max_length=12)]
Paragraph = Annotated[str, Field(max_length=400)]
_AUTHORITY = {"decide": "deciders", "approve": "approvers"}


class TaskModel(Model):
    """A task: due so long after it is handed out, its owner reminded so long before that."""

    id: Id
    title: Text
    short: Annotated[str, Field(max_length=LONGEST_SHORT)] = ""
    due: Duration
    remind: Duration = timedelta(minutes=15)

    def to_task(self, department: Role) -> PlaybookTask:
        """Return the task as the services know it."""
        return PlaybookTask(
            id=self.id,
            department=department,
            title=self.title,
            short=self.short,
            due_minutes=_minutes(self.due),
            remind_minutes=_minutes(self.remind),
        )


class DepartmentModel(Model):
    """What one department does: its role card, and its tasks."""

    card: Lines
    tasks: Annotated[tuple[TaskModel, ...], Field(max_length=8)] = ()


class ExpertModel(Model):
    """Whom to ask from outside, and when."""

    field: Text
    when: Text


class HoldingModel(Model):
    """What a holding statement begins with."""

    opening: Paragraph
    fact: Paragraph
    action: Paragraph
    contact: Paragraph
    care: Paragraph


class FullModel(HoldingModel):
    """What a full statement begins with; its facts are written when they are known."""

    fact: Paragraph = ""


class StatementsModel(Model):
    """Both skeletons, whole."""

    holding: HoldingModel
    full: FullModel


class PartsModel(Model):
    """What differs from the skeleton below."""

    opening: Paragraph = ""
    fact: Paragraph = ""
    action: Paragraph = ""
    contact: Paragraph = ""
    care: Paragraph = ""


class SomeStatementsModel(Model):
    """Both skeletons, as far as they differ."""

    holding: PartsModel = PartsModel()
    full: PartsModel = PartsModel()


Departments = Annotated[Mapping[Role, DepartmentModel], Field(min_length=1)]


class PlaybookModel(Model):
    """What is done first, checked first, by whom, and what is said."""

    first_steps: Annotated[tuple[Text, ...], Field(min_length=1, max_length=FIRST_STEPS)]
    claims: Annotated[tuple[Text, ...], Field(min_length=1)]
    departments: Departments
    statements: StatementsModel | SomeStatementsModel = SomeStatementsModel()
    experts: tuple[ExpertModel, ...] = ()
    decide: tuple[Role, ...] = ()
    approve: tuple[Role, ...] = ()

    def to_playbook(self) -> Playbook:
        """Return the playbook as the services know it."""
        return Playbook(first_steps=self.first_steps, claims=self.claims, **_shared(self))


class DefaultModel(PlaybookModel):
    """The playbook that says what the others leave out."""

    statements: StatementsModel


class WhenModel(Model):
    """For which incidents a refinement counts; what is not named may be anything."""

    category: Category | None = None
    type: CrisisType | None = None
    fault: Fault | None = None
    peril: Peril | None = None


class RefinementModel(Model):
    """What changes for some incidents."""

    when: WhenModel
    first_steps: Annotated[tuple[Text, ...], Field(max_length=FIRST_STEPS)] = ()
    claims: tuple[Text, ...] = ()
    departments: Mapping[Role, DepartmentModel] = Field(default_factory=dict)
    stand_down: tuple[Role, ...] = ()
    statements: SomeStatementsModel = SomeStatementsModel()
    experts: tuple[ExpertModel, ...] = ()
    decide: tuple[Role, ...] = ()
    approve: tuple[Role, ...] = ()

    def to_refinement(self) -> Refinement:
        """Return the refinement as the services know it."""
        return Refinement(
            category=self.when.category,
            crisis_type=self.when.type,
            fault=self.when.fault,
            peril=self.when.peril,
            first_steps=self.first_steps,
            claims=self.claims,
            stand_down=frozenset(self.stand_down),
            **_shared(self),
        )


class PlaybooksModel(Model):
    """``playbooks.yaml``."""

    default: DefaultModel
    categories: Mapping[Category, PlaybookModel] = Field(default_factory=dict)
    refinements: tuple[RefinementModel, ...] = ()

    def to_playbooks(self) -> Playbooks:
        """Return all playbooks as the services know them."""
        return Playbooks(
            default=self.default.to_playbook(),
            by_category={category: book.to_playbook() for category, book in self.categories.items()},
            refinements=tuple(each.to_refinement() for each in self.refinements),
        )


def _shared(model: PlaybookModel | RefinementModel) -> dict[str, Any]:
    """Return what a playbook and a refinement say alike."""
    departments = model.departments
    statements = ((kind, getattr(model.statements, kind.value)) for kind in StatementKind)
    return {
        "tasks": tuple(task.to_task(role) for role, each in departments.items() for task in each.tasks),
        "cards": {role: each.card for role, each in departments.items()},
        "statements": {kind: Skeleton(**parts.model_dump()) for kind, parts in statements},
        "experts": tuple(ExpertCall(**each.model_dump()) for each in model.experts),
        **{name: frozenset(getattr(model, written)) for written, name in _AUTHORITY.items()},
    }


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
