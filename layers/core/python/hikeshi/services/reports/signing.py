"""Whose signatures a completion report waits for.

The rule of who suffices is :func:`hikeshi.domain.reporting.signatures_suffice`: two people, one of whom
leads or is an executive. Who leads is the head of the response (対策本部長), not whoever was first to take
the incident on: they are asked as well, but never in the head's place.
"""

from __future__ import annotations

from collections.abc import Iterable

from hikeshi.domain.actions import DECIDING, Action, Role
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.people import Person
from hikeshi.domain.reporting import leader_of
from hikeshi.services.messages.audience import holders_of, known


def heads(room: Room, configuration: Configuration) -> tuple[Person, ...]:
    """Return who signs as the head of the response, or in the place of one who is away.

    The chief of the headquarters or their deputy; without a headquarters, or with nobody in the chief's
    place, whom the roster names for the role; at last the executives. If all of them are away, they are
    asked after all.
    """
    roster = configuration.roster
    chief = (room.headquarters.chief,) if room.headquarters is not None else ()
    seats = (chief, *(roster.seats.get(role, ()) for role in (Role.LEAD, Role.EXECUTIVE)))
    for seat in seats:
        present = [person for each in seat if (person := roster.stand_in(each)) is not None]
        if found := _who_may_sign(room, present, configuration):
            return found
    return _who_may_sign(room, known([each for seat in seats for each in seat], roster), configuration)


def leading(room: Room, configuration: Configuration) -> tuple[Person, ...]:
    """Return the head and whoever took the incident on, as far as they may sign."""
    taker = known([room.incident.lead or ""], configuration.roster)
    return _who_may_sign(room, (*heads(room, configuration), *taker), configuration)


def asked_to_sign(room: Room, configuration: Configuration) -> tuple[Person, ...]:
    """Return everybody who is asked, each once: those who lead, public relations and legal."""
    others = holders_of((Role.PR, Role.LEGAL), configuration.roster)
    return _who_may_sign(room, (*leading(room, configuration), *others), configuration)


def awaited(room: Room, configuration: Configuration) -> tuple[Person, ...]:
    """Return those of them whose signature is still of use: nobody is asked for one that was given.

    Once somebody has signed who does not decide, only one who does completes the report.
    """
    given = room.report.signatures if room.report is not None else ()
    signed = {each.by for each in given}
    left = tuple(each for each in asked_to_sign(room, configuration) if each.id not in signed)
    if not given or any(each.roles & DECIDING for each in given):
        return left
    deciding = (each for each in left if signing_roles(room, each, configuration) & DECIDING)
    return tuple(deciding) or left


def asking_to_sign(room: Room, configuration: Configuration) -> dict[str, str]:
    """Return what a message says of it; names of colleagues, so that few may read it as well."""
    key = "report" if room.headquarters is None else "report_headquarters"
    names = "、".join(each.name for each in awaited(room, configuration))
    return {"ask_key": f"ask.{key}", "signers": names}


def signing_roles(room: Room, person: Person, configuration: Configuration) -> frozenset[Role]:
    """Return the roles in which a person signs: whoever stands in for the head signs as one who leads."""
    if person.roles & DECIDING:
        return person.roles
    leads = person.id == leader_of(room) or person in heads(room, configuration)
    return person.roles | {Role.LEAD} if leads else person.roles


def _who_may_sign(room: Room, people: Iterable[Person], configuration: Configuration) -> tuple[Person, ...]:
    """Return those of the people whose signature would be taken, each once and in order."""
    playbook = configuration.playbooks.of(room.incident)
    told = who_may_know(room.incident.circle, people)
    able = {each.id: each for each in told if playbook.permits(each, Action.SIGN_REPORT)}
    return tuple(able.values())
