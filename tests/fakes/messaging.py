"""An outbox, a provider and state machines in memory, with the same promises as the real ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.caps import SendLog
from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, WorkflowOrder
from hikeshi.domain.people import Channel, Person


class InMemoryOutbox:
    """Keeps rows; hand it the incident repository's dictionary to see what was committed."""

    def __init__(self, rows: dict[str, OutboxRow] | None = None) -> None:
        self.rows: dict[str, OutboxRow] = {} if rows is None else rows
        self._lock = threading.RLock()

    def add(self, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            self.rows.setdefault(row.id, row)

    def row(self, row_id: str) -> OutboxRow | None:
        return self.rows.get(row_id)

    def due(self, kind: str, *, at: datetime, limit: int = 1000) -> Sequence[OutboxRow]:
        due = [row for row in self.rows.values() if row.is_due and row.due_at <= at and _kind(row) == kind]
        return tuple(sorted(due, key=lambda row: row.due_at)[:limit])

    def about(self, incident_id: str | None, *, limit: int = 500) -> Sequence[OutboxRow]:
        found = [
            row
            for row in self.rows.values()
            if not isinstance(row.body, WorkflowOrder) and (row.body.incident_id or None) == incident_id
        ]
        return tuple(sorted(found, key=lambda row: row.created_at, reverse=True)[:limit])

    def claim(self, row: OutboxRow, *, by: str, at: datetime) -> OutboxRow | None:
        with self._lock:
            stored = self.rows.get(row.id)
            if stored is None or not stored.is_due or stored.due_at > at:
                return None
            self.rows[row.id] = stored.claimed(by=by, at=at)
            return self.rows[row.id]

    def finish(self, row: OutboxRow) -> bool:
        with self._lock:
            stored = self.rows.get(row.id)
            if stored is None or stored.claim != row.claim or stored.state.value != "claimed":
                return stored == row
            self.rows[row.id] = replace(row, body=stored.body, created_at=stored.created_at)
            return True


def _kind(row: OutboxRow) -> str:
    kinds = {Message: "message", ChatPost: "chat", WorkflowOrder: "workflow"}
    return kinds[type(row.body)]


class InMemorySendLogs:
    """Keeps send logs."""

    def __init__(self) -> None:
        self.logs: dict[tuple[str, Channel], SendLog] = {}
        self._lock = threading.RLock()

    def log(self, person_id: str, channel: Channel) -> SendLog:
        return self.logs.get((person_id, channel), SendLog(person_id=person_id, channel=channel))

    def save(self, log: SendLog) -> bool:
        with self._lock:
            there = self.log(log.person_id, log.channel)
            if there.version != log.version - 1:
                return there == log
            self.logs[log.person_id, log.channel] = log
            return True


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One text as it arrived."""

    person_id: str
    channel: Channel
    subject: str
    text: str
    urgent: bool


class RecordingSender:
    """Delivers into a list.

    ``refused`` holds addresses that will never take a text; ``failures`` is how many of the next sends
    are turned down for now.
    """

    def __init__(self) -> None:
        self.delivered: list[Delivery] = []
        self.refused: set[str] = set()
        self.failures = 0

    def send(self, person: Person, channel: Channel, *, subject: str, text: str, urgent: bool) -> str:
        address = person.address(channel)
        if address is None or address in self.refused:
            raise UndeliverableError("OptedOut")
        if self.failures:
            self.failures -= 1
            raise DeliveryError("Throttling")
        delivery = Delivery(person_id=person.id, channel=channel, subject=subject, text=text, urgent=urgent)
        self.delivered.append(delivery)
        return f"message-{len(self.delivered)}"


class RecordingWorkflow:
    """Remembers what was started and answered, each once; ``failures`` calls are turned down first."""

    def __init__(self) -> None:
        self.lifecycles: dict[str, str] = {}
        self.ladders: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.failures = 0

    def start_lifecycle(self, *, name: str, payload: str) -> None:
        self._fail()
        self.lifecycles.setdefault(name, payload)

    def start_ladder(self, *, name: str, payload: str) -> None:
        self._fail()
        self.ladders.setdefault(name, payload)

    def stop_lifecycle(self, *, name: str) -> None:
        self._fail()
        if name not in self.lifecycles:
            raise DeliveryError("ExecutionDoesNotExist")
        self.stopped.add(name)

    def resume(self, *, task_token: str, payload: str) -> None:
        self._fail()
        self.answers.setdefault(task_token, payload)

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise DeliveryError("ThrottlingException")
