"""What each department does first, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookTask:
    """One task of one department; due ``due_minutes`` after the response starts."""

    id: str
    department: Role
    title: str
    due_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbook:
    """First steps, first claims to check, and tasks for one category."""

    first_steps: tuple[str, ...]
    claims: tuple[str, ...]
    tasks: tuple[PlaybookTask, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbooks:
    """Playbooks by category, with one for every category that has none of its own."""

    default: Playbook
    by_category: Mapping[Category, Playbook] = field(default_factory=dict)

    def for_category(self, category: Category) -> Playbook:
        """Return the playbook of a category."""
        return self.by_category.get(category, self.default)
