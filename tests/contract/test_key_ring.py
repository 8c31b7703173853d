from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from hikeshi.adapters.secrets_keys import SecretsManagerKeyRing
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.links import SigningKey
from hikeshi.ports.responding import KeyRing
from tests.fakes.environment import FrozenClock
from tests.fakes.links import FixedKeyRing

SECRET = "link-keys"


def a_secret(client: Any, *keys: str) -> str:
    """Store keys one after the other, so that the last is current and the one before previous."""
    arn: str = client.create_secret(Name=SECRET, SecretString=json.dumps({"key": keys[0]}))["ARN"]
    for key in keys[1:]:
        client.put_secret_value(SecretId=arn, SecretString=json.dumps({"key": key}))
    return arn


def held(ring: KeyRing) -> tuple[SigningKey, ...]:
    return ring.keys()


def secrets_of(ring: KeyRing) -> list[bytes]:
    return [key.secret for key in held(ring)]


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager")


@pytest.fixture
def created_at(client: Any) -> Callable[[str], FrozenClock]:
    def clock(secret_id: str) -> FrozenClock:
        return FrozenClock(client.get_secret_value(SecretId=secret_id)["CreatedDate"])

    return clock


@pytest.fixture(params=["fake", "moto"])
def ring(request: pytest.FixtureRequest, client: Any, created_at: Callable[[str], FrozenClock]) -> KeyRing:
    if request.param == "fake":
        return FixedKeyRing(SigningKey(kid="2", secret=b"two"), SigningKey(kid="1", secret=b"one"))
    arn = a_secret(client, "one", "two")
    clock = created_at(arn)
    clock.advance(hours=1)
    return SecretsManagerKeyRing(client=client, secret_id=arn, clock=clock)


def test_two_keys_are_live_and_the_current_one_signs(ring: KeyRing) -> None:
    assert secrets_of(ring) == [b"two", b"one"]
    assert len({key.kid for key in held(ring)}) == 2


def test_a_secret_that_was_never_rotated_has_one_key(client: Any) -> None:
    ring = SecretsManagerKeyRing(client=client, secret_id=a_secret(client, "one"), clock=FrozenClock())
    assert secrets_of(ring) == [b"one"]


def test_a_new_key_verifies_at_once_and_signs_when_every_container_knows_it(
    client: Any, created_at: Callable[[str], FrozenClock]
) -> None:
    arn = a_secret(client, "one", "two")
    clock = created_at(arn)
    ring = SecretsManagerKeyRing(client=client, secret_id=arn, clock=clock)
    assert secrets_of(ring) == [b"one", b"two"]
    clock.advance(minutes=10)
    assert secrets_of(ring) == [b"two", b"one"]


def test_keys_are_read_again_after_five_minutes_and_not_before(
    client: Any, created_at: Callable[[str], FrozenClock]
) -> None:
    arn = a_secret(client, "one")
    clock = created_at(arn)
    ring = SecretsManagerKeyRing(client=client, secret_id=arn, clock=clock)
    assert len(ring.keys()) == 1
    client.put_secret_value(SecretId=arn, SecretString=json.dumps({"key": "two"}))
    clock.advance(minutes=4, seconds=59)
    assert len(ring.keys()) == 1
    clock.advance(seconds=1)
    assert len(ring.keys()) == 2


def test_keys_that_are_held_stay_in_force_when_the_secret_cannot_be_read(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FrozenClock()
    ring = SecretsManagerKeyRing(client=client, secret_id=a_secret(client, "one"), clock=clock)
    before = ring.keys()

    def silent(**_: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="secretsmanager")

    monkeypatch.setattr(client, "get_secret_value", silent)
    clock.advance(minutes=6)
    assert ring.keys() == before


def test_a_rotation_to_something_that_is_no_key_leaves_the_keys_in_force(
    client: Any, created_at: Callable[[str], FrozenClock]
) -> None:
    arn = a_secret(client, "one")
    clock = created_at(arn)
    ring = SecretsManagerKeyRing(client=client, secret_id=arn, clock=clock)
    before = ring.keys()
    client.put_secret_value(SecretId=arn, SecretString="no key")
    clock.advance(hours=1)
    assert ring.keys() == before


@pytest.mark.parametrize("content", ["", "text", "[]", '{"key": ""}', '{"key": 7}', '{"keys": "x"}'])
def test_a_secret_that_holds_no_key_is_a_config_error(client: Any, content: str) -> None:
    client.create_secret(Name=SECRET, SecretString=content or "null")
    with pytest.raises(ConfigError, match="must read"):
        SecretsManagerKeyRing(client=client, secret_id=SECRET, clock=FrozenClock()).keys()


def test_a_secret_that_does_not_exist_is_a_config_error(client: Any) -> None:
    with pytest.raises(ConfigError, match="no current version"):
        SecretsManagerKeyRing(client=client, secret_id=SECRET, clock=FrozenClock()).keys()
