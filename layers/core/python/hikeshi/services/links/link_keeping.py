"""Takes links back, and sends new ones to those who still need one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.links import INCIDENT, LinkGrant
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Roster
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, LinkRegister, Outbox
from hikeshi.services.messages.audience import cause, known
from hikeshi.services.messages.notices import Notice, notice_rows

KEYS_ARE_KNOWN_AFTER = timedelta(minutes=6)
"""Every function has read a key again by then: a link signed any earlier might be with one that is gone."""

Chosen = Callable[[LinkGrant], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkKeeping:
    """What taking links back needs."""

    register: LinkRegister
    incidents: IncidentRepository
    outbox: Outbox
    roster: Roster
    clock: Clock
    ids: Ids


def outstanding(keeping: LinkKeeping, chosen: Chosen = lambda _: True) -> Iterator[LinkGrant]:
    """Yield the links that still open something, of those that are meant."""
    now = keeping.clock.now()
    return (grant for grant in keeping.register.every() if grant.is_outstanding(now) and chosen(grant))


def revoke(keeping: LinkKeeping, chosen: Chosen) -> tuple[LinkGrant, ...]:
    """Take links back, at once; returns those that were good until now."""
    found = tuple(outstanding(keeping, chosen))
    return tuple(grant for grant in found if keeping.register.revoke(grant.digest))


def send_anew(keeping: LinkKeeping, lost: Iterable[LinkGrant]) -> tuple[OutboxRow, ...]:
    """Queue a new link for everybody who lost one to an incident that is open; returns the rows.

    Each person gets one message an incident, however many links they lost. It goes out when every
    function knows the key of today.
    """
    now = keeping.clock.now()
    people: dict[str, dict[str, None]] = {}
    for grant in lost:
        if grant.purpose == INCIDENT:
            people.setdefault(grant.incident_id, {})[grant.person_id] = None
    rows = tuple(
        replace(row, due_at=max(row.due_at, now + KEYS_ARE_KNOWN_AFTER))
        for incident_id, person_ids in people.items()
        for row in _rows(keeping, incident_id, person_ids, at=now)
    )
    keeping.outbox.add(rows)
    return rows


def _rows(
    keeping: LinkKeeping, incident_id: str, person_ids: Iterable[str], *, at: datetime
) -> tuple[OutboxRow, ...]:
    incident = keeping.incidents.room(incident_id).incident
    if not incident.status.is_open:
        return ()
    notice = Notice(
        cause=cause(incident, f"link/{keeping.ids.ulid()}"),
        moment="status",
        params={"news_key": "news.link_renewed", "ask_key": "ask.link_renewed"},
        asks=True,
    )
    return notice_rows(incident, known(person_ids, keeping.roster), notice, ids=keeping.ids, at=at)
