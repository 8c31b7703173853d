"""What of a change's outbox rows goes into its transaction, and what is laid out from there afterwards.

A transaction takes a hundred items and a change of a room may tell hundreds of people. The rows for
which there is no room are stored in the same transaction nevertheless: inside of orders to lay them out,
which the workflow driver carries out until it has succeeded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from hikeshi.adapters import outbox_items
from hikeshi.domain.caps import PAGE
from hikeshi.domain.incidents import Incident
from hikeshi.domain.outbox import Message, OutboxRow, WorkflowCommand, WorkflowOrder

MAX_ITEMS = 100
"""What DynamoDB takes in one transaction."""

MAX_ROWS = 100
"""Rows in one order: a driver puts them one by one and has thirty seconds."""

MAX_BYTES = 250_000
"""Of the rows of one order before they are packed: packed at its worst an item stays below 400 KB."""

_Group = tuple[OutboxRow, ...]
"""Rows that tell one person one thing: each of them looks for the others when it fails."""


def fitting(rows: Sequence[OutboxRow], *, free: int, incident: Incident) -> tuple[OutboxRow, ...]:
    """Return at most ``free`` rows that stand for all: as many as fit, and orders that hold the rest.

    Calls to the state machines go first, then what is most urgent. The ids of the orders are derived from
    the version that the change makes, which no other change can make.

    Raises
    ------
    ValueError
        If there is no room for anything.
    """
    if len(rows) <= free:
        return tuple(rows)
    groups = sorted(_groups(rows), key=lambda group: min(map(_urgency, group)))
    for orders in range(1, free + 1):
        inline = _as_fit(groups, free - orders)
        held = list(_held_together(groups[len(inline) :]))
        if len(held) <= orders:
            direct = [row for group in inline for row in group]
            return (*direct, *(_order(each, n, incident) for n, each in enumerate(held, start=1)))
    raise ValueError(f"a change of {incident.id} has {len(rows)} rows, its transaction takes {free}")


def _groups(rows: Sequence[OutboxRow]) -> list[_Group]:
    found: dict[str, list[OutboxRow]] = {}
    for row in rows:
        told = row.id.removesuffix(f"/{row.body.way}") if isinstance(row.body, Message) else row.id
        found.setdefault(told, []).append(row)
    # The latest first: whoever dies in between leaves no row behind that misses one it would look for.
    return [tuple(sorted(group, key=lambda row: row.due_at, reverse=True)) for group in found.values()]


def _urgency(row: OutboxRow) -> tuple[int, int, bool, str]:
    body, due = row.body, row.due_at.isoformat()
    if isinstance(body, WorkflowOrder):
        return 0, 0, False, due
    return (1 if isinstance(body, Message) else 2), -body.level.rank, body.moment != PAGE, due


def _as_fit(groups: Sequence[_Group], room: int) -> Sequence[_Group]:
    """Return the first groups, as long as all of their rows fit."""
    for index, group in enumerate(groups):
        room -= len(group)
        if room < 0:
            return groups[:index]
    return groups


def _held_together(groups: Sequence[_Group]) -> Iterator[tuple[OutboxRow, ...]]:
    """Divide rows into orders; people stay whole."""
    held: list[OutboxRow] = []
    size = 0
    for group in groups:
        added = sum(len(json.dumps(outbox_items.to_item(row))) for row in group)
        if held and (len(held) + len(group) > MAX_ROWS or size + added > MAX_BYTES):
            yield tuple(held)
            held, size = [], 0
        held += group
        size += added
    if held:
        yield tuple(held)


def _order(rows: tuple[OutboxRow, ...], number: int, incident: Incident) -> OutboxRow:
    name = f"{incident.id}/version-{incident.version}/lay-out-{number}"
    order = WorkflowOrder(
        command=WorkflowCommand.LAY_OUT, incident_id=incident.id, name=name, payload="", rows=rows
    )
    caused_at = min(row.created_at for row in rows)
    return OutboxRow(id=name, body=order, created_at=caused_at, due_at=caused_at)
