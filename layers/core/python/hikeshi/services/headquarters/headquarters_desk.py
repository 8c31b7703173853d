"""What people do in and around the headquarters from a link; the rules are in the domain.

:mod:`hikeshi.domain.assembling` seats it, :mod:`hikeshi.domain.inbound` checks what it is told,
:mod:`hikeshi.domain.bulletins` keeps what it tells, and :mod:`hikeshi.domain.sighting` how widely it looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain import assembling, bulletins, inbound, sighting
from hikeshi.domain.actions import Action
from hikeshi.domain.circles import may_know, who_may_know
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.headquarters import (
    Bulletin,
    InboundReport,
    InboundVerdict,
    Sighting,
    SourceKind,
    meeting_place,
)
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.services.facts.fact_register import call_for_flagged
from hikeshi.services.headquarters.headquarters_call import (
    call_rows,
    can_be_chief,
    joining_rows,
    seated_by_roster,
)
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.messages.audience import cause, known, without
from hikeshi.services.messages.notices import Notice, notice_rows

# ---- the headquarters -------------------------------------------------------------------------------


def open_headquarters(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Call the headquarters together; its members are asked to answer the roll."""

    def change(room: Room, at: datetime) -> Change:
        chief, members = seated_by_roster(room.incident, by.configuration)
        return assembling.open_headquarters(
            room,
            chief=chief or by.person.id,
            members=(*members, by.person.id),
            by=by.person.id,
            at=at,
            reason=reason,
        )

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return call_rows(room, by.configuration, ids=by.ids, at=at)

    return act(incident_id, Action.OPEN_HEADQUARTERS, change, by=by, tell=tell)


def attend(incident_id: str, *, by: Responder) -> Room:
    """Answer the roll of the headquarters."""
    return act(
        incident_id,
        Action.ATTEND,
        lambda room, at: assembling.attend(room, by=by.person.id, at=at),
        by=by,
    )


def hand_over(incident_id: str, *, by: Responder, person: str) -> Room:
    """Make somebody else the chief; they are told.

    Raises
    ------
    InvalidFormError
        ``chief`` if the person is nobody who decides.
    """

    def change(room: Room, at: datetime) -> Change:
        chosen = _colleague(room, by, person, field="chief")
        if not can_be_chief(chosen):
            raise InvalidFormError("only a lead or an executive can be chief", field="chief")
        changed, events = assembling.hand_over(room, chief=person, by=by.person.id, at=at)
        return bulletins.send_on(changed, (person,)), events

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return _called(room, person, "chief", by=by, at=at)

    return act(incident_id, Action.SET_CHIEF, change, by=by, tell=tell)


def set_member(incident_id: str, *, by: Responder, person: str, leaves: bool) -> Room:
    """Take somebody in, who is told and gets the bulletin that holds, or let somebody go.

    Raises
    ------
    InvalidFormError
        ``hq_member`` if the roster has nobody of this id.
    """

    def change(room: Room, at: datetime) -> Change:
        if leaves:
            return assembling.release_member(room, person, by=by.person.id, at=at)
        chosen = _colleague(room, by, person, field="hq_member")
        joined, events = assembling.add_member(room, chosen.id, by=by.person.id, at=at)
        return bulletins.send_on(joined, (chosen.id,)), events

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        return () if leaves else _called(room, person, "member", by=by, at=at)

    return act(incident_id, Action.SET_MEMBER, change, by=by, tell=tell)


def set_meeting(incident_id: str, *, by: Responder, place: str, code: str) -> Room:
    """Say where the headquarters meets.

    Raises
    ------
    InvalidFormError
        ``meeting`` if it is neither an https address nor a phone number.
    """

    def change(room: Room, at: datetime) -> Change:
        where = meeting_place(place)
        return assembling.set_meeting(room, place=where, code=code, by=by.person.id, at=at)

    return act(incident_id, Action.SET_MEETING, change, by=by)


def _colleague(room: Room, by: Responder, person_id: str, *, field: str) -> Person:
    """Return somebody of the company who may know of the incident, or else refuse the form.

    An outside expert sees what is shared with them, and no more.
    """
    person = by.configuration.roster.people.get(person_id)
    if person is None or not person.may(Action.ATTEND) or not may_know(room.incident.circle, person):
        raise InvalidFormError("nobody of this id can be asked", field=field)
    return person


def _called(room: Room, person: str, what: str, *, by: Responder, at: datetime) -> tuple[OutboxRow, ...]:
    return joining_rows(room, [person], by.configuration, what=what, by=by.person.id, ids=by.ids, at=at)


def _told(room: Room, people: Iterable[str], by: Responder) -> tuple[Person, ...]:
    """Return those of the people who still are in the roster and may know of the incident."""
    return who_may_know(room.incident.circle, known(people, by.configuration.roster))


# ---- what it is told --------------------------------------------------------------------------------


def file_report(incident_id: str, *, by: Responder, source: str, words: str) -> Room:
    """Report something to the headquarters; it is not believed before somebody else has checked it."""
    report_id = f"inbound-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        report = InboundReport(id=report_id, source=source, words=words, filed_by=by.person.id, filed_at=at)
        return inbound.file_report(room, report)

    return act(incident_id, Action.FILE_INBOUND, change, by=by)


