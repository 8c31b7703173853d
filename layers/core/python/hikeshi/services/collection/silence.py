"""A source that cannot be read, or brings nothing where much is usual, is not calm but unseen.

The desk is told of both: of failures in a row, and of posts that are missing against the source's own
hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.baseline import Silence, silence_of
from hikeshi.domain.japan_time import JST
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.sources import Cursor, Source

FIRST_AFTER = 3
AGAIN_EVERY = 60

TOLD_AGAIN_AFTER = timedelta(hours=24)
"""A source that goes on bringing nothing is told of once a day."""


def is_silent(failures: int) -> bool:
    """Tell whether this failure in a row is one to speak of: the third, and every sixtieth after it."""
    return failures >= FIRST_AFTER and (failures - FIRST_AFTER) % AGAIN_EVERY == 0


def missing_posts(cursor: Cursor, *, at: datetime) -> Silence | None:
    """Return the silence of a source that is read without fault; None if the desk was told today."""
    told = cursor.quiet_told_at
    if told is not None and at - told < TOLD_AGAIN_AFTER:
        return None
    return silence_of(cursor.by_hour, at=at)


def silence_rows(
    source: Source, cursor: Cursor, *, roster: Roster, at: datetime, missing: Silence | None = None
) -> tuple[OutboxRow, ...]:
    """Write one message to everybody at the desk; the ids allow one a source, person and day.

    A mail where there is an address: a source that fails at night wakes nobody by itself.
    """
    params = _params(source, cursor, at=at) if missing is None else _params_of(source, cursor, missing, at=at)
    rows = (_row(source, params, person, at=at) for person in roster.holders(Role.DESK))
    return tuple(row for row in rows if row is not None)


def _row(source: Source, params: dict[str, str], person: Person, *, at: datetime) -> OutboxRow | None:
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
        params=params,
        link=False,
    )
    day = at.astimezone(JST).date().isoformat()
    row_id = f"source_silent/{source.id}/{day}/{person.id}/{channel.value}"
    return OutboxRow(id=row_id, body=message, created_at=at, due_at=at)


def _params_of(source: Source, cursor: Cursor, missing: Silence, *, at: datetime) -> dict[str, str]:
    """Say since when nothing new came, and how much usually would have."""
    last = cursor.last_new_at or missing.since
    return {
        "source": source.name,
        "minutes": str(int((at - last).total_seconds() // 60)),
        "last_success_at": last.isoformat(),
        "expected": f"{missing.expected:.0f}",
    }


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
