"""What goes out together: messages that waited for the same person on the same channel.

One text of many incidents wakes a person once. The most urgent gives it its words and its link; a mail
lists the others with links of their own, an SMS counts them and names their numbers if there is room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.caps import SendLog, is_capped, overtakes
from hikeshi.domain.links import INCIDENT
from hikeshi.domain.outbox import MAX_ATTEMPTS, Message, OutboxRow
from hikeshi.domain.people import Person
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.messages.freshness import OVERTAKEN, why_pointless
from hikeshi.services.messages.wording import Wording

MAX_TOGETHER = 40
"""Rows in one text; each costs some calls, and a function has 30 seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """Claimed rows that travel together, the most urgent first, and those found to be pointless."""

    rows: tuple[OutboxRow, ...]
    pointless: tuple[tuple[OutboxRow, str], ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the text tells."""
        return tuple(row.body for row in self.rows if isinstance(row.body, Message))


def company_of(
    first: OutboxRow,
    person: Person,
    log: SendLog,
    *,
    outbox: Outbox,
    incidents: IncidentRepository,
    wording: Wording,
    by: str,
    at: datetime,
) -> Company:
    """Claim what else is due about incidents for the same person on the same channel.

    A message about something else travels alone, since its link is all there is to it; so does one of a
    kind that nobody knows: what breaks must not hold up the others.
    """
    company = Company(rows=(first,))
    if not _may_share(first, wording):
        return company
    for row in _others(first, outbox, at):
        if len(company.rows) >= MAX_TOGETHER:
            break
        claimed = outbox.claim(row, by=by, at=at) if _may_share(row, wording) else None
        if claimed is None or not isinstance(claimed.body, Message) or claimed.attempts >= MAX_ATTEMPTS:
            continue
        why = why_pointless(claimed.body, person, incidents=incidents, outbox=outbox, at=at)
        if not why and log.has_overtaken(claimed.body):
            why = OVERTAKEN
        if why:
            company = replace(company, pointless=(*company.pointless, (claimed, why)))
        else:
            company = replace(company, rows=(*company.rows, claimed))
    return _without_overtaken(company)


def _others(first: OutboxRow, outbox: Outbox, at: datetime) -> Iterator[OutboxRow]:
    message = first.body
    for row in outbox.due("message", at=at):
        other = row.body
        if (
            isinstance(message, Message)
            and isinstance(other, Message)
            and row.id != first.id
            and (other.person_id, other.channel) == (message.person_id, message.channel)
            and other.drill == message.drill
            and row.attempts < MAX_ATTEMPTS
            and other.nth == 1  # another says the same again later, and only if the first went out
            and is_capped(other)
        ):
            yield row


def _may_share(row: OutboxRow, wording: Wording) -> bool:
    message = row.body
    if not isinstance(message, Message) or not message.incident_number or message.purpose != INCIDENT:
        return False
    return f"message.{message.moment}.sms" in wording


def _without_overtaken(company: Company) -> Company:
    """Drop what another of the rows says better, and put the most urgent first."""
    kept, dropped = [], list(company.pointless)
    for row in company.rows:
        if any(isinstance(row.body, Message) and overtakes(other, row.body) for other in company.messages):
            dropped.append((row, OVERTAKEN))
        else:
            kept.append(row)
    return Company(rows=tuple(sorted(kept, key=_urgency)), pointless=tuple(dropped))


def _urgency(row: OutboxRow) -> tuple[int, bool, str]:
    message = row.body
    if not isinstance(message, Message):
        return 0, True, ""
    return -message.level.rank, message.moment != "page", row.created_at.isoformat()
