"""Contact tests: once a month everybody shows, by one press, that each of their channels still works."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Channel, Person

ANSWERED_WITHIN = timedelta(hours=20)
"""How long people have; the next day's run reports who did not press."""

_FIRST_DAYS = 7
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A person who was asked on a channel."""

    person_id: str
    channel: Channel

    @property
    def key(self) -> str:
        """Name of this within its test."""
        return f"{self.person_id}/{self.channel.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactTest:
    """A test of everybody's channels.

    Attributes
    ----------
    id : str
        The month, ``2026-12``, or the moment at which somebody started one by hand.
    refused : tuple of Asked
        Channels that the provider will not send to, so that nobody was asked on them.
    reported_at : datetime or None
        When the desk was told who did not press.
    """

    id: str
    started_at: datetime
    asked: tuple[Asked, ...]
    refused: tuple[Asked, ...] = ()
    reported_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Tell whether everybody had their time."""
        return at - self.started_at >= ANSWERED_WITHIN

    def silent(self, pressed: Collection[Asked]) -> tuple[Asked, ...]:
        """Return who was asked and did not press, and who could not be asked."""
        return (*(each for each in self.asked if each not in pressed), *self.refused)


def monthly_id(at: datetime) -> str | None:
    """Return the name of the test to be started on this day; None on all others.

    It starts on the first working day of the month that sees a run, weekends left out.
    """
    today: date = at.astimezone(JST).date()
    if today.day > _FIRST_DAYS or today.weekday() >= _SATURDAY:
        return None
    return f"{today:%Y-%m}"


def contact_test(test_id: str, people: Iterable[Person], *, at: datetime) -> ContactTest:
    """Make a test of every channel of everybody who is active."""
    asked: list[Asked] = []
    refused: list[Asked] = []
    for person in people:
        for channel in Channel if person.active else ():
            if person.address(channel) is not None:
                wanted = refused if channel in person.opted_out else asked
                wanted.append(Asked(person_id=person.id, channel=channel))
    return ContactTest(id=test_id, started_at=at, asked=tuple(asked), refused=tuple(refused))
