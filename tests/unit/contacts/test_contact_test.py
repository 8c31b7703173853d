"""The monthly contact test: everybody is asked on every channel, and the desk hears who did not press."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.contact_tests import Asked, ContactTest, contact_test, monthly_id
from hikeshi.domain.errors import LinkError
from hikeshi.domain.links import RECEIPT, LinkGrant
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.services.links.links import OpenedLink
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.subscriptions import reconcile
from hikeshi.services.messages.wording import Wording
from hikeshi.services.people.check_contacts import ContactChecking, check_contacts
from hikeshi.services.people.contact_test import (
    ContactTesting,
    asked_by,
    keep_up,
    report,
    start,
    start_by_hand,
)
from hikeshi.services.people.directory import Records
from tests.builders import NOON, a_configuration, a_person, a_roster
from tests.fakes.directory import InMemoryDirectory, ListedOptOuts
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.subscribing import InMemorySubscriptions
from tests.fakes.upkeep import InMemoryContactTests

TEN = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
"""10:00 in Tokyo on Monday, 1 June."""

SMALL = a_roster(people={})


def a_small_configuration() -> Configuration:
    """Three people: one at the desk, one executive, one who left."""
    people = {
        "nakano": a_person("nakano"),
        "takahashi": a_person("takahashi"),
        "kato": a_person("kato", active=False),
    }
    return a_configuration(roster=replace(SMALL, people=people, seats=_seats()))


def _seats() -> dict[Role, tuple[str, ...]]:
    return {role: ids for role, ids in SMALL.seats.items() if set(ids) <= {"nakano", "takahashi"}}


@dataclass
class House:
    """A roster, its outbox and the tests."""

    configuration: Configuration = field(default_factory=a_small_configuration)
    tests: InMemoryContactTests = field(default_factory=InMemoryContactTests)
    outbox: InMemoryOutbox = field(default_factory=InMemoryOutbox)
    directory: InMemoryDirectory = field(default_factory=InMemoryDirectory)
    opt_outs: ListedOptOuts = field(default_factory=ListedOptOuts)
    subscriptions: InMemorySubscriptions | None = None
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(TEN))
    ids: SequenceIds = field(default_factory=SequenceIds)

    @property
    def testing(self) -> ContactTesting:
        return ContactTesting(
            tests=self.tests,
            outbox=self.outbox,
            configuration=self.configuration,
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def checking(self) -> ContactChecking:
        records = Records(
            directory=self.directory,
            roster=self.configuration.roster,
            clock=self.clock,
            ids=self.ids,
            by="hikeshi",
        )
        return ContactChecking(
            testing=self.testing,
            opt_outs=self.opt_outs,
            subscriptions=self.subscriptions,
            records=records,
        )

    def messages(self, moment: str) -> list[Message]:
        rows = self.outbox.rows.values()
        return [row.body for row in rows if isinstance(row.body, Message) and row.body.moment == moment]

    def press(self, test_id: str, *people: str, channels: tuple[Channel, ...] = tuple(Channel)) -> None:
        for person in people:
            for channel in channels:
                self.tests.press(test_id, Asked(person_id=person, channel=channel), at=self.clock.now())

    def report(self) -> str:
        """The mail that the desk gets, as text."""
        (message,) = self.messages("contact_report")
        person = self.configuration.roster.person(message.person_id)
        return compose(message, person=person, link=None, wording=Wording(), at=self.clock.now()).text


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (datetime(2026, 6, 1, 1, 0, tzinfo=UTC), "2026-06"),
        (datetime(2026, 8, 1, 1, 0, tzinfo=UTC), None),  # a Saturday
        (datetime(2026, 8, 3, 1, 0, tzinfo=UTC), "2026-08"),
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), "2026-07"),  # already July in Tokyo
        (datetime(2026, 6, 8, 1, 0, tzinfo=UTC), None),
    ],
)
def test_a_months_test_starts_on_its_first_working_days(day: datetime, found: str | None) -> None:
    assert monthly_id(day) == found


def test_everybody_is_asked_on_every_channel_they_have(house: House) -> None:
    keep_up(house.testing)
    assert {(m.person_id, m.channel) for m in house.messages("contact_test")} == {
        (person, channel) for person in ("nakano", "takahashi") for channel in Channel
    }
    assert all(m.purpose == RECEIPT and m.link and m.nonce for m in house.messages("contact_test"))
    assert len({m.nonce for m in house.messages("contact_test")}) == 4


def test_a_month_has_one_test_however_often_the_day_runs(house: House) -> None:
    for _ in range(3):
        keep_up(house.testing)
        house.clock.advance(hours=1)
    assert list(house.tests.tests) == ["2026-06"]
    assert len(house.messages("contact_test")) == 4


def test_a_start_that_was_cut_short_is_taken_up_again(house: House) -> None:
    keep_up(house.testing)
    house.tests.tests.clear()
    keep_up(house.testing)
    assert list(house.tests.tests) == ["2026-06"]
    assert len(house.messages("contact_test")) == 4


def test_quiet_hours_are_kept(house: House) -> None:
    people = {**house.configuration.roster.people}
    asleep = QuietHours(begins=time(9), ends=time(12))
    people["takahashi"] = replace(people["takahashi"], quiet=asleep)
    house.configuration = a_configuration(roster=replace(house.configuration.roster, people=people))
    keep_up(house.testing)
    due = {row.due_at for row in house.outbox.rows.values() if "/takahashi/" in row.id}
    assert due == {TEN + timedelta(hours=2)}


def test_the_next_day_the_desk_is_told_who_did_not_press(house: House) -> None:
    keep_up(house.testing)
    house.press("2026-06", "nakano")
    house.press("2026-06", "takahashi", channels=(Channel.MAIL,))
    house.clock.advance(hours=1)
    keep_up(house.testing)
    assert house.messages("contact_report") == []
    house.clock.advance(hours=23)
    keep_up(house.testing)
    text = house.report()
    assert "返事がない方：1人" in text
    assert "・高橋 誠さん（SMS）" in text
    assert "中野 葵さん" not in text
    assert "返事があった連絡：3件" in text


def test_it_is_told_once(house: House) -> None:
    keep_up(house.testing)
    for _ in range(4):
        house.clock.advance(days=1)
        keep_up(house.testing)
    assert len(house.messages("contact_report")) == 1


def test_when_everybody_pressed_the_mail_says_so_and_asks_nothing(house: House) -> None:
    test = start("2026-06", house.testing)
    house.press("2026-06", "nakano", "takahashi")
    report(test, house.testing)
    text = house.report()
    assert "全員から返事がありました。" in text
    assert "お願いしたいこと" not in text


def test_whoever_refuses_sms_is_not_asked_there_and_is_in_the_report(house: House) -> None:
    people = {**house.configuration.roster.people}
    people["takahashi"] = replace(people["takahashi"], opted_out=frozenset({Channel.SMS}))
    house.configuration = a_configuration(roster=replace(house.configuration.roster, people=people))
    test = start("2026-06", house.testing)
    house.press("2026-06", "nakano")
    house.press("2026-06", "takahashi", channels=(Channel.MAIL,))
    report(test, house.testing)
    assert ("takahashi", Channel.SMS) not in {
        (m.person_id, m.channel) for m in house.messages("contact_test")
    }
    assert "・高橋 誠さん（SMS）" in house.report()


def test_more_silent_people_than_a_mail_names_are_counted(house: House) -> None:
    people = {f"p{n}": a_person(f"p{n}", name=f"森 {n}") for n in range(30)}
    roster = replace(a_roster(), people={**house.configuration.roster.people, **people}, seats=_seats())
    house.configuration = a_configuration(roster=roster)
    test = start("2026-06", house.testing)
    report(test, house.testing)
    assert "・ほか12人" in house.report()
    assert "返事がない方：32人" in house.report()


def test_a_test_can_be_started_by_hand_beside_the_months_own(house: House) -> None:
    keep_up(house.testing)
    house.clock.advance(minutes=30)
    test = start_by_hand(house.testing)
    assert test.id == "2026-06-01T10:30"
    assert len(house.messages("contact_test")) == 8


def opened(about: str) -> OpenedLink:
    grant = LinkGrant(
        digest="0" * 64,
        purpose=RECEIPT,
        environment="test",
        incident_id=about,
        person_id="sato",
        nonce="0" * 32,
        kid="key-1",
        check_number="",
        created_at=NOON,
        expires_at=NOON + timedelta(days=30),
    )
    return OpenedLink(person=a_person("sato"), incident_id=about, may_act=True, grant=grant)


def test_a_link_says_which_test_and_which_channel_it_is_about() -> None:
    assert asked_by(opened("2026-06/sms")) == ("2026-06", Asked(person_id="sato", channel=Channel.SMS))


def test_a_link_about_no_channel_opens_nothing() -> None:
    with pytest.raises(LinkError):
        asked_by(opened("2026-06/pigeon"))


# ---- the day's check -----------------------------------------------------------------------------


def test_a_number_that_refuses_is_marked_and_the_desk_is_told_once(house: House) -> None:
    house.opt_outs.refused.add("+819000001004")
    checked = check_contacts(house.checking)
    assert (checked.lost, checked.regained, checked.errors) == (1, 0, [])
    (told,) = house.messages("contact_lost")
    assert (told.person_id, told.params["person"]) == ("nakano", "高橋 誠")
    house.clock.advance(days=1)
    check_contacts(house.checking)
    assert len(house.messages("contact_lost")) == 1


def test_a_number_that_takes_messages_again_is_told_to_nobody(house: House) -> None:
    house.opt_outs.refused.add("+819000001004")
    check_contacts(house.checking)
    house.opt_outs.refused.clear()
    house.clock.advance(days=1)
    assert check_contacts(house.checking).regained == 1
    assert len(house.messages("contact_lost")) == 1


def test_a_mail_subscription_that_is_gone_is_asked_for_again_and_told(house: House) -> None:
    topic = house.subscriptions = InMemorySubscriptions()
    reconcile(house.configuration.roster, subscriptions=topic)
    for token in tuple(topic.tokens):
        topic.confirm(token)
    assert check_contacts(house.checking).unsubscribed == 0
    topic.end(topic.held["takahashi@example.jp"])
    assert check_contacts(house.checking).unsubscribed == 1
    assert "takahashi@example.jp" in topic.held
    assert [m.params for m in house.messages("mail_lost")] == [{"people": "高橋 誠"}]


def test_a_topic_without_mailboxes_has_lost_none(house: House) -> None:
    house.subscriptions = InMemorySubscriptions()
    assert check_contacts(house.checking).unsubscribed == 0
    assert house.messages("mail_lost") == []


def test_a_check_that_breaks_keeps_no_other_from_being_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(phone: str) -> bool:
        raise ConnectionError("throttled")

    monkeypatch.setattr(house.opt_outs, "is_opted_out", throttled)
    checked = check_contacts(house.checking)
    assert [str(error) for error in checked.errors] == ["throttled"]
    assert checked.started == "2026-06"


def test_a_test_that_nobody_was_asked_in_is_whole() -> None:
    test: ContactTest = contact_test("2026-06", [], at=TEN)
    assert test.silent(set()) == ()
