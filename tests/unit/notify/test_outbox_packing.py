"""How the rows of a change are divided when one transaction does not take them all."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.adapters import outbox_items
from hikeshi.adapters.outbox_packing import MAX_ROWS, fitting
from hikeshi.domain.outbox import OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.people import Channel
from tests.builders import NOON, a_chat_row, a_message, a_message_row, a_workflow_row, an_incident

INCIDENT = an_incident(version=7)
ITEM_LIMIT = 400_000


def told(people: int, *, padding: int = 0) -> list[OutboxRow]:
    chance = random.Random(7)  # noqa: S311  # text that cannot be packed, no secret
    return [
        a_message_row(
            id=f"cause/person-{number}/{channel.value}",
            body=a_message(
                person_id=f"person-{number}",
                channel=channel,
                nonce=f"{chance.getrandbits(128):032x}",
                params={"summary": "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(padding))},
            ),
        )
        for number in range(people)
        for channel in Channel
    ]


def held(rows: tuple[OutboxRow, ...]) -> list[tuple[OutboxRow, ...]]:
    orders = [row.body for row in rows if isinstance(row.body, WorkflowOrder)]
    return [order.rows for order in orders if order.command is WorkflowCommand.LAY_OUT]


def direct(rows: tuple[OutboxRow, ...]) -> list[OutboxRow]:
    return [row for row in rows if not isinstance(row.body, WorkflowOrder) or not row.body.rows]


@settings(max_examples=40, deadline=None)
@given(people=st.integers(0, 260), free=st.integers(8, 98), chats=st.integers(0, 3))
def test_every_row_is_stored_once_within_the_room_there_is(people: int, free: int, chats: int) -> None:
    rows = [*told(people), *(a_chat_row(id=f"chat-{each}") for each in range(chats)), a_workflow_row()]
    stored = fitting(rows, free=free, incident=INCIDENT)
    assert len(stored) <= free
    everything = [*direct(stored), *(row for order in held(stored) for row in order)]
    assert sorted(everything, key=lambda row: row.id) == sorted(rows, key=lambda row: row.id)
    assert a_workflow_row() in stored
    assert all(len(order) <= MAX_ROWS for order in held(stored))


@settings(max_examples=20, deadline=None)
@given(people=st.integers(50, 200), free=st.integers(8, 98))
def test_what_one_person_is_told_stays_together(people: int, free: int) -> None:
    stored = fitting(told(people), free=free, incident=INCIDENT)
    places = [direct(stored), *held(stored)]
    persons = [{row.id.rpartition("/")[0] for row in place} for place in places]
    assert sum(map(len, persons)) == people


def test_within_an_order_what_falls_due_last_lies_first() -> None:
    now, later = told(1)[0], told(1)[1]
    later = OutboxRow(
        id=later.id, body=later.body, created_at=NOON, due_at=later.due_at + timedelta(minutes=3)
    )
    (order,) = held(fitting([now, later], free=1, incident=INCIDENT))
    assert order == (later, now)


def test_an_order_stays_below_what_one_item_takes_however_little_it_packs() -> None:
    stored = fitting(told(100, padding=5000), free=40, incident=INCIDENT)
    sizes = [len(json.dumps(outbox_items.to_item(row), ensure_ascii=False).encode()) for row in stored]
    assert len(held(stored)) > 1
    assert max(sizes) < ITEM_LIMIT


def test_a_hundred_rows_that_differ_in_their_person_alone_take_less_than_ten_kilobytes() -> None:
    (order,) = (row for row in fitting(told(50), free=1, incident=INCIDENT))
    assert isinstance(order.body, WorkflowOrder)
    assert len(order.body.rows) == MAX_ROWS
    assert len(json.dumps(outbox_items.to_item(order))) < 10_000


@pytest.mark.parametrize(("people", "free"), [(1, 0), (51, 1)])
def test_where_there_is_no_room_at_all_nothing_is_left_out_in_silence(people: int, free: int) -> None:
    with pytest.raises(ValueError, match="its transaction takes"):
        fitting(told(people), free=free, incident=INCIDENT)
