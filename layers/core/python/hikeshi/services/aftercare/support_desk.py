"""What people do at their links for those outside; the rules are in :mod:`hikeshi.domain.supporting`."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain import supporting
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.support import (
    Answer,
    CareCheck,
    Compensation,
    Inquiry,
    Surge,
    Way,
    case_number,
    names_somebody,
)
from hikeshi.domain.typed_times import check_to_come
from hikeshi.services.incidents.respond import Responder, Tell, act
from hikeshi.services.messages.audience import cause, known
from hikeshi.services.messages.notices import Notice, notice_rows


def take_inquiry(incident_id: str, *, by: Responder, number: str, way: Way, gist: str) -> Room:
    """Put somebody who turned to us on the list, by case number."""
    case, said = _case(number), _nameless(gist, field="inquiry_gist")
    inquiry_id = f"inquiry-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        inquiry = Inquiry(
            id=inquiry_id,
            number=case,
            way=way,
            gist=said,
            taken_by=by.person.id,
            taken_at=at,
            due_at=at + by.configuration.reply_within,
        )
        return supporting.take_inquiry(room, inquiry)

    return act(incident_id, Action.TAKE_INQUIRY, change, by=by)


def reply(incident_id: str, *, by: Responder, inquiry_id: str, text: str) -> Room:
    """Record what somebody was told themselves."""
    said = _nameless(text, field="private_reply")

    def change(room: Room, at: datetime) -> Change:
        return supporting.reply(room, inquiry_id, Answer(text=said, by=by.person.id, at=at))

    return act(incident_id, Action.REPLY, change, by=by)


def answer_in_public(incident_id: str, *, by: Responder, inquiry_id: str, text: str) -> Room:
    """Record what everybody can read about it."""
    said = _nameless(text, field="public_answer")

    def change(room: Room, at: datetime) -> Change:
        return supporting.answer_in_public(room, inquiry_id, Answer(text=said, by=by.person.id, at=at))

    return act(incident_id, Action.ANSWER_IN_PUBLIC, change, by=by)


def promise(
    incident_id: str, *, by: Responder, number: str, what: str, amount_yen: int, due_at: datetime
) -> Room:
    """Record that something was promised, to a case number; InvalidFormError if nobody can keep the day."""
    case, given = _case(number), _nameless(what, field="compensation_what")
    compensation_id = f"compensation-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        check_to_come(due_at, now=at, field="pay_by")
        compensation = Compensation(
            id=compensation_id,
            number=case,
            what=given,
            amount_yen=amount_yen,
            promised_by=by.person.id,
            promised_at=at,
            due_at=due_at,
        )
        return supporting.promise(room, compensation)

    return act(incident_id, Action.PROMISE_COMPENSATION, change, by=by)


def pay(incident_id: str, *, by: Responder, compensation_id: str) -> Room:
    """Record that something was given."""

    def change(room: Room, at: datetime) -> Change:
        return supporting.pay(room, compensation_id, by=by.person.id, at=at)

    return act(incident_id, Action.PAY_COMPENSATION, change, by=by)


def begin_surge(incident_id: str, *, by: Responder) -> Room:
    """Call everybody whom the roster names for this, and tell them."""
    surge_id = f"surge-{by.ids.ulid()}"
    people = known(by.configuration.roster.surge, by.configuration.roster)

    def change(room: Room, at: datetime) -> Change:
        called = tuple(person.id for person in people)
        surge = Surge(id=surge_id, people=called, begun_by=by.person.id, begun_at=at)
        return supporting.begin_surge(room, surge)

    return act(incident_id, Action.BEGIN_SURGE, change, by=by, tell=_tell(by, "begun"))


def end_surge(incident_id: str, *, by: Responder) -> Room:
    """Let everybody go who was called, and tell them."""

    def change(room: Room, at: datetime) -> Change:
        return supporting.end_surge(room, by=by.person.id, at=at)

    return act(incident_id, Action.END_SURGE, change, by=by, tell=_tell(by, "ended"))


def note_check(incident_id: str, *, by: Responder, calm: bool, note: str) -> Room:
    """Record a look around after the end."""
    check_id = f"check-{by.ids.ulid()}"
    said = _nameless(note, field="check_note")

    def change(room: Room, at: datetime) -> Change:
        return supporting.note_check(
            room, CareCheck(id=check_id, by=by.person.id, at=at, calm=calm, note=said)
        )

    return act(incident_id, Action.NOTE_CHECK, change, by=by)


def _tell(by: Responder, what: str) -> Tell:
    """Return what tells the people of the latest surge that it began or ended."""

    def tell(room: Room, at: datetime) -> tuple[OutboxRow, ...]:
        surge = room.surges[-1]
        notice = Notice(
            cause=cause(room.incident, f"{surge.id}/{what}"),
            moment="due",
            params={"news_key": f"news.surge_{what}", "ask_key": f"ask.surge_{what}"},
        )
        people = known(surge.people, by.configuration.roster)
        return notice_rows(room.incident, people, notice, ids=by.ids, at=at)

    return tell


def _case(typed: str) -> str:
    number = case_number(typed)
    if number is None:
        raise InvalidFormError("a case number has capitals, digits and hyphens", field="case_number")
    return number


def _nameless(text: str, *, field: str) -> str:
    if names_somebody(text):
        raise InvalidFormError("no phone numbers or addresses here", field=field, why="private")
    return text
