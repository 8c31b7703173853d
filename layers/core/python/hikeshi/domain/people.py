"""People, how they are reached, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hikeshi.domain.actions import ALLOWED, Action, Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.experts import Expert
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.rotations import Absence, Rotation


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    MAIL = "mail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A channel, and how long a person wants to be left alone before it is used."""

    channel: Channel
    delay: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """An address that a message goes to, so long after it was caused."""

    channel: Channel
    address: str
    delay: timedelta = timedelta()


EVERY_WAY = tuple(Way(channel=channel) for channel in Channel)
"""What holds for a person who chose nothing: every channel at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who can be reached.

    Attributes
    ----------
    id : str
        Stable, lower-case; appears in timelines instead of the name.
    phone : str or None
        E.164, for SMS.
    mail : str or None
        Address that confirmed its subscription.
    active : bool
        False for somebody who left: no message, and no link of theirs opens anything.
    urgent, normal : tuple of Way
        The person's own order and delays, for pages and for everything else; empty means every channel
        at once.
    quiet : QuietHours or None
        When nothing but what is critical may be delivered.
    away : bool
        Absent now: the deputy is asked instead. Their links stay good.
    verified, opted_out : frozenset of Channel
        Channels whose present address the person confirmed, or the provider refuses to send to.
    """

    id: str
    name: str
    title: str
    department: str
    roles: frozenset[Role]
    phone: str | None = None
    mail: str | None = None
    deputy: str | None = None
    active: bool = True
    urgent: tuple[Way, ...] = ()
    normal: tuple[Way, ...] = ()
    quiet: QuietHours | None = None
    away: bool = False
    verified: frozenset[Channel] = frozenset()
    opted_out: frozenset[Channel] = frozenset()

    @property
    def present(self) -> bool:
        """Tell whether the person is to be asked now."""
        return self.active and not self.away

    @property
    def is_outside(self) -> bool:
        """Tell whether the person only advises us from outside."""
        return self.roles <= {Role.EXPERT}

    @property
    def can_be_reached(self) -> bool:
        """Tell whether a page would come to the person, there or not: of the house, with a way to them."""
        return self.active and not self.is_outside and bool(self.contacts(urgent=True))

    @property
    def can_be_paged(self) -> bool:
        """Tell whether the person can stand in for somebody now."""
        return self.can_be_reached and not self.away

    def may(self, action: Action) -> bool:
        """Tell whether any of the person's roles includes the action."""
        return self.active and any(action in ALLOWED[role] for role in self.roles)

    def address(self, channel: Channel) -> str | None:
        """Return the phone number or mail address, if there is one."""
        return self.phone if channel is Channel.SMS else self.mail

    def contacts(self, *, urgent: bool) -> tuple[Contact, ...]:
        """Return where a message goes, in the person's own order.

        Confirmed addresses alone, or, as long as there is none, whatever there is: reaching somebody
        beats tidiness. Channels outside the person's own set are used only if that set leads nowhere.
        """
        own = self._open((self.urgent if urgent else self.normal) or EVERY_WAY)
        other = self._open(EVERY_WAY)
        for ways in (own, other):
            if confirmed := tuple(each for each in ways if each.channel in self.verified):
                return confirmed
        return own or other

    def held_until(self, at: datetime, *, level: Level) -> datetime | None:
        """Return when a message due at a moment may be delivered, None if at once."""
        if self.quiet is None or level is Level.CRITICAL:
            return None
        return self.quiet.end_after(at)

    def _open(self, ways: tuple[Way, ...]) -> tuple[Contact, ...]:
        found = ((way, self.address(way.channel)) for way in ways if way.channel not in self.opted_out)
        return tuple(
            Contact(channel=way.channel, address=address, delay=way.delay)
            for way, address in found
            if address
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """Who does what: people, and for each category the roles it engages.

    Services are handed the roster as it holds at the moment (:func:`hikeshi.domain.standings.roster_at`).

    Attributes
    ----------
    engages : mapping of Category to tuple of Role
        In order; categories that are absent use ``default_engages``.
    rotations : mapping of str to Rotation
        By id.
    absences : tuple of Absence
        Past, present and to come.
    experts : tuple of Expert
        Who can be asked from outside, and about what.
    surge : tuple of str
        Ids of the people who help the support desk out when many turn to it.
    on_duty : mapping of str to tuple of str
        For each rotation who is on call now, and after that who would step in.
    """

    people: Mapping[str, Person]
    seats: Mapping[Role, tuple[str, ...]]
    engages: Mapping[Category, tuple[Role, ...]] = field(default_factory=dict)
    default_engages: tuple[Role, ...] = (Role.PR, Role.CUSTOMER_SUPPORT)
    rotations: Mapping[str, Rotation] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    experts: tuple[Expert, ...] = ()
    surge: tuple[str, ...] = ()
    on_duty: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def person(self, person_id: str) -> Person:
        """Look a person up.

        Raises
        ------
        NotFoundError
            If nobody has this id.
        """
        try:
            return self.people[person_id]
        except KeyError:
            raise NotFoundError("person", person_id) from None

    def stand_in(self, person_id: str) -> Person | None:
        """Return the person, or the first along the deputies who can be paged; None if there is none.

        A deputy from outside, without an address or who refuses what is sent is passed by as one who is
        away: their own deputy comes next.
        """
        person = self.people.get(person_id)
        if person is None or person.present:
            return person
        return next((each for each in self.deputies_of(person) if each.can_be_paged), None)

    def reachable_deputy(self, person_id: str | None) -> Person | None:
        """Return a deputy, or else the first along their own deputies, who can be reached, there or not."""
        deputy = self.people.get(person_id or "")
        if deputy is None:
            return None
        return next((each for each in (deputy, *self.deputies_of(deputy)) if each.can_be_reached), None)

    def deputies_of(self, person: Person) -> Iterator[Person]:
        """Yield who stands in, then who stands in for them, until there is nobody or the circle closes."""
        passed = {person.id}
        following = self.people.get(person.deputy or "")
        while following is not None and following.id not in passed:
            passed.add(following.id)
            yield following
            following = self.people.get(following.deputy or "")

    def asked_for(self, person_ids: Iterable[str]) -> tuple[Person, ...]:
        """Return whom to ask for these people, each once and in order.

        Whoever is not there is replaced by the deputy, and asked after all if no deputy of theirs can be
        paged. Whoever has no deputy is left alone as long as somebody else is asked; somebody who left
        never is.
        """
        wanted = tuple(person_ids)
        found = (self._asked_instead_of(each) for each in wanted)
        asked = {person.id: person for person in found if person is not None}
        away = (person for each in wanted if (person := self.people.get(each)) is not None and person.active)
        return tuple(asked.values()) or tuple({person.id: person for person in away}.values())

    def _asked_instead_of(self, person_id: str) -> Person | None:
        person, stands_in = self.people.get(person_id), self.stand_in(person_id)
        relied_on_somebody = person is not None and person.active and person.deputy is not None
        return person if stands_in is None and relied_on_somebody else stands_in

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Return whom to ask for a role now."""
        return self.asked_for(self.seats.get(role, ()))

    def on_call(self, rotation_id: str) -> tuple[Person, ...]:
        """Return who is on call in a rotation now: one person, or nobody.

        Somebody who left or cannot be reached is skipped; somebody who is away sends the deputy, or else the
        next in turn. If that leaves nobody, the first who is away is asked after all.
        """
        rotation = self.rotations.get(rotation_id)
        order = self.on_duty.get(rotation_id) or (rotation.people if rotation else ())
        turns = [person for each in order if (person := self.people.get(each)) is not None and person.active]
        there = [person for each in turns if (person := self.stand_in(each.id)) is not None]
        found = [person for person in there if person.can_be_paged]
        found += [person for person in turns if person.can_be_reached]
        return tuple((found or there or turns)[:1])

    def departments_for(self, category: Category) -> tuple[Role, ...]:
        """Return the roles that a risk of this category engages."""
        return self.engages.get(category, self.default_engages)
