"""One person looking at one incident at one moment: what every panel of the page starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, POSSIBLE_WHILE, Action, Role
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.calming import Quiet
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.domain.playbooks import Playbook
from hikeshi.domain.timeline import SYSTEM, TimelineEntry
from hikeshi.services.incidents.standing import standing
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.messages.japanese_time import day_and_clock, duration
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.page_models import Attempt, Form, Gate

ITEM_FIELDS = (
    "fact_id",
    "task_id",
    "inbound_id",
    "care_step",
    "correction_id",
    "change_id",
    "takedown_id",
    "own_post_id",
    "file_id",
)
"""Fields that tell which of several things a form is about."""

_MANY_ROLES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What the page is made from.

    Attributes
    ----------
    opening_posts : tuple of AlertedPost
        Those of its first alerts: what an expert can be shown, since no later alert renumbers them.
    sent : tuple of OutboxRow
        What people were sent about the incident, and what is still to be sent.
    locked : str
        Why the link only shows, as a sentence; empty if it may act.
    base : str
        What stands before the address of a form so that it works under any path: the token and a
        slash on the page of the link itself, empty on pages one level below.
    home : str
        The page of the link, seen from the page that is being made.
    numbered : bool
        Whether the message behind the link carried a check number; without one the link cannot do
        what cannot be taken back.
    attempt : Attempt or None
        The form that was refused just now, with what was typed.
    revealed : str
        Id of the track whose names the reader asked for just now, empty in every other case.
    quiet : Quiet or None
        How quiet it is around the incident; None if that was not measured.
    """

    room: Room
    timeline: tuple[TimelineEntry, ...]
    alerts: tuple[Alert, ...]
    posts: tuple[AlertedPost, ...]
    reader: Person
    configuration: Configuration
    words: Wording
    at: datetime
    base: str
    home: str
    opening_posts: tuple[AlertedPost, ...] = ()
    locked: str = ""
    numbered: bool = True
    attempt: Attempt | None = None
    revealed: str = ""
    sent: tuple[OutboxRow, ...] = ()
    quiet: Quiet | None = None

    @property
    def incident(self) -> Incident:
        """The head of the incident."""
        return self.room.incident

    @property
    def number(self) -> str:
        """What the incident is called behind the ``#``."""
        return number_of(self.incident.number, drill=self.incident.drill, words=self.words)

    @property
    def playbook(self) -> Playbook:
        """What the incident asks for as it is judged now."""
        return self.configuration.playbooks.of(self.room.incident)

    def may(self, action: Action) -> bool:
        """Tell whether the reader may take an action in incidents like this one."""
        return self.playbook.permits(self.reader, action)

    @property
    def phase(self) -> IncidentStatus:
        """Where the incident stands for its readers: a decision counts at once."""
        status = standing(self.room)
        return IncidentStatus.FACT_FINDING if status is IncidentStatus.ACKNOWLEDGED else status

    @property
    def in_triage(self) -> bool:
        """Tell whether nobody has it yet."""
        return self.phase in (IncidentStatus.DETECTED, IncidentStatus.REOPENED)

    @property
    def is_starting(self) -> bool:
        """Tell whether the departments have not been given their tasks yet."""
        return self.in_triage or self.phase is IncidentStatus.FACT_FINDING

    def text(self, key: str, **params: object) -> str:
        """Return a sentence of the catalogue."""
        return self.words.text(key, **params)

    def name(self, person_id: str | None) -> str:
        """Return a person's name."""
        if person_id is None:
            return self.text("page.nobody")
        if person_id == SYSTEM:
            return SYSTEM
        person = self.configuration.roster.people.get(person_id)
        return person.name if person is not None else self.text("page.unknown_person")

    def when(self, at: datetime) -> str:
        """Return a time as the page tells it: the clock, with the day unless it is today."""
        return day_and_clock(at, self.words, now=self.at)

    def lasting(self, span: timedelta) -> str:
        """Return a span of time as the page tells it."""
        return duration(span, self.words)

    def beside(self, what: str, more: str) -> str:
        """Return a name with what is said of it in brackets."""
        return self.text("joined.beside", what=what, more=more)

    def by_at(self, person_id: str, at: datetime) -> str:
        """Return who and when, for the small print under an item."""
        return self.text("page.by_at", by=self.name(person_id), at=self.when(at))

    def gate(self, action: Action, *, closed_because: str = "") -> Gate:
        """Tell whether the reader is offered an action now, and if not, what to say instead."""
        if self.locked or self.phase not in POSSIBLE_WHILE[action]:
            return Gate(open=False)
        if closed_because:
            return Gate(open=False, why=closed_because)
        if not self.may(action):
            return Gate(open=False, why=self.forbidden(action))
        if action in NEEDS_CHECK_NUMBER and not self.numbered:
            return Gate(open=False, why=self.text("page.no_number"))
        return Gate(open=True)

    def forbidden(self, action: Action) -> str:
        """Say who may take an action that the reader may not."""
        allowed = self.playbook.roles_for(action)
        roles = [role for role in Role if role in allowed]
        if len(roles) >= _MANY_ROLES:
            return self.text("page.forbidden_outside")
        return self.text("page.forbidden", roles=self.roles_for(action))

    def roles_for(self, action: Action) -> str:
        """Name who may take an action."""
        allowed = self.playbook.roles_for(action)
        return self.text("page.and").join(self.text(f"role.{role}") for role in Role if role in allowed)

    def form(self, action: Action, *, gate: Gate | None = None, item: str = "") -> Form:
        """Describe the form of an action; ``item`` is the id of the fact or task it is about."""
        return Form(
            path=self.base + SPOTS[action].path,
            button=self.text(f"action.{action}"),
            gate=gate if gate is not None else self.gate(action),
            numbered=action in NEEDS_CHECK_NUMBER,
            typed=self._typed(action, item),
        )

    def _typed(self, action: Action, item: str) -> Mapping[str, str]:
        attempt = self.attempt
        if attempt is None or attempt.action is not action:
            return {}
        about = next((attempt.typed[name] for name in ITEM_FIELDS if attempt.typed.get(name)), "")
        return attempt.typed if about == item else {}


def shown(text: str, limit: int = 200) -> str:
    """Return outside text for one line of the page."""
    return excerpt(text, limit=limit)
