from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_send_logs import DynamoDbSendLogs
from hikeshi.domain.caps import DEFAULT_CAPS, SendLog
from hikeshi.domain.people import Channel
from hikeshi.ports.responding import SendLogs
from tests.builders import NOON, a_message
from tests.contract.test_outbox import an_outbox_table
from tests.fakes.messaging import InMemorySendLogs


@pytest.fixture(params=["fake", "moto"])
def logs(request: pytest.FixtureRequest) -> Iterator[SendLogs]:
    if request.param == "fake":
        yield InMemorySendLogs()
        return
    with mock_aws():
        yield DynamoDbSendLogs(client=an_outbox_table(), table="outbox")


def counted(log: SendLog, row_id: str) -> SendLog:
    return log.counted(row_id, (a_message(incident_version=3),), caps=DEFAULT_CAPS, at=NOON)


def test_nobody_was_written_to_before_the_first_text(logs: SendLogs) -> None:
    assert logs.log("sato", Channel.SMS) == SendLog(person_id="sato", channel=Channel.SMS)


def test_a_log_comes_back_as_it_was_stored_for_its_person_and_channel_alone(logs: SendLogs) -> None:
    log = counted(logs.log("sato", Channel.SMS), "first")
    assert logs.save(log)
    assert logs.log("sato", Channel.SMS) == log
    assert logs.log("sato", Channel.MAIL).sendings == ()
    assert logs.log("ito", Channel.SMS).sendings == ()


def test_of_two_that_count_at_once_one_is_refused(logs: SendLogs) -> None:
    before = logs.log("sato", Channel.SMS)
    assert logs.save(counted(before, "first"))
    assert not logs.save(counted(before, "second"))
    (kept,) = logs.log("sato", Channel.SMS).sendings
    assert kept.row_id == "first"


def test_a_log_that_is_stored_twice_counts_as_stored(logs: SendLogs) -> None:
    # What a client does whose first answer was lost.
    log = counted(logs.log("sato", Channel.SMS), "first")
    assert logs.save(log)
    assert logs.save(log)


def test_what_is_too_old_for_any_cap_falls_out(logs: SendLogs) -> None:
    log = counted(logs.log("sato", Channel.SMS), "first")
    assert logs.save(log)
    later = logs.log("sato", Channel.SMS).counted(
        "second", (), caps=DEFAULT_CAPS, at=NOON + timedelta(hours=4)
    )
    assert logs.save(later)
    assert [each.row_id for each in logs.log("sato", Channel.SMS).sendings] == ["second"]
