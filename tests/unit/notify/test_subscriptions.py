from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.subscriptions import Subscription
from hikeshi.services.messages.subscriptions import Reconciled, lost_rows, reconcile, token_of
from tests.builders import NOON, a_person, a_roster
from tests.fakes.subscribing import InMemorySubscriptions


def a_small_roster(**changes: Person) -> Roster:
    people = {"sato": a_person("sato"), "suzuki": a_person("suzuki")} | changes
    return replace(a_roster(), people=people, seats={})


@pytest.fixture
def topic() -> InMemorySubscriptions:
    """A topic on which 佐藤 and 鈴木 get their mails, confirmed so that no footer can end it."""
    subscriptions = InMemorySubscriptions()
    reconcile(a_small_roster(), subscriptions=subscriptions)
    for token in tuple(subscriptions.tokens):
        subscriptions.confirm(token)
    return subscriptions


def test_what_is_in_line_is_left_alone(topic: InMemorySubscriptions) -> None:
    assert reconcile(a_small_roster(), subscriptions=topic) == Reconciled()


def test_a_subscription_that_a_scanner_ended_is_asked_for_again_and_told(
    topic: InMemorySubscriptions,
) -> None:
    topic.end(topic.held["sato@example.jp"])
    assert reconcile(a_small_roster(), subscriptions=topic) == Reconciled(added=("sato",))
    assert reconcile(a_small_roster(), subscriptions=topic) == Reconciled(unconfirmed=("sato",))


def test_a_subscription_that_a_footer_can_end_is_told_of(topic: InMemorySubscriptions) -> None:
    topic.click("sato@example.jp")
    assert reconcile(a_small_roster(), subscriptions=topic).unprotected == ("sato",)


def test_somebody_who_left_gets_no_more_mail(topic: InMemorySubscriptions) -> None:
    left = a_small_roster(suzuki=a_person("suzuki", active=False))
    assert reconcile(left, subscriptions=topic) == Reconciled(removed=1)
    assert set(topic.held) == {"sato@example.jp"}


def test_two_people_with_one_mailbox_share_a_subscription(topic: InMemorySubscriptions) -> None:
    shared = a_small_roster(suzuki=a_person("suzuki", mail="sato@example.jp"))
    assert reconcile(shared, subscriptions=topic) == Reconciled(updated=("sato", "suzuki"), removed=1)
    assert topic.held["sato@example.jp"].recipients == ("sato", "suzuki")


def test_an_address_that_nobody_confirmed_cannot_be_ended_and_is_left() -> None:
    topic = InMemorySubscriptions()
    topic.subscribe(Subscription(mail="gone@example.jp", recipients=("gone",)))
    assert reconcile(a_small_roster(), subscriptions=topic).removed == 0


def test_the_desk_hears_by_sms_whose_mail_was_lost_once_a_day() -> None:
    rows = lost_rows(("sato", "suzuki"), roster=a_roster(), at=NOON)
    (row,) = rows
    assert row.id == "mail_lost/2026-05-13/nakano/sms"
    assert row.body.channel is Channel.SMS  # type: ignore[union-attr]  # a message, as the id says
    assert row.body.params == {"people": "佐藤 花子、鈴木 健"}  # type: ignore[union-attr]  # the same
    assert lost_rows((), roster=a_roster(), at=NOON) == ()


@pytest.mark.parametrize(
    "written",
    [
        "2336412f37fb68",
        " 2336412f37fb68\n",
        "https://sns.ap-northeast-1.amazonaws.com/confirmation.html?TopicArn=arn:aws:sns:x&Token=2336412f37fb68&Endpoint=a",
    ],
)
def test_the_token_is_found_alone_or_in_its_link(written: str) -> None:
    assert token_of(written) == "2336412f37fb68"


def test_a_link_without_a_token_has_none() -> None:
    assert token_of("https://example.jp/?Topic=x") == ""
