"""Whoever quiet hours spare because a colleague is awake, and who is called after all if that one cannot be.

A page is held only beside one that is not (ADR 0020). When nothing of a step has reached anybody and only
the held rows are left, they go at once, as copies: the timeline and the copies are one commit, and what was
held is struck after it, so that whatever dies in between tells somebody twice and nobody never.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.environment import Ids
from hikeshi.ports.responding import Outbox

WOKEN = "woken"
STRUCK = "called at once instead"


def is_asleep(row: OutboxRow, *, at: datetime) -> bool:
    """Tell whether a row lies until the end of its person's quiet hours."""
    body = row.body
    is_held = isinstance(body, Message) and body.held and not row.waited
    return is_held and row.state is OutboxState.PENDING and row.due_at > at


def woken(asleep: Iterable[OutboxRow], *, outbox: Outbox, at: datetime) -> tuple[OutboxRow, ...]:
    """Return the copies that go at once, as far as they are not on their way already."""
    copies = (_copy(row, at=at) for row in asleep)
    return tuple(row for row in copies if outbox.row(row.id) is None)


def woken_event(asleep: Iterable[OutboxRow], *, at: datetime) -> TimelineEvent:
    """Note who was called after all."""
    people = dict.fromkeys(row.body.person_id for row in asleep if isinstance(row.body, Message))
    return TimelineEvent(kind=WOKEN, at=at, details={"people": ",".join(people)})


def strike(asleep: Sequence[OutboxRow], *, outbox: Outbox, ids: Ids, at: datetime) -> None:
    """Strike what was held and has gone as a copy; nobody is told the same again in the morning."""
    for row in asleep:
        if outbox.row(_copy(row, at=at).id) is None:
            continue
        # A row can be claimed when it is due: nobody else touches it before that moment.
        claimed = outbox.claim(row, by=ids.ulid(), at=row.due_at)
        if claimed is not None:
            outbox.finish(claimed.cancelled(STRUCK, at=at))


def _copy(row: OutboxRow, *, at: datetime) -> OutboxRow:
    cause, person, way = row.id.rsplit("/", 2)
    body = replace(row.body, held=False) if isinstance(row.body, Message) else row.body
    return OutboxRow(id=f"{cause}/{WOKEN}/{person}/{way}", body=body, created_at=row.created_at, due_at=at)
