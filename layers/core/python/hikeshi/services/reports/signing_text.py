"""Whose signatures a completion report has and waits for, in words; who they are is in ``signing``."""

from __future__ import annotations

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.incidents import Room
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.reports import Signature
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.signing import awaited, heads
from hikeshi.services.room.visit import Visit


def seats_of(signature: Signature, room: Room, *, roster: Roster, words: Wording) -> tuple[str, ...]:
    """Name the roles in which somebody signed; who only led for want of a head is not called the head."""
    person = roster.people.get(signature.by)
    own = person.roles if person is not None else frozenset()
    return tuple(
        words.text("signing.taker" if room.incident.lead == signature.by else "signing.deputy")
        if role is Role.LEAD and not _is_head(signature.by, own, room)
        else words.text(f"role.{role}")
        for role in sorted(signature.roles)
    )


def awaited_words(visit: Visit) -> str:
    """Say whose signatures are awaited, by name and seat; empty if the report waits for none."""
    report = visit.room.report
    if report is None or report.signed_by is not None or not visit.phase.is_open:
        return ""
    named = visit.text("page.comma").join(
        visit.text("signing.person", name=each.name, seat=_seat(visit, each))
        for each in awaited(visit.room, visit.configuration)
    )
    return visit.text("signing.asked", people=named) if named else ""


def deciders_words(visit: Visit) -> str:
    """Say who one of the two has to be."""
    return visit.text("signing.deciders" if visit.room.headquarters is not None else "signing.deciders_taker")


def _seat(visit: Visit, person: Person) -> str:
    if _is_head(person.id, person.roles, visit.room):
        return visit.text(f"role.{Role.LEAD}")
    if person in heads(visit.room, visit.configuration) and Role.EXECUTIVE not in person.roles:
        return visit.text("signing.deputy")
    if person.id == visit.incident.lead:
        return visit.text("signing.taker")
    may = visit.playbook.roles_for(Action.SIGN_REPORT)
    return visit.text(f"role.{next(role for role in Role if role in person.roles & may)}")


def _is_head(person_id: str, roles: frozenset[Role], room: Room) -> bool:
    chief = room.headquarters.chief if room.headquarters is not None else None
    return Role.LEAD in roles or person_id == chief
