from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.domain.outbox import LEASE, OutboxState, WorkflowCommand
from hikeshi.ports.responding import Outbox
from tests.builders import NOON, a_chat_row, a_message, a_message_row, a_workflow_order, a_workflow_row
from tests.fakes.environment import SequenceIds
from tests.fakes.messaging import InMemoryOutbox

LATER = NOON + timedelta(minutes=2)


def an_outbox_table() -> Any:
    client = boto3.client("dynamodb", region_name="ap-northeast-1")
    client.create_table(
        TableName="outbox",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "due_kind", "due_at", "about", "created_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": order, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, partition, order in (
                ("due", "due_kind", "due_at"),
                ("by-incident", "about", "created_at"),
            )
        ],
    )
    return client


@pytest.fixture(params=["fake", "moto"])
def outbox(request: pytest.FixtureRequest) -> Iterator[Outbox]:
    if request.param == "fake":
        yield InMemoryOutbox()
        return
    with mock_aws():
        yield DynamoDbOutbox(client=an_outbox_table(), table="outbox", ids=SequenceIds())


def test_a_row_comes_back_as_it_was_added(outbox: Outbox) -> None:
    outbox.add((a_message_row(), a_workflow_row()))
    assert outbox.row(a_message_row().id) == a_message_row()
    assert outbox.row(a_workflow_row().id) == a_workflow_row()
    assert outbox.row("another") is None


def test_an_order_comes_back_with_the_rows_that_it_holds(outbox: Outbox) -> None:
    held = (a_message_row(id="one"), a_chat_row(), a_workflow_row(id="two"))
    order = a_workflow_row(body=a_workflow_order(command=WorkflowCommand.LAY_OUT, rows=held))
    outbox.add((order,))
    assert outbox.due("workflow", at=LATER) == (order,)
    assert outbox.due("message", at=LATER) == ()
    claimed = outbox.claim(order, by="first", at=LATER)
    assert claimed is not None
    assert claimed.body == order.body
    assert outbox.finish(claimed.attempted())


