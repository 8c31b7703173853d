"""What a form of a room is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.evidence import Attached
from hikeshi.domain.incidents import Room
from hikeshi.runtime.forms import Field
from hikeshi.services.incidents.respond import Responder


class Typed(dict[str, str]):
    """What was typed into a form, by field, and what was attached to it."""

    attached: tuple[Attached, ...] = ()

    def files(self) -> tuple[Attached, ...]:
        """Return what was attached; InvalidFormError if nothing was."""
        if not self.attached:
            raise InvalidFormError("a file is missing", field="file", why="missing")
        return self.attached


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomForm:
    """A form.

    Attributes
    ----------
    perform : callable
        Carries it out: incident id, who sent it, what was typed. InvalidFormError if a field holds a
        value that it never offered.
    fields : mapping of str to Field
        Beside the check number, which is asked for by the action's rule.
    takes_file : bool
        Whether files are attached to it.
    """

    perform: Callable[[str, Responder, Typed], Room]
    fields: Mapping[str, Field] = field(default_factory=dict)
    takes_file: bool = False
