"""The outbox: what has to leave the system, written in the transaction that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.assessment import Level
from hikeshi.domain.links import INCIDENT
from hikeshi.domain.people import Channel

MAX_ATTEMPTS = 2
"""A message is sent at most twice: at most one duplicate."""

MOST_WAYS = 2
"""How often one channel may stand in a person's order: what MAX_ATTEMPTS leaves room for."""

LAST_MAIL_ATTEMPTS = 4
"""A mail to somebody who cannot be reached otherwise: one mail too many is better than none."""

LEASE = timedelta(seconds=45)
"""How long a claim holds; longer than the dispatcher's own time-out (30 s)."""


class OutboxState(StrEnum):
    """Where a row stands; ``pending`` and ``claimed`` rows are due."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    BUNDLED = "bundled"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHHELD = "withheld"


WENT_OUT = frozenset({OutboxState.SENT, OutboxState.BUNDLED})
"""States of what reached the provider, in a text of its own or in that of another row."""


class WorkflowCommand(StrEnum):
    """What the workflow driver does: it calls Step Functions, and lays rows out in the outbox itself."""

    START_LIFECYCLE = "start_lifecycle"
    START_LADDER = "start_ladder"
    RESUME = "resume"
    STOP_LIFECYCLE = "stop_lifecycle"
    LAY_OUT = "lay_out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A text for one person on one channel.

    Attributes
    ----------
    moment : str
        Key of the message catalogue, ``page``, ``status``, ``task`` …
    params : mapping of str to str
        Values of the text; plain, single-line, no personal data beyond the recipient's name.
    link : bool
        Whether the message carries a signed link to the incident.
    nonce : str
        32 hex digits that the link is derived from (:mod:`hikeshi.domain.links`).
    check_number : str
        Two digits printed beside the link.
    cancel_when_decided : str or None
        Slot whose decision makes the message pointless (``triage`` for pages).
    purpose : str
        What the link opens, a key of :data:`hikeshi.domain.links.ACTS_FOR`; ``incident_id`` says which.
    step : str
        The place on the ladder that a page, or a call to join, belongs to; empty for everything else.
    incident_version : int
        The incident as it was when the message was caused: a newer word on the same overtakes it.
    held : bool
        Whether it waited for the end of the person's quiet hours.
    drill : str
        Id of the drill it belongs to; empty for what is real.
    after_end : bool
        Whether the incident was over when the message was caused: its end makes the message no news then.
    nth : int
        Which of the person's ways on this channel it goes by, counted from 1 as they fall due.
    """

    person_id: str
    channel: Channel
    moment: str
    level: Level
    incident_id: str
    incident_number: int
    generation: int
    params: Mapping[str, str] = field(default_factory=dict)
    link: bool = True
    nonce: str = ""
    check_number: str = ""
    cancel_when_decided: str | None = None
    purpose: str = INCIDENT
    step: str = ""
    incident_version: int = 0
    held: bool = False
    drill: str = ""
    after_end: bool = False
    nth: int = 1

    @property
    def way(self) -> str:
        """Name the way among those of the person: the last part of the row's id."""
        return way_name(self.channel, self.nth)


def way_name(channel: Channel, nth: int = 1) -> str:
    """Name one of a person's ways: ``sms``, ``mail``; ``sms-2`` for the second on the same channel."""
    return channel.value if nth == 1 else f"{channel.value}-{nth}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatPost:
    """A text for one room of a chat; it names no person and carries no link, since a link is somebody's.

    Attributes
    ----------
    target : str
        Name of the chat in the configuration.
    """

    target: str
    moment: str
    level: Level
    incident_id: str
    incident_number: int
    generation: int
    params: Mapping[str, str] = field(default_factory=dict)
    cancel_when_decided: str | None = None
    drill: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowOrder:
    """A call to Step Functions; ``payload`` is JSON text (execution input or task output).

    ``rows`` are what an order to lay out holds: rows of the outbox for which the transaction that caused
    them had no room (ADR 0062).
    """

    command: WorkflowCommand
    incident_id: str
    name: str
    payload: str
    task_token: str | None = None
    rows: tuple[OutboxRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """One thing to send or to call, with its lease.

    Attributes
    ----------
    id : str
        Derived from what caused it, so that a repeated cause makes no second row.
    due_at : datetime
        Nothing happens earlier; a claim moves it to the end of the lease.
    attempts : int
        How often the provider may have been called; a claim that ended before that does not count.
    claim : str or None
        Writer id of the claimer: tells a lost reply from a lost race.
    waited : bool
        Whether a cap held it back: what has waited together is sent as one text.
    bundled_into : str or None
        The row in whose text it went out.
    finished_at : datetime or None
        When it was sent, given up or found to be pointless.
    """

    id: str
    body: Message | ChatPost | WorkflowOrder
    created_at: datetime
    due_at: datetime
    state: OutboxState = OutboxState.PENDING
    attempts: int = 0
    claim: str | None = None
    provider_id: str | None = None
    parts: int = 0
    sent_text: str = ""
    last_error: str = ""
    waited: bool = False
    bundled_into: str | None = None
    finished_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        """Tell whether the row still has to be dealt with."""
        return self.state in (OutboxState.PENDING, OutboxState.CLAIMED)

    def claimed(self, *, by: str, at: datetime) -> OutboxRow:
        """Return the row as a dispatcher holds it."""
        return replace(self, state=OutboxState.CLAIMED, claim=by, due_at=at + LEASE)

    def attempted(self) -> OutboxRow:
        """Return the row with one more attempt: stored before the provider is called, never after."""
        return replace(self, attempts=self.attempts + 1)

    def postponed(self, *, until: datetime, error: str) -> OutboxRow:
        """Return the row as waiting for another attempt."""
        return replace(self, state=OutboxState.PENDING, due_at=until, last_error=error)

    def held_back(self, *, until: datetime) -> OutboxRow:
        """Return the row as waiting until its person may be disturbed again."""
        return replace(self, state=OutboxState.PENDING, due_at=until, waited=True)

    def sent(self, *, provider_id: str, parts: int, text: str, at: datetime | None = None) -> OutboxRow:
        """Return the row as delivered to the provider; ``text`` has its link blanked."""
        return replace(
            self,
            state=OutboxState.SENT,
            provider_id=provider_id,
            parts=parts,
            sent_text=text,
            finished_at=at,
        )

    def bundled(self, *, into: str, at: datetime | None = None) -> OutboxRow:
        """Return the row as gone out in the text of another."""
        return replace(self, state=OutboxState.BUNDLED, bundled_into=into, finished_at=at)

    def failed(self, error: str, *, at: datetime | None = None) -> OutboxRow:
        """Return the row as given up."""
        return replace(self, state=OutboxState.FAILED, last_error=error, finished_at=at)

    def withheld(self, why: str, *, at: datetime | None = None) -> OutboxRow:
        """Return the row as never meant to leave: its person takes no part in the drill."""
        return replace(self, state=OutboxState.WITHHELD, last_error=why, finished_at=at)

    def cancelled(self, why: str, *, at: datetime | None = None) -> OutboxRow:
        """Return the row as no longer needed."""
        return replace(self, state=OutboxState.CANCELLED, last_error=why, finished_at=at)
