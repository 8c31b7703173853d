from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from hikeshi.adapters.dynamodb_feedback import DynamoDbFeedbackStore
from hikeshi.domain.feedback import FeedbackVerdict
from hikeshi.ports.feedback import FeedbackStore
from tests.builders import NOON, a_feedback, a_post
from tests.contract.test_alert_store import an_alerts_table
from tests.fakes.feedback import InMemoryFeedbackStore


@pytest.fixture(params=["fake", "moto"])
def store(request: pytest.FixtureRequest) -> Iterator[FeedbackStore]:
    if request.param == "fake":
        yield InMemoryFeedbackStore()
        return
    with mock_aws():
        yield DynamoDbFeedbackStore(client=an_alerts_table(), table="alerts")


def test_a_word_comes_back_as_it_was_said(store: FeedbackStore) -> None:
    assert store.record([a_feedback()]) == 1
    assert list(store.month("2026-05")) == [a_feedback()]


def test_a_missed_post_has_no_alert(store: FeedbackStore) -> None:
    word = a_feedback(verdict=FeedbackVerdict.MISSED, alert_id=None)
    store.record([word])
    assert list(store.month("2026-05")) == [word]


def test_the_same_word_said_twice_is_one(store: FeedbackStore) -> None:
    assert store.record([a_feedback(), a_feedback()]) == 1
    assert store.record([a_feedback()]) == 0
    assert len(store.month("2026-05")) == 1


def test_the_latest_word_on_a_post_counts_whatever_order_they_come_in(store: FeedbackStore) -> None:
    first, last = a_feedback(), a_feedback(verdict=FeedbackVerdict.RIGHT, at=NOON + timedelta(days=40))
    assert store.record([last]) == 1
    assert store.record([first]) == 0
    assert list(store.month("2026-05")) == [last]


def test_many_are_recorded_at_once_and_months_are_apart(store: FeedbackStore) -> None:
    words = [a_feedback(post=a_post(id=str(n), author=None, url=None)) for n in range(30)]
    june = a_feedback(post=a_post(id="june", published_at=NOON + timedelta(days=30), author=None, url=None))
    assert store.record([*words, june]) == 31
    assert {word.post.id for word in store.month("2026-05")} == {str(n) for n in range(30)}
    assert [word.post.id for word in store.month("2026-06")] == ["june"]
    assert list(store.month("2026-07")) == []


def test_words_come_by_post_key(store: FeedbackStore) -> None:
    store.record([a_feedback(post=a_post(id=str(n), author=None, url=None)) for n in range(5)])
    keys = [word.post_key for word in store.month("2026-05")]
    assert keys == sorted(keys)


def test_what_is_stored_expires_and_lies_under_its_month() -> None:
    with mock_aws():
        client = an_alerts_table()
        DynamoDbFeedbackStore(client=client, table="alerts").record([a_feedback()])
        (item,) = client.scan(TableName="alerts")["Items"]
    assert item["pk"]["S"] == "FEEDBACK#2026-05"
    assert item["sk"]["S"] == a_post().key
    assert int(item["expires_at"]["N"]) > NOON.timestamp() + 1000 * 24 * 3600


def test_another_error_is_not_taken_for_an_older_word() -> None:
    with mock_aws():
        store = DynamoDbFeedbackStore(client=boto3.client("dynamodb"), table="missing")
        with pytest.raises(ClientError):
            store.record([replace(a_feedback(), reason="x")])
