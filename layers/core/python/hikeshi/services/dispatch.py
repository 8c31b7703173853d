"""Sends what lies in the outbox: never missed, at most one duplicate.

A row is claimed under a lease, checked against the incident as it stands now, given its link and its
text, marked as attempted, handed to the provider once, and finished. Whatever dies in between, the
row falls due again when its lease ends. A row is sent at most twice; if neither time is known to have
succeeded, the person is tried on the other channel by a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from hikeshi.domain.errors import (
    ConcurrentChangeError,
    DeliveryError,
    HikeshiError,
    NotFoundError,
    UndeliverableError,
)
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.links import INCIDENT
from hikeshi.domain.outbox import MAX_ATTEMPTS, Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, Outbox, Sender
from hikeshi.services.compose import ComposedText, compose
from hikeshi.services.links import mint_link
from hikeshi.services.wording import Wording

RETRY_AFTER = timedelta(seconds=15)
FALLBACK = "/fallback"
PAGE = "page"
_OTHER = {Channel.SMS: Channel.MAIL, Channel.MAIL: Channel.SMS}


class Outcome(StrEnum):
    """What became of a row."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkSite:
    """Where links lead: the address that stands before the token, and the environment they are for."""

    base_url: str
    environment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispatcher:
    """Sends rows of the outbox, one at a time."""

    outbox: Outbox
    incidents: IncidentRepository
    links: LinkStore
    keys: KeyRing
    sender: Sender
    roster: Roster
    wording: Wording
    site: LinkSite
    clock: Clock
    ids: Ids

    def due(self) -> Sequence[OutboxRow]:
        """Return the messages that are due now."""
        return self.outbox.due("message", at=self.clock.now())

    def dispatch(self, row: OutboxRow) -> Outcome:
        """Send a row if it is due, free and still wanted."""
        claimed = self.outbox.claim(row, by=self.ids.ulid(), at=self.clock.now())
        if claimed is None or not isinstance(claimed.body, Message):
            return Outcome.SKIPPED
        message, person = claimed.body, self.roster.people.get(claimed.body.person_id)
        pointless = self._why_pointless(message, person)
        if pointless or person is None:
            return self._finish(claimed.cancelled(pointless), Outcome.CANCELLED)
        if claimed.attempts >= MAX_ATTEMPTS:
            return self._give_up(claimed, message, person, claimed.last_error or "no answer to two attempts")
        if person.address(message.channel) is None:
            return self._give_up(claimed, message, person, "no address")
        return self._send(claimed, message, person)

    # ---- the way of one row --------------------------------------------------------------------

    def _why_pointless(self, message: Message, person: Person | None) -> str:
        """Say why a message need not go out any more; empty if it must."""
        if person is None or not person.active:
            return "person not active"
        if not message.incident_number:
            return ""
        try:
            room = self.incidents.room(message.incident_id)
        except NotFoundError:
            return "no such incident"
        if room.incident.generation != message.generation:
            return "incident was reopened since"
        if message.moment == PAGE and not room.incident.status.is_open:
            return f"incident is {room.incident.status.value}"
        return _decided(room, message.cancel_when_decided)

    def _send(self, claimed: OutboxRow, message: Message, person: Person) -> Outcome:
        link, composed = self._text(claimed, message, person)
        attempt = claimed.attempted()
        if not self.outbox.finish(attempt):
            return Outcome.SKIPPED
        try:
            provider_id = self.sender.send(
                person,
                message.channel,
                subject=composed.subject,
                text=composed.text,
                urgent=message.moment == PAGE,
            )
        except UndeliverableError as error:
            return self._give_up(attempt, message, person, str(error))
        except DeliveryError as error:
            if attempt.attempts >= MAX_ATTEMPTS:
                return self._give_up(attempt, message, person, str(error))
            until = self.clock.now() + RETRY_AFTER
            return self._finish(attempt.postponed(until=until, error=str(error)), Outcome.POSTPONED)
        kept = composed.text.replace(link, self.site.base_url + "…") if link else composed.text
        return self._finish(
            attempt.sent(provider_id=provider_id, parts=composed.parts, text=kept), Outcome.SENT
        )

    def _text(self, row: OutboxRow, message: Message, person: Person) -> tuple[str | None, ComposedText]:
        link = None
        if message.link and (message.incident_number or message.purpose != INCIDENT):
            token = mint_link(
                message,
                links=self.links,
                keys=self.keys,
                environment=self.site.environment,
                at=self.clock.now(),
            )
            link = self.site.base_url + token
        return link, compose(message, person=person, link=link, wording=self.wording, at=row.created_at)

    def _give_up(self, row: OutboxRow, message: Message, person: Person, why: str) -> Outcome:
        """Fail the row; the other channel is queued first, so that no crash loses the person."""
        fallback = self._fallback(row, message, person)
        if fallback is not None:
            self.outbox.add((fallback,))
        outcome = self._finish(row.failed(why), Outcome.FAILED)
        if fallback is None and outcome is Outcome.FAILED:
            self._note_unreached(message)
        return outcome

    def _fallback(self, row: OutboxRow, message: Message, person: Person) -> OutboxRow | None:
        other = _OTHER[message.channel]
        if row.id.endswith(FALLBACK) or person.address(other) is None:
            return None
        now = self.clock.now()
        body = replace(message, channel=other)
        return OutboxRow(id=row.id + FALLBACK, body=body, created_at=row.created_at, due_at=now)

    def _finish(self, row: OutboxRow, outcome: Outcome) -> Outcome:
        return outcome if self.outbox.finish(row) else Outcome.SKIPPED

    def _note_unreached(self, message: Message) -> None:
        """Put into the timeline that a person was not reached; the ladder goes on without it."""
        if not message.incident_number:
            return
        event = TimelineEvent(
            kind="message_failed", at=self.clock.now(), details={"person": message.person_id}
        )
        for _ in range(3):
            try:
                room = self.incidents.room(message.incident_id)
                self.incidents.commit(RoomChange(before=room, after=room, events=(event,)))
            except ConcurrentChangeError:
                continue
            except HikeshiError:
                return
            return


def most_urgent_first(rows: Iterable[OutboxRow]) -> list[OutboxRow]:
    """Order rows by level, then by how long they have been due."""

    def urgency(row: OutboxRow) -> tuple[int, str]:
        rank = row.body.level.rank if isinstance(row.body, Message) else 0
        return -rank, row.due_at.isoformat()

    return sorted(rows, key=urgency)


def _decided(room: Room, slot_name: str | None) -> str:
    for slot in room.slots:
        same = slot.slot.value == slot_name and slot.generation == room.incident.generation
        if same and slot.decision is not None:
            return f"{slot_name} was decided"
    return ""