def test_a_row_that_exists_is_left_as_it_is(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    outbox.add((a_message_row(body=a_message(check_number="99")),))
    assert outbox.row(a_message_row().id) == a_message_row()


def test_due_rows_are_of_the_kind_asked_for_and_the_oldest_comes_first(outbox: Outbox) -> None:
    late = a_message_row(id="late", due_at=NOON + timedelta(seconds=90))
    future = a_message_row(id="future", due_at=NOON + timedelta(hours=1))
    outbox.add((future, late, a_message_row(), a_workflow_row()))
    assert [row.id for row in outbox.due("message", at=LATER)] == [a_message_row().id, "late"]
    assert [row.id for row in outbox.due("workflow", at=LATER)] == [a_workflow_row().id]
    assert len(outbox.due("message", at=LATER, limit=1)) == 1


def test_in_a_storm_all_that_is_due_is_seen_so_that_the_most_urgent_can_go_first(outbox: Outbox) -> None:
    outbox.add([a_message_row(id=f"row-{number:03d}") for number in range(250)])
    assert len(outbox.due("message", at=LATER)) == 250


def test_a_claimed_row_is_nobody_elses_until_the_lease_ends(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    assert (claimed.state, claimed.claim, claimed.due_at) == (OutboxState.CLAIMED, "first", LATER + LEASE)
    assert outbox.claim(a_message_row(), by="second", at=LATER + LEASE / 2) is None
    assert outbox.due("message", at=LATER) == ()
    again = outbox.claim(a_message_row(), by="second", at=LATER + LEASE)
    assert again is not None
    assert again.claim == "second"


def test_a_row_is_not_claimed_before_it_is_due(outbox: Outbox) -> None:
    outbox.add((a_message_row(due_at=LATER),))
    assert outbox.claim(a_message_row(), by="first", at=NOON) is None


def test_a_row_that_does_not_exist_cannot_be_claimed(outbox: Outbox) -> None:
    assert outbox.claim(a_message_row(), by="first", at=LATER) is None


def test_an_attempt_is_kept_across_a_lost_lease(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    assert outbox.finish(claimed.attempted())
    again = outbox.claim(a_message_row(), by="second", at=LATER + LEASE)
    assert again is not None
    assert again.attempts == 1


def test_a_finished_row_is_never_due_again(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    sent = claimed.attempted().sent(provider_id="message-1", parts=1, text="本文")
    assert outbox.finish(sent)
    assert outbox.row(sent.id) == sent
    assert outbox.due("message", at=LATER + timedelta(days=1)) == ()
    assert outbox.claim(a_message_row(), by="second", at=LATER + timedelta(days=1)) is None


def test_a_postponed_row_falls_due_at_its_new_time(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    until = LATER + timedelta(seconds=15)
    assert outbox.finish(claimed.attempted().postponed(until=until, error="Throttling"))
    assert outbox.due("message", at=LATER) == ()
    (due,) = outbox.due("message", at=until)
    assert (due.state, due.attempts, due.last_error) == (OutboxState.PENDING, 1, "Throttling")


def test_an_outcome_is_refused_once_the_claim_is_somebody_elses(outbox: Outbox) -> None:
    outbox.add((a_message_row(),))
    first = outbox.claim(a_message_row(), by="first", at=LATER)
    second = outbox.claim(a_message_row(), by="second", at=LATER + LEASE)
    assert first is not None
    assert second is not None
    assert not outbox.finish(first.failed("too slow"))
    assert outbox.finish(second.cancelled("decided"))


def test_an_outcome_that_is_stored_twice_counts_as_stored(outbox: Outbox) -> None:
    # What a client does whose first answer was lost.
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    failed = claimed.failed("OptedOut")
    assert outbox.finish(failed)
    assert outbox.finish(failed)
    assert not outbox.finish(replace(failed, last_error="something else"))


def test_what_was_sent_about_an_incident_is_found_by_it_newest_first(outbox: Outbox) -> None:
    later = a_message_row(id="later", created_at=NOON + timedelta(hours=1))
    other = a_message_row(id="other", body=a_message(incident_id="inc-other"))
    nothing = a_message_row(id="silence", body=a_message(incident_id="", incident_number=0))
    outbox.add((a_message_row(), later, other, nothing, a_workflow_row(), a_chat_row()))
    mine = a_message().incident_id
    assert [row.id for row in outbox.about(mine)] == ["later", a_chat_row().id, a_message_row().id]
    assert [row.id for row in outbox.about(mine, limit=1)] == ["later"]
    assert [row.id for row in outbox.about(None)] == ["silence"]


def test_posts_to_chats_are_due_apart_from_messages(outbox: Outbox) -> None:
    outbox.add((a_message_row(), a_chat_row()))
    assert [row.id for row in outbox.due("chat", at=LATER)] == [a_chat_row().id]
    assert [row.id for row in outbox.due("message", at=LATER)] == [a_message_row().id]


@pytest.mark.parametrize("how", ["held back", "bundled", "sent"])
def test_every_state_of_a_row_comes_back(outbox: Outbox, how: str) -> None:
    outbox.add((a_message_row(),))
    claimed = outbox.claim(a_message_row(), by="first", at=LATER)
    assert claimed is not None
    moved = {
        "held back": claimed.held_back(until=LATER),
        "bundled": claimed.bundled(into="another", at=LATER),
        "sent": claimed.sent(provider_id="id", parts=1, text="本文", at=LATER),
    }[how]
    assert outbox.finish(moved)
    assert outbox.row(moved.id) == moved


@mock_aws
def test_a_claim_whose_answer_was_lost_is_recognised_as_our_own() -> None:
    client = an_outbox_table()
    outbox = DynamoDbOutbox(client=client, table="outbox", ids=SequenceIds())
    outbox.add((a_message_row(),))
    first = outbox.claim(a_message_row(), by="ours", at=LATER)
    assert outbox.claim(a_message_row(), by="ours", at=LATER) == first
