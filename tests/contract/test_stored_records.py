"""Records as items: whatever a record holds, it comes back the same, and new fields do no harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_items import attribute, from_item, iso, to_item
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.facts import Credibility, FactSource, Proof
from hikeshi.domain.incidents import Confirmation
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.peril import Peril
from hikeshi.domain.reports import Answer, Feedback, Signature
from hikeshi.domain.statements import Part, Sentence
from hikeshi.domain.takedowns import Look, Looked, TakedownState
from tests.builders import (
    NOON,
    a_correction,
    a_decision,
    a_judged_fact,
    a_message,
    a_message_row,
    a_person,
    a_post,
    a_proposal,
    a_report,
    a_slot,
    a_statement,
    a_takedown,
    a_task,
    a_workflow_order,
    a_workflow_row,
    a_written_report,
    an_alert,
    an_alerted_post,
    an_approved_statement,
    an_evidence_file,
    an_incident,
    an_own_post,
)

RECORDS = (
    an_incident(),
    an_incident(lead="sato", closed_at=NOON, paged=("1/warning/0",), timeline_seq=4),
    an_incident(
        round=2,
        answered=("1/round-1",),
        reached=("sato",),
        confirmed=(Confirmation(level=Level.CRITICAL, by="sato", at=NOON),),
        ack_expires_after=timedelta(minutes=15),
        taken_at=NOON,
        last_move_at=NOON,
    ),
    an_incident(clock=ClockMarks(posted_at=NOON, told_at=NOON + timedelta(minutes=1))),
    an_alert(),
    an_incident(peril=Peril.SELF_HARM),
    an_alert(incident_id="inc-1", signature=(2**61 - 1, 0)),
    an_alert(peril=Peril.VIOLENCE),
    a_post(),
    a_post(brand=None, url=None, author=None, media=()),
    an_alerted_post(),
    a_slot(decision=a_decision(), task_token="token", opened_at=NOON),
    a_slot(),
    a_judged_fact(),
    a_task(done_by="ito", done_at=NOON, result=""),
    a_task(remind_at=NOON, added_by="sato", dropped_at=NOON),
    a_statement(),
    an_approved_statement(
        sentences=(Sentence(part=Part.FACT, text="調査中です。", facts=("fact-1",)),),
        published_by="suzuki",
        published_at=NOON,
        flagged_at=NOON,
        flagged_facts=("fact-1",),
    ),
    a_statement(returned_by="tanaka", returned_at=NOON, return_reason="お詫びの言葉が要ります"),
    a_judged_fact(
        key=True,
        rests_on=("fact-0",),
        sources=(FactSource(name="記録", credibility=Credibility.A, added_by="ito", added_at=NOON),),
        proofs=(Proof(title="記録", uri="s3://a/1", sha256="ab" * 32, kept_by="ito", kept_at=NOON),),
    ),
    a_takedown(),
    a_takedown(
        state=TakedownState.SENT,
        approved_by="tanaka",
        approved_at=NOON,
        sent_by="suzuki",
        sent_at=NOON,
        deadline=NOON,
        looks=(Looked(look=Look.THERE, by="hikeshi", at=NOON),),
    ),
    an_evidence_file(),
    an_own_post(),
    an_own_post(removed_by="sato", removed_at=NOON, reason="皮肉", notice="お詫び"),
    a_report(signed_by="tanaka", signed_at=NOON),
    a_written_report(signatures=(Signature(by="sato", at=NOON, roles=frozenset({Role.LEAD})),)),
    a_correction(done_by="ito", done_at=NOON, effective=False),
    a_proposal(answer=Answer.ACCEPT, answered_by="sato", answered_at=NOON),
    Feedback(generation=1, by="ito", at=NOON, speed=1, precision=3, correctness=5),
    a_person(),
    a_message(),
    a_workflow_order(),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record: Any) -> None:
    item = to_item(record, pk="key", expires_at=1)
    assert from_item(type(record), item) == record
    TypeDeserializer().deserialize({"M": item})


@pytest.mark.parametrize("row", [a_message_row(), a_workflow_row(), a_message_row().claimed(by="w", at=NOON)])
def test_a_row_of_the_outbox_comes_back_as_it_was(row: OutboxRow) -> None:
    item = outbox_items.to_item(row, writer="writer")
    assert outbox_items.from_item(item) == row
    assert item["due_kind"] == item["kind"]


def test_a_row_that_is_dealt_with_leaves_the_index_of_due_rows() -> None:
    assert "due_kind" not in outbox_items.to_item(a_message_row().failed("opted out"))


def test_a_record_stored_before_a_field_was_added_takes_its_default() -> None:
    item = to_item(an_incident())
    del item["fault"], item["paged"], item["generation"], item["round"], item["answered"], item["reached"]
    assert from_item(type(an_incident()), item) == an_incident()


def test_a_record_that_lacks_what_it_cannot_be_without_is_refused() -> None:
    item = to_item(an_incident())
    del item["brand"]
    with pytest.raises(TypeError, match="brand"):
        from_item(type(an_incident()), item)


def test_text_order_of_times_is_time_order() -> None:
    tokyo = timezone(timedelta(hours=9))
    moments = [NOON, NOON + timedelta(microseconds=1), (NOON + timedelta(seconds=1)).astimezone(tokyo)]
    written = [iso(moment) for moment in moments]
    assert written == sorted(written)
    assert all(moment.endswith("+00:00") and len(moment) == 32 for moment in written)
    assert [datetime.fromisoformat(moment) for moment in written] == moments


def test_what_has_no_place_in_an_item_is_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: object

    with pytest.raises(TypeError, match="complex"):
        to_item(Odd(value=1j))
    assert attribute(True) == {"BOOL": True}
