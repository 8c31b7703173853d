from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from moto import mock_aws

from hikeshi.adapters.sqs import MAX_BATCH_BYTES, SqsIncidentRequests, SqsPostQueue, in_batches
from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.posts import MAX_TEXT, Post
from hikeshi.ports.collecting import PostQueue
from hikeshi.ports.scoring import IncidentRequests
from hikeshi.services.collection import post_payload
from tests.builders import a_post
from tests.fakes.collecting import InMemoryPostQueue, RecordingIncidentRequests

Queue = tuple[PostQueue, Callable[[], list[Post]]]


def a_queue_url(client: Any) -> str:
    url: str = client.create_queue(QueueName="posts")["QueueUrl"]
    return url


def bodies(client: Any, url: str) -> list[str]:
    found: list[str] = []
    while taken := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in taken]
    return found


@pytest.fixture(params=["fake", "moto"])
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    if request.param == "fake":
        fake = InMemoryPostQueue()
        yield fake, lambda: fake.posts
        return
    with mock_aws():
        client = boto3.client("sqs")
        url = a_queue_url(client)
        real = SqsPostQueue(client=client, queue_url=url, encode=post_payload.encode)
        yield real, lambda: [post_payload.decode(body) for body in bodies(client, url)]


def test_every_post_arrives_as_it_was(queue: Queue) -> None:
    posts, arrived = [a_post(id=f"post-{n}", text=f"投稿 {n} 😀") for n in range(23)], queue[1]
    queue[0].send(posts)
    assert sorted(arrived(), key=lambda post: int(post.id[5:])) == posts


def test_no_posts_are_no_call(queue: Queue) -> None:
    queue[0].send([])
    assert queue[1]() == []


def test_long_posts_arrive_too(queue: Queue) -> None:
    posts = [a_post(id=f"post-{n}", text="長い文です。" * (MAX_TEXT // 6)) for n in range(3)]
    queue[0].send(posts)
    assert sorted(queue[1](), key=lambda post: post.id) == posts


def test_batches_hold_ten_entries_and_256_kib_and_keep_the_order() -> None:
    bodies = [str(n).zfill(60_000) for n in range(25)] + [str(n) for n in range(25, 60)]
    batches = list(in_batches(bodies))
    assert [body for batch in batches for body in batch] == bodies
    assert all(len(batch) <= 10 and sum(map(len, batch)) <= MAX_BATCH_BYTES for batch in batches)
    assert len(batches) == 7 + 3


class Refuses:
    """Takes a batch but refuses entries: ``refusals`` times those whose id is in ``ids``."""

    def __init__(self, *, ids: set[str], refusals: int, sender_fault: bool = False) -> None:
        self.ids, self.refusals, self.sender_fault = ids, refusals, sender_fault
        self.calls: list[list[str]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803  # boto3's names
        self.calls.append([entry["Id"] for entry in Entries])
        refused = [
            entry["Id"] for entry in Entries if entry["Id"] in self.ids and len(self.calls) <= self.refusals
        ]
        return {
            "Failed": [
                {"Id": each, "Code": "InternalError", "SenderFault": self.sender_fault} for each in refused
            ]
        }


def sent_through(client: Any) -> None:
    queue = SqsPostQueue(client=client, queue_url="posts", encode=post_payload.encode)
    queue.send([a_post(id=f"post-{n}") for n in range(4)])


def test_only_the_entries_that_were_refused_are_offered_again() -> None:
    client = Refuses(ids={"1", "3"}, refusals=2)
    sent_through(client)
    assert client.calls == [["0", "1", "2", "3"], ["1", "3"], ["1", "3"]]


def test_entries_that_stay_refused_are_an_error_after_three_tries() -> None:
    client = Refuses(ids={"2"}, refusals=99)
    with pytest.raises(DeliveryError, match="1 posts were not queued: InternalError"):
        sent_through(client)
    assert len(client.calls) == 3


def test_an_entry_that_is_wrong_in_itself_is_not_offered_again() -> None:
    client = Refuses(ids={"2"}, refusals=99, sender_fault=True)
    with pytest.raises(DeliveryError):
        sent_through(client)
    assert len(client.calls) == 1


def test_a_queue_that_does_not_answer_is_a_delivery_error() -> None:
    class Silent:
        def send_message_batch(self, **_: Any) -> Any:
            raise ConnectTimeoutError(endpoint_url="sqs")

    with pytest.raises(DeliveryError, match="ConnectTimeoutError"):
        sent_through(Silent())


def test_a_queue_that_does_not_exist_is_a_delivery_error() -> None:
    with mock_aws():
        queue = SqsPostQueue(
            client=boto3.client("sqs"), queue_url="https://sqs.example.jp/none", encode=post_payload.encode
        )
        with pytest.raises(DeliveryError):
            queue.send([a_post()])


# ---- incident requests -------------------------------------------------------------------------


@pytest.fixture(params=["fake", "moto"])
def requests(request: pytest.FixtureRequest) -> Iterator[tuple[IncidentRequests, Callable[[], list[str]]]]:
    if request.param == "fake":
        fake = RecordingIncidentRequests()
        yield fake, lambda: fake.alert_ids
        return
    with mock_aws():
        client = boto3.client("sqs")
        url = a_queue_url(client)
        real = SqsIncidentRequests(client=client, queue_url=url)
        yield real, lambda: [json.loads(body)["alert_id"] for body in bodies(client, url)]


def test_a_request_names_its_alert(requests: tuple[IncidentRequests, Callable[[], list[str]]]) -> None:
    requests[0].request("alert-1")
    assert requests[1]() == ["alert-1"]


def test_an_incidents_queue_that_is_gone_is_a_delivery_error() -> None:
    with mock_aws():
        gone = SqsIncidentRequests(client=boto3.client("sqs"), queue_url="https://sqs.example.jp/none")
        with pytest.raises(DeliveryError):
            gone.request("alert-1")