def judge_report(
    incident_id: str, *, by: Responder, report_id: str, verdict: InboundVerdict, grounds: str
) -> Room:
    """Record what checking a report came to; if a statement falls with it, its people are called."""

    def change(room: Room, at: datetime) -> Change:
        return inbound.judge_report(room, report_id, verdict=verdict, grounds=grounds, by=by.person.id, at=at)

    return act(incident_id, Action.JUDGE_INBOUND, change, by=by, tell=call_for_flagged(by))


def adopt_report(incident_id: str, *, by: Responder, report_id: str) -> Room:
    """Put a verified report into the fact register."""
    fact_id = f"fact-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        return inbound.adopt_report(room, report_id, fact_id=fact_id, by=by.person.id, at=at)

    return act(incident_id, Action.ADOPT_INBOUND, change, by=by)


# ---- what it tells ----------------------------------------------------------------------------------


def issue_bulletin(
    incident_id: str,
    *,
    by: Responder,
    picture: str,
    guidance: str,
    facts: tuple[int, ...],
    reports: tuple[int, ...],
) -> Room:
    """Issue the next number of the common picture and send it to every member.

    Parameters
    ----------
    facts, reports : tuple of int
        Their numbers on the pages, counted from 1.

    Raises
    ------
    InvalidFormError
        ``bulletin_facts`` or ``bulletin_reports`` if a number belongs to nothing.
    """

    def change(room: Room, at: datetime) -> Change:
        return bulletins.issue_bulletin(
            room,
            picture=picture,
            guidance=guidance,
            facts=_ids([each.id for each in room.facts], facts, field="bulletin_facts"),
            reports=_ids([each.id for each in room.inbound], reports, field="bulletin_reports"),
            by=by.person.id,
            at=at,
        )

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        bulletin = bulletins.current_bulletin(room)
        return _send(room, bulletin, bulletin.laggards, by=by, at=at) if bulletin else ()

    return act(incident_id, Action.ISSUE_BULLETIN, change, by=by, tell=tell)


def withdraw_bulletin(incident_id: str, *, by: Responder, number: int, reason: str) -> Room:
    """Take the newest number back; all to whom it went are told, and those who read it in other words."""

    def change(room: Room, at: datetime) -> Change:
        return bulletins.withdraw_bulletin(room, number=number, reason=reason, by=by.person.id, at=at)

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        bulletin = bulletins.newest_bulletin(room)
        if bulletin is None:
            return ()
        told = without(_told(room, bulletin.sent_to, by), by.person.id)
        return tuple(
            row
            for person in told
            for row in notice_rows(
                room.incident,
                (person,),
                Notice(
                    cause=cause(room.incident, f"bulletin-{number}-withdrawn"),
                    moment="bulletin_withdrawn",
                    params={
                        "bulletin": str(number),
                        "reason": reason,
                        "out_key": f"bulletin_out.{'read' if person.id in bulletin.readers else 'unread'}",
                    },
                ),
                ids=by.ids,
                at=at,
            )
        )

    return act(incident_id, Action.WITHDRAW_BULLETIN, change, by=by, tell=tell)


def read_bulletin(incident_id: str, *, by: Responder, number: int) -> Room:
    """Say that one has read the picture that holds."""
    return act(
        incident_id,
        Action.READ_BULLETIN,
        lambda room, at: bulletins.read_bulletin(room, number=number, by=by.person.id, at=at),
        by=by,
    )


def _send(
    room: Room, bulletin: Bulletin, people: Iterable[str], *, by: Responder, at: datetime
) -> tuple[OutboxRow, ...]:
    """Say that there is a new number; what it says is read where it can be taken back."""
    before = any(
        each.number < bulletin.number and each.generation == bulletin.generation for each in room.bulletins
    )
    notice = Notice(
        cause=cause(room.incident, f"bulletin-{bulletin.number}"),
        moment="bulletin",
        params={"bulletin": str(bulletin.number)}
        | ({"replaces_key": "bulletin_out.replaces"} if before else {}),
    )
    return notice_rows(room.incident, _told(room, people, by), notice, ids=by.ids, at=at)


def _ids(ids: list[str], numbers: tuple[int, ...], *, field: str) -> tuple[str, ...]:
    if any(not 1 <= number <= len(ids) for number in numbers):
        raise InvalidFormError("there is nothing of this number", field=field)
    return tuple(ids[number - 1] for number in numbers)


# ---- how widely it looked ---------------------------------------------------------------------------


def add_sighting(incident_id: str, *, by: Responder, kind: SourceKind, finding: str, url: str) -> Room:
    """Note what was seen in one kind of source."""
    sighting_id = f"sighting-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        seen = Sighting(
            id=sighting_id,
            generation=room.incident.generation,
            kind=kind,
            finding=finding,
            url=url,
            by=by.person.id,
            at=at,
        )
        return sighting.add_sighting(room, seen)

    return act(incident_id, Action.ADD_SIGHTING, change, by=by)


def waive_second_view(incident_id: str, *, by: Responder, reason: str) -> Room:
    """Say why one kind of source is enough."""
    return act(
        incident_id,
        Action.WAIVE_SECOND_VIEW,
        lambda room, at: sighting.waive_second_view(room, reason=reason, by=by.person.id, at=at),
        by=by,
    )
