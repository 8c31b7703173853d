from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.fetch_posts.app import lambda_handler, logger
from hikeshi.adapters.outbox_items import from_item
from hikeshi.domain.errors import ConfigError, FetchError
from hikeshi.runtime import bootstrap
from hikeshi.services.collection import post_payload
from hikeshi.services.collection.collect import Collecting
from tests.builders import NOON, a_configuration, a_post, a_source, a_watch_list
from tests.composition import forget_what_was_built, use_configuration
from tests.fakes.collecting import InMemoryPostQueue, InMemorySourceStore, ScriptedFeedReader
from tests.fakes.environment import FrozenClock
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository

ENVIRONMENT = {
    "ENVIRONMENT": "test",
    "SOURCES_TABLE": "sources",
    "OUTBOX_TABLE": "outbox",
    "UPKEEP_TABLE": "upkeep",
    "CONFIG_BUCKET": "config",
    "DIRECTORY_TABLE": "directory",
    "INCIDENTS_TABLE": "incidents",
    "HIKESHI_FEED_NETWORKS": "",
}


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {name: a_source(id=name, name=name) for name in ("kuchikomi", "news")}
    configuration = a_configuration(watches=a_watch_list(sources=sources))
    use_configuration(monkeypatch, lambda: configuration)


def fakes(feeds: ScriptedFeedReader) -> Collecting:
    return Collecting(
        feeds=feeds,
        store=InMemorySourceStore(),
        queue=InMemoryPostQueue(),
        outbox=InMemoryOutbox(),
        incidents=InMemoryIncidentRepository(),
        clock=FrozenClock(NOON),
    )


def test_the_answer_says_how_every_source_did() -> None:
    feeds = ScriptedFeedReader(feeds={"kuchikomi": (a_post(),), "news": FetchError("status 503")}, rejected=1)
    answer = lambda_handler({}, None, ports=fakes(feeds))
    assert answer == {
        "new": 1,
        "outcomes": {"kuchikomi": "read", "news": "failed"},
        "failures": {"news": "status 503"},
        "silent": [],
        "rejected": 1,
    }
    json.dumps(answer)


def lines_of(caplog: pytest.LogCaptureFixture) -> str:
    """Return the log as the function writes it."""
    return "\n".join(logger.registered_formatter.format(record) for record in caplog.records)


def test_the_log_holds_neither_text_nor_author(caplog: pytest.LogCaptureFixture) -> None:
    lambda_handler({}, None, ports=fakes(ScriptedFeedReader(feeds={"kuchikomi": (a_post(),)})))
    logged = lines_of(caplog)
    assert '"new":1' in logged
    assert "momiji_0513" not in logged
    assert "虫" not in logged


def test_a_silent_source_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    ports = fakes(ScriptedFeedReader(feeds={"kuchikomi": FetchError("status 503")}))
    for _ in range(3):
        ports.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the frozen clock of this test
        answer = lambda_handler({}, None, ports=ports)
    assert answer["silent"] == ["kuchikomi"]
    assert '"level":"ERROR"' in lines_of(caplog)


# ---- with the adapters that the composition root picks -----------------------------------------


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Tables and a queue in memory; yields the queue's URL."""
    with mock_aws():
        forget_what_was_built()
        dynamodb: Any = boto3.client("dynamodb")
        for table in ("sources", "outbox"):
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            )
        url: str = boto3.client("sqs").create_queue(QueueName="posts")["QueueUrl"]
        for name, value in (ENVIRONMENT | {"POSTS_QUEUE_URL": url}).items():
            monkeypatch.setenv(name, value)
        yield url
    forget_what_was_built()


def wired(feeds: ScriptedFeedReader, clock: FrozenClock) -> Collecting:
    """The real stores and queue with a feed that the test writes."""
    real = bootstrap.collecting()
    return Collecting(
        feeds=feeds,
        store=real.store,
        queue=real.queue,
        outbox=real.outbox,
        incidents=InMemoryIncidentRepository(),
        clock=clock,
    )


def bodies(url: str) -> list[str]:
    found: list[str] = []
    client = boto3.client("sqs")
    while taken := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in taken]
    return found


def test_posts_go_from_the_feed_to_the_queue(aws: str) -> None:
    lambda_handler(
        {}, None, ports=wired(ScriptedFeedReader(feeds={"kuchikomi": (a_post(),)}), FrozenClock(NOON))
    )
    (body,) = bodies(aws)
    assert post_payload.decode(body).key == a_post().key


def test_a_silent_source_is_in_the_outbox(aws: str) -> None:
    clock, feeds = FrozenClock(NOON), ScriptedFeedReader(feeds={"kuchikomi": FetchError("status 503")})
    for _ in range(3):
        clock.advance(minutes=1)
        lambda_handler({}, None, ports=wired(feeds, clock))
    (item,) = boto3.client("dynamodb").scan(TableName="outbox")["Items"]
    assert from_item(item).id == "source_silent/kuchikomi/2026-05-13/nakano/mail"


def test_a_variable_that_is_missing_is_named(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCES_TABLE")
    with pytest.raises(ConfigError, match="SOURCES_TABLE"):
        lambda_handler({}, None)


def test_networks_that_are_none_are_named(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_FEED_NETWORKS", "everywhere")
    with pytest.raises(ConfigError, match="everywhere"):
        lambda_handler({}, None)


def test_ten_posts_cost_five_calls_and_an_unchanged_feed_three(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()
    for service in ("dynamodb", "sqs"):
        events = bootstrap.client(service).meta.events
        events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
    one_source = a_configuration()
    use_configuration(monkeypatch, lambda: one_source)
    clock, feeds = (
        FrozenClock(NOON),
        ScriptedFeedReader(feeds={"kuchikomi": tuple(a_post(id=f"post-{n}") for n in range(10))}),
    )
    lambda_handler({}, None, ports=wired(feeds, clock))
    new = dict(calls)
    calls.clear()
    clock.advance(minutes=1)
    lambda_handler({}, None, ports=wired(feeds, clock))
    assert new == {"Query": 1, "PutItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1, "DeleteItem": 1}
    assert dict(calls) == {"Query": 1, "PutItem": 2}
