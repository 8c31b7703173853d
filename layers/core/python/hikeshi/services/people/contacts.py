"""Links that are about their reader: one to confirm an address, one to the page of duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import LinkError
from hikeshi.domain.links import CONTACT, DUTY
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.standings import Verification, address_digest
from hikeshi.ports.environment import Ids
from hikeshi.services.links.links import OpenedLink
from hikeshi.services.people.directory import Records


def unconfirmed(person: Person) -> tuple[Channel, ...]:
    """Return the channels whose address the person has not confirmed yet."""
    if not person.active:
        return ()
    return tuple(channel for channel in Channel if person.address(channel) and channel not in person.verified)


def verification_rows(
    people: Iterable[Person], *, ids: Ids, at: datetime, again: bool = False
) -> tuple[OutboxRow, ...]:
    """Write the messages that ask people to confirm their addresses, each on the channel it is about.

    The ids allow one message an address, unless it is to go out ``again``. Quiet hours are kept.
    """
    once = f"/{ids.ulid()}" if again else ""
    rows = []
    for person in people:
        for channel in unconfirmed(person):
            digest = address_digest(person.address(channel) or "")
            message = Message(
                person_id=person.id,
                channel=channel,
                moment="verify_contact",
                level=Level.NOTICE,
                incident_id=f"{channel.value}:{digest}",
                incident_number=0,
                generation=0,
                nonce=ids.nonce(),
                check_number=ids.check_number(),
                purpose=CONTACT,
            )
            row_id = f"verify/{person.id}/{channel.value}/{digest}{once}"
            due_at = person.held_until(at, level=Level.NOTICE) or at
            rows.append(OutboxRow(id=row_id, body=message, created_at=at, due_at=due_at))
    return tuple(rows)


def duty_link_rows(person: Person, *, ids: Ids, at: datetime) -> tuple[OutboxRow, ...]:
    """Write the messages that bring somebody the link to the page of duties and absences."""
    press, nonce, number = ids.ulid(), ids.nonce(), ids.check_number()
    rows = []
    # All at once, and so each channel once, however often it stands in the person's order.
    for channel in dict.fromkeys(contact.channel for contact in person.contacts(urgent=False)):
        message = Message(
            person_id=person.id,
            channel=channel,
            moment="duty_link",
            level=Level.NOTICE,
            incident_id="",
            incident_number=0,
            generation=0,
            nonce=nonce,
            check_number=number,
            purpose=DUTY,
        )
        row_id = f"duty/{person.id}/{press}/{channel.value}"
        rows.append(OutboxRow(id=row_id, body=message, created_at=at, due_at=at))
    return tuple(rows)


def contact_of(opened: OpenedLink) -> Channel:
    """Return the channel that a link is to confirm.

    Raises
    ------
    LinkError
        If the address has changed since: the new one has a link of its own.
    """
    name, _, digest = opened.incident_id.partition(":")
    channel = Channel(name)
    address = opened.person.address(channel)
    if address is None or address_digest(address) != digest:
        raise LinkError("address changed")
    return channel


def confirm(opened: OpenedLink, *, records: Records) -> Verification:
    """Keep that the owner of an address confirmed it.

    Raises
    ------
    LinkError
        If the address has changed since.
    """
    channel = contact_of(opened)
    verification = Verification(
        person_id=opened.person.id,
        channel=channel,
        digest=opened.incident_id.partition(":")[2],
        at=records.clock.now(),
    )
    records.directory.put(verification)
    return verification
