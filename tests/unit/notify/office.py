"""A dispatcher with everything around it in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.outbox import LEASE, Message, OutboxRow
from hikeshi.services.messages.dispatch import Dispatcher, LinkSite, Outcome, most_urgent_first
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_configuration, a_message, a_message_row, a_room, a_roster, an_incident
from tests.fakes.drills import InMemoryDrills
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox, InMemorySendLogs, RecordingSender
from tests.fakes.responding import InMemoryIncidentRepository

SMS = a_message_row()


class Office:
    """A dispatcher with everything around it in memory; its clock stands a minute after noon."""

    def __init__(self) -> None:
        self.outbox = InMemoryOutbox()
        self.incidents = InMemoryIncidentRepository(self.outbox.rows)
        self.incidents.put(a_room())
        self.links = InMemoryLinkStore()
        self.sender = RecordingSender()
        self.logs = InMemorySendLogs()
        self.drills = InMemoryDrills()
        self.clock = FrozenClock(NOON + timedelta(minutes=1))
        self.roster = a_roster()
        self.configured = a_configuration()
        self.ids = SequenceIds()

    def dispatcher(self, **ports: Any) -> Dispatcher:
        chosen: dict[str, Any] = {
            "outbox": self.outbox,
            "incidents": self.incidents,
            "links": self.links,
            "keys": FixedKeyRing(),
            "sender": self.sender,
            "logs": self.logs,
            "drills": self.drills,
        }
        return Dispatcher(
            **(chosen | ports),
            configuration=replace(self.configured, roster=self.roster),
            wording=Wording(),
            site=LinkSite(base_url="https://r.exmp.jp/", environment="test"),
            clock=self.clock,
            ids=self.ids,
        )

    def add(self, row: OutboxRow = SMS) -> OutboxRow:
        self.outbox.add((row,))
        return row

    def dispatch(self, row: OutboxRow = SMS) -> Outcome:
        self.add(row)
        return self.dispatcher().dispatch(row)

    def stored(self, row_id: str = SMS.id) -> OutboxRow:
        row = self.outbox.row(row_id)
        assert row is not None
        return row

    def texts(self) -> list[str]:
        return [each.text for each in self.sender.delivered]

    def incident(self, number: int, **changes: Any) -> None:
        """Open one more incident."""
        self.incidents.put(
            a_room(incident=an_incident(id=f"inc-{number}", number=number, **changes), slots=())
        )

    def row(self, number: int, *, row_id: str = "", **changes: Any) -> OutboxRow:
        """Queue a message about an incident, due now."""
        body: Message = a_message(incident_id=f"inc-{number}", incident_number=number, nonce=f"{number:032x}")
        body = replace(body, **changes)
        at = self.clock.now()
        row_id = row_id or f"inc-{number}/1/{body.level}/0/{body.person_id}/{body.channel.value}"
        return self.add(OutboxRow(id=row_id, body=body, created_at=at, due_at=at))

    def sweep(self, **ports: Any) -> None:
        """Work once through everything that is due, as the schedule does."""
        for row in most_urgent_first(self.outbox.due("message", at=self.clock.now())):
            self.dispatcher(**ports).dispatch(row)

    def sweep_until_quiet(self, **ports: Any) -> None:
        """Let minutes pass and sweep, until nothing is due any more."""
        for _ in range(12):
            self.clock.advance(seconds=LEASE.total_seconds() + 15)
            self.sweep(**ports)
