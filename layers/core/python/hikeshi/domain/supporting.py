"""What people do for those outside: reply, answer in public, make good, call for help, look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.support import Answer, CareCheck, Compensation, Inquiry, Surge
from hikeshi.domain.timeline import TimelineEvent

MOST_INQUIRIES = 500
MOST_COMPENSATIONS = 500

_Thing = TypeVar("_Thing", Inquiry, Compensation)


def take_inquiry(room: Room, inquiry: Inquiry) -> Change:
    """Put somebody who turned to us on the list.

    Raises
    ------
    NotReadyError
        ``fewer_inquiries`` beyond 500, ``known_inquiry`` if the case number is on the list already.
    """
    if len(room.inquiries) >= MOST_INQUIRIES:
        raise NotReadyError(("fewer_inquiries",))
    if any(each.number == inquiry.number for each in room.inquiries):
        raise NotReadyError(("known_inquiry",))
    details = {"number": inquiry.number, "way": inquiry.way.value}
    event = TimelineEvent(kind="inquiry_taken", at=inquiry.taken_at, actor=inquiry.taken_by, details=details)
    return replace(room, inquiries=(*room.inquiries, inquiry)), (event,)


def reply(room: Room, inquiry_id: str, answer: Answer) -> Change:
    """Record what somebody was told themselves; the first record stays.

    Raises
    ------
    AlreadyDecidedError
        If there is one.
    """
    inquiry = _found(room.inquiries, inquiry_id, "inquiry")
    _check_open(inquiry.reply, "replied")
    return _answered(room, replace(inquiry, reply=answer), answer, kind="inquiry_replied")


def answer_in_public(room: Room, inquiry_id: str, answer: Answer) -> Change:
    """Record what everybody can read about it; the first record stays.

    Raises
    ------
    AlreadyDecidedError
        If there is one.
    """
    inquiry = _found(room.inquiries, inquiry_id, "inquiry")
    _check_open(inquiry.public, "answered_in_public")
    return _answered(room, replace(inquiry, public=answer), answer, kind="inquiry_answered")


def promise(room: Room, compensation: Compensation) -> Change:
    """Record that something was promised.

    Raises
    ------
    NotReadyError
        ``fewer_compensations`` beyond 500.
    """
    if len(room.compensations) >= MOST_COMPENSATIONS:
        raise NotReadyError(("fewer_compensations",))
    event = TimelineEvent(
        kind="compensation_promised",
        at=compensation.promised_at,
        actor=compensation.promised_by,
        details=_of(compensation),
    )
    return replace(room, compensations=(*room.compensations, compensation)), (event,)


def pay(room: Room, compensation_id: str, *, by: str, at: datetime) -> Change:
    """Record that it was given.

    Raises
    ------
    AlreadyDecidedError
        If it was already.
    """
    found = _found(room.compensations, compensation_id, "compensation")
    if found.paid_by is not None and found.paid_at is not None:
        raise AlreadyDecidedError(decision="paid", by=found.paid_by, at=found.paid_at)
    paid = replace(found, paid_by=by, paid_at=at)
    kept = tuple(paid if each.id == found.id else each for each in room.compensations)
    event = TimelineEvent(kind="compensation_paid", at=at, actor=by, details=_of(found))
    return replace(room, compensations=kept), (event,)


def running_surge(room: Room) -> Surge | None:
    """Return the surge that runs now."""
    return next((each for each in room.surges if each.ended_at is None), None)


def begin_surge(room: Room, surge: Surge) -> Change:
    """Call for more people.

    Raises
    ------
    AlreadyDecidedError
        If they were called already.
    NotReadyError
        ``surge_people`` if the roster names nobody.
    """
    if (running := running_surge(room)) is not None:
        raise AlreadyDecidedError(decision="surge", by=running.begun_by, at=running.begun_at)
    if not surge.people:
        raise NotReadyError(("surge_people",))
    details = {"people": ",".join(surge.people)}
    event = TimelineEvent(kind="surge_begun", at=surge.begun_at, actor=surge.begun_by, details=details)
    return replace(room, surges=(*room.surges, surge)), (event,)


def end_surge(room: Room, *, by: str, at: datetime) -> Change:
    """Let them go back to what they were doing.

    Raises
    ------
    NotReadyError
        ``surge`` if nobody was called.
    """
    running = running_surge(room)
    if running is None:
        raise NotReadyError(("surge",))
    ended = replace(running, ended_by=by, ended_at=at)
    kept = tuple(ended if each.id == running.id else each for each in room.surges)
    details = {"people": ",".join(running.people)}
    return replace(room, surges=kept), (TimelineEvent(kind="surge_ended", at=at, actor=by, details=details),)


def note_check(room: Room, check: CareCheck) -> Change:
    """Record a look around after the end."""
    details = {"care_found": "calm" if check.calm else "stirring", "note": check.note}
    event = TimelineEvent(kind="care_checked", at=check.at, actor=check.by, details=details)
    return replace(room, care_checks=(*room.care_checks, check)), (event,)


def _found(things: tuple[_Thing, ...], thing_id: str, kind: str) -> _Thing:
    for each in things:
        if each.id == thing_id:
            return each
    raise NotFoundError(kind, thing_id)


def _check_open(answer: Answer | None, decision: str) -> None:
    if answer is not None:
        raise AlreadyDecidedError(decision=decision, by=answer.by, at=answer.at)


def _answered(room: Room, inquiry: Inquiry, answer: Answer, *, kind: str) -> Change:
    kept = tuple(inquiry if each.id == inquiry.id else each for each in room.inquiries)
    details = {"number": inquiry.number, "text": answer.text}
    return replace(room, inquiries=kept), (
        TimelineEvent(kind=kind, at=answer.at, actor=answer.by, details=details),
    )


def _of(compensation: Compensation) -> dict[str, str]:
    return {
        "number": compensation.number,
        "what": compensation.what,
        "amount": f"{compensation.amount_yen:,}",
    }
