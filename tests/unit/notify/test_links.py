from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.errors import CheckNumberError, LinkError
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.links import ACTS_FOR, ALPHABET, LinkGrant, SigningKey, digest_of, end_of
from hikeshi.services.links.links import OpenedLink, check_is_shown, mint_link, open_link, verify_check_number
from tests.builders import NOON, a_message, a_person, a_roster, an_incident
from tests.fakes.links import FIRST_KEY, SECOND_KEY, FixedKeyRing, InMemoryLinkStore

ENVIRONMENT = "test"


class Door:
    """A store of links with the keys that open them."""

    def __init__(self, *keys: SigningKey) -> None:
        self.links = InMemoryLinkStore()
        self.keys = FixedKeyRing(*keys)
        self.roster = a_roster()
        self.token = mint_link(
            a_message(), links=self.links, keys=self.keys, environment=ENVIRONMENT, at=NOON
        )

    def open(
        self,
        token: str | None = None,
        *,
        after: timedelta = timedelta(minutes=1),
        environment: str = ENVIRONMENT,
    ) -> OpenedLink:
        return open_link(
            token or self.token,
            links=self.links,
            keys=self.keys,
            roster=self.roster,
            environment=environment,
            at=NOON + after,
        )

    def refusal(self, token: str | None = None, *, after: timedelta = timedelta(0)) -> str:
        with pytest.raises(LinkError) as raised:
            self.open(token, after=after)
        return raised.value.reason

    def change(self, **changes: object) -> None:
        digest = digest_of(self.token)
        self.links.grants[digest] = replace(self.links.grants[digest], **changes)  # type: ignore[arg-type]  # any field


def test_a_link_opens_its_incident_for_its_person() -> None:
    opened = Door().open()
    assert opened.person == a_person("nakano")
    assert opened.incident_id == a_message().incident_id
    assert opened.may_act


def test_sending_again_makes_the_same_link() -> None:
    door = Door()
    again = mint_link(
        a_message(), links=door.links, keys=door.keys, environment=ENVIRONMENT, at=NOON + timedelta(hours=1)
    )
    assert again == door.token
    assert len(door.links.grants) == 1


def test_a_link_is_22_characters_and_is_stored_nowhere() -> None:
    door = Door()
    assert len(door.token) == 22
    assert door.token not in repr(door.links.grants)


@pytest.mark.parametrize(
    "wrong", ["", "x", "0" * 22, "I" * 22, "ア" * 22, "a" * 23, "../../etc/passwd", "\x00" * 22]
)
def test_garbage_is_refused_before_anything_is_read(wrong: str) -> None:
    door = Door()
    with pytest.raises(LinkError, match="malformed"):
        open_link(
            wrong,
            links=door.links,
            keys=door.keys,
            roster=door.roster,
            environment=ENVIRONMENT,
            at=NOON,
        )
    assert door.links.reads == 0


@given(st.text(alphabet=ALPHABET, min_size=22, max_size=22))
def test_a_guessed_link_opens_nothing(guess: str) -> None:
    door = Door()
    if guess != door.token:
        assert door.refusal(guess) == "unknown"


@given(st.integers(0, 21), st.sampled_from(ALPHABET))
def test_a_link_with_one_character_changed_opens_nothing(place: int, character: str) -> None:
    door = Door()
    forged = door.token[:place] + character + door.token[place + 1 :]
    if forged != door.token:
        assert door.refusal(forged) == "unknown"


def test_a_row_planted_without_the_key_opens_nothing() -> None:
    door = Door()
    planted = "2" * 22
    grant = door.links.grants[digest_of(door.token)]
    door.links.put(replace(grant, digest=digest_of(planted)))
    assert door.refusal(planted) == "forged"


def test_a_grant_moved_to_another_incident_or_person_opens_nothing() -> None:
    for changes in ({"incident_id": "inc-other"}, {"person_id": "sato"}, {"nonce": "f" * 32}):
        door = Door()
        door.change(**changes)
        assert door.refusal() == "forged"


def test_a_link_of_another_environment_opens_nothing() -> None:
    door = Door()
    with pytest.raises(LinkError, match="foreign"):
        door.open(environment="prod")


def test_a_revoked_link_opens_nothing() -> None:
    door = Door()
    door.change(revoked=True)
    assert door.refusal() == "revoked"


