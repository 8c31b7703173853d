"""Keeps the mail subscriptions as the roster says: at every push, and once a day.

Between two pushes nothing should be missing. Whatever is, was ended by somebody or something outside,
most likely a mail scanner that opened the link in a footer: it is asked for again, and the desk is told,
since until the address is confirmed anew the person is reached by SMS alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.japan_time import JST
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Roster
from hikeshi.domain.subscriptions import Subscription, differences
from hikeshi.ports.subscribing import MailSubscriptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """What reconciling did and found, as ids of people; addresses are never told.

    Attributes
    ----------
    added : tuple of str
        Whose subscription was missing and was asked for. At the daily run: who lost it.
    updated : tuple of str
        Whose subscription took the wrong messages.
    removed : int
        How many subscriptions of nobody were ended.
    unconfirmed : tuple of str
        Who has not confirmed yet.
    unprotected : tuple of str
        Whose subscription any link in a footer can end.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: int = 0
    unconfirmed: tuple[str, ...] = ()
    unprotected: tuple[str, ...] = ()


def reconcile(roster: Roster, *, subscriptions: MailSubscriptions) -> Reconciled:
    """Bring the subscriptions in line with the roster, and tell what was done."""
    found = differences(roster, subscriptions.all())
    for missing in found.missing:
        subscriptions.subscribe(missing)
    for misdirected in found.misdirected:
        subscriptions.redirect(misdirected)
    for superfluous in found.superfluous:
        subscriptions.end(superfluous)
    return Reconciled(
        added=_people(found.missing),
        updated=_people(found.misdirected),
        removed=len(found.superfluous),
        unconfirmed=_people(found.unconfirmed),
        unprotected=_people(found.unprotected),
    )


def lost_rows(lost: Iterable[str], *, roster: Roster, at: datetime) -> tuple[OutboxRow, ...]:
    """Write one message to everybody at the desk about people whose mail no longer arrives.

    By SMS where there is a number, since the mail that is lost may be the desk's own; the ids allow one
    a person and day.
    """
    names = "、".join(roster.people[each].name for each in lost if each in roster.people)
    if not names:
        return ()
    rows = []
    for person in roster.holders(Role.DESK):
        channel = next((each for each in (Channel.SMS, Channel.MAIL) if person.address(each)), None)
        if channel is None:
            continue
        message = Message(
            person_id=person.id,
            channel=channel,
            moment="mail_lost",
            level=Level.NOTICE,
            incident_id="",
            incident_number=0,
            generation=0,
            params={"people": names},
            link=False,
        )
        row_id = f"mail_lost/{at.astimezone(JST).date().isoformat()}/{person.id}/{channel.value}"
        rows.append(OutboxRow(id=row_id, body=message, created_at=at, due_at=at))
    return tuple(rows)


def token_of(written: str) -> str:
    """Return the token that somebody copied out of a confirmation mail, alone or within its link."""
    written = written.strip()
    if "://" not in written:
        return written
    return parse_qs(urlsplit(written).query).get("Token", [""])[0]


def _people(subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
    return tuple(person for each in subscriptions for person in each.recipients)
