"""What every page is made of, as finished strings: the templates only place them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hikeshi.domain.actions import Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message at the top of the page; ``tone`` is ``done``, ``already``, ``wrong`` or ``quiet``.

    ``back`` names the place on the page where the refused form waits, filled in.
    """

    tone: str
    text: str
    points: tuple[str, ...] = ()
    back: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What the person tried last and typed, so that a refusal loses nothing."""

    action: Action
    typed: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Whether a form is offered; if it is not, ``why`` is the sentence in its place (may be empty)."""

    open: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form: where it goes, whether it is offered, and what stands in its fields."""

    path: str
    button: str
    gate: Gate
    numbered: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptPage:
    """The one button of a contact test; ``pressed_at`` is when it was pressed, empty before."""

    name: str
    channel: str
    base: str
    pressed_at: str = ""
    closed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskItem:
    """One task."""

    id: str
    anchor: str
    title: str
    state: str
    tone: str
    trail: tuple[str, ...]
    done: Form
    expanded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskGroup:
    """The tasks of one department."""

    heading: str
    tasks: tuple[TaskItem, ...]
