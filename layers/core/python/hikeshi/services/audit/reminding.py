"""What a reminder is; who has one to send says so in :mod:`hikeshi.services.audit.reminders`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hikeshi.domain.actions import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """Something that is due.

    Attributes
    ----------
    key : str
        Names it within the incident; once noted, it never comes again.
    kind, details : str, and mapping of str to str
        Its line in the timeline.
    moment : str
        What the people are told, with ``params``.
    roles : tuple of Role
        Who hears of it, beside ``people``.
    calls_next_step : bool
        Whether the next step of the ladder is called as well.
    consultation : str
        Id of the consultation whose expert is reminded as well; empty for everything else.
    asks : bool
        Whether they may have to do something that wants the two-digit number.
    """

    key: str
    kind: str
    moment: str
    due_at: datetime
    params: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    calls_next_step: bool = False
    consultation: str = ""
    asks: bool = False
