"""Changing the key of links, with the ring that the functions hold, on moto."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.secrets_keys import FRESH_FOR, SecretsManagerKeyRing
from hikeshi.domain.errors import LinkError
from hikeshi.services.links.link_keeping import KEYS_ARE_KNOWN_AFTER
from hikeshi.services.links.links import mint_link, open_link
from infra.keys.rotating import KeyRotation, RotationError
from tests.builders import a_message, a_roster
from tests.fakes.environment import FrozenClock
from tests.fakes.links import InMemoryLinkStore


class Place:
    """A secret, the command that changes it, and two functions that hold it."""

    def __init__(self) -> None:
        client = boto3.client("secretsmanager")
        secret = client.create_secret(Name="links", SecretString='{"key": "invented for this test"}')["ARN"]
        # The emulator dates versions by the real clock.
        self.clock = FrozenClock(datetime.now(UTC) + timedelta(hours=1))
        self.rotation = KeyRotation(client=client, secret_id=secret, clock=self.clock)
        self.sender = SecretsManagerKeyRing(client=client, secret_id=secret, clock=self.clock)
        self.desk = SecretsManagerKeyRing(client=client, secret_id=secret, clock=self.clock)
        self.links = InMemoryLinkStore()
        self.minted = 0

    def mint(self) -> str:
        self.minted += 1
        message = a_message(nonce=f"{self.minted:032x}")
        return mint_link(message, links=self.links, keys=self.sender, environment="test", at=self.clock.now())

    def opens(self, token: str) -> bool:
        try:
            open_link(
                token,
                links=self.links,
                keys=self.desk,
                roster=a_roster(),
                environment="test",
                at=self.clock.now(),
            )
        except LinkError:
            return False
        return True


@pytest.fixture
def place() -> Iterator[Place]:
    with mock_aws():
        yield Place()


def test_links_of_both_keys_open_through_a_rotation_and_those_of_the_old_one_until_it_is_dropped(
    place: Place,
) -> None:
    before = place.mint()
    made = place.rotation.rotate()
    assert [version.id == made.id for version in place.rotation.live()] == [True, False]
    for _ in range(30):  # every minute of the half hour in which the functions come to know it
        assert place.opens(before)
        assert place.opens(place.mint())
        place.clock.advance(minutes=1)
    after = place.mint()
    place.clock.advance(hours=24)
    dropped = place.rotation.drop_old()
    assert dropped.id != made.id
    place.clock.advance(seconds=FRESH_FOR.total_seconds())
    assert not place.opens(before)
    assert place.opens(after)
    assert [version.id for version in place.rotation.live()] == [made.id]


def test_a_second_rotation_within_a_day_is_refused_since_it_would_void_links_in_use(place: Place) -> None:
    place.rotation.rotate()
    with pytest.raises(RotationError, match="24 時間"):
        place.rotation.rotate()
    with pytest.raises(RotationError, match="日本時間"):
        place.rotation.drop_old()
    place.clock.advance(hours=25)
    place.rotation.rotate()


def test_there_is_nothing_to_drop_before_the_first_rotation(place: Place) -> None:
    with pytest.raises(RotationError, match="以前の鍵はありません"):
        place.rotation.drop_old()


def test_in_an_emergency_every_link_is_void_and_a_new_one_opens_once_the_functions_know_the_key(
    place: Place,
) -> None:
    before = place.mint()
    assert place.opens(before)
    made = place.rotation.replace()
    assert [version.id for version in place.rotation.live()] == [made.id]
    place.clock.advance(seconds=KEYS_ARE_KNOWN_AFTER.total_seconds())
    assert not place.opens(before)
    assert place.opens(place.mint())


def test_keys_are_long_and_never_the_same(place: Place) -> None:
    first = place.sender.keys()[0].secret
    place.rotation.replace()
    place.clock.advance(minutes=30)
    second = place.sender.keys()[0].secret
    place.rotation.replace()
    place.clock.advance(minutes=30)
    assert len({first, second, place.sender.keys()[0].secret}) == 3
    assert len(second) >= 43
