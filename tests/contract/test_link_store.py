from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_links import DynamoDbLinkStore
from hikeshi.domain.links import LinkGrant
from hikeshi.ports.responding import LinkRegister, LinkStore
from tests.builders import NOON
from tests.fakes.links import InMemoryLinkStore

GRANT = LinkGrant(
    digest="d" * 64,
    purpose="incident",
    environment="test",
    incident_id="inc-1",
    person_id="sato",
    nonce="0" * 32,
    kid="key-1",
    check_number="47",
    created_at=NOON,
    expires_at=NOON + timedelta(days=30, microseconds=5),
)


@pytest.fixture(params=["fake", "moto"])
def links(request: pytest.FixtureRequest) -> Iterator[LinkStore]:
    if request.param == "fake":
        yield InMemoryLinkStore()
        return
    with mock_aws():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        client.create_table(
            TableName="links",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield DynamoDbLinkStore(client=client, table="links")


@pytest.fixture
def register(links: LinkStore) -> LinkRegister:
    assert isinstance(links, InMemoryLinkStore | DynamoDbLinkStore)
    return links


def test_a_grant_comes_back_as_it_was_stored(links: LinkStore) -> None:
    links.put(GRANT)
    assert links.get(GRANT.digest) == GRANT


def test_there_is_nothing_under_another_digest(links: LinkStore) -> None:
    links.put(GRANT)
    assert links.get("e" * 64) is None


def test_a_grant_that_exists_is_left_as_it_is(links: LinkStore) -> None:
    links.put(GRANT)
    links.count_wrong_number(GRANT.digest)
    links.put(replace(GRANT, created_at=NOON + timedelta(days=1)))
    assert links.get(GRANT.digest) == replace(GRANT, wrong_numbers=1)


def test_wrong_numbers_are_counted_one_by_one(links: LinkStore) -> None:
    links.put(GRANT)
    assert [links.count_wrong_number(GRANT.digest) for _ in range(4)] == [1, 2, 3, 4]


def test_every_grant_is_listed_and_one_is_revoked_once(register: LinkRegister, links: LinkStore) -> None:
    other = replace(GRANT, digest="e" * 64, person_id="ito")
    links.put(GRANT)
    links.put(other)
    assert {grant.digest for grant in register.every()} == {GRANT.digest, other.digest}
    assert register.revoke(GRANT.digest)
    assert not register.revoke(GRANT.digest)
    assert not register.revoke("f" * 64)
    assert links.get(GRANT.digest) == replace(GRANT, revoked=True)
    assert links.get(other.digest) == other
