"""Sends what lies in the outbox: never missed, at most one duplicate, and no more than a person can take.

A row is claimed under a lease, checked against the incident as it stands now, given its link and its
text, marked as attempted, handed to the provider once, and finished. Whatever dies in between, the
row falls due again when its lease ends. A row is sent at most twice; if neither time is known to have
succeeded, the person is tried on the other channel by a row of its own. Where no other channel is left,
a mail is sent up to four times: so many processes may die over it. An SMS never is.

What is over a person's caps waits, and what has waited together travels as one text
(:mod:`hikeshi.services.messages.bundling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.caps import PAGE, is_capped
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import apart
from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.domain.links import INCIDENT
from hikeshi.domain.outbox import (
    LAST_MAIL_ATTEMPTS,
    LEASE,
    MAX_ATTEMPTS,
    WENT_OUT,
    Message,
    OutboxRow,
    OutboxState,
    way_name,
)
from hikeshi.domain.people import Channel, Person
from hikeshi.ports.drills import Drills
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, Outbox, Sender, SendLogs
from hikeshi.services.drills.drill_gate import why_withheld
from hikeshi.services.escalation.unreached import note_unreached
from hikeshi.services.links.links import mint_link
from hikeshi.services.messages.bundling import Company, company_of
from hikeshi.services.messages.compose import ComposedText, compose
from hikeshi.services.messages.freshness import why_pointless
from hikeshi.services.messages.up_to_date import up_to_date
from hikeshi.services.messages.wording import Wording

RETRY_AFTER = timedelta(seconds=15)
FALLBACK = "/fallback"
_CALLS = frozenset({PAGE, "called_in", "roll_call", "level_raised", "peril"})
"""Moments that call somebody: what a newer one asks, the second way of an older one need not ask again."""

_OTHER = {Channel.SMS: Channel.MAIL, Channel.MAIL: Channel.SMS}


class Outcome(StrEnum):
    """What became of a row."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FAILED = "failed"
    SKIPPED = "skipped"
    WITHHELD = "withheld"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkSite:
    """Where links lead: the address that stands before the token, and the environment they are for."""

    base_url: str
    environment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """A finished text, and the links in it that must not be kept."""

    text: ComposedText
    links: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispatcher:
    """Sends rows of the outbox, one at a time."""

    outbox: Outbox
    logs: SendLogs
    incidents: IncidentRepository
    links: LinkStore
    keys: KeyRing
    drills: Drills
    sender: Sender
    configuration: Configuration
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
        message, person = claimed.body, self.configuration.roster.people.get(claimed.body.person_id)
        if withheld := why_withheld(message, self.drills):
            return self._finish(claimed.withheld(withheld, at=self.clock.now()), Outcome.WITHHELD)
        pointless = why_pointless(
            message, person, incidents=self.incidents, outbox=self.outbox, at=self.clock.now()
        )
        pointless = pointless or self._why_not_again(message, row)
        if pointless or person is None:
            return self._cancel(claimed, pointless)
        if undeliverable := _why_undeliverable(claimed, message, person):
            return self._give_up(claimed, message, person, undeliverable)
        if not is_capped(message):
            return self._send((claimed,), person, self._text((claimed,), person))
        return self._send_in_turn(claimed, message, person)

    # ---- the way of one row --------------------------------------------------------------------

    def _why_not_again(self, message: Message, row: OutboxRow) -> str:
        """Say why the second way on a channel is not used; empty if it is, or the row is no second way.

        It repeats what went out. A channel bears two sends of one message, whoever asks for how many, and
        what did not go by the first way has long gone by another. A newer call of the same asks again itself.
        """
        if message.nth == 1 or row.id.endswith(FALLBACK):
            return ""
        first = self.outbox.row(row.id.removesuffix(message.way) + way_name(message.channel))
        if first is None:
            return ""
        if first.state not in WENT_OUT:
            return "the first of its kind did not go out, or not yet"
        if first.attempts >= MAX_ATTEMPTS:
            return f"sent {first.attempts} times already"
        went_late = first.finished_at is not None and first.finished_at >= row.due_at
        if went_late:
            return "the first of its kind went out just now"
        about = self.outbox.about(message.incident_id) if message.incident_number else ()
        by = self.clock.now() + LEASE
        return "called again since" if any(_is_newer_call(each, row, by=by) for each in about) else ""

    def _send_in_turn(self, claimed: OutboxRow, message: Message, person: Person) -> Outcome:
        """Send if the caps leave room, together with what has waited for the same."""
        now, caps = self.clock.now(), self.configuration.caps
        # A log of its own: what a drill says takes nobody's place, and nothing real waits for it.
        log = self.logs.log(apart(person.id, message.drill), message.channel)
        if log.has_overtaken(message):
            return self._cancel(claimed, "overtaken by a newer message")
        free_at = log.free_at(claimed.id, caps=caps, at=now)
        if free_at > now:
            return self._finish(claimed.held_back(until=free_at), Outcome.POSTPONED)
        company = Company(rows=(claimed,))
        if claimed.waited or message.held:
            company = company_of(
                claimed,
                person,
                log,
                outbox=self.outbox,
                incidents=self.incidents,
                wording=self.wording,
                by=self.ids.ulid(),
                at=now,
            )
            for row, why in company.pointless:
                self._cancel(row, why)
        # Written before it is counted: a text that cannot be made takes nobody's place.
        written = self._text(company.rows, person)
        if self.logs.save(log.counted(claimed.id, company.messages, caps=caps, at=now)):
            return self._send(company.rows, person, written)
        # Somebody else is writing to the same person at this moment.
        for row in company.rows:
            self._finish(row.held_back(until=now), Outcome.POSTPONED)
        return Outcome.POSTPONED

    def _send(self, rows: Sequence[OutboxRow], person: Person, written: _Written) -> Outcome:
        """Hand one text to the provider: that of the first row, with what the others say."""
        going = [attempt for row in rows if self.outbox.finish(attempt := row.attempted())]
        if not going:
            return Outcome.SKIPPED
        if len(going) < len(rows):
            written = self._text(going, person)
        head, others = going[0], going[1:]
        message, composed = _message(head), written.text
        try:
            provider_id = self.sender.send(
                person,
                message.channel,
                subject=composed.subject,
                text=composed.text,
                urgent=message.moment == PAGE,
            )
        except UndeliverableError as error:
            return self._failed(head, others, person, str(error), for_good=True)
        except DeliveryError as error:
            return self._failed(head, others, person, str(error), for_good=False)
        kept, now = composed.text, self.clock.now()
        for link in written.links:
            kept = kept.replace(link, self.site.base_url + "…")
        sent = head.sent(provider_id=provider_id, parts=composed.parts, text=kept, at=now)
        outcome = self._finish(sent, Outcome.SENT)
        for other in others:
            self.outbox.finish(other.bundled(into=head.id, at=now))
        return outcome

    def _text(self, rows: Sequence[OutboxRow], person: Person) -> _Written:
        """Write one text for all rows; the links of an SMS end with that of the first."""
        head, others = rows[0], [self._up_to_date(row) for row in rows[1:]]
        link = self._link(_message(head))
        further: list[str | None] = []
        if _message(head).channel is Channel.MAIL:
            further = [self._link(other) for other in others]
        composed = compose(
            self._up_to_date(head),
            person=person,
            link=link,
            wording=self.wording,
            at=head.created_at,
            others=others,
            other_links=further,
            several_brands=len(self.configuration.watches.brands) > 1,
        )
        return _Written(text=composed, links=tuple(each for each in (link, *further) if each))

    def _up_to_date(self, row: OutboxRow) -> Message:
        playbooks = self.configuration.playbooks
        return up_to_date(_message(row), incidents=self.incidents, playbooks=playbooks)

    def _link(self, message: Message) -> str | None:
        if not message.link or (message.purpose == INCIDENT and not message.incident_number):
            return None
        token = mint_link(
            message,
            links=self.links,
            keys=self.keys,
            environment=self.site.environment,
            at=self.clock.now(),
        )
        return self.site.base_url + token

    # ---- when it does not arrive ---------------------------------------------------------------

    def _failed(
        self, head: OutboxRow, others: Sequence[OutboxRow], person: Person, why: str, *, for_good: bool
    ) -> Outcome:
        """Try again or give up; what travelled along goes its own way from here."""
        until = self.clock.now() + RETRY_AFTER
        for other in others:
            self._finish(other.postponed(until=until, error=why), Outcome.POSTPONED)
        message = _message(head)
        if for_good or head.attempts >= _most_attempts(head, message, person):
            return self._give_up(head, message, person, why)
        return self._finish(head.postponed(until=until, error=why), Outcome.POSTPONED)

    def _give_up(self, row: OutboxRow, message: Message, person: Person, why: str) -> Outcome:
        """Fail the row; the other channel is queued first, so that no crash loses the person."""
        fallback = self._fallback(row, message, person)
        if fallback is not None:
            self.outbox.add((fallback,))
        outcome = self._finish(row.failed(why, at=self.clock.now()), Outcome.FAILED)
        if fallback is None and outcome is Outcome.FAILED and message.incident_number:
            note_unreached(
                row,
                message,
                outbox=self.outbox,
                incidents=self.incidents,
                configuration=self.configuration,
                clock=self.clock,
                ids=self.ids,
            )
        return outcome

    def _fallback(self, row: OutboxRow, message: Message, person: Person) -> OutboxRow | None:
        """Return the row for the other channel; None if there is none, or a row of its own sees to it."""
        other = _OTHER[message.channel]
        if _is_last_way(row, message, person) or message.nth > 1:
            return None
        now = self.clock.now()
        twin = self.outbox.row(row.id.removesuffix(message.way) + way_name(other))
        if twin is not None and not _is_for_later(twin, now + RETRY_AFTER):
            return None
        body = replace(message, channel=other)
        return OutboxRow(id=row.id + FALLBACK, body=body, created_at=row.created_at, due_at=now)

    def _cancel(self, row: OutboxRow, why: str) -> Outcome:
        return self._finish(row.cancelled(why, at=self.clock.now()), Outcome.CANCELLED)

    def _finish(self, row: OutboxRow, outcome: Outcome) -> Outcome:
        return outcome if self.outbox.finish(row) else Outcome.SKIPPED


