from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message
from hikeshi.services.links.link_keeping import (
    KEYS_ARE_KNOWN_AFTER,
    LinkKeeping,
    outstanding,
    revoke,
    send_anew,
)
from hikeshi.services.links.links import mint_link
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.wording import Wording
from tests.builders import NOON, a_message, a_person, a_room, a_roster, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository

INCIDENT = an_incident().id


class Desk:
    """Links of three people to one incident, one of whom was sent two."""

    def __init__(self) -> None:
        self.links = InMemoryLinkStore()
        self.outbox = InMemoryOutbox()
        self.incidents = InMemoryIncidentRepository(self.outbox.rows)
        self.incidents.put(a_room())
        self.clock = FrozenClock(NOON + timedelta(minutes=5))
        self.roster = a_roster()
        for person, nonce in (("nakano", 1), ("sato", 2), ("sato", 3), ("ito", 4)):
            self.mint(person, nonce)

    def mint(self, person: str, nonce: int, **changes: object) -> None:
        message = replace(a_message(), person_id=person, nonce=f"{nonce:032x}", **changes)  # type: ignore[arg-type]  # any field
        mint_link(message, links=self.links, keys=FixedKeyRing(), environment="test", at=NOON)

    def keeping(self) -> LinkKeeping:
        return LinkKeeping(
            register=self.links,
            incidents=self.incidents,
            outbox=self.outbox,
            roster=self.roster,
            clock=self.clock,
            ids=SequenceIds(start=100),
        )


def test_links_are_taken_back_by_person_at_once_and_once() -> None:
    desk = Desk()
    taken = revoke(desk.keeping(), lambda grant: grant.person_id == "sato")
    assert [grant.person_id for grant in taken] == ["sato", "sato"]
    assert revoke(desk.keeping(), lambda grant: grant.person_id == "sato") == ()
    assert {grant.person_id for grant in outstanding(desk.keeping())} == {"nakano", "ito"}


def test_an_expired_link_is_not_among_those_taken_back() -> None:
    desk = Desk()
    desk.clock.advance(days=5)
    assert revoke(desk.keeping(), lambda _: True) == ()


def test_everybody_who_lost_a_link_to_an_open_incident_gets_one_new_one_when_the_key_is_known() -> None:
    desk = Desk()
    rows = send_anew(desk.keeping(), revoke(desk.keeping(), lambda _: True))
    told = [row.body for row in rows if isinstance(row.body, Message)]
    assert {(message.person_id, message.channel.value) for message in told} == {
        (person, channel) for person in ("nakano", "sato", "ito") for channel in ("sms", "mail")
    }
    assert all(row.due_at == desk.clock.now() + KEYS_ARE_KNOWN_AFTER for row in rows)
    assert set(desk.outbox.rows) == {row.id for row in rows}
    old = {grant.nonce for grant in desk.links.grants.values()}
    assert not old & {message.nonce for message in told}
    assert all(message.check_number for message in told)


def test_an_incident_that_ended_and_somebody_who_left_get_no_new_link() -> None:
    desk = Desk()
    desk.roster = a_roster(people={"ito": a_person("ito", active=False)})
    rows = send_anew(desk.keeping(), outstanding(desk.keeping()))
    assert "ito" not in {row.body.person_id for row in rows if isinstance(row.body, Message)}
    desk.incidents.put(a_room(incident=an_incident(status=IncidentStatus.CLOSED)))
    assert send_anew(desk.keeping(), outstanding(desk.keeping())) == ()


def test_a_link_that_is_not_to_an_incident_is_not_sent_anew() -> None:
    desk = Desk()
    desk.mint("suzuki", 9, purpose="duty", incident_id="")
    rows = send_anew(desk.keeping(), outstanding(desk.keeping(), lambda grant: grant.purpose == "duty"))
    assert rows == ()


def test_the_message_says_that_earlier_links_no_longer_open() -> None:
    desk = Desk()
    (sms, mail) = [
        compose(
            row.body, person=a_person("sato"), link="https://r.exmp.jp/x", wording=Wording(), at=NOON
        ).text
        for row in send_anew(
            desk.keeping(), outstanding(desk.keeping(), lambda grant: grant.person_id == "sato")
        )
        if isinstance(row.body, Message)
    ]
    assert "リンクが新しくなりました" in sms
    assert "これまでのリンクは開けません。このメッセージのリンクをお使いください。" in mail
