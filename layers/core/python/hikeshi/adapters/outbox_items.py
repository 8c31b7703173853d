"""Outbox rows as items: written by the incident repository, read and moved on by the outbox.

``due_kind`` is there only while the row is due, which keeps the ``due`` index as small as the work.
``about`` is there for all that people read: the incident of a message, or what else it was about.
The rows that an order holds are packed into one string: they differ in little but whom they are for.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from hikeshi.adapters import dynamodb_items
from hikeshi.adapters.dynamodb_items import Item
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, WorkflowOrder

KEPT_FOR = timedelta(days=90)
SORT_KEY = "ROW"
NO_INCIDENT = "NONE"
_KINDS: tuple[tuple[str, type[Message | ChatPost | WorkflowOrder]], ...] = (
    ("message", Message),
    ("chat", ChatPost),
    ("workflow", WorkflowOrder),
)
_PACKED = "packed"


def key_of(row_id: str) -> Item:
    """Return the key of a row."""
    return {"pk": {"S": row_id}, "sk": {"S": SORT_KEY}}


def kind_of(row: OutboxRow) -> str:
    """Return ``message``, ``chat`` or ``workflow``."""
    return next(kind for kind, body in _KINDS if isinstance(row.body, body))


def about(row: OutboxRow) -> str | None:
    """Return what a row is about in the delivery log; None for an order to the state machines."""
    return None if isinstance(row.body, WorkflowOrder) else row.body.incident_id or NO_INCIDENT


def to_item(row: OutboxRow, *, writer: str | None = None) -> Item:
    """Turn a row into an item; ``writer`` names the commit that wrote it."""
    kind = kind_of(row)
    return dynamodb_items.to_item(
        row,
        pk=row.id,
        sk=SORT_KEY,
        body=_body(row.body),
        kind=kind,
        due_kind=kind if row.is_due else None,
        about=about(row),
        expires_at=int((row.created_at + KEPT_FOR).timestamp()),
        writer=writer,
    )


def from_item(item: Mapping[str, Any]) -> OutboxRow:
    """Turn an item, or the new image of a stream record, back into a row."""
    kind, stored = dict(_KINDS)[item["kind"]["S"]], item["body"]["M"]
    given: dict[str, Any] = {"rows": _unpacked(stored[_PACKED]["S"])} if _PACKED in stored else {}
    body = dynamodb_items.from_item(kind, stored, **given)
    return dynamodb_items.from_item(OutboxRow, item, body=body)


def _body(body: Message | ChatPost | WorkflowOrder) -> object:
    if not isinstance(body, WorkflowOrder):
        return body
    written: dict[str, object] = {field.name: getattr(body, field.name) for field in fields(body)}
    return written | {"rows": None, _PACKED: _packed(body.rows) if body.rows else None}


def _packed(rows: Sequence[OutboxRow]) -> str:
    plain = json.dumps([to_item(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return b64encode(gzip.compress(plain.encode(), mtime=0)).decode()


def _unpacked(packed: str) -> tuple[OutboxRow, ...]:
    return tuple(from_item(item) for item in json.loads(gzip.decompress(b64decode(packed))))
