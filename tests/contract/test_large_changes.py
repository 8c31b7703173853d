"""Changes that tell more people than one transaction takes: what is stored stands for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import ConcurrentChangeError
from hikeshi.domain.incidents import Incident, RoomChange
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.people import Channel
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.services.incidents.drive_workflow import WorkflowDriver
from tests.builders import (
    NOON,
    a_chat_row,
    a_fact,
    a_message,
    a_message_row,
    a_room,
    a_workflow_row,
    an_incident,
)
from tests.contract.incident_tables import noted, opened, stored, tables
from tests.fakes.crashing import CrashError, CrashPlan
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.messaging import InMemoryOutbox, RecordingWorkflow
from tests.fakes.responding import InMemoryIncidentRepository

ROW = a_message_row()
HEAD_AND_POINTER_AND_ENTRY = 3
MOST = 100


class Shelf:
    """A repository, and the outbox that it writes to."""

    def __init__(self, incidents: Any, outbox: Outbox, client: Any = None) -> None:
        self.incidents: IncidentRepository = incidents
        self.outbox = outbox
        self.clock = FrozenClock(NOON + timedelta(minutes=2))
        self._client = client

    def rows(self) -> dict[str, OutboxRow]:
        if isinstance(self.outbox, InMemoryOutbox):
            return dict(self.outbox.rows)
        pages = self._client.get_paginator("scan").paginate(TableName="outbox")
        rows = [outbox_items.from_item(item) for page in pages for item in page["Items"]]
        return {row.id: row for row in rows}

    def drive(self, plan: CrashPlan | None = None) -> None:
        outbox = self.outbox if plan is None else plan.around(self.outbox)
        driver = WorkflowDriver(
            outbox=outbox, workflow=RecordingWorkflow(), clock=self.clock, ids=SequenceIds()
        )
        for row in self.outbox.due("workflow", at=self.clock.now()):
            driver.drive(row)

    def messages(self) -> set[str]:
        return {row.id for row in self.rows().values() if not isinstance(row.body, WorkflowOrder)}


@pytest.fixture(params=["fake", "moto"])
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    if request.param == "fake":
        fake = InMemoryIncidentRepository()
        yield Shelf(fake, InMemoryOutbox(fake.outbox))
        return
    with mock_aws():
        client = tables()
        outbox = DynamoDbOutbox(client=client, table="outbox", ids=SequenceIds())
        yield Shelf(stored(client), outbox, client)


def told(people: int, *, level: Level = Level.WARNING, cause: str = "cause") -> tuple[OutboxRow, ...]:
    return tuple(
        a_message_row(
            id=f"{cause}/person-{number:03d}/{channel.value}",
            body=a_message(person_id=f"person-{number:03d}", channel=channel, level=level),
        )
        for number in range(people)
        for channel in Channel
    )


def orders(rows: dict[str, OutboxRow]) -> list[WorkflowOrder]:
    bodies = [row.body for row in rows.values() if isinstance(row.body, WorkflowOrder)]
    return [body for body in bodies if body.command is WorkflowCommand.LAY_OUT]


def ids(rows: tuple[OutboxRow, ...]) -> set[str]:
    return {row.id for row in rows}


def test_what_fits_is_stored_as_it_is(shelf: Shelf) -> None:
    rows = told(48)
    opened(shelf.incidents, outbox=(*rows, a_workflow_row()))
    assert orders(shelf.rows()) == []
    assert shelf.rows().keys() == ids(rows) | {a_workflow_row().id}


def test_one_row_more_than_fits_is_held_by_an_order_with_all_that_its_person_is_told(shelf: Shelf) -> None:
    rows = told(49)
    opened(shelf.incidents, outbox=rows)
    (order,) = orders(shelf.rows())
    assert {row.id for row in order.rows} == {"cause/person-048/sms", "cause/person-048/mail"}
    assert len(shelf.rows()) == MOST - HEAD_AND_POINTER_AND_ENTRY


@pytest.mark.parametrize("people", [49, 60, 150])
def test_everybody_is_told_once_the_orders_are_carried_out(shelf: Shelf, people: int) -> None:
    rows = told(people)
    opened(shelf.incidents, outbox=(*rows, a_workflow_row(), a_chat_row()))
    assert len(shelf.rows()) <= MOST - HEAD_AND_POINTER_AND_ENTRY
    shelf.drive()
    assert shelf.messages() == ids(rows) | {a_chat_row().id}
    kept = shelf.rows()
    assert {row.id: kept[row.id] for row in rows} == {row.id: row for row in rows}
    assert not [row for row in kept.values() if isinstance(row.body, WorkflowOrder) and row.is_due]


def test_a_commit_has_the_same_room_as_the_first_one_but_for_the_pointer(shelf: Shelf) -> None:
    room = opened(shelf.incidents)
    rows = told(49)
    shelf.incidents.commit(RoomChange(before=room, after=room, events=noted(room).events, outbox=rows))
    assert shelf.rows().keys() == ids(rows)
    assert len(rows) == MOST - len(("head", "entry"))


def test_what_the_room_itself_changes_takes_its_part_of_the_room(shelf: Shelf) -> None:
    facts = tuple(a_fact(id=f"fact-{number:02d}") for number in range(60))
    rows = told(60)
    opened(shelf.incidents, a_room(facts=facts), outbox=rows)
    assert len(shelf.rows()) == MOST - HEAD_AND_POINTER_AND_ENTRY - len(facts)
    shelf.drive()
    assert shelf.messages() == ids(rows)


def test_a_room_that_alone_is_more_than_a_transaction_is_refused_with_all_of_it(shelf: Shelf) -> None:
    facts = tuple(a_fact(id=f"fact-{number:02d}") for number in range(98))
    with pytest.raises(ValueError, match="101 items, one transaction takes 100"):
        opened(shelf.incidents, a_room(facts=facts), outbox=told(1))
    assert shelf.rows() == {}


def test_calls_to_the_state_machines_go_first_and_then_what_is_most_urgent(shelf: Shelf) -> None:
    grave = told(30, level=Level.CRITICAL, cause="grave")
    opened(shelf.incidents, outbox=(a_chat_row(), *told(60), *grave, a_workflow_row()))
    (order,) = orders(shelf.rows())
    assert ids(grave) | {a_workflow_row().id} <= shelf.rows().keys()
    assert a_chat_row().id in {row.id for row in order.rows}


def test_a_message_that_is_there_already_is_left_as_it_is_by_an_order_too(shelf: Shelf) -> None:
    room = opened(shelf.incidents)
    (first, *_), (*_, last) = told(60)[:2], told(60)[-2:]
    early = [OutboxRow(id=row.id, body=ROW.body, created_at=NOON, due_at=NOON) for row in (first, last)]
    shelf.outbox.add(early)
    events = noted(room).events
    shelf.incidents.commit(RoomChange(before=room, after=room, events=events, outbox=told(60)))
    shelf.drive()
    assert shelf.messages() == ids(told(60))
    assert [shelf.rows()[row.id] for row in early] == early


def test_the_same_messages_caused_twice_are_told_once(shelf: Shelf) -> None:
    room = opened(shelf.incidents, outbox=told(60))
    events = noted(room).events
    shelf.incidents.commit(RoomChange(before=room, after=room, events=events, outbox=told(60)))
    shelf.drive()
    assert shelf.messages() == ids(told(60))


def test_whoever_is_second_leaves_no_order_behind(shelf: Shelf) -> None:
    room = opened(shelf.incidents)
    shelf.incidents.commit(noted(room))
    with pytest.raises(ConcurrentChangeError):
        shelf.incidents.commit(
            RoomChange(before=room, after=room, events=noted(room).events, outbox=told(60))
        )
    assert shelf.rows() == {}


@pytest.mark.parametrize("moment", range(1, 7))
def test_a_driver_that_dies_anywhere_loses_nobody(shelf: Shelf, moment: int) -> None:
    rows = told(60)
    opened(shelf.incidents, outbox=rows)
    with pytest.raises(CrashError):
        shelf.drive(CrashPlan(at=moment))
    shelf.clock.advance(minutes=1)
    shelf.drive()
    kept = shelf.rows()
    assert {row_id: kept[row_id] for row_id in ids(rows)} == {row.id: row for row in rows}
    assert shelf.messages() == ids(rows)
    assert not [row for row in kept.values() if isinstance(row.body, WorkflowOrder) and row.is_due]


def test_an_order_is_named_after_the_change_that_made_it(shelf: Shelf) -> None:
    incident: Incident = an_incident()
    room = opened(shelf.incidents, outbox=told(200))
    assert sorted(order.name for order in orders(shelf.rows())) == [
        f"{incident.id}/version-{room.incident.version}/lay-out-{number}" for number in (1, 2, 3, 4)
    ]
