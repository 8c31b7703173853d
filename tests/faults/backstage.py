"""What stands behind the functions: every port in memory, and what a test reads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import fields, replace
from typing import Any, Protocol

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Person
from tests.builders import an_alert
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import (
    Delivery,
    InMemoryOutbox,
    InMemorySendLogs,
    RecordingSender,
    RecordingWorkflow,
)
from tests.fakes.responding import InMemoryIncidentRepository
from tests.fakes.scoring import InMemoryAlertStore
from tests.faults.fate import Fate


class Backstage(Protocol):
    """Ports for the functions, under a fate, and eyes for the world, which no fate strikes."""

    def port(self, name: str) -> Any | None:
        """Return a port by the name that bundles give it; None if it is not a port."""

    def rows(self) -> Mapping[str, OutboxRow]:
        """Return the outbox."""

    def rooms(self) -> Sequence[Room]:
        """Return the incidents."""

    def delivered(self) -> Sequence[Delivery]:
        """Return what reached people."""

    def started(self, machine: str) -> Mapping[str, str]:
        """Return the executions of ``lifecycle`` or ``ladder``, input by name."""

    def answers(self) -> Sequence[str]:
        """Return what the waiting task was told, each different answer once."""

    def make_critical(self, alert_id: str) -> None:
        """Raise an alert's level."""

    def opt_out(self, person: Person) -> None:
        """Let a person's number take no SMS."""


NO_STATE = frozenset({"_lock", "reads", "before_save", "outbox"})
"""What the fakes hold beside what is stored; the incidents' outbox is the outbox itself."""
FIELDS = tuple(each.name for each in fields(OutboxRow))


class InMemory:
    """The fakes."""

    def __init__(self, fate: Fate) -> None:
        self._outbox = InMemoryOutbox()
        self._incidents = InMemoryIncidentRepository(self._outbox.rows)
        self._alerts = InMemoryAlertStore()
        self._sender = RecordingSender()
        self._workflow = RecordingWorkflow()
        self._logs, self._links = InMemorySendLogs(), InMemoryLinkStore()
        self._stores = (
            *(self._outbox, self._incidents, self._alerts, self._sender),
            *(self._workflow, self._logs, self._links),
        )
        self._ports = {
            "outbox": fate.over(self._outbox, "Outbox"),
            "logs": fate.over(self._logs, "SendLogs"),
            "incidents": fate.over(self._incidents, "IncidentRepository"),
            "alerts": fate.over(self._alerts, "AlertStore"),
            "links": fate.over(self._links, "LinkStore"),
            "keys": fate.over(FixedKeyRing(), "KeyRing"),
            "sender": fate.over(self._sender, "Sender"),
            "workflow": fate.over(self._workflow, "Workflow"),
        }
        self.alert: Alert = self._alerts.save(an_alert(version=0), None)

    def port(self, name: str) -> Any | None:
        return self._ports.get(name)

    def rows(self) -> Mapping[str, OutboxRow]:
        return self._outbox.rows

    def rooms(self) -> Sequence[Room]:
        return list(self._incidents.rooms.values())

    def delivered(self) -> Sequence[Delivery]:
        return self._sender.delivered

    def started(self, machine: str) -> Mapping[str, str]:
        return self._workflow.lifecycles if machine == "lifecycle" else self._workflow.ladders

    def answers(self) -> Sequence[str]:
        return list(self._workflow.answers.values())

    def make_critical(self, alert_id: str) -> None:
        self._alerts.save(replace(self._alerts.alerts[alert_id], level=Level.CRITICAL), None)

    def told(self) -> list[Any]:
        """Tell everything that is stored and still read, so that two worlds can be compared."""
        held = [
            {name: value for name, value in vars(each).items() if name not in NO_STATE}
            for each in self._stores
            if each not in (self._outbox, self._logs)
        ]
        rows = [_still_read(row) for row in self._outbox.rows.values()]
        logs = {key: (log.sendings, log.told) for key, log in self._logs.logs.items()}
        return [rows, logs, held]

    def _held(self) -> list[dict[str, Any]]:
        held = (vars(each).items() for each in self._stores)
        return [{name: copy(value) for name, value in each if name not in NO_STATE} for each in held]

    def fork(self, fate: Fate) -> InMemory:
        """Return the same again, under another fate: what is stored there changes nothing here."""
        other = InMemory(fate)
        for store, held in zip(other._stores, self._held(), strict=True):
            for name, value in held.items():
                there = getattr(store, name)
                if isinstance(there, dict | set):
                    there.clear()  # in place: the incidents write into the outbox's own rows
                    there.update(value)
                else:
                    setattr(store, name, value)
        return other

    def opt_out(self, person: Person) -> None:
        self._sender.refused.add(str(person.phone))


def _still_read(row: OutboxRow) -> tuple[object, ...]:
    """Tell what a later process can make out of a row: of one that is done only its age and how it ended.

    Attempts, leases and errors of such a row stand in logs and on pages alone; it never becomes due again.
    Only a second way on the same channel asks how often the first was sent, and no story has one.
    """
    if isinstance(row.body, Message) and row.body.nth > 1:
        raise TypeError(f"{row.id} is a second way: tell rows whole")
    if not row.is_due:
        return row.id, row.state, row.body, row.created_at
    return tuple(getattr(row, name) for name in FIELDS)
