"""A source that cannot be read is not calm but unseen, and the desk is told."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Role, Roster
from hikeshi.domain.sources import Cursor, Source
from hikeshi.services.japanese_time import JST

FIRST_AFTER = 3
AGAIN_EVERY = 60


def is_silent(failures: int) -> bool:
    """Tell whether this failure in a row is one to speak of: the third, and every sixtieth after it."""
    return failures >= FIRST_AFTER and (failures - FIRST_AFTER) % AGAIN_EVERY == 0


def silence_rows(source: Source, cursor: Cursor, *, roster: Roster, at: datetime) -> tuple[OutboxRow, ...]:
    """Write one message to everybody at the desk; the ids allow one a source, person and day.

    A mail where there is an address: a source that fails at night wakes nobody by itself.
    """
    rows = (_row(source, cursor, person, at=at) for person in roster.holders(Role.DESK))
    return tuple(row for row in rows if row is not None)


def _row(source: Source, cursor: Cursor, person: Person, *, at: datetime) -> OutboxRow | None:
    channel = next((each for each in (Channel.MAIL, Channel.SMS) if person.address(each)), None)
    if channel is None:
        return None
    message = Message(
        person_id=person.id,
        channel=channel,
        moment="source_silent",
        level=Level.NOTICE,
        incident_id="",
        incident_number=0,
        generation=0,
        params=_params(source, cursor, at=at),
        link=False,
    )
    day = at.astimezone(JST).date().isoformat()
    row_id = f"source_silent/{source.id}/{day}/{person.id}/{channel.value}"
    return OutboxRow(id=row_id, body=message, created_at=at, due_at=at)


def _params(source: Source, cursor: Cursor, *, at: datetime) -> dict[str, str]:
    """Say since when; a source that was never read is told by the tries it failed."""
    if cursor.last_success_at is None:
        return {"source": source.name, "minutes": str(cursor.failures * source.every_minutes)}
    minutes = int((at - cursor.last_success_at).total_seconds() // 60)
    return {
        "source": source.name,
        "minutes": str(minutes),
        "last_success_at": cursor.last_success_at.isoformat(),
    }