def test_a_link_acts_for_72_hours_and_shows_for_another_24() -> None:
    door = Door()
    assert door.open(after=timedelta(hours=72, seconds=-1)).may_act
    assert not door.open(after=timedelta(hours=72)).may_act
    assert not door.open(after=timedelta(hours=96, seconds=-1)).may_act
    assert door.refusal(after=timedelta(hours=96)) == "expired"


@pytest.mark.parametrize("purpose", ACTS_FOR)
def test_every_link_shows_for_a_day_what_it_can_no_longer_change(purpose: str) -> None:
    assert end_of(purpose, created_at=NOON) - NOON - ACTS_FOR[purpose] == timedelta(hours=24)


def test_a_day_after_the_end_of_an_incident_only_what_was_sent_at_the_end_still_opens() -> None:
    opened, ended_at = Door().open(), NOON + timedelta(hours=2)
    closed = an_incident(status=IncidentStatus.CLOSED, status_since=ended_at)
    check_is_shown(opened, closed, at=ended_at + timedelta(hours=24, seconds=-1))
    with pytest.raises(LinkError, match="closed"):
        check_is_shown(opened, closed, at=ended_at + timedelta(hours=24))
    last = replace(opened, grant=replace(opened.grant, created_at=ended_at))
    check_is_shown(last, closed, at=ended_at + timedelta(hours=24))
    check_is_shown(opened, an_incident(), at=ended_at + timedelta(hours=24))


def test_the_link_of_somebody_who_left_opens_nothing() -> None:
    door = Door()
    door.roster = a_roster(people={"nakano": a_person("nakano", active=False)})
    assert door.refusal() == "inactive"
    door.roster = replace(door.roster, people={})
    assert door.refusal() == "inactive"


def test_a_link_outlives_the_rotation_of_its_key_and_not_its_removal() -> None:
    door = Door(FIRST_KEY)
    door.keys = FixedKeyRing(SECOND_KEY, FIRST_KEY)
    assert door.open().may_act
    fresh = mint_link(a_message(), links=door.links, keys=door.keys, environment=ENVIRONMENT, at=NOON)
    assert fresh != door.token
    door.keys = FixedKeyRing(SECOND_KEY)
    assert door.open(fresh).may_act
    assert door.refusal() == "forged"


def test_an_unknown_link_is_recomputed_and_compared_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door()
    compared = []

    def compare(grant: LinkGrant, token: str, keys: tuple[SigningKey, ...]) -> bool:
        compared.append((grant.kid, token, keys))
        return False

    monkeypatch.setattr("hikeshi.services.links.links.signed_by", compare)
    assert door.refusal("2" * 22) == "unknown"
    assert door.refusal() == "forged"
    live = (FIRST_KEY,)
    assert compared == [(FIRST_KEY.kid, "2" * 22, live), (FIRST_KEY.kid, door.token, live)]


@pytest.mark.parametrize("typed", ["47", " 47 ", "４７"])
def test_the_number_of_the_message_is_accepted_as_people_type_it(typed: str) -> None:
    door = Door()
    verify_check_number(door.open(), typed, links=door.links)
    assert door.open().grant.wrong_numbers == 0


def test_three_wrong_numbers_lock_the_link_for_acting_and_leave_it_to_show() -> None:
    door = Door()
    left = []
    for typed in ("11", "", "4 7"):
        with pytest.raises(CheckNumberError) as raised:
            verify_check_number(door.open(), typed, links=door.links)
        left.append(raised.value.tries_left)
    assert left == [2, 1, 0]
    locked = door.open()
    assert not locked.may_act
    with pytest.raises(CheckNumberError) as raised:
        verify_check_number(locked, "47", links=door.links)
    assert raised.value.tries_left == 0


def test_wrong_numbers_lock_no_other_link() -> None:
    door = Door()
    other = mint_link(
        a_message(nonce="f" * 32), links=door.links, keys=door.keys, environment=ENVIRONMENT, at=NOON
    )
    for _ in range(3):
        with pytest.raises(CheckNumberError):
            verify_check_number(door.open(), "11", links=door.links)
    verify_check_number(door.open(other), "47", links=door.links)


def test_a_link_without_a_number_accepts_none() -> None:
    door = Door()
    bare = mint_link(
        a_message(nonce="e" * 32, check_number=""),
        links=door.links,
        keys=door.keys,
        environment=ENVIRONMENT,
        at=NOON,
    )
    for typed in ("", "47"):
        with pytest.raises(CheckNumberError):
            verify_check_number(door.open(bare), typed, links=door.links)
