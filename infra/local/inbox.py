"""What the inbox shows: every person's phone and mailbox, and the calls to the operator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from hikeshi.domain.actions import Role
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.people import Person
from infra.local.messages import ArrivedMessage

JST = ZoneInfo("Asia/Tokyo")
ROLE_NAMES = {
    Role.DESK: "監視担当",
    Role.LEAD: "対策本部長",
    Role.PR: "広報",
    Role.LEGAL: "法務",
    Role.CUSTOMER_SUPPORT: "お客様相談",
    Role.QUALITY: "品質",
    Role.HR: "人事",
    Role.IT: "情シス",
    Role.STORE_OPS: "店舗運営",
    Role.EXECUTIVE: "役員",
    Role.EXPERT: "社外専門家",
}

_URL = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInbox:
    """A person's phone and mailbox, newest first."""

    person: Person
    sms: tuple[ArrivedMessage, ...]
    mails: tuple[ArrivedMessage, ...]

    @property
    def roles(self) -> str:
        """The person's roles in Japanese."""
        return "・".join(ROLE_NAMES[role] for role in Role if role in self.person.roles)

    @property
    def count(self) -> int:
        """How many messages there are."""
        return len(self.sms) + len(self.mails)

    @property
    def latest(self) -> datetime | None:
        """When the newest message arrived."""
        return max((m.arrived_at for m in (*self.sms, *self.mails)), default=None)


def inboxes(configuration: Configuration, messages: Sequence[ArrivedMessage]) -> list[PersonInbox]:
    """Sort messages to people, in the order of the roster."""
    newest = list(reversed(messages))
    found = []
    for person in configuration.roster.people.values():
        sms = tuple(m for m in newest if m.channel == "sms" and m.address == person.phone)
        mails = tuple(m for m in newest if m.channel == "mail" and m.recipient == person.id)
        found.append(PersonInbox(person=person, sms=sms, mails=mails))
    return found


def strangers(configuration: Configuration, messages: Sequence[ArrivedMessage]) -> list[ArrivedMessage]:
    """Return messages that reached nobody of the roster; there should never be one."""
    people = configuration.roster.people
    phones = {person.phone for person in people.values()}
    return [
        m
        for m in messages
        if (m.channel == "sms" and m.address not in phones)
        or (m.channel == "mail" and m.recipient not in people)
    ]


def calls(messages: Sequence[ArrivedMessage]) -> list[ArrivedMessage]:
    """Return the calls to the operator, oldest first: they go past roster, outbox and links."""
    return [m for m in messages if m.channel == "operator"]


def as_json(configuration: Configuration, messages: Sequence[ArrivedMessage]) -> dict[str, Any]:
    """Return every message of every person and the operator's, oldest first, with links and numbers."""
    people = {
        inbox.person.id: {
            "name": inbox.person.name,
            "title": inbox.person.title,
            "roles": sorted(inbox.person.roles),
            "sms": [_message(m) for m in reversed(inbox.sms)],
            "mail": [_message(m) for m in reversed(inbox.mails)],
        }
        for inbox in inboxes(configuration, messages)
    }
    return {
        "people": people,
        "operator": [_message(m) for m in calls(messages)],
        "strangers": [_message(m) for m in strangers(configuration, messages)],
    }


def page(configuration: Configuration, messages: Sequence[ArrivedMessage], *, person: str | None) -> str:
    """Draw the overview with the operator's calls, or one person's phone and mailbox."""
    found = inboxes(configuration, messages)
    shown = [inbox for inbox in found if inbox.person.id == person] if person else found
    return (
        _templates()
        .get_template("inbox.html")
        .render(
            inboxes=shown,
            people=found,
            person=person,
            calls=[] if person else calls(messages)[::-1],
            strangers=strangers(configuration, messages),
        )
    )


def clock(at: datetime) -> str:
    """Write a time as people in Japan read it."""
    return at.astimezone(JST).strftime("%H:%M")


def day(at: datetime) -> str:
    """Write a day as people in Japan read it."""
    local = at.astimezone(JST)
    return f"{local.month}月{local.day}日（{'月火水木金土日'[local.weekday()]}）"


def domestic(phone: str) -> str:
    """Write a number as it is dialled in Japan."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def linked(text: str) -> Markup:
    """Escape a text and make its addresses clickable, as a phone does."""
    parts, end = [], 0
    for found in _URL.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(found[0]))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _message(message: ArrivedMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "channel": message.channel,
        "address": message.address,
        "recipient": message.recipient,
        "subject": message.subject,
        "text": message.text,
        "arrived_at": message.arrived_at.isoformat(),
        "links": list(message.links),
        "number": message.number,
    }


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(clock=clock, day=day, domestic=domestic, linked=linked)
    return environment
