"""Incidents and reports in memory, with the same promises as the stored ones, and the same bound."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.adapters.incident_parts import changed_parts
from hikeshi.adapters.outbox_packing import MAX_ITEMS, fitting
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.outbox import Message, OutboxRow, WorkflowOrder
from hikeshi.domain.owing import owes
from hikeshi.domain.timeline import TimelineEntry, chain


class InMemoryIncidentRepository:
    """Keeps rooms; ``outbox`` is shared with the fake outbox by handing both the same dictionary."""

    def __init__(self, outbox: dict[str, OutboxRow] | None = None) -> None:
        self.outbox: dict[str, OutboxRow] = {} if outbox is None else outbox
        self.rooms: dict[str, Room] = {}
        self.topics: dict[tuple[str, str], str] = {}
        self._timelines: dict[str, tuple[TimelineEntry, ...]] = {}
        self._numbers: dict[str, int] = {}
        self._lock = threading.RLock()

    def next_number(self, *, drill: str = "") -> int:
        with self._lock:
            self._numbers[drill] = self._numbers.get(drill, 0) + 1
            return self._numbers[drill]

    def room(self, incident_id: str) -> Room:
        try:
            return self.rooms[incident_id]
        except KeyError:
            raise NotFoundError("incident", incident_id) from None

    def topic(self, brand: str, topic: str) -> str | None:
        return self.topics.get((brand, topic))

    def open(self, change: RoomChange, *, topic: str, replacing: str | None) -> Room:
        with self._lock:
            key = (change.after.incident.brand, topic)
            if self.topics.get(key) != replacing:
                raise ConcurrentChangeError("/".join(key))
            room = self._commit(change, pointers=1)
            self.topics[key] = room.incident.id
            return room

    def commit(self, change: RoomChange) -> Room:
        return self._commit(change, pointers=0)

    def _commit(self, change: RoomChange, *, pointers: int) -> Room:
        with self._lock:
            incident = change.after.incident
            stored = self.rooms.get(incident.id)
            expected = change.before.incident.version if change.before else 0
            if (stored.incident.version if stored else 0) != expected:
                raise ConcurrentChangeError(incident.id)
            return self._store(change, pointers=pointers)

    def lay(self, change: RoomChange) -> None:
        """Keep a room that came about over many changes, with its timeline: no one change has to hold it."""
        with self._lock:
            self._keep(change, pointers=0, most=None)

    def put(self, room: Room) -> Room:
        """Store a room as it stands, at version 1 if it has none: the way a test sets its scene."""
        version = max(room.incident.version, 1)
        stored = replace(room, incident=replace(room.incident, version=version))
        self.rooms[room.incident.id] = stored
        self.topics[room.incident.brand, room.incident.category.value] = room.incident.id
        return stored

    def timeline(self, incident_id: str) -> Sequence[TimelineEntry]:
        return self._timelines.get(incident_id, ())

    def recent(self, *, limit: int = 50) -> Sequence[Incident]:
        incidents = (room.incident for room in self.rooms.values() if not room.incident.drill)
        return sorted(incidents, key=lambda incident: incident.opened_at, reverse=True)[:limit]

    def opened_since(self, moment: datetime) -> Sequence[Incident]:
        known = [room.incident for room in self.rooms.values() if not room.incident.drill]
        found = [incident for incident in known if incident.opened_at >= moment]
        return sorted(found, key=lambda incident: incident.opened_at)

    def of_drill(self, drill: str) -> Sequence[Incident]:
        found = [room.incident for room in self.rooms.values() if room.incident.drill == drill]
        return sorted(found, key=lambda incident: incident.opened_at)

    def still_open(self) -> Sequence[str]:
        found = [room.incident for room in self.rooms.values() if room.incident.status.is_open]
        return [incident.id for incident in sorted(found, key=lambda incident: incident.opened_at)]

    def restless_brands(self) -> frozenset[str]:
        incidents = (room.incident for room in self.rooms.values())
        return frozenset(incident.brand for incident in incidents if incident.status.is_restless)

    def still_owing(self) -> Sequence[str]:
        found = [room.incident for room in self.rooms.values() if owes(room)]
        return [incident.id for incident in sorted(found, key=lambda incident: incident.opened_at)]

    def kinds(self, incident_id: str) -> list[str]:
        """Return the kinds of the timeline's events, for a test to read."""
        return [entry.event.kind for entry in self.timeline(incident_id)]

    def messages(self) -> list[Message]:
        """Return the messages in the outbox, in the order they were written, or will be laid out."""
        rows = (each for row in self.outbox.values() for each in _with_held(row))
        return [row.body for row in rows if isinstance(row.body, Message)]

    def orders(self) -> list[WorkflowOrder]:
        """Return the calls to the state machines in the outbox, in the order they were written."""
        return [row.body for row in self.outbox.values() if isinstance(row.body, WorkflowOrder)]

    def _store(self, change: RoomChange, *, pointers: int) -> Room:
        return self._keep(change, pointers=pointers, most=MAX_ITEMS)

    def _keep(self, change: RoomChange, *, pointers: int, most: int | None) -> Room:
        incident = change.after.incident
        before = change.before.incident if change.before else None
        after_seq, after_digest = (
            (before.timeline_seq, before.timeline_digest)
            if before
            else (incident.timeline_seq, incident.timeline_digest)
        )
        entries = chain(change.events, after_seq=after_seq, after_digest=after_digest)
        stored = replace(
            incident,
            version=(before.version if before else 0) + 1,
            timeline_seq=entries[-1].seq if entries else after_seq,
            timeline_digest=entries[-1].digest if entries else after_digest,
        )
        room = replace(change.after, incident=stored)
        own = 1 + len(changed_parts(change.before, room)) + len(entries) + pointers
        if most is not None and own > most:
            raise ValueError(f"a change of {stored.id} has {own} items, one transaction takes {most}")
        free = len(change.outbox) if most is None else most - own
        rows = fitting(change.outbox, free=free, incident=stored)
        self.rooms[stored.id] = room
        self._timelines[stored.id] = (*self._timelines.get(stored.id, ()), *entries)
        for row in rows:
            self.outbox.setdefault(row.id, row)
        return room


def _with_held(row: OutboxRow) -> tuple[OutboxRow, ...]:
    """Return a row, or what it holds if it is an order to lay out that nobody has carried out yet."""
    held = row.body.rows if isinstance(row.body, WorkflowOrder) and row.is_due else ()
    return held or (row,)


class InMemoryProofStore:
    """Keeps records by incident and name, and what people sent by its address; the first one stays."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}
        self.sent: dict[str, bytes] = {}

    def keep(self, incident_id: str, *, name: str, content: bytes) -> str:
        self.files.setdefault((incident_id, name), content)
        return f"s3://archive/evidence/facts/{incident_id}/{name}"

    def keep_file(self, incident_id: str, *, sha256: str, content: bytes) -> str:
        uri = f"s3://archive/evidence/files/{incident_id}/{sha256}"
        self.sent.setdefault(uri, content)
        return uri

    def file(self, uri: str) -> bytes | None:
        return self.sent.get(uri)


class InMemoryReportStore:
    """Keeps files by incident and name."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], tuple[bytes, str]] = {}

    def save(self, incident_id: str, *, name: str, content: bytes, content_type: str) -> str:
        self.files[incident_id, name] = (content, content_type)
        return f"s3://archive/reports/{incident_id}/{name}"
