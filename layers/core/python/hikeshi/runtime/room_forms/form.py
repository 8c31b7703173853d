"""What a form of a room is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hikeshi.domain.incidents import Room
from hikeshi.runtime.forms import Field
from hikeshi.services.respond import Responder

Typed = Mapping[str, str]


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
    """

    perform: Callable[[str, Responder, Typed], Room]
    fields: Mapping[str, Field] = field(default_factory=dict)
