"""Incidents in DynamoDB: every change of a room is one transaction.

The head carries the version that decides who was first, so a room may be many items and still change
as one. Messages that have no room beside it travel in it packed (:mod:`hikeshi.adapters.outbox_packing`).
Each item carries the writer id of its commit: a transaction is refused as a whole, hence an
item with our own id in a refusal proves that the first attempt landed and only its answer was lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_items import Item, from_item, iso, to_item
from hikeshi.adapters.incident_parts import META, TIMELINE, changed_parts, indexed, room_of
from hikeshi.adapters.outbox_packing import MAX_ITEMS, fitting
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.incidents import (
    Incident,
    Room,
    RoomChange,
)
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.owing import owes
from hikeshi.domain.timeline import TimelineEntry, chain
from hikeshi.ports.environment import Ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KIND = "incident"
"""Partition of the indexes ``by-opened``, and ``still-open``, which open incidents are in.

The incidents of a drill lie in ``by-opened`` under a kind of their own: whatever counts never meets them.
"""

_OWING = "owing"
"""Partition of ``still-open`` for incidents that are over and still owe something."""

_PAUSES = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16)


class DynamoDbIncidentRepository:
    """Keeps incidents, each under its own partition.

    Parameters
    ----------
    table, outbox_table : str
        Names of the two tables; rows of both are written in one transaction.
    ids : Ids
        Makes the writer ids.
    pause : callable
        Waits the seconds between two reads that met a commit half-way.
    """

    def __init__(
        self,
        *,
        client: DynamoDBClient,
        table: str,
        outbox_table: str,
        ids: Ids,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._outbox_table = outbox_table
        self._ids = ids
        self._pause = pause

    def next_number(self, *, drill: str = "") -> int:
        """Return the next human number; an attempt whose answer was lost leaves a gap."""
        answer = self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": "COUNTER"}, "sk": {"S": f"DRILL#{drill}" if drill else "NUMBER"}},
            UpdateExpression="ADD #value :one",
            ExpressionAttributeNames={"#value": "value"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["value"]["N"])

    def room(self, incident_id: str) -> Room:
        """Load a room.

        A query may run into the middle of a commit. The head names the items that its last commit
        wrote; as long as one of them is older than the head says, the room is read again, each time
        after a longer pause.
        """
        for seconds in _PAUSES:
            if seconds:
                self._pause(seconds)
            items = {item["sk"]["S"]: item for item in self._query(incident_id, "sk < :bound", TIMELINE)}
            if META not in items:
                raise NotFoundError("incident", incident_id)
            head = items[META]
            if all(_commit_of(items.get(sk["S"], {})) >= _commit_of(head) for sk in head["wrote"]["L"]):
                return room_of(items)
        raise ConcurrentChangeError(incident_id)

    def topic(self, brand: str, topic: str) -> str | None:
        """Return what the topic points at."""
        answer = self._client.get_item(
            TableName=self._table, Key=_pointer_key(brand, topic), ConsistentRead=True
        )
        return answer["Item"]["incident_id"]["S"] if "Item" in answer else None

    def open(self, change: RoomChange, *, topic: str, replacing: str | None) -> Room:
        """Store a new incident and its pointer in one transaction."""
        incident = change.after.incident
        pointer: Item = {**_pointer_key(incident.brand, topic), "incident_id": {"S": incident.id}}
        put: dict[str, Any] = {"Item": pointer, "ConditionExpression": "attribute_not_exists(pk)"}
        if replacing is not None:
            put["ConditionExpression"] = "incident_id = :replacing"
            put["ExpressionAttributeValues"] = {":replacing": {"S": replacing}}
        return self._commit(change, also=(put,))

    def commit(self, change: RoomChange) -> Room:
        """Store the difference between the two rooms."""
        return self._commit(change, also=())

    def timeline(self, incident_id: str) -> Sequence[TimelineEntry]:
        """Return the timeline, oldest first."""
        return [
            from_item(TimelineEntry, item)
            for item in self._query(incident_id, "begins_with(sk, :bound)", TIMELINE)
        ]

    def recent(self, *, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first, as the index knows them (it trails by moments)."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="by-opened",
            KeyConditionExpression="#kind = :kind",
            ExpressionAttributeNames={"#kind": "kind"},
            ExpressionAttributeValues={":kind": {"S": KIND}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [from_item(Incident, item) for item in answer["Items"]]

    def opened_since(self, moment: datetime) -> Sequence[Incident]:
        """Return incidents opened since then, oldest first, as the index knows them."""
        values = {":kind": {"S": KIND}, ":since": {"S": iso(moment)}}
        condition = "#kind = :kind AND opened_at >= :since"
        found = self._index("by-opened", condition, {"#kind": "kind"}, values)
        return [from_item(Incident, item) for item in found]

    def of_drill(self, drill: str) -> Sequence[Incident]:
        """Return the incidents of a drill, oldest first, as the index knows them."""
        values = {":kind": {"S": _kind(drill)}}
        found = self._index("by-opened", "#kind = :kind", {"#kind": "kind"}, values)
        return [from_item(Incident, item) for item in found]

    def still_open(self) -> Sequence[str]:
        """Return the ids of open incidents, oldest first, as the index knows them."""
        return self._left_in(KIND)

    def still_owing(self) -> Sequence[str]:
        """Return the ids of incidents that are over and owe something, as the index knows them."""
        return self._left_in(_OWING)

    def restless_brands(self) -> frozenset[str]:
        """Return the brands of open incidents that nobody has called calm yet."""
        heads = (
            self._client.get_item(
                TableName=self._table,
                Key=_key(incident_id, META),
                ProjectionExpression="brand, #status",
                ExpressionAttributeNames={"#status": "status"},
            ).get("Item")
            for incident_id in self.still_open()
        )
        return frozenset(
            head["brand"]["S"] for head in heads if head and IncidentStatus(head["status"]["S"]).is_restless
        )

    def _left_in(self, partition: str) -> Sequence[str]:
        values = {":kind": {"S": partition}}
        found = self._index("still-open", "#open = :kind", {"#open": "open"}, values)
        return [item["pk"]["S"].removeprefix("INCIDENT#") for item in found]

    def _index(
        self, name: str, condition: str, names: dict[str, str], values: dict[str, Any]
    ) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=name,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
        for page in pages:
            yield from page["Items"]

    def _commit(self, change: RoomChange, *, also: Sequence[dict[str, Any]]) -> Room:
        room, entries = _as_stored(change)
        writer = self._ids.ulid()
        puts = [*self._room_puts(change, room, entries), *({"TableName": self._table, **put} for put in also)]
        if len(puts) > MAX_ITEMS:
            raise ValueError(
                f"a change of {room.incident.id} has {len(puts)} items, one transaction takes {MAX_ITEMS}"
            )
        rows = list(fitting(change.outbox, free=MAX_ITEMS - len(puts), incident=room.incident))
        while True:
            total = [*puts, *(self._outbox_put(row) for row in rows)]
            refusal = self._write(total, writer=writer, incident_id=room.incident.id)
            if refusal is None or _is_ours(refusal, writer):
                return room
            if any(refusal[: len(puts)]):
                raise ConcurrentChangeError(room.incident.id)
            there = refusal[len(puts) :]
            if not any(there):
                raise ConcurrentChangeError(room.incident.id)
            rows = [row for row, found in zip(rows, there, strict=True) if not found]

    def _write(
        self, puts: Sequence[dict[str, Any]], *, writer: str, incident_id: str
    ) -> list[Mapping[str, Any]] | None:
        """Write all or nothing; a refusal is answered with what stands where each put should go."""
        items: list[TransactWriteItemTypeDef] = [{"Put": _signed(put, writer)} for put in puts]  # type: ignore[typeddict-item]  # built field by field above
        try:
            self._client.transact_write_items(TransactItems=items)
        except ClientError as error:
            return _refusal(error, incident_id)
        return None

    def _room_puts(
        self, change: RoomChange, room: Room, entries: Sequence[TimelineEntry]
    ) -> Iterator[dict[str, Any]]:
        incident = room.incident
        commit = {"N": str(incident.version)}
        changed = changed_parts(change.before, room)
        wrote = {"L": [{"S": sk} for sk in changed]}
        head: Item = {**to_item(incident), **_key(incident.id, META), "kind": {"S": _kind(incident.drill)}}
        head |= {"wrote": wrote, "commit": commit}  # type: ignore[dict-item]  # attribute values
        if incident.status.is_open:
            head["open"] = {"S": KIND}
        elif owes(room):
            head["open"] = {"S": _OWING}
        put: dict[str, Any] = {"Item": head, "ConditionExpression": "attribute_not_exists(pk)"}
        if change.before is not None:
            put["ConditionExpression"] = "version = :version"
            put["ExpressionAttributeValues"] = {":version": {"N": str(change.before.incident.version)}}
        yield {"TableName": self._table, **put}
        for sk, part in changed.items():
            item = {**to_item(part), **indexed(part), **_key(incident.id, sk), "commit": commit}
            yield {"TableName": self._table, "Item": item}
        for entry in entries:
            item = {**to_item(entry), **_key(incident.id, f"{TIMELINE}{entry.seq:06d}")}
            yield {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }

    def _outbox_put(self, row: OutboxRow) -> dict[str, Any]:
        return {
            "TableName": self._outbox_table,
            "Item": outbox_items.to_item(row),
            "ConditionExpression": "attribute_not_exists(pk)",
        }

    def _query(self, incident_id: str, condition: str, bound: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=f"pk = :pk AND {condition}",
            ExpressionAttributeValues={":pk": {"S": f"INCIDENT#{incident_id}"}, ":bound": {"S": bound}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]


def _as_stored(change: RoomChange) -> tuple[Room, tuple[TimelineEntry, ...]]:
    before = change.before.incident if change.before else None
    origin = before or change.after.incident
    entries = chain(change.events, after_seq=origin.timeline_seq, after_digest=origin.timeline_digest)
    incident = replace(
        change.after.incident,
        version=(before.version if before else 0) + 1,
        timeline_seq=entries[-1].seq if entries else origin.timeline_seq,
        timeline_digest=entries[-1].digest if entries else origin.timeline_digest,
    )
    return replace(change.after, incident=incident), entries


def _refusal(error: ClientError, incident_id: str) -> list[Mapping[str, Any]]:
    """Return the item that stood in the way of each put (empty if none did)."""
    response: Mapping[str, Any] = error.response
    code = response["Error"]["Code"]
    if code == "TransactionInProgressException":
        raise ConcurrentChangeError(incident_id) from error
    if code != "TransactionCanceledException":
        raise error
    reasons = response.get("CancellationReasons", [])
    codes = {reason.get("Code", "None") for reason in reasons} - {"None"}
    if codes == {"TransactionConflict"}:
        raise ConcurrentChangeError(incident_id) from error
    if not codes <= {"ConditionalCheckFailed", "TransactionConflict"}:
        raise error
    return [
        reason.get("Item") or {"pk": {"S": ""}} if reason.get("Code") == "ConditionalCheckFailed" else {}
        for reason in reasons
    ]


def _is_ours(refusal: Sequence[Mapping[str, Any]], writer: str) -> bool:
    return any(item.get("writer", {}).get("S") == writer for item in refusal)


def _signed(put: Mapping[str, Any], writer: str) -> dict[str, Any]:
    signed = {**put, "Item": {**put["Item"], "writer": {"S": writer}}}
    if "ConditionExpression" in put:
        signed["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return signed


def _commit_of(item: Mapping[str, Any]) -> int:
    return int(item["commit"]["N"]) if "commit" in item else 0


def _kind(drill: str) -> str:
    return f"drill#{drill}" if drill else KIND


def _key(incident_id: str, sk: str) -> Item:
    return {"pk": {"S": f"INCIDENT#{incident_id}"}, "sk": {"S": sk}}


def _pointer_key(brand: str, topic: str) -> Item:
    return {"pk": {"S": f"TOPIC#{brand}#{topic}"}, "sk": {"S": "POINTER"}}
