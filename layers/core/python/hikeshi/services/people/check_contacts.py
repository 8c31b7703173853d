"""What is checked once a day so that people can be reached: numbers, mail addresses, the contact test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.subscriptions import differences
from hikeshi.ports.directory import OptOuts
from hikeshi.ports.subscribing import MailSubscriptions
from hikeshi.services.messages.japanese_time import to_jst
from hikeshi.services.messages.subscriptions import lost_rows
from hikeshi.services.people.contact_test import ContactTesting, keep_up
from hikeshi.services.people.directory import Records, check_opt_outs

MOMENT = "contact_lost"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactChecking:
    """What the daily check works with; without subscriptions mail needs none."""

    testing: ContactTesting
    opt_outs: OptOuts
    subscriptions: MailSubscriptions | None
    records: Records


@dataclass(kw_only=True, slots=True)
class Checked:
    """What the check found and did; ``errors`` holds the parts that broke."""

    lost: int = 0
    regained: int = 0
    unsubscribed: int = 0
    started: str | None = None
    reported: str | None = None
    errors: list[Exception] = field(default_factory=list)


def check_contacts(checking: ContactChecking) -> Checked:
    """Check everything; a part that breaks keeps no other from being checked."""
    checked = Checked()
    for check in (_opt_outs, _subscriptions, _contact_test):
        try:
            check(checking, checked)
        except Exception as error:
            # Whatever it is: the other checks are about other people's channels.
            checked.errors.append(error)
    return checked


def _opt_outs(checking: ContactChecking, checked: Checked) -> None:
    """Mark the numbers that the provider refuses, and tell the desk of those that are new."""
    people = checking.records.roster.people
    changed = check_opt_outs(people.values(), opt_outs=checking.opt_outs, records=checking.records)
    lost = [people[each.person_id] for each in changed if each.lifted_at is None]
    checked.lost, checked.regained = len(lost), len(changed) - len(lost)
    checking.testing.outbox.add(tuple(_told(lost, Channel.SMS, checking)))


def _subscriptions(checking: ContactChecking, checked: Checked) -> None:
    """Ask again for mail subscriptions that are gone, and tell the desk whose they were.

    What a push of the configuration would change besides is left to it: that takes the right to end any
    subscription of the account. A topic without a single mailbox passes its mails to a queue.
    """
    there = checking.subscriptions.all() if checking.subscriptions else ()
    if checking.subscriptions is None or not there:
        return
    roster = checking.records.roster
    gone = differences(roster, there).missing
    for each in gone:
        checking.subscriptions.subscribe(each)
    lost = [person for each in gone for person in each.recipients]
    checked.unsubscribed = len(lost)
    at = checking.records.clock.now()
    checking.testing.outbox.add(lost_rows(lost, roster=roster, at=at))


def _contact_test(checking: ContactChecking, checked: Checked) -> None:
    started, reported = keep_up(checking.testing)
    checked.started = started.id if started else None
    checked.reported = reported.id if reported else None


def _told(people: Iterable[Person], channel: Channel, checking: ContactChecking) -> Iterable[OutboxRow]:
    """Write a mail to everybody at the desk about each person whom a channel does not reach any more."""
    at = checking.records.clock.now()
    day = to_jst(at).date().isoformat()
    desk = [each for each in checking.records.roster.holders(Role.DESK) if each.mail is not None]
    for person in people:
        for reader in desk:
            message = Message(
                person_id=reader.id,
                channel=Channel.MAIL,
                moment=MOMENT,
                level=Level.NOTICE,
                incident_id="",
                incident_number=0,
                generation=0,
                params={"person": person.name, "channel_key": f"channel.{channel.value}"},
                link=False,
            )
            row_id = f"{MOMENT}/{person.id}/{channel.value}/{day}/{reader.id}"
            yield OutboxRow(id=row_id, body=message, created_at=at, due_at=at)
