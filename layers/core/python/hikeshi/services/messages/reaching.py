"""Which addresses a message goes to, and when: personal order, delays and quiet hours applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import MOST_WAYS, way_name
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
    nth : int
        Which of the person's ways on this channel it is, counted from 1 as they fall due.
    """

    person: Person
    channel: Channel
    due_at: datetime
    held: bool = False
    nth: int = 1

    @property
    def way(self) -> str:
        """Name the way among those of the person."""
        return way_name(self.channel, self.nth)


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
    be: somebody has to be woken, and the first in line it is. A channel that stands twice in a person's
    order is used twice; what would arrive by it at the same moment is one message.
    """
    asked = [
        (person, contact) for person in people for contact in contacts_on(person, channels, urgent=urgent)
    ]
    planned = tuple(_planned(*each, level=level, at=at) for each in asked)
    if about_a_life or (urgent and all(each.held for each in planned)):
        return tuple(_each_once(_at_once(*each, at=at) for each in asked))
    return tuple(_each_once(planned))


def contacts_on(person: Person, channels: tuple[Channel, ...], *, urgent: bool) -> tuple[Contact, ...]:
    """Return the addresses that reach a person: on the channels wished for, or on any if none does."""
    found = person.contacts(urgent=urgent)
    return tuple(each for each in found if each.channel in channels) or found


def _each_once(planned: Iterable[Delivery]) -> Iterator[Delivery]:
    """Count the ways on each channel as they fall due, and leave out what is the same or beyond the most."""
    asked = tuple(planned)
    first_at: dict[tuple[str, Channel], dict[datetime, Delivery]] = {}
    for each in asked:
        first_at.setdefault((each.person.id, each.channel), {}).setdefault(each.due_at, each)
    for each in asked:
        times = first_at[each.person.id, each.channel]
        nth = sorted(times).index(each.due_at) + 1
        if times[each.due_at] is each and nth <= MOST_WAYS:
            yield replace(each, nth=nth)


def _planned(person: Person, contact: Contact, *, level: Level, at: datetime) -> Delivery:
    free = _at_once(person, contact, at=at)
    held_until = person.held_until(free.due_at, level=level)
    return free if held_until is None else replace(free, due_at=held_until, held=True)


def _at_once(person: Person, contact: Contact, *, at: datetime) -> Delivery:
    return Delivery(person=person, channel=contact.channel, due_at=at + contact.delay)