def _why_undeliverable(row: OutboxRow, message: Message, person: Person) -> str:
    if row.attempts >= _most_attempts(row, message, person):
        return row.last_error or f"no answer to {row.attempts} attempts"
    return "no address" if person.address(message.channel) is None else ""


def _most_attempts(row: OutboxRow, message: Message, person: Person) -> int:
    if message.nth > 1:
        return MAX_ATTEMPTS - 1
    if message.channel is Channel.MAIL and _is_last_way(row, message, person):
        return LAST_MAIL_ATTEMPTS
    return MAX_ATTEMPTS


def _is_last_way(row: OutboxRow, message: Message, person: Person) -> bool:
    """Tell whether a row that fails has no other channel to turn to."""
    other = _OTHER[message.channel]
    return row.id.endswith(FALLBACK) or person.address(other) is None or other in person.opted_out


def _is_newer_call(row: OutboxRow, than: OutboxRow, *, by: datetime) -> bool:
    """Tell whether a row calls the same person on the same channel again, and is out by a moment."""
    newer, older = row.body, _message(than)
    if not isinstance(newer, Message) or newer.moment not in _CALLS or row.created_at <= than.created_at:
        return False
    if (newer.person_id, newer.channel) != (older.person_id, older.channel):
        return False
    is_out = row.state in WENT_OUT or (row.is_due and row.due_at <= by)
    return is_out and newer.generation == older.generation


def _is_for_later(row: OutboxRow, than: datetime) -> bool:
    """Tell whether a row waits for a delay that its person chose, and so comes too late to help."""
    return row.state is OutboxState.PENDING and not row.waited and row.due_at > than


def _message(row: OutboxRow) -> Message:
    if not isinstance(row.body, Message):
        raise TypeError(f"{row.id} is not a message")
    return row.body


def most_urgent_first(rows: Iterable[OutboxRow]) -> list[OutboxRow]:
    """Order rows: what nothing may hold back, then by level, pages before other news, then by age."""

    def urgency(row: OutboxRow) -> tuple[bool, int, bool, str]:
        if not isinstance(row.body, Message):
            return True, 0, True, row.due_at.isoformat()
        body = row.body
        return is_capped(body), -body.level.rank, body.moment != PAGE, row.due_at.isoformat()

    return sorted(rows, key=urgency)
