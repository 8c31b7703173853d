from __future__ import annotations

from datetime import timedelta

from hikeshi.domain.outbox import LEASE, MAX_ATTEMPTS, OutboxState
from tests.builders import NOON, a_message_row

LATER = NOON + timedelta(minutes=2)


def test_a_claim_holds_for_a_lease_and_is_no_attempt_yet() -> None:
    row = a_message_row().claimed(by="writer", at=LATER)
    assert (row.state, row.claim, row.due_at) == (OutboxState.CLAIMED, "writer", LATER + LEASE)
    assert row.attempts == 0
    assert row.attempted().attempts == 1


def test_a_row_is_due_until_it_is_dealt_with() -> None:
    row = a_message_row()
    assert row.is_due
    assert row.claimed(by="writer", at=LATER).is_due
    assert row.postponed(until=LATER, error="throttled").is_due
    for done in (
        row.sent(provider_id="id", parts=1, text="text"),
        row.failed("no"),
        row.cancelled("decided"),
    ):
        assert not done.is_due


def test_an_outcome_says_what_happened() -> None:
    sent = a_message_row().sent(provider_id="id-1", parts=2, text="【警戒】#128")
    assert (sent.provider_id, sent.parts, sent.sent_text) == ("id-1", 2, "【警戒】#128")
    assert a_message_row().failed("opted out").last_error == "opted out"
    assert a_message_row().cancelled("decided").last_error == "decided"


def test_at_most_one_duplicate() -> None:
    assert MAX_ATTEMPTS == 2
