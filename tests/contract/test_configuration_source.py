from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.configuration_document import ConfigurationDocument, SettingsModel
from hikeshi.adapters.s3_configuration import S3ConfigurationSource
from hikeshi.domain.errors import ConfigError
from hikeshi.ports.configuring import ConfigurationSource
from infra.configuring.checks import check_directory
from infra.configuring.publishing import publish_document
from tests.fakes.configuring import InMemoryConfigurationSource
from tests.fakes.environment import FrozenClock

SHIPPED = Path(__file__).parents[2] / "infra" / "config"
BUCKET = "config-bucket"


@pytest.fixture(scope="module")
def document() -> ConfigurationDocument:
    found = check_directory(SHIPPED).document
    assert found is not None
    return found


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


Publish = Callable[[ConfigurationDocument | None], None]
Published = tuple[ConfigurationSource, Publish]


@pytest.fixture(params=["fake", "moto"])
def published(request: pytest.FixtureRequest, clock: FrozenClock) -> Iterator[Published]:
    """A source, and a way to publish into it; None publishes something that cannot be read."""
    if request.param == "fake":
        fake = InMemoryConfigurationSource(clock=clock)
        yield fake, lambda d: fake.publish(d.to_configuration() if d is not None else None)
        return
    with mock_aws():
        client: Any = boto3.client("s3")
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
        )

        def publish(document: ConfigurationDocument | None) -> None:
            if document is None:
                client.put_object(Bucket=BUCKET, Key="config.json", Body=b"{broken")
            else:
                publish_document(document, s3=client, bucket=BUCKET)

        yield S3ConfigurationSource(client=client, bucket=BUCKET, clock=clock), publish


def later(document: ConfigurationDocument) -> ConfigurationDocument:
    return document.model_copy(update={"settings": SettingsModel(after_care=timedelta(days=7))})


def test_what_was_published_is_what_is_read(published: Published, document: ConfigurationDocument) -> None:
    source, publish = published
    publish(document)
    assert source.current() == document.to_configuration()


def test_before_anything_is_published_the_error_says_so(published: Published) -> None:
    source, _ = published
    with pytest.raises(ConfigError):
        source.current()


def test_publishing_late_mends_the_error(published: Published, document: ConfigurationDocument) -> None:
    source, publish = published
    with pytest.raises(ConfigError):
        source.current()
    publish(document)
    assert source.current() == document.to_configuration()


def test_a_change_is_seen_after_a_minute_and_not_before(
    published: Published, document: ConfigurationDocument, clock: FrozenClock
) -> None:
    source, publish = published
    publish(document)
    source.current()
    publish(later(document))
    clock.advance(seconds=59)
    assert source.current() == document.to_configuration()
    clock.advance(seconds=1)
    assert source.current() == later(document).to_configuration()


def test_a_document_that_did_not_change_is_the_same_value(
    published: Published, document: ConfigurationDocument, clock: FrozenClock
) -> None:
    source, publish = published
    publish(document)
    first = source.current()
    clock.advance(minutes=2)
    assert source.current() is first


def test_a_broken_document_leaves_the_last_good_one_in_force(
    published: Published, document: ConfigurationDocument, clock: FrozenClock
) -> None:
    source, publish = published
    publish(document)
    held = source.current()
    publish(None)
    clock.advance(minutes=2)
    assert source.current() == held
    publish(later(document))
    clock.advance(minutes=2)
    assert source.current() == replace(held, after_care=timedelta(days=7))
