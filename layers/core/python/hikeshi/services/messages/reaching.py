"""Which addresses a message goes to, and when: personal order, delays and quiet hours applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.people import Channel, Contact, Person


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message on its way.

    Attributes
    ----------
    due_at : datetime
        When it may be sent.
    held : bool
        Whether quiet hours put it off to then.
    """

    person: Person
    channel: Channel
    due_at: datetime
    held: bool = False


def deliveries(
    people: Iterable[Person],
    *,
    urgent: bool,
    level: Level,
    channels: tuple[Channel, ...],
    at: datetime,
    about_a_life: bool = False,
) -> tuple[Delivery, ...]:
    """Plan a message to people at a moment.

    ``channels`` are those wished for; a person whom none of them reaches is reached on another. What is
    critical is never held, nor a call about a life at any level, nor an urgent message if all of it would
    be: somebody has to be woken, and the first in line it is.
    """
    asked = [
        (person, contact) for person in people for contact in contacts_on(person, channels, urgent=urgent)
    ]
    planned = tuple(_planned(*each, level=level, at=at) for each in asked)
    if about_a_life or (urgent and all(each.held for each in planned)):
        return tuple(_at_once(*each, at=at) for each in asked)
    return planned


def contacts_on(person: Person, channels: tuple[Channel, ...], *, urgent: bool) -> tuple[Contact, ...]:
    """Return the addresses that reach a person: on the channels wished for, or on any if none does."""
    found = person.contacts(urgent=urgent)
    return tuple(each for each in found if each.channel in channels) or found


def _planned(person: Person, contact: Contact, *, level: Level, at: datetime) -> Delivery:
    free = _at_once(person, contact, at=at)
    held_until = person.held_until(free.due_at, level=level)
    return free if held_until is None else replace(free, due_at=held_until, held=True)


def _at_once(person: Person, contact: Contact, *, at: datetime) -> Delivery:
    return Delivery(person=person, channel=contact.channel, due_at=at + contact.delay)
